#include "tools/palmares/calc.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/palmares/calc_table.h"

namespace palmares::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Answer {
  int code = -1;
  std::string out;
  std::string error;
};

// Runs `palmares calc ...` with a text as standard input.
Answer Calc(std::vector<std::string> words, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream error;
  CalcStreams streams{in, out, error, ""};
  CLI::App app;
  app.add_option("--output", streams.output);
  CalcAction action;
  AddCalcCommands(app, [&action](CalcAction chosen) { action = std::move(chosen); });
  words.insert(words.begin(), "calc");
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  Answer answer;
  try {
    app.parse(reversed);
    answer.code = action(streams);
  } catch (const CLI::ParseError& problem) {
    answer.code = 2;
  }
  answer.out = out.str();
  answer.error = error.str();
  return answer;
}

TEST(CalcTest, OneMarkIsAnsweredByNameOrInOrder) {
  EXPECT_EQ(Calc({"points", "marathon", "M", "2:00:35", "--output", "csv"}).out, "points\n1307\n");
  EXPECT_EQ(Calc({"points", "--discipline", "800 m", "--sex", "women", "--mark", "1:55.30", "--short-track", "--output",
                  "json"})
                .out,
            "{\"points\": \"1264\"}\n");
  EXPECT_EQ(Calc({"points", "100m", "M", "9.67", "+4.1", "--output", "csv"}).out, "points\n1299\n");
  EXPECT_EQ(Calc({"mark", "marathon", "M", "1307", "--output", "csv"}).out, "mark\n2:00:36\n");
  EXPECT_EQ(Calc({"round", "marathon", "2:09:44.3", "--output", "csv"}).out, "official\n2:09:45\n");
  EXPECT_THAT(Calc({"age-group", "1984-06-01", "2026-03-01", "F", "--output", "csv"}).out, HasSubstr("41,42,W40"));
  EXPECT_EQ(Calc({"age-group", "2014-05-05", "2026-06-01", "--output", "csv"}).out,
            "age,age_on_31_december,age_group\n12,12,U14\n");
  EXPECT_THAT(Calc({"age-group", "2009", "2026-06-01", "--output", "csv"}).out, HasSubstr("16-17,17,U18"));
  EXPECT_THAT(Calc({"equivalent", "half-marathon", "M", "1:03:00", "marathon"}).out, HasSubstr("equal points"));
}

TEST(CalcTest, SlipsOfThePenAreMendedByTheDiscipline) {
  EXPECT_EQ(Calc({"round", "800m", "2.33", "--output", "csv"}).out, "official\n2:33.00\n");
  EXPECT_EQ(Calc({"round", "1500m", "3:53:17", "--output", "csv"}).out, "official\n3:53.17\n");
  EXPECT_EQ(Calc({"round", "400m", "52:03", "--output", "csv"}).out, "official\n52.03\n");
  EXPECT_EQ(Calc({"points", "800m", "M", "1:40:91", "--output", "csv"}).out,
            Calc({"points", "800m", "M", "1:40.91", "--output", "csv"}).out);
  EXPECT_EQ(Calc({"round", "6x5K", "1:30:32.1", "--output", "csv"}).out, "official\n1:30:33\n");
  EXPECT_EQ(Calc({"round", "T26", "6789.12", "--output", "csv"}).out, "official\n6789\n");
}

TEST(CalcTest, AMarkThatWasMendedIsSaid) {
  Answer answer = Calc({"round", "1500m", "3:53:17"});
  EXPECT_EQ(answer.error, "palmares calc: mark: \"3:53:17\" read as 3:53.17\n");
  answer = Calc({"points", "800m", "M", "1:40:91", "--output", "json"});
  EXPECT_THAT(answer.out, HasSubstr(", \"reinterpreted\": \"mark: \\\"1:40:91\\\" read as 1:40.91\"}\n"));
  answer = Calc({"round", "1500m", "3:53.17", "--output", "json"});
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(answer.out, Not(HasSubstr("reinterpreted")));
}

TEST(CalcTest, ABatchSaysWhichMarksWereMended) {
  const std::string rows = "discipline,mark\n800m,1:45.00\n800m,2.33\n";
  Answer answer = Calc({"round", "--batch", "-"}, rows);
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out, "discipline,mark,official\n800m,1:45.00,1:45.00\n800m,2.33,2:33.00\n");
  EXPECT_EQ(answer.error, "palmares calc: row 2: mark: \"2.33\" read as 2:33.00\n");
  answer = Calc({"round", "--batch", "-", "--output", "json"}, rows);
  EXPECT_THAT(answer.out, HasSubstr("\"reinterpreted\": \"mark: \\\"2.33\\\" read as 2:33.00\""));
}

TEST(CalcTest, ATableFitsItsWidth) {
  std::istringstream in;
  std::ostringstream out, error;
  CalcStreams streams{in, out, error, "", 60};
  CLI::App app;
  CalcAction action;
  AddCalcCommands(app, [&action](CalcAction chosen) { action = std::move(chosen); });
  std::vector<std::string> words = {"automatic", "+2.1", "2025-06-01", "M", "100m", "legality", "calc"};  // from behind
  app.parse(words);
  EXPECT_EQ(action(streams), 0);
  EXPECT_THAT(out.str(), HasSubstr("REASONS"));
  EXPECT_THAT(out.str(), HasSubstr("m/s"));
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 60U) << line;
}

TEST(CalcTest, AnAgeGradeTellsItsTable) {
  EXPECT_EQ(Calc({"age-grade", "half-marathon", "F", "41", "2:00:37", "2015", "--output", "csv"}).out,
            "age_grade,factor,standard,open_equivalent,age_grade_table\n56.30,0.9602,1:07:54.2,1:55:49.0,2015\n");
}

TEST(CalcTest, ACombinedCompetitionIsAddedUp) {
  EXPECT_EQ(Calc({"combined", "decathlon", "M", "10.55 7.80 16.00 2.05 48.42 13.75 50.54 5.45 71.90 4:36.11",
                  "--output", "csv"})
                .out,
            "total,points\n9126,963 1010 851 850 889 1007 882 1051 918 705\n");
  const char* heptathlon = "12.69 1.86 15.80 22.56 7.27 45.66 2:08.51";
  EXPECT_THAT(Calc({"combined", "heptathlon", "W", heptathlon, "--output", "csv"}).out, HasSubstr("\n7291,"));
  EXPECT_THAT(Calc({"combined", "heptathlon", "W", "12.69 1.86 15.80 22.56 7.27 - -", "--output", "csv"}).out,
              HasSubstr(" 0 0\n"));
  EXPECT_EQ(Calc({"combined", "decathlon", "M", "10.31h 7.80 16.00 2.05 48.42 13.75 50.54 5.45 71.90 4:36.11",
                  "--output", "csv"})
                .out,
            "total,points\n9126,963 1010 851 850 889 1007 882 1051 918 705\n")
      << "10.31 by hand is 10.55";
}

TEST(CalcTest, AMarkIsLegalOrNotForEachPurposeWithTheReasons) {
  EXPECT_EQ(Calc({"legality", "100m", "M", "2025-06-01", "+2.1", "automatic", "--output", "csv"}).out,
            "record,list,usatf,baa,reasons\nnot legal,not legal,not legal,legal,"
            "\"record: tail wind 2.1 m/s, at most 2.0 m/s; list: tail wind 2.1 m/s, at most 2.0 m/s; "
            "usatf: tail wind 2.1 m/s, at most 2.0 m/s\"\n");
  EXPECT_THAT(Calc({"legality", "5000m", "W", "2025-06-01", "--timing", "automatic", "--mixed", "no"}).out,
              Not(HasSubstr("unknown")));
  EXPECT_THAT(Calc({"legality", "4x400m", "M", "2025-06-01", "--timing", "hand"}).out, HasSubstr("not automatic"));
  EXPECT_THAT(
      Calc({"legality", "800m", "M", "2025-02-01", "--timing", "automatic", "--indoor", "yes", "--track", "oversized"})
          .out,
      HasSubstr("record: an oversized track"));
  EXPECT_THAT(
      Calc({"legality", "marathon", "M", "2026-04-20", "--certified", "yes", "--net-drop", "460", "--separation", "91"})
          .out,
      HasSubstr("baa: 5:00 is added for the drop"));
}

TEST(CalcTest, WhatIsAboveALimitByLittleIsAboveIt) {
  EXPECT_THAT(Calc({"legality", "100m", "M", "2025-06-01", "2.004", "automatic"}).out,
              HasSubstr("list: tail wind 2.01 m/s, at most 2.0 m/s"));
  EXPECT_THAT(Calc({"legality", "100m", "M", "2025-06-01", "2.0", "automatic"}).out, Not(HasSubstr("not legal")));
  EXPECT_THAT(Calc({"legality", "marathon", "M", "2026-04-20", "--certified", "yes", "--net-drop", "10", "--separation",
                    "50.01"})
                  .out,
              HasSubstr("record: start and finish 50.1 % apart, at most 50.0 %"));
  EXPECT_EQ(Calc({"points", "marathon", "M", "2:10:00", "--drop", "1.0", "--output", "csv"}).out, "points\n1130\n");
  EXPECT_EQ(Calc({"points", "marathon", "M", "2:10:00", "--drop", "1.0001", "--output", "csv"}).out, "points\n1124\n");
  EXPECT_EQ(Calc({"points", "100m", "M", "10.00", "2.1", "--output", "csv"}).out, "points\n1194\n");
}

TEST(CalcTest, BadUsageSaysWhatIsWanted) {
  const std::vector<std::pair<std::vector<std::string>, const char*>> cases = {
      {{"points", "marathon", "Q", "2:10:22"}, "sex: \"Q\", want M, W or X"},
      {{"points", "marathon", "M", "2:70:00"}, "mark: \"2:70:00\""},
      {{"points", "marathon", "M", "2:10:00", "+1.0"},
       "wind: \"+1.0\", want none for marathon, where wind does not matter"},
      {{"points", "1500m", "M", "3:30.00", "1.0"}, "wind: \"1.0\", want none for 1500m, where wind does not matter"},
      {{"points", "underwater-hockey", "M", "2:10:00"}, "underwater-hockey"},
      {{"points", "marathon", "X", "2:10:00"}, "discipline: \"marathon\""},
      {{"mark", "marathon", "M", "1500"}, "points: \"1500\", want 1 to 1400"},
      {{"age-grade", "marathon", "M", "40", "3:00:00", "2012"}, "one of 2010 2015 2020 2025"},
      {{"age-grade", "110mh", "M", "40", "15.00"}, "a flat run"},
      {{"points", "marathon", "M", "2:10:00", "--output", "xml"}, "output: \"xml\""},
      {{"points", "--batch", "/no/such/file"}, "cannot be read"},
      {{"combined", "decathlon", "W", "1"}, "competition: \"decathlon\", want"},
      {{"combined", "heptathlon", "W", "12.69 1.86"}, "want 7 marks"},
      {{"legality", "marathon", "M"}, "date: \"\", want the day"},
      {{"legality", "1500m", "M", "2025-06-01", "1.0"}, "for 1500m, want none there"},
      {{"legality", "marathon", "M", "2025-06-01", "--certified", "perhaps"}, "certified: \"perhaps\", want yes or no"},
      {{"points", "100m", "M", "3", "+45"}, "mark: \"3\", want 8.622 to 3:20.00, nobody makes another"},
      {{"points", "100m", "M", "9.45"}, "mark: \"9.45\", want 9.46 or slower, where the table ends with 1400 points"},
      {{"points", "high-jump", "M", "2.60"}, "or less, where the table ends with 1395 points"},
      {{"points", "100m", "M", "10.00", "+45"}, "wind: \"+45\", want metres per second from -20 to +20"},
      {{"points", "100m", "M", "10.00", "-20.1"}, "wind: \"-20.1\", want metres per second from -20 to +20"},
      {{"points", "10km-road", "M", "28:00", "--drop", "351"}, "drop: \"351\", want metres per km, from -350 to 350"},
      {{"points", "10000m", "M", "28:00.00", "--drop", "2"}, "drop: \"2\", want none off the road"},
      {{"round", "5000m", "3:45:27"}, "mark: \"3:45:27\", want 6:17.68 to 2:46:40.00"},
      {{"round", "high-jump", "25"}, "mark: \"25\", want at most 2.695"},
      {{"round", "cross-country", "27.50"}, "mark: \"27.50\", want 1:00 to"},
      {{"round", "leg 2 of 4x400", "45.0"}, "want the whole race, as 4x400m"},
      {{"equivalent", "5km-trail", "M", "25:00", "marathon"}, "want two races on one surface"},
  };
  for (const auto& [words, message] : cases) {
    const Answer answer = Calc(words);
    EXPECT_EQ(answer.code, 2) << message;
    EXPECT_THAT(answer.error, HasSubstr(message));
    EXPECT_EQ(answer.out, "");
  }
  EXPECT_EQ(Calc({"nonsense"}).code, 2);
  EXPECT_EQ(Calc({"world-ranking", "--discipline", "1500m"}).code, 2);
}

TEST(CalcTest, ABatchAddsColumnsAndKeepsTheOthers) {
  const Answer answer = Calc({"points", "--batch", "-"},
                             "\xEF\xBB\xBFname,discipline,sex,mark,wind,short_track\r\n"
                             "\"Doe, Jane\",100m,W,11.00,-1.2,\r\n"
                             "\r\n"
                             "Roe,1500m,M,3:30.60,,true\r\n");
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out,
            "name,discipline,sex,mark,wind,short_track,points\n"
            "\"Doe, Jane\",100m,W,11.00,-1.2,,1207\n"
            "Roe,1500m,M,3:30.60,,true,1292\n");
}

TEST(CalcTest, ARefusedRowHasItsReasonAndTheOthersTheirAnswer) {
  const Answer answer = Calc({"age-grade", "--batch", "-", "--table", "2015"},
                             "event,gender,age,time\nHalf marathon,F,41,2:00:37\nHalf marathon,F,4,2:00:37\n");
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out, HasSubstr("Half marathon,F,41,2:00:37,56.30,"));
  EXPECT_THAT(answer.out, HasSubstr("\"age: 4, the table of 2015 has 5 to 100\""));
  EXPECT_THAT(answer.error, HasSubstr("1 of 2 rows refused"));
}

TEST(CalcTest, AnotherEditionOfTheTablesCanBeGiven) {
  const auto file = std::filesystem::temp_directory_path() / "palmares_calc_test_tables.csv";
  std::ofstream(file)
      << "edition,Test 2031,2031-01-01\ntable,M,marathon,Marathon,s,1000,0,-,0\nrow,2,7200000\nrow,1,7201000\n";
  EXPECT_EQ(Calc({"points", "marathon", "M", "2:00:01", "--scoring-tables", file.string(), "--output", "csv"}).out,
            "points\n1\n");
  std::filesystem::remove(file);
}

constexpr const char* kResults =
    "date,competition,discipline,category,round,place,mark,result_score,wind,area_championship\n"
    "11 JAN 2026,10K Valencia,10 Kilometres Road,E,F,5.,27:22,1191,,\n"
    "2026-03-28,The TEN,\"10,000 Metres\",B,F2,1.,26:56.58,,,\n"
    "2026-07-03,Prefontaine Classic - Split times,\"10,000 Metres\",F,F,,26:50.00,1240,,\n"
    "2024-06-08,European Championships,5000 Metres,GL,F,26.,13:58.89,1003,,yes\n"
    "2026-05-01,Trail,Something Else,F,F,1.,1:00:00,,,\n";

TEST(CalcTest, AWorldRankingOpensUp) {
  const Answer json =
      Calc({"world-ranking", "--discipline", "10000m", "--sex", "M", "--as-of", "2026-07-21", "-", "--output", "json"},
           kResults);
  EXPECT_EQ(json.code, 0) << json.error;
  EXPECT_THAT(json.out, HasSubstr("\"score\": 1232"));
  EXPECT_THAT(json.out, HasSubstr("\"windowFirst\": \"2025-01-21\""));
  EXPECT_THAT(json.out, HasSubstr("\"resultScore\": 1232, \"placingScore\": 42, \"performanceScore\": 1274"));
  EXPECT_THAT(json.out, HasSubstr("a split time is no result"));
  const Answer csv =
      Calc({"world-ranking", "--discipline", "10000m", "--sex", "M", "--as-of", "2026-07-21", "-", "--output", "csv"},
           kResults);
  EXPECT_THAT(csv.out, HasSubstr("yes,2026-03-28,The TEN"));
  const Answer text =
      Calc({"world-ranking", "--discipline", "10000m", "--sex", "M", "--as-of", "2026-07-21", "-"}, kResults);
  EXPECT_THAT(text.out, HasSubstr("score 1232 (average 1232)"));
}

TEST(CalcTest, AWrongRankingFileNamesItsRow) {
  const Answer answer =
      Calc({"world-ranking", "--discipline", "1500m", "--sex", "M", "--as-of", "2026-07-21", "-"},
           "date,competition,discipline,category,round,place,mark\n2026-02-31,A,1500m,F,F,1,3:40.00\n");
  EXPECT_EQ(answer.code, 2);
  EXPECT_THAT(answer.error, HasSubstr("results[0].date"));
  EXPECT_EQ(
      Calc({"world-ranking", "--discipline", "20km-walk", "--sex", "M", "--as-of", "2026-07-21", "-"}, kResults).code,
      2);
}

TEST(CalcTest, AGroupThatTheRulesOfTheDayDoNotHaveGoesByEarlierOnesAndSaysSo) {
  const Answer answer = Calc({"world-ranking", "--discipline", "marathon", "--sex", "M", "--as-of", "2026-07-21", "-"},
                             "date,competition,discipline,category,round,place,mark\n"
                             "2026-02-01,A,marathon,B,F,1,2:06:00\n2025-10-01,B,marathon,A,F,2,2:05:30\n");
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_THAT(answer.out, HasSubstr("World rankings 2026; marathon by World rankings 2025"));
}

TEST(CalcTableTest, CsvIsReadAfterRfc4180) {
  const auto table = ReadCsv("a,b\n\"x \"\"y\"\"\",\"1\n2\"\nshort\n");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->rows, ElementsAre(ElementsAre("x \"y\"", "1\n2"), ElementsAre("short", "")));
  EXPECT_THAT(ReadCsv("a,b\r1,2\r3,4")->rows, ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
  EXPECT_THAT(std::string(ReadCsv("a\n1,2\n").status().message()), HasSubstr("line 2: 2 fields, want 1"));
  EXPECT_THAT(std::string(ReadCsv("a\n\"1\n").status().message()), HasSubstr("line 2: a quote that is never closed"));
  EXPECT_FALSE(ReadCsv("").ok());
}

TEST(CalcTableTest, TextsAreSafeInJson) { EXPECT_EQ(JsonText("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000a\""); }

}  // namespace
}  // namespace palmares::tools
