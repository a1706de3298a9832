// Who is told from the runners, by what, and what a mark means that beats the record.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/ingest/category_divisions.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

using athletics::Division;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> DivisionsOf(const Reading& reading) {
  std::vector<std::string> codes;
  codes.reserve(reading.sheet.results.size());
  for (const results::Result& row : reading.sheet.results) {
    codes.emplace_back(athletics::DivisionCode(row.division));
  }
  return codes;
}

std::string Told(const Reading& reading, IssueCode code) {
  const Issue* issue = Find(reading.report, code);
  return issue == nullptr ? "" : absl::StrCat(SeverityName(issue->severity), ": ", FormatIssue(*issue));
}

TEST(DivisionsTest, AColumnHeadedDivisionIsReadByItsValues) {
  const Reading divisions = ReadSheet(
      "name,sex,Division,time\nAnn Example,F,Wheelchair,1:45:00\nBob Sample,M,Hand cycle,1:30:00\nCid "
      "Test,M,T46,2:40:00\n"
      "Dee Probe,F,Open,2:30:00\nEve Trial,F,,2:31:00\n",
      For("marathon"));
  EXPECT_THAT(DivisionsOf(divisions), ElementsAre("wheelchair", "handcycle", "para", "running", "running"))
      << FormatReport(divisions.report);
  EXPECT_EQ(divisions.sheet.results.at(0).category, "") << "it is no age group";
  const Reading ages =
      ReadSheet("name,sex,Division,time\nAnn Example,F,F35,2:45:00\nBob Sample,M,M35-39,2:30:00\n", For("marathon"));
  EXPECT_THAT(DivisionsOf(ages), ElementsAre("running", "running"));
  EXPECT_EQ(ages.sheet.results.at(1).category, "M35-39");
}

TEST(DivisionsTest, AmongAgeGroupsACategoryOfAnotherDivisionIsNoRunners) {
  for (const char* header : {"Division", "category", "Klasse"}) {
    const Reading reading = ReadSheet(
        absl::StrCat(
            "name,", header,
            ",time\nAnn Example,Wheelchair Women,1:45:00\nBob Sample,Men Handcycle,1:10:00\n"
            "Cid Test,M35,2:30:00\nDee Probe,Push Rim,1:50:00\nEve Trial,T53/T54,1:51:00\nFay Sample,T12,3:00:00\n"),
        For("marathon"));
    EXPECT_THAT(DivisionsOf(reading),
                ElementsAre("wheelchair", "handcycle", "running", "wheelchair", "wheelchair", "para"))
        << header << FormatReport(reading.report);
    EXPECT_EQ(reading.sheet.results.at(0).category, "Wheelchair Women");
    EXPECT_EQ(reading.sheet.results.at(0).sex, athletics::Sex::kWomen);
    EXPECT_THAT(Told(reading, IssueCode::kDivisionByCategory),
                HasSubstr("5 rows are in a division of their own: \"Men Handcycle\" as handcycle, \"Push Rim\" as "
                          "wheelchair, \"T12\" as para"));
  }
}

TEST(DivisionsTest, ShorteningsWithOtherMeaningsCountOnlyBesideASureName) {
  const Reading girls = ReadSheet("name,class,time\nAnn Example,T13,35:00\nBob Sample,P13,36:00\n", For("10km-road"));
  EXPECT_THAT(DivisionsOf(girls), ElementsAre("running", "running"));
  const Reading guests = ReadSheet("name,class,time\nAnn Example,HC,35:00\nBob Sample,M40,36:00\n", For("10km-road"));
  EXPECT_THAT(DivisionsOf(guests), ElementsAre("running", "running")) << "hors concours";
  const Reading chairs =
      ReadSheet("name,class,time\nAnn Example,HC,35:00\nBob Sample,Wheelchair,36:00\n", For("10km-road"));
  EXPECT_THAT(DivisionsOf(chairs), ElementsAre("handcycle", "wheelchair"));
}

TEST(DivisionsTest, LabelsNameDivisionsInManyForms) {
  const auto said = [](absl::string_view label) {
    const NamedDivision named = DivisionOfLabel(label);
    return absl::StrCat(athletics::DivisionCode(named.division), named.sure ? "" : "?");
  };
  EXPECT_EQ(said("Rollstuhl Herren"), "wheelchair");
  EXPECT_EQ(said("Push-Rim Wheelchair"), "wheelchair");
  EXPECT_EQ(said("Wheelchair Handcycle"), "handcycle");
  EXPECT_EQ(said("HAND CYCLE"), "handcycle");
  EXPECT_EQ(said("Visually Impaired Women"), "para");
  EXPECT_EQ(said("T46"), "para");
  EXPECT_EQ(said("H3"), "handcycle?");
  EXPECT_EQ(said("Men Open"), "running");
  EXPECT_EQ(said("M35"), "running?");
  EXPECT_EQ(said("T0E"), "running?");
  EXPECT_EQ(said("Run Club"), "running?");
}

TEST(DivisionsTest, BesideAgeGroupsAColumnOfDivisionsIsReadToo) {
  const Reading reading = ReadSheet(
      "name,sex,age group,division,time\nAnn Example,F,35-39,Women Wheelchair,1:45:00\nBob Sample,M,35-39,Men "
      "Open,2:30:00\n",
      For("marathon"));
  EXPECT_THAT(DivisionsOf(reading), ElementsAre("wheelchair", "running")) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results.at(1).category, "35-39");
}

TEST(DivisionsTest, AnUnknownDivisionIsToldAndInADeclaredColumnAnError) {
  ReadOptions options = For("marathon");
  options.mapping = {{"kind", "division"}};
  const std::string text = "name,kind,time\nAnn Example,wheelchair,1:45:00\nBob Sample,flying,2:30:00\n";
  const Reading refused = ReadSheet(text, options);
  EXPECT_TRUE(refused.report.refused);
  EXPECT_EQ(
      Told(refused, IssueCode::kUnknownDivision),
      "error: row 3, kind \"flying\": is no division; want running, wheelchair, handcycle, para or a class such as "
      "T46, or the column read as category [UNKNOWN_DIVISION]");
  const Reading told = ReadSheet("name,race_division,time\nAnn Example,wheelchair,1:45:00\nBob Sample,flying,2:30:00\n",
                                 For("marathon"));
  EXPECT_THAT(DivisionsOf(told), ElementsAre("wheelchair", "running"));
  EXPECT_THAT(Told(told, IssueCode::kUnknownDivision), HasSubstr("warning: row 3"));
}

// Ten finishers from 2:40:00 on, a minute apart.
std::string TenRunners(const std::string& more) {
  std::string text = "place,name,sex,category,time\n";
  for (int i = 1; i <= 10; ++i) {
    absl::StrAppend(&text, i, ",Runner ", std::string(1, static_cast<char>('A' + i)), ",M,M35,2:", 39 + i, ":00\n");
  }
  return text + more;
}

TEST(DivisionsTest, OneMarkThatBeatsTheRecordIsTakenAsAWheelchairRacersWithAWarning) {
  const Reading reading = ReadSheet(TenRunners("1,Zoe Wheel,W,W35,1:45:00\n"), For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 11U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[10].division, Division::kWheelchair);
  EXPECT_EQ(reading.sheet.results[0].division, Division::kRunning);
  const std::string told = Told(reading, IssueCode::kDivisionByMark);
  EXPECT_THAT(told, HasSubstr("warning: row 12, time \"1:45:00\": faster than anybody on foot until then, "));
  EXPECT_THAT(told, HasSubstr("; taken as wheelchair; want the right mark, or a column \"division\""));
}

// Two who beat the record and thirty runners from 2:09:33 on, ten seconds apart.
std::string TwoAheadOfThirty(int first_place, const std::string& more) {
  std::string text = absl::StrCat("place,name,sex,time\n1,Al Wheel,M,1:30:00\n2,Bo Wheel,M,1:40:00\n", more);
  for (int i = 0; i < 30; ++i) {
    const int second = 33 + 10 * i;
    absl::StrAppend(&text, first_place + i, ",Runner ", std::string(1, static_cast<char>('A' + i % 26)), i,
                    ",M,2:", second / 60 < 1 ? "0" : "", 9 + second / 60, ":", second % 60 / 10, second % 10, "\n");
  }
  return text;
}

TEST(DivisionsTest, ALeaderRightBehindWheelchairRacersAndFarAheadIsDoubtful) {
  const Reading reading = ReadSheet(TwoAheadOfThirty(4, "3,Cy Perhaps,M,2:08:04\n"), For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 33U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[1].division, Division::kWheelchair);
  EXPECT_EQ(reading.sheet.results[2].division, Division::kRunning);
  EXPECT_THAT(Told(reading, IssueCode::kUnsureDivision),
              HasSubstr("warning: row 4, time \"2:08:04\": leads the runners right behind 2 rows that were taken as "
                        "wheelchair by their marks, 1:29 ahead of the next: perhaps one of them"));
  // Just ahead of the next, and first of a list of the runners' own.
  EXPECT_EQ(Told(ReadSheet(TwoAheadOfThirty(4, "3,Cy First,M,2:09:30\n"), For("marathon")), IssueCode::kUnsureDivision),
            "");
  EXPECT_EQ(Told(ReadSheet(TwoAheadOfThirty(2, "1,Cy First,M,2:08:04\n"), For("marathon")), IssueCode::kUnsureDivision),
            "");
}

TEST(DivisionsTest, AMarkThatBeatsTheRecordIsAnErrorWhereTheFileSaysThatItIsARunners) {
  // Its place is just behind a slower runner's, and nobody else has it.
  const Reading placed = ReadSheet(TenRunners("11,Yan Slip,M,M35,1:49:00\n"), For("marathon"));
  EXPECT_TRUE(placed.report.refused);
  EXPECT_THAT(Told(placed, IssueCode::kFasterThanRecord),
              HasSubstr("error: row 12, time \"1:49:00\": better than the world "));
  EXPECT_THAT(Told(placed, IssueCode::kFasterThanRecord),
              HasSubstr("by its division, category or place it is a runner's"));
  EXPECT_EQ(Told(placed, IssueCode::kDivisionByMark), "");
  // In a field of its own the place says nothing of runners.
  std::string fields = "place,name,sex,time\n";
  for (int i = 1; i <= 12; ++i) {
    absl::StrAppend(&fields, i, " / 900,Runner ", std::string(1, static_cast<char>('A' + i)), ",M,2:", 39 + i, ":00\n");
  }
  const Reading other = ReadSheet(absl::StrCat(fields, "2 / 3,Zoe Wheel,W,1:45:00\n"), For("marathon"));
  ASSERT_EQ(other.sheet.results.size(), 13U) << FormatReport(other.report);
  EXPECT_EQ(other.sheet.results[12].division, Division::kWheelchair);
  // Its category is a runner's, where the file names wheelchair racers by theirs.
  const Reading category =
      ReadSheet(TenRunners(",Yan Slip,M,M40,1:49:00\n,Zoe Wheel,W,Wheelchair,1:45:00\n"), For("marathon"));
  EXPECT_THAT(Told(category, IssueCode::kFasterThanRecord), HasSubstr("error: row 12"));
  // A column says so.
  const Reading stated = ReadSheet(
      "name,division,time\nAnn A,running,1:45:00\nBob B,wheelchair,1:30:00\nCid C,running,2:30:00\nDan "
      "D,running,2:40:00\n",
      For("marathon"));
  EXPECT_THAT(Told(stated, IssueCode::kFasterThanRecord), HasSubstr("error: row 2"));
}

std::string SheetOf(int rows, int first_second, int step) {
  std::string text = "place,name,sex,time\n";
  for (int i = 0; i < rows; ++i) {
    const int second = first_second + i * step;
    absl::StrAppend(&text, i + 1, ",Runner ", std::string(1, static_cast<char>('A' + i)), ",M,", second / 3600, ":",
                    second / 600 % 6, second / 60 % 10, ":", second % 60 / 10, second % 10, "\n");
  }
  return text;
}

TEST(DivisionsTest, ASmallSheetOfAnotherDistanceIsRefusedAndNobodyIsInAWheelchair) {
  for (const int rows : {1, 2, 8, 15}) {
    const Reading reading = ReadSheet(SheetOf(rows, 65 * 60, 60), For("marathon"));
    EXPECT_TRUE(reading.report.refused) << rows;
    const std::string told = Told(reading, IssueCode::kOtherDistance);
    EXPECT_THAT(told,
                HasSubstr(absl::StrCat("error: time \"1:05:00\": ", rows, " of ", rows,
                                       " rows are faster than anybody on foot over the marathon; the times fit the "
                                       "half-marathon; want the race's own distance; for wheelchair racers")));
    EXPECT_EQ(Told(reading, IssueCode::kDivisionByMark), "") << rows;
  }
  // A few of twelve beat the record over 15 km: over one in ten.
  EXPECT_TRUE(ReadSheet(SheetOf(12, 38 * 60, 60), For("15km-road")).report.refused);
  // On the track, too.
  EXPECT_TRUE(ReadSheet(SheetOf(8, 15 * 60, 10), For("10000m")).report.refused);
  ReadOptions wheels = For("marathon");
  wheels.race_division = Division::kWheelchair;
  EXPECT_FALSE(ReadSheet(SheetOf(8, 85 * 60, 60), wheels).report.refused);
}

TEST(DivisionsTest, OnTrailsAndMountainsNobodyIsMovedOrRefusedForAMark) {
  const Reading reading = ReadSheet(SheetOf(12, 10 * 3600, 600), For("200km-trail"));
  ASSERT_EQ(reading.sheet.results.size(), 12U) << FormatReport(reading.report);
  for (const results::Result& row : reading.sheet.results) EXPECT_EQ(row.division, Division::kRunning);
  EXPECT_THAT(Told(reading, IssueCode::kOtherDistance), HasSubstr("warning: time \"10:00:00\": "));
  EXPECT_EQ(Told(reading, IssueCode::kDivisionByMark), "");
}

}  // namespace
}  // namespace palmares::ingest
