// Sheets that say of which event they are, against the race that they are read for.
#include "services/ingest/other_event.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "services/ingest/event_title.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

using athletics::Sex;

std::string CodeOfEvent(absl::string_view name) {
  const auto discipline = DisciplineOfEvent(name);
  return discipline.has_value() ? discipline->code : "";
}

TEST(EventTitleTest, TheDisciplineOfAnEventIsReadFromItsName) {
  EXPECT_EQ(CodeOfEvent("Event 9  Girls 1600 Meter Run"), "1600m");
  EXPECT_EQ(CodeOfEvent("Event 2 Boys 4x800 Meter Relay"), "4x800m");
  EXPECT_EQ(CodeOfEvent("Event 3 Girls 100 Meter Hurdles 33\""), "100mh");
  EXPECT_EQ(CodeOfEvent("Girls 800 Sprint Medley"), "sprint-medley-800m");
  EXPECT_EQ(CodeOfEvent("Event 27 Girls High Jump"), "high-jump");
  EXPECT_EQ(CodeOfEvent("Men 100"), "100m");
  EXPECT_EQ(CodeOfEvent("Event 7 Women Mile"), "mile");
  EXPECT_EQ(CodeOfEvent("Half Marathon"), "half-marathon");
  EXPECT_EQ(CodeOfEvent("Event 12 Boys 13-14 100 Meter Dash Section 2"), "100m");
}

TEST(EventTitleTest, WhatTellsNoDisciplineIsNone) {
  for (const char* name : {"", "Event 5", "Heat 2", "Race 101", "Women 40", "Masters 50+", "Girls 13-14",
                           "1600 Throwers Medley", "Event 8 Spring Classic", "A Final"}) {
    EXPECT_EQ(CodeOfEvent(name), "") << name;
  }
}

TEST(EventTitleTest, TheSexOfAnEventIsInItsName) {
  EXPECT_EQ(SexOfTitle("Event 9  Girls 1600 Meter Run"), Sex::kWomen);
  EXPECT_EQ(SexOfTitle("Men's 100"), Sex::kMen);
  EXPECT_EQ(SexOfTitle("Mixed 4x400 Meter Relay"), Sex::kX);
  EXPECT_EQ(SexOfTitle("Mixed 400 Meter Dash"), Sex::kUnknown);
  EXPECT_EQ(SexOfTitle("Boys and Girls 3200"), Sex::kUnknown);
  EXPECT_EQ(SexOfTitle("3200 Meter Run"), Sex::kUnknown);
}

// "half-marathon!", with a "!" where the line is the title of that race.
std::string Mentioned(absl::string_view line, bool first = false) {
  std::string all;
  for (const MentionedDistance& distance : MentionedDistances(line, first)) {
    absl::StrAppend(&all, all.empty() ? "" : " ", distance.discipline.code, distance.is_title ? "!" : "");
  }
  return all;
}

TEST(EventTitleTest, ALineOfTextIsATitleOnlyWhereItSaysNothingElse) {
  EXPECT_EQ(Mentioned("Half Marathon Results 2014"), "half-marathon!");
  EXPECT_EQ(Mentioned("Official Results - 10 km"), "10km-road!");
  EXPECT_EQ(Mentioned("Distance: 10 km"), "10km-road!");
  EXPECT_EQ(Mentioned("27th Annual James Joyce Ramble 10K", true), "10km-road!");
  EXPECT_EQ(Mentioned("27th Annual James Joyce Ramble 10K"), "10km-road") << "not in the first title";
  EXPECT_EQ(Mentioned("BAYSTATE MARATHON"), "marathon");
  EXPECT_EQ(Mentioned("Boston Marathon 5K", true), "marathon 5km-road");
  EXPECT_EQ(Mentioned("Loop: 5 km"), "5km-road");
  EXPECT_EQ(Mentioned("Half Marathon and 10K"), "half-marathon 10km-road");
  EXPECT_EQ(Mentioned("Marathon, Half Marathon, 10 km"), "marathon half-marathon 10km-road");
  EXPECT_EQ(Mentioned("Elevation: 1200 m"), "");
  EXPECT_EQ(Mentioned("Sunny, Dry, 46 deg"), "");
  EXPECT_EQ(Mentioned("October 17, 2010"), "");
}

bool IsOther(absl::string_view name, const std::string& race) {
  return IsOtherEvent(*DisciplineOfEvent(name), SaysFlatRun(name), **athletics::FindDiscipline(race));
}

TEST(OtherEventTest, AnotherDistanceOrKindIsAnotherEvent) {
  EXPECT_TRUE(IsOther("Girls 1600 Meter Run", "800m"));
  EXPECT_TRUE(IsOther("Girls 1600 Meter Run", "mile"));
  EXPECT_TRUE(IsOther("Boys 4x800 Meter Relay", "800m"));
  EXPECT_TRUE(IsOther("Boys 4x800 Meter Relay", "4x400m"));
  EXPECT_TRUE(IsOther("Girls 800 Sprint Medley", "4x200m"));
  EXPECT_TRUE(IsOther("Girls 100 Meter Hurdles", "100m"));
  EXPECT_TRUE(IsOther("Girls 100 Meter Dash", "100mh"));
  EXPECT_TRUE(IsOther("3000 Meter Run", "3000msc"));
  EXPECT_TRUE(IsOther("High Jump", "long-jump"));
  EXPECT_TRUE(IsOther("High Jump", "800m"));
  EXPECT_TRUE(IsOther("Half Marathon", "marathon"));
}

TEST(OtherEventTest, AnotherWayToCallTheSameIsNone) {
  EXPECT_FALSE(IsOther("Girls 1600 Meter Run", "1600m"));
  EXPECT_FALSE(IsOther("Boys 4x800 Meter Relay", "4x800m"));
  EXPECT_FALSE(IsOther("Women 100", "100mh")) << "a short name may leave the hurdles out";
  EXPECT_FALSE(IsOther("5K", "5000m"));
  EXPECT_FALSE(IsOther("26.2 Miles", "marathon"));
  EXPECT_FALSE(IsOther("21 km", "half-marathon"));
  EXPECT_FALSE(IsOther("Shot Put", "shot-put-5kg"));
  EXPECT_FALSE(IsOther("100 km", "103km-trail"));
}

std::string ToldOfEvent(const Reading& reading) {
  const Issue* issue = Find(reading.report, IssueCode::kOtherEvent);
  return issue == nullptr ? "" : FormatIssue(*issue);
}

std::string MeetOf(absl::string_view event) {
  return absl::StrCat("HY-TEK's Meet Manager\n\nEvent 9  ", event,
                      "\n================================================================================\n"
                      "    Name                    Year School                  Seed     Finals  Points\n"
                      "================================================================================\n"
                      "  1 Ann Example               12 High School A        5:15.00    5:20.11   10   \n");
}

TEST(OtherEventTest, AHytekEventOfAnotherDistanceOrSexRefusesTheSheet) {
  const Reading other = ReadSheet(MeetOf("Girls 1600 Meter Run"), For("800m"));
  EXPECT_TRUE(other.report.refused);
  EXPECT_EQ(ToldOfEvent(other),
            "row 3 \"Event 9 Girls 1600 Meter Run\": names the 1600m, the race is the 800m; want the sheet of this "
            "race, or the race that this sheet is of [OTHER_EVENT]");
  ReadOptions partial = For("800m");
  partial.allow_partial = true;
  EXPECT_TRUE(ReadSheet(MeetOf("Girls 1600 Meter Run"), partial).report.refused);

  ReadOptions options = For("1600m");
  options.race_sex = Sex::kWomen;
  EXPECT_EQ(ReadSheet(MeetOf("Girls 1600 Meter Run"), options).sheet.results.size(), 1U);
  EXPECT_EQ(ReadSheet(MeetOf("Distance Fun"), options).sheet.results.size(), 1U) << "says nothing";
  options.race_sex = Sex::kMen;
  EXPECT_EQ(ToldOfEvent(ReadSheet(MeetOf("Girls 1600 Meter Run"), options)),
            "row 3 \"Event 9 Girls 1600 Meter Run\": names women, the race is for men; want the sheet of this race, or "
            "the race that this sheet is of [OTHER_EVENT]");
}

Reading ReadLifFor(absl::string_view name, absl::string_view metres, const std::string& race) {
  ReadOptions options = For(race);
  options.file_name = "001-1-02.lif";
  return ReadSheet(absl::StrCat("1,1,2,", name, ",,,,,,", metres,
                                ",10:03:02.6054\r\n1,22,4,Example,Ann,Club A,11.732,,11.732,,,10:03:02.606,F\r\n"),
                   options);
}

TEST(OtherEventTest, AFinishLynxHeatOfAnotherEventRefusesTheSheet) {
  EXPECT_EQ(ToldOfEvent(ReadLifFor("Girls 800 Sprint Medley", "800", "100m")),
            "row 1 \"Girls 800 Sprint Medley\": names the sprint-medley-800m, the race is the 100m; want the sheet of "
            "this race, or the race that this sheet is of [OTHER_EVENT]");
  EXPECT_EQ(ToldOfEvent(ReadLifFor("Spring Classic", "800", "100m")),
            "row 1 \"Spring Classic, 800 m\": names the 800 m, the race is the 100m; want the sheet of this race, or "
            "the race that this sheet is of [OTHER_EVENT]");
  EXPECT_EQ(ToldOfEvent(ReadLifFor("Spring Classic", "100", "100m")), "");
  EXPECT_EQ(ToldOfEvent(ReadLifFor("Spring Classic", "", "100m")), "");
  EXPECT_EQ(ToldOfEvent(ReadLifFor("Girls 100 Meter Dash", "", "100m")), "");
}

TEST(OtherEventTest, ATitleThatIsClearlyAnotherRacesRefusesTheSheet) {
  const std::string rows = "name,time\nAda Quick,35:00\nBo Steady,36:00\n";
  EXPECT_EQ(ToldOfEvent(ReadSheet(absl::StrCat("Spring Run 2014,\nHalf Marathon Results,\n", rows), For("10km-road"))),
            "row 2 \"Half Marathon Results\": names the half-marathon, the race is the 10km-road; want the sheet of "
            "this race, or the race that this sheet is of [OTHER_EVENT]");
  for (const char* titles : {"City Marathon 2014,\n", "City Marathon,\n10K Results,\n", "Half Marathon and 10K,\n",
                             "Half Marathon,\n10 km,\n", "Loop: 5 km,\n", "Half Marathon Weekend,\n"}) {
    const Reading reading = ReadSheet(absl::StrCat(titles, rows), For("10km-road"));
    EXPECT_EQ(ToldOfEvent(reading), "") << titles;
    EXPECT_EQ(reading.sheet.results.size(), 2U) << titles;
  }
  const std::string fixed =
      "        10K RUN\n\n"
      "Place Div/Tot  Name            Age S City       St Time    Net Tim\n"
      "===== ======== =============== === = ============= ======= =======\n"
      "    1   1/2    ANN EXAMPLE      30 F ULM        DE 2:44:41 2:44:38\n";
  EXPECT_EQ(ToldOfEvent(ReadSheet(fixed, For("marathon"))),
            "row 1 \"10K RUN\": names the 10km-road, the race is the marathon; want the sheet of this race, or the "
            "race that this sheet is of [OTHER_EVENT]");
}

TEST(OtherEventTest, RealTitlesAreNotTakenForAnotherRaces) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  for (const char* name : {"baystate_2010_set1", "cape_cod_marathon_2008", "cape_cod_marathon_2009"}) {
    std::ifstream in(absl::StrCat(folder, "/results/road_small/coolrunning/", name, ".txt"), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    EXPECT_EQ(ToldOfEvent(ReadSheet(bytes, For("marathon"))), "") << name;
    EXPECT_EQ(ToldOfEvent(ReadSheet(bytes, For("half-marathon"))), "") << name << ": what the event is called";
  }
}

}  // namespace
}  // namespace palmares::ingest
