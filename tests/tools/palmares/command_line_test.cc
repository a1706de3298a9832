// Whole command lines against a server on a real socket: what they print and how they end.
#include "tools/palmares/command_line.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/testing.h"
#include "tests/tools/palmares/command_line_harness.h"
#include "tests/tools/palmares/fake_server.h"
#include "tools/palmares/printable.h"
#include "tools/palmares/session.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kOpen[] = "events/boston-marathon/editions/2013/races/open";

class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    FakeData& data = server_.data();
    for (const char* name : {kOpen, "events/boston-marathon/editions/2014/races/open",
                             "events/boston-marathon/editions/2014/races/women"}) {
      v1::Race& race = data.races[name];
      race.set_name(name);
      race.set_discipline("marathon");
    }
    for (int place = 1; place <= 5; ++place) {
      v1::Result& result = data.results[kOpen].emplace_back();
      result.set_name(absl::StrCat(kOpen, "/results/", place));
      result.set_place(place);
      result.mutable_mark()->set_text(absl::StrCat("2:1", place, ":22"));
      result.mutable_row()->set_name(place == 1 ? "Desisa, Lelisa" : absl::StrCat("Runner ", place));
      result.mutable_row()->set_bib(absl::StrCat("W", place));
      result.mutable_row()->set_sex(v1::SEX_MEN);
      result.mutable_row()->set_age(20 + place);
      result.set_outcome(v1::OUTCOME_FINISHED);
      result.set_athlete(absl::StrCat("athletes/", 1040 + place));
    }
    data.standards["standards/boston-2013"].add_marks()->set_discipline("marathon");
  }
  Outcome Execute(const std::vector<std::string>& arguments) {
    return RunCommandLine({.server = server_.address()}, arguments);
  }

  FakeServer server_;
};

TEST_F(CommandLineTest, ResultsAreReadPageByPageUpToTheLimit) {
  const Outcome all = Execute({"results", "list", "2013/races/open", "--output", "csv"});
  EXPECT_EQ(all.code, 0) << all.error;
  EXPECT_THAT(all.out,
              HasSubstr("place,mark,gun,chip,name,bib,sex,age,country,outcome,athlete,result,category,division,"
                        "qualification,timing,relay_legs\n"
                        "1,2:11:22,,,\"Desisa, Lelisa\",W1,M,21,,finished,athletes/1041,"
                        "events/boston-marathon/editions/2013/races/open/results/1,,,,,\n"));
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 6);
  EXPECT_EQ(server_.data().pages, 3);
  const Outcome three = Execute({"results", "list", kOpen, "--limit", "3"});
  EXPECT_EQ(std::count(three.out.begin(), three.out.end(), '\n'), 4);
  EXPECT_THAT(three.error, HasSubstr("The first 3 of 5"));
}

TEST_F(CommandLineTest, LegsStandBelowTheirTeamForPeopleAndInOneCellForPrograms) {
  v1::Result& team = server_.data().results[kOpen].front();
  team.mutable_row()->set_name("North Club");
  v1::RelayLeg& first = *team.mutable_row()->add_relay_legs();
  first.set_name("Ada Quick");
  first.set_split_mark(54'500);
  team.mutable_row()->add_relay_legs()->set_name("Bea Steady");
  const Outcome table = Execute({"results", "list", kOpen, "--limit", "1", "--output", "table"});
  EXPECT_THAT(table.out, HasSubstr("North Club"));
  EXPECT_THAT(table.out, ::testing::ContainsRegex("\n +54\\.50 +1\\. Ada Quick\n +2\\. Bea Steady\n"));
  const Outcome csv = Execute({"results", "list", kOpen, "--limit", "1", "--output", "csv"});
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 2);
  EXPECT_THAT(csv.out, HasSubstr(",\"Ada Quick 54.50, Bea Steady\"\n"));
  EXPECT_THAT(Execute({"results", "list", kOpen, "--output", "json"}).out, HasSubstr("Bea Steady"));
}

TEST_F(CommandLineTest, JsonIsOneMessageOfTheApiWithAllPages) {
  const Outcome outcome = Execute({"results", "list", kOpen, "--output", "json"});
  v1::ListResultsResponse message;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(outcome.out, &message).ok()) << outcome.out;
  EXPECT_EQ(message.results_size(), 5);
  EXPECT_EQ(message.total_size(), 5);
  EXPECT_EQ(message.next_page_token(), "");
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
}

TEST_F(CommandLineTest, OptionsOfEveryCommandStandBeforeOrBehindItsWords) {
  const Outcome before = Execute({"--output", "csv", "athletes", "search", "desisa"});
  const Outcome behind = Execute({"athletes", "search", "desisa", "--output", "csv"});
  const Outcome between = Execute({"athletes", "--output=csv", "search", "desisa"});
  EXPECT_EQ(before.out,
            "athlete,name,sex,country,birth_year,results,matched_name\nathletes/1042,Lelisa Desisa,M,ETH,1990,,\n");
  EXPECT_EQ(behind.out, before.out);
  EXPECT_EQ(between.out, before.out);
  const Outcome elsewhere =
      RunCommandLine({.server = "localhost:1"}, {"athletes", "search", "desisa", "--server", server_.address()});
  EXPECT_EQ(elsewhere.code, 0);
}

TEST_F(CommandLineTest, TablesFitTheTerminal) {
  const Outcome outcome =
      RunCommandLine({.server = server_.address(), .terminal = true, .width = 60}, {"results", "list", kOpen});
  EXPECT_THAT(outcome.out, HasSubstr("PLACE     MARK  NAME "));
  EXPECT_THAT(outcome.out, HasSubstr("  ATHLETE  RESULT\n")) << "what the next command takes has room";
  for (const absl::string_view line : absl::StrSplit(outcome.out, '\n')) EXPECT_LE(DisplayWidth(line), 60) << line;
}

TEST_F(CommandLineTest, TheVariableColumnsWinsOverTheTerminalAndAPipeHasNoWidth) {
  const auto longest = [](const Surroundings& around) {
    int most = 0;
    const Outcome outcome = RunCommandLine(around, {"results", "list", kOpen});
    for (const absl::string_view line : absl::StrSplit(outcome.out, '\n')) most = std::max(most, DisplayWidth(line));
    return most;
  };
  const int wanted = longest({.server = server_.address()});
  EXPECT_GT(wanted, 60);
  EXPECT_LE(longest({.server = server_.address(), .columns = "50"}), 50);
  EXPECT_LE(longest({.server = server_.address(), .terminal = true, .width = 200, .columns = "50"}), 50);
  for (const char* nothing : {"", "0", "-3", "wide"}) {
    EXPECT_EQ(longest({.server = server_.address(), .columns = nothing}), wanted) << nothing;
  }
}

TEST_F(CommandLineTest, ATableSaysWhichColumnsHadNoRoom) {
  const std::vector<std::string> list = {"results", "list", kOpen};
  EXPECT_THAT(RunCommandLine({.server = server_.address(), .columns = "50"}, list).error,
              HasSubstr("No room for sex, age: a wider terminal or --output csv shows more.\n"));
  EXPECT_THAT(Execute(list).error, ::testing::Not(HasSubstr("No room")));
}

TEST_F(CommandLineTest, HelpFitsTheTerminalToo) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"}, {"rankings", "list", "--help"}, {"import", "--help"}}) {
    const Outcome outcome = RunCommandLine({.server = server_.address(), .columns = "80"}, words);
    for (const absl::string_view line : absl::StrSplit(outcome.out, '\n')) {
      // A usage's or an option's word is not broken.
      if (absl::StrContains(absl::StripAsciiWhitespace(line), ' ')) {
        EXPECT_LE(DisplayWidth(line), 80) << line;
      }
    }
  }
}

TEST(SessionTest, WordsFitTheTerminal) {
  std::ostringstream out, error;
  Environment terminal{.out = out, .error = error, .width = 30, .error_width = 24};
  Session session(terminal, {});
  session.PrintText("  because    it was done after the window closed\n");
  session.Say("said in more words than there is room for");
  EXPECT_EQ(out.str(), "  because    it was done after\n             the window closed\n");
  EXPECT_EQ(error.str(), "said in more words than\n  there is room for\n");
}

TEST(SessionTest, NothingThatAServerSaysSteersTheTerminal) {
  std::ostringstream out, error;
  Environment terminal{.out = out, .error = error, .out_is_terminal = true};
  Session session(terminal, {});
  session.PrintText("Ann \x1b[31mDoe\n");
  session.PrintFile("bib,name\r\n7,\x1b]0;title\x07\r\n");
  session.Say("said \x1b[2J");
  session.Complain("rows[1].name: \"\x1b[2J\"\n  want a name");
  EXPECT_EQ(out.str(), "Ann \uFFFD[31mDoe\nbib,name\r\n7,\uFFFD]0;title\uFFFD\r\n");
  EXPECT_EQ(error.str(), "said \uFFFD[2J\npalmares: rows[1].name: \"\uFFFD[2J\"\n  want a name\n");
}

TEST(SessionTest, AFileIsSentOnByteByByteWhereNoTerminalIs) {
  std::ostringstream out, error;
  Environment pipe{.out = out, .error = error};
  Session(pipe, {}).PrintFile("%PDF-1.7\n\x1b\x01");
  EXPECT_EQ(out.str(), "%PDF-1.7\n\x1b\x01");
}

TEST_F(CommandLineTest, AShortNameThatSeveralRacesHaveIsUsageAndListsThem) {
  const Outcome outcome = Execute({"results", "list", "open"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.error,
            "palmares: \"open\": 2 races end so, want one of\n"
            "  boston-marathon/editions/2013/races/open\n"
            "  boston-marathon/editions/2014/races/open\n");
  EXPECT_EQ(Execute({"results", "list", "nowhere"}).code, 2);
  EXPECT_EQ(Execute({"races", "show", "women"}).code, 0);
}

TEST_F(CommandLineTest, WordsAndOptionsThatDoNotExistAreUsageWithAHint) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"result"}, "palmares: no command \"result\"; did you mean results?"},
      {{"races", "lst"}, "palmares races: no command \"lst\"; did you mean list?"},
      {{"races"}, "palmares races: which command? One of list, show"},
      {{}, "palmares: which command? One of import, mappings, events"},
      {{"races", "list", "--outptu", "csv"}, "palmares races list: no option \"--outptu\"; did you mean --output?"},
      {{"races", "show", "a", "b"}, "palmares races show: \"b\" is one word too many"},
      {{"races", "list", "--output", "xml"}, "palmares races list: --output: \"xml\", want table, json or csv\n"},
      {{"results", "list"}, "RACE is required"},
      {{"results", "list", kOpen, "--limit", "-3"},
       "palmares results list: --limit: \"-3\", want a whole number from 0 on\n"},
      {{"results", "list", kOpen, "--limit", "many"}, "--limit: \"many\", want a whole number from 0 on\n"},
      {{"qualifiers", "boston-2013", "--bubble", "500"}, "--bubble: \"500\", want a whole number from 0 to 100\n"},
      {{"rankings", "list", "--discipline", "marathon", "--sex", "Q"}, "--sex: \"Q\", want W, M or X\n"},
      {{"rankings", "list", "--discipline", "marathon"}, "--sex is required"},
      {{"rankings", "list", "--discipline", "marathon", "--sex", "M", "--season", "2013", "--from", "2013-01-01"},
       "--season"},
      {{"rankings", "list", "--discipline", "marathon", "--sex", "M", "--from", "2013"},
       "--from: \"2013\", want a whole date"},
      {{"qualify", "1042", "--mark", "2:54:10"}, "--race-date"},
      {{"qualify", "1042", "--mark", "2:54:10", "--race-date", "2012-10-07", "--discipline", "marathon", "--net-drop",
        "457.19999"},
       "--net-drop: 457.19999, want metres with at most three decimals"},
      {{"qualify", "1042", "--mark", "2:54:10", "--race-date", "2012-10-07", "--country", "USA"}, "--country"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome outcome = Execute(arguments);
    EXPECT_EQ(outcome.code, 2) << message;
    EXPECT_THAT(outcome.error, HasSubstr(message));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(CommandLineTest, ExitCodesTellARefusalFromAServerThatIsNotThere) {
  const Outcome refused = Execute({"results", "list", "boston-marathon/editions/1897/races/open"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.error,
            "palmares: the server said no: there is no events/boston-marathon/editions/1897/races/open (NOT_FOUND "
            "UNKNOWN_RESOURCE)\n");
  const Outcome unimplemented = Execute({"history", "1042"});
  EXPECT_EQ(unimplemented.code, 3);
  EXPECT_THAT(unimplemented.error, HasSubstr("UNIMPLEMENTED"));
  const Outcome unreachable = RunCommandLine({.server = "127.0.0.1:1"}, {"races", "list"});
  EXPECT_EQ(unreachable.code, 4);
  EXPECT_THAT(unreachable.error, HasSubstr("the server at 127.0.0.1:1 cannot be reached"));
  EXPECT_EQ(Execute({"standards", "load", "no_such_standard.toml"}).code, 2);
}

TEST_F(CommandLineTest, AQuestionAnsweredWithNoExitsWithOne) {
  EXPECT_EQ(Execute({"qualify", "1042", "--standard", "boston-2013"}).code, 0);
  const Outcome no = Execute({"qualify", "7", "--standard", "boston-2013"});
  EXPECT_EQ(no.code, 1);
  EXPECT_THAT(no.out, HasSubstr("standards/boston-2013: NOT-YET\n"));
}

TEST_F(CommandLineTest, AVerdictIsExplainedWithItsMarginAndWhyOtherResultsDoNotCount) {
  const Outcome outcome = Execute({"qualify", "1042", "--standard", "boston-2013"});
  EXPECT_THAT(outcome.out, HasSubstr("standards/boston-2013: QUALIFIED\n"));
  EXPECT_THAT(outcome.out, HasSubstr("2:10:22 is 54:38 under 3:05:00"));
  EXPECT_THAT(outcome.out, HasSubstr("-54:38"));
  EXPECT_THAT(outcome.out, HasSubstr("2:05:00: the course is not certified"));
  const Outcome csv = Execute({"qualify", "7", "--standard", "boston-2013", "--output", "csv"});
  EXPECT_EQ(
      csv.out,
      "standard,verdict,mark,result,margin_seconds,reason,explanation,athlete\n"
      "standards/boston-2013,not-yet,3:10:00,events/boston-marathon/editions/2013/races/open/results/7,300.5,TOO_SLOW,"
      "3:10:00 is 5:00 over 3:05:00,athletes/7\n");
}

TEST_F(CommandLineTest, AWhatIfTakesTheStandardsDiscipline) {
  const Outcome outcome =
      Execute({"qualify", "1042", "--standard", "boston-2013", "--mark", "2:54:10", "--race-date", "2012-10-07"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  ASSERT_THAT(server_.data().qualify.hypothetical_marks(), SizeIs(1));
  const v1::HypotheticalMark& mark = server_.data().qualify.hypothetical_marks(0);
  EXPECT_EQ(mark.discipline(), "marathon");
  EXPECT_EQ(mark.mark().text(), "2:54:10");
  EXPECT_EQ(mark.date().month(), 10);
}

TEST_F(CommandLineTest, AWhatIfIsPutOnItsCourse) {
  const Outcome outcome =
      Execute({"qualify", "1042", "--standard", "boston-2013", "--mark", "2:54:10", "--race-date", "2012-10-07",
               "--discipline", "marathon", "--race", "events/boston-marathon/editions/2013/races/open", "--net-drop",
               "457.2", "--not-certified"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  ASSERT_THAT(server_.data().qualify.hypothetical_marks(), SizeIs(1));
  const v1::HypotheticalMark& mark = server_.data().qualify.hypothetical_marks(0);
  EXPECT_EQ(mark.race(), "events/boston-marathon/editions/2013/races/open");
  EXPECT_EQ(mark.course_facts().net_drop_mm(), 457200);
  EXPECT_TRUE(mark.course_facts().has_certified());
  EXPECT_FALSE(mark.course_facts().certified());
}

TEST_F(CommandLineTest, ARunnerWithoutARecordIsJudgedBySexAndAge) {
  const Outcome outcome =
      Execute({"qualify", "--sex", "W", "--age", "41", "--standard", "boston-2013", "--mark", "3:29:00", "--race-date",
               "2012-10-07", "--certified", "--country", "USA", "--region", "US-MA"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  const v1::WhatIfRequest& request = server_.data().what_if;
  EXPECT_EQ(request.sex(), v1::SEX_WOMEN);
  EXPECT_EQ(request.age(), 41);
  EXPECT_EQ(request.country(), "USA");
  EXPECT_EQ(request.region(), "US-MA");
  ASSERT_THAT(request.marks(), SizeIs(1));
  EXPECT_EQ(request.marks(0).discipline(), "marathon") << "the standard's";
  EXPECT_EQ(request.marks(0).mark().text(), "3:29:00");
  EXPECT_TRUE(request.marks(0).course_facts().certified());
  EXPECT_FALSE(request.marks(0).course_facts().has_net_drop_mm());

  const Outcome nobody = Execute({"qualify", "--standard", "boston-2013"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_THAT(nobody.error, HasSubstr("ATHLETE"));
  EXPECT_EQ(Execute({"qualify", "--mark", "3:29:00", "--race-date", "2012-10-07"}).code, 2) << "of which sex?";
  EXPECT_EQ(Execute({"qualify", "1042", "--age", "41", "--mark", "3:29:00", "--race-date", "2012-10-07"}).code, 2)
      << "an athlete has an age";
}

TEST_F(CommandLineTest, AWatchOfQualificationsTellsOfDeadlinesTwoWeeksBeforeUnlessToldOtherwise) {
  EXPECT_EQ(Execute({"watch", "qualifications"}).code, 0);
  EXPECT_EQ(server_.data().watch.deadline_notice_duration().seconds(), 14 * 86400);
  EXPECT_EQ(Execute({"watch", "qualifications", "--notice", "30"}).code, 0);
  EXPECT_EQ(server_.data().watch.deadline_notice_duration().seconds(), 30 * 86400);
  EXPECT_EQ(Execute({"watch", "qualifications", "--notice", "0"}).code, 0);
  EXPECT_FALSE(server_.data().watch.has_deadline_notice_duration());
}

TEST_F(CommandLineTest, WhoIsTakenAsWithdrawnReachesTheServer) {
  EXPECT_EQ(Execute({"qualifiers", "boston-2013", "--withdrawn", "1042", "--withdrawn", "athletes/7"}).code, 0);
  EXPECT_THAT(server_.data().qualifiers.withdrawn_athletes(), ::testing::ElementsAre("athletes/1042", "athletes/7"));
}

TEST_F(CommandLineTest, OptionsOfARankingReachTheServer) {
  const Outcome outcome = Execute(
      {"rankings",   "list",      "--discipline", "marathon",    "--sex", "m",        "--from", "2010-01-01",   "--to",
       "2013-12-31", "--country", "ETH",          "--age-group", "U20",   "--club",   "baa",    "--legal-only", "--by",
       "points",     "--as-of",   "2014-01-01",   "--clock",     "chip",  "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(
      outcome.out,
      "rank,score,mark,name,sex,country,date,race,athlete,result,place,wind,club,legal,records,movement,position\n"
      "1,1187,2:10:22,Lelisa Desisa,M,ETH,2013-04-15,events/boston-marathon/editions/2013/races/open,athletes/1042,"
      "events/boston-marathon/editions/2013/races/open/results/7,,-1.2,\"Nike, Oregon\",net-drop,race PB,+3,8812\n");
  const v1::RankingQuery& query = server_.data().ranking;
  EXPECT_EQ(query.sex(), v1::SEX_MEN);
  EXPECT_EQ(query.range().end_date().year(), 2013);
  EXPECT_EQ(query.scope().club(), "clubs/baa");
  EXPECT_EQ(query.scope().age_group(), "U20");
  EXPECT_EQ(query.order(), v1::RANKING_ORDER_POINTS);
  EXPECT_EQ(query.clock(), v1::CLOCK_CHIP);
  EXPECT_EQ(query.as_of().date().year(), 2014);
  EXPECT_TRUE(query.legal_only());
}

TEST_F(CommandLineTest, EveryScopeOfARankingCanBeAskedFor) {
  Outcome outcome = Execute({"rankings",   "list",       "--discipline",     "marathon", "--sex",     "W",
                             "--months",   "18",         "--area",           "NAC",      "--country", "USA",
                             "--region",   "MA",         "--series",         "majors",   "--race",    "2013/races/open",
                             "--division", "wheelchair", "--as-of-position", "77"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  const v1::RankingQuery query = server_.data().ranking;
  EXPECT_EQ(query.rolling_months(), 18);
  EXPECT_EQ(query.scope().area(), "NAC");
  EXPECT_EQ(query.scope().region_code(), "MA");
  EXPECT_EQ(query.scope().series(), "series/majors");
  EXPECT_EQ(query.scope().race(), kOpen);
  EXPECT_EQ(query.division(), v1::DIVISION_WHEELCHAIR);
  EXPECT_EQ(query.as_of().ledger_position(), 77);
  EXPECT_EQ(query.as_of().knowledge(), v1::KNOWLEDGE_THEN);
  EXPECT_THAT(outcome.out, HasSubstr("WIND"));
  EXPECT_THAT(outcome.out, HasSubstr("MOVEMENT"));
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("LEGAL")));

  const auto code = [this](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"rankings", "list", "--discipline", "marathon", "--sex", "W"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Execute(arguments).code;
  };
  EXPECT_EQ(code({"--months", "18", "--season", "2013"}), 2);
  EXPECT_EQ(code({"--months", "0"}), 2);
  EXPECT_EQ(code({"--region", "MA"}), 2);
  EXPECT_EQ(code({"--division", "cycling"}), 2);
  EXPECT_EQ(code({"--race", "nowhere"}), 2);
  EXPECT_EQ(code({"--series", "Big Ones"}), 2);
  EXPECT_EQ(code({"--as-of-position", "5", "--as-of", "2014-01-01"}), 2);
}

TEST_F(CommandLineTest, AListWhoseRanksAreNotKeptSaysThatNothingMoves) {
  std::vector<std::string> list = {"rankings", "list", "--discipline", "marathon", "--sex", "M"};
  Outcome outcome = Execute(list);
  EXPECT_THAT(outcome.out, HasSubstr("MOVEMENT"));
  EXPECT_EQ(outcome.error, "");
  list.emplace_back("--all-performances");
  outcome = Execute(list);
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("MOVEMENT")));
  EXPECT_THAT(outcome.error, HasSubstr("Without movement: last week's ranks are known of standing lists alone"));
  list.insert(list.end(), {"--output", "csv"});
  EXPECT_EQ(Execute(list).error, "") << "a program is told by the empty column";
}

TEST_F(CommandLineTest, CoursesAreComparedByTheClockAskedFor) {
  const std::vector<std::string> compare = {"compare", "courses", "boston-marathon/editions/2012"};
  std::vector<std::string> by_chip = compare;
  by_chip.insert(by_chip.end(), {"--clock", "chip"});
  const Outcome outcome = Execute(by_chip);
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(server_.data().courses.clock(), v1::CLOCK_CHIP);
  EXPECT_THAT(outcome.out, HasSubstr("events/boston-marathon/editions/2012"));
  EXPECT_THAT(outcome.error, HasSubstr("Times compared: chip.\n"));
  EXPECT_EQ(Execute(compare).code, 0);
  EXPECT_EQ(server_.data().courses.clock(), v1::CLOCK_UNSPECIFIED) << "the server chooses";
  std::vector<std::string> official = compare;
  official.insert(official.end(), {"--clock", "official"});
  EXPECT_EQ(Execute(official).code, 2);
}

TEST_F(CommandLineTest, AListIsWrittenAsAFileAndHasItsSnapshots) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.path() + "/list.csv";
  const std::vector<std::string> list = {"--discipline", "marathon", "--sex", "M", "--area", "AFR"};
  const auto with = [&list](std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), list.begin(), list.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  EXPECT_EQ(Execute(with({"rankings", "export"}, {})).out, "rank,mark\n1,2:10:22\n");
  EXPECT_EQ(server_.data().ranking.scope().area(), "AFR");
  EXPECT_EQ(Execute(with({"rankings", "export"}, {"--file", path})).code, 0);
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "rank,mark");
  EXPECT_EQ(Execute(with({"rankings", "export"}, {"--format", "odt"})).code, 2);
  EXPECT_EQ(Execute(with({"rankings", "snapshots"}, {"--output", "csv"})).out,
            "date,position,athletes,snapshot\n2026-06-08,31,4,rankingSnapshots/2026-06-08\n");
}

TEST_F(CommandLineTest, RecordsAreThoseOfAnEventARaceOrACourse) {
  const Outcome outcome = Execute({"rankings", "records", "boston-marathon", "--sex", "M", "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.out,
            "discipline,sex,division,kind,mark,name,date,fallen,athlete,result\n"
            "marathon,M,running,race,2:03:02,Geoffrey Mutai,2011-04-18,,athletes/7,"
            "events/boston-marathon/editions/2011/races/open/results/1\n");
  EXPECT_EQ(server_.data().records.parent(), "events/boston-marathon");
  EXPECT_EQ(server_.data().records.sex(), v1::SEX_MEN);
  ASSERT_EQ(Execute({"rankings", "records", "2013/races/open", "--progression"}).code, 0);
  EXPECT_EQ(server_.data().records.parent(), kOpen);
  EXPECT_TRUE(server_.data().records.progression());
  ASSERT_EQ(Execute({"rankings", "records", "boston-marathon/courses/hopkinton"}).code, 0);
  EXPECT_EQ(server_.data().records.parent(), "events/boston-marathon/courses/hopkinton");
}

TEST_F(CommandLineTest, ClubsAreRankedByTheirBestMembers) {
  const Outcome outcome =
      Execute({"clubs", "ranking", "--discipline", "marathon", "--sex", "M", "--members", "2", "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.out,
            "rank,score,name,club,ranks,athletes,results\n"
            "1,5:00:00,Boston Athletic Association,clubs/baa,1 7,athletes/1 athletes/7,"
            "events/a/editions/b/races/c/results/1 events/a/editions/b/races/c/results/7\n");
  EXPECT_EQ(server_.data().club_ranking.members(), 2);
  EXPECT_EQ(server_.data().club_ranking.query().discipline(), "marathon");
  EXPECT_EQ(Execute({"clubs", "ranking", "--discipline", "marathon", "--sex", "M"}).code, 2);
}

TEST_F(CommandLineTest, AWatchOfRankingsGoesOnFromItsPositionWhenTheConnectionIsLost) {
  const Outcome outcome =
      Execute({"watch", "rankings", "--discipline", "marathon", "--sex", "M", "--top", "0", "--athlete", "1042",
               "--athlete", "7", "--since", "5", "--limit", "3", "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.out,
            "position,old_rank,rank,mark,name,athlete,result\n7,7,1,,,athletes/1042,\n9,9,1,,,athletes/1042,\n"
            "11,11,1,,,athletes/1042,\n");
  EXPECT_THAT(outcome.error, HasSubstr("going on from position 9"));
  ASSERT_THAT(server_.data().ranking_watches, SizeIs(3));
  EXPECT_EQ(server_.data().ranking_watches[0].top(), 0);
  EXPECT_THAT(server_.data().ranking_watches[2].athletes(), ::testing::ElementsAre("athletes/1042", "athletes/7"));
  EXPECT_EQ(server_.data().ranking_watches[2].start_position(), 9);
  EXPECT_EQ(
      RunCommandLine({.server = "127.0.0.1:1"}, {"watch", "rankings", "--discipline", "marathon", "--sex", "M"}).code,
      4);
}

TEST_F(CommandLineTest, ACorrectionNamesTheFieldsItSets) {
  const Outcome outcome = Execute({"results", "correct", "2013/races/open/results/7", "--set", "chip_mark=2:10:25",
                                   "--set", "country=ETH", "--reason", "photo finish"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.out, "Done: Lelisa Desisa corrected, revision 2\n  with it changed 2 places\n");
  const v1::CorrectResultRequest& request = server_.data().correction;
  EXPECT_EQ(request.name(), absl::StrCat(kOpen, "/results/7"));
  EXPECT_EQ(request.row().chip_mark(), 7825000);
  EXPECT_THAT(request.update_mask().paths(), ::testing::ElementsAre("chip_mark", "country"));
  EXPECT_EQ(request.reason(), "photo finish");
}

TEST_F(CommandLineTest, ATokenComesFromItsFileBeforeTheEnvironmentAndItsSecretIsPrintedOnce) {
  const testing::TemporaryDirectory directory;
  WriteFile(directory.path() + "/token", "from-file\n");
  const Outcome outcome =
      Execute({"admin", "token", "create", "--role", "organizer", "--resource", "events/boston-marathon", "--name",
               "B.A.A.", "--token-file", directory.path() + "/token"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(server_.data().authorization, "Bearer from-file");
  EXPECT_EQ(outcome.out, "palmares_secret\n");
  const Outcome kept = Execute(
      {"admin", "token", "create", "--role", "operator", "--name", "x", "--secret-file", directory.path() + "/secret"});
  EXPECT_EQ(kept.out, "");
  EXPECT_EQ(server_.data().authorization, "Bearer operator-secret");
  std::ifstream secret(directory.path() + "/secret");
  std::string line;
  std::getline(secret, line);
  EXPECT_EQ(line, "palmares_secret");
  server_.data().authorization.clear();
  const Outcome again = Execute(
      {"admin", "token", "create", "--role", "operator", "--name", "x", "--secret-file", directory.path() + "/secret"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.error, HasSubstr("exists already"));
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(server_.data().authorization, "") << "no token is made whose secret has no place";
  EXPECT_EQ(Execute({"races", "list", "--token-file", directory.path() + "/none"}).code, 2);
}

TEST_F(CommandLineTest, QuietSilencesMessagesButNotErrors) {
  const Outcome chatty = Execute({"athletes", "search", "nobody"});
  EXPECT_EQ(chatty.code, 1) << "the answer is no";
  EXPECT_EQ(chatty.error, "No athlete is called \"nobody\".\n");
  EXPECT_EQ(Execute({"athletes", "search", "nobody", "--quiet"}).error, "");
  EXPECT_THAT(Execute({"--quiet", "results", "list", "open"}).error, HasSubstr("2 races end so"));
}

TEST_F(CommandLineTest, EveryCommandHasHelpWithAnExample) {
  EXPECT_THAT(Execute({"--help"}).out, HasSubstr("Exit codes: 0 done"));
  EXPECT_EQ(Execute({"--version"}).out, "palmares 0.1.0\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"import"},
                                                                                     {"races", "list"},
                                                                                     {"results", "correct"},
                                                                                     {"athletes", "merge"},
                                                                                     {"rankings", "rank"},
                                                                                     {"standards", "load"},
                                                                                     {"qualify"},
                                                                                     {"qualifiers"},
                                                                                     {"nearest"},
                                                                                     {"forecast"},
                                                                                     {"calendar"},
                                                                                     {"goals", "list"},
                                                                                     {"goals", "set"},
                                                                                     {"goals", "show"},
                                                                                     {"history"},
                                                                                     {"portfolio", "share"},
                                                                                     {"watch", "results"},
                                                                                     {"admin", "token", "create"}}) {
    std::vector<std::string> arguments = words;
    arguments.emplace_back("--help");
    const Outcome outcome = Execute(arguments);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat("Usage: palmares ", absl::StrJoin(words, " "), " ")));
    EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat("\n  palmares ", absl::StrJoin(words, " "))));
  }
}

TEST_F(CommandLineTest, CompletionKnowsEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome outcome = Execute({"completion", shell});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("disqualify"));
    EXPECT_THAT(outcome.out, HasSubstr("leave-place-vacant"));
    EXPECT_THAT(outcome.out, HasSubstr("'table json csv'"));
    EXPECT_THAT(outcome.out, HasSubstr("half-marathon"));
  }
  EXPECT_EQ(Execute({"completion", "tcsh"}).code, 2);
}

TEST_F(CommandLineTest, BashOffersWhatFitsTheWordsBeforeTheCursor) {
  const testing::TemporaryDirectory directory;
  const std::string script = directory.path() + "/completion";
  WriteFile(script, Execute({"completion", "bash"}).out);
  const auto offered = [&](const std::string& words, int cursor) {
    const std::string command =
        absl::StrCat("bash -c 'source ", script, "; COMP_WORDS=(", words, "); COMP_CWORD=", cursor,
                     "; _palmares; echo \"${COMPREPLY[*]}\"' > ", directory.path(), "/offered");
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(directory.path() + "/offered");
    std::string line;
    std::getline(file, line);
    return line;
  };
  EXPECT_EQ(offered("palmares res", 1), "results");
  EXPECT_EQ(offered("palmares results li", 2), "list");
  EXPECT_EQ(offered("palmares --output csv results li", 4), "list");
  EXPECT_EQ(offered("palmares results list --li", 3), "--limit");
  EXPECT_EQ(offered("palmares admin token c", 3), "create");
  EXPECT_EQ(offered("palmares races x", 2), "");

  EXPECT_EQ(offered("palmares results list --output c", 4), "csv") << "the values of an option";
  EXPECT_EQ(offered("palmares --output = j", 3), "json") << "as bash splits --output=j";
  EXPECT_EQ(offered("palmares rankings list --sex W", 4), "W");
  EXPECT_EQ(offered("palmares rankings list --discipline half", 4), "half-marathon half-marathon-walk");
  EXPECT_EQ(offered("palmares rankings list --by age", 4), "age-grade");
  EXPECT_EQ(offered("palmares results export open --format csv-", 5), "csv-spreadsheet");
  EXPECT_EQ(offered("palmares admin token create --role oper", 5), "operator");
  EXPECT_EQ(offered("palmares results list --limit l", 4), "") << "what nobody can know";
  EXPECT_EQ(offered("palmares completion z", 2), "zsh");
  const std::string file = directory.path() + "/manifest.toml";
  WriteFile(file, "");
  EXPECT_EQ(offered(absl::StrCat("palmares import ", directory.path(), "/man"), 2), file);
  EXPECT_EQ(offered(absl::StrCat("palmares standards load ", directory.path(), "/man"), 3), file);
  EXPECT_EQ(offered(absl::StrCat("palmares races list --token-file ", directory.path(), "/man"), 4), file);
}

TEST_F(CommandLineTest, CommandsThatNeedNoServerAreGroupsToo) {
  const Outcome nobody =
      RunCommandLine({.server = "127.0.0.1:1"}, {"--output", "json", "calc", "points", "marathon", "M", "2:10:22"});
  EXPECT_EQ(nobody.code, 0) << nobody.error;
  EXPECT_THAT(nobody.out, HasSubstr("\"points\""));
  EXPECT_EQ(
      RunCommandLine({.server = "127.0.0.1:1"}, {"identity", "score", "no_such_file.csv", "--truth", "athlete"}).code,
      2);
}

}  // namespace
}  // namespace palmares::tools
