#include "services/athletics/replaceable_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kShortTable[] = "edition,Town Tables,2030-01-01\ntable,M,100m,100m,s,10,-,-,-\n";

std::string Refused(absl::string_view name, absl::string_view text) {
  return std::string(CheckTable(name, text).message());
}

TEST(ReplaceableTablesTest, EachTableThatIsCompiledInCanTakeItsOwnPlace) {
  const std::vector<std::string> names = ReplaceableTables();
  for (const std::string& name : names) EXPECT_TRUE(CheckTable(name, data::Embedded(name)).ok()) << name;
  EXPECT_THAT(names, Contains("scoring_2025.csv"));
  EXPECT_THAT(names, Contains("age_grade_track_2023_women.csv"));
  EXPECT_THAT(names, Contains("legality_2025.csv"));
  EXPECT_THAT(names, Contains("world_ranking_2026.csv"));
  EXPECT_THAT(names, Not(Contains("equivalence.csv"))) << "which is read without checks";
}

TEST(ReplaceableTablesTest, AScoringTableHasNoGapNoWrongOrderAndNoUnknownDiscipline) {
  const auto scoring = [](absl::string_view rows) {
    return Refused("scoring_2025.csv", absl::StrCat(kShortTable, rows));
  };
  EXPECT_EQ(scoring("row,3,10000\nrow,2,10010\nrow,1,10020\n"), "");
  EXPECT_THAT(scoring("row,5,10000\nrow,2,10100\n"), HasSubstr("line 2: table 100m at 2 points: a gap: 2 points"));
  EXPECT_THAT(scoring("row,1,10020\nrow,2,10010\n"), HasSubstr("line 2: table 100m at 2 points: want rows from the"));
  EXPECT_THAT(scoring("table,M,egg-and-spoon,Egg,s,10,-,-,-\nrow,1,9000\n"), HasSubstr("line 2"));
  EXPECT_THAT(scoring("row,1,10000\ntable,M,egg-and-spoon,Egg,s,10,-,-,-\nrow,1,9000\n"),
              HasSubstr("line 4: discipline: \"egg-and-spoon\", want one that is known"));
  EXPECT_THAT(scoring("row,1,10000\ntable,W,100m,100m,m,10,-,-,-\nrow,1,9000\n"),
              HasSubstr("line 4: unit: \"m\", want s for 100m"));
  EXPECT_THAT(scoring("row,1,ten\n"), HasSubstr("line 3: mark: \"ten\", want a whole number"));
}

TEST(ReplaceableTablesTest, AnAgeGradeTableIsOfTheEditionOfItsNameAndInOrder) {
  const auto road = [](absl::string_view text) { return Refused("age_grade_road_2025_men.csv", text); };
  const std::string head = "edition,2025,road,M\ndistance_mm,5000000,10000000\nopen_class_ms,771000,1584000\n";
  EXPECT_EQ(road(head + "30,1,1\n31,0.99,0.98\n"), "");
  EXPECT_THAT(road(head + "30,1,1\n32,1,1\n"), HasSubstr("line 5: age: 32, want 31"));
  EXPECT_THAT(road(head + "30,1\n"), HasSubstr("line 4: age 30: want one factor for each distance"));
  EXPECT_THAT(road("edition,2025,road,M\ndistance_mm,10000000,5000000\n"), HasSubstr("line 2: distance_mm: want"));
  EXPECT_THAT(road("edition,2025,road,M\ndistance_mm,5000000\nopen_class_ms,1,2\n"),
              HasSubstr("line 3: open_class_ms"));
  EXPECT_THAT(road(absl::StrReplaceAll(head, {{"2025", "2031"}}) + "30,1,1\n"),
              HasSubstr("its edition line is that of age_grade_road_2031_men.csv, want the edition"));
}

TEST(ReplaceableTablesTest, RulesOfTheWorldRankingAndLimitsOfLegalityAreWhole) {
  const std::string ranking(data::Embedded("world_ranking_2026.csv"));
  EXPECT_THAT(Refused("world_ranking_2026.csv", absl::StrReplaceAll(ranking, {{"similar,50m,", "similar,egg,"}})),
              HasSubstr("discipline: \"egg\", want one that is known"));
  EXPECT_THAT(Refused("world_ranking_2026.csv", "edition,None,2026-01-01\n"), HasSubstr("no group line"));
  EXPECT_THAT(Refused("world_ranking_2025.csv", ranking), HasSubstr("its edition line says from 2026-01-01 on"));
  EXPECT_THAT(Refused("legality_2025.csv", "# nothing\n"), HasSubstr("want those of each purpose"));
}

TEST(ReplaceableTablesTest, WhatIsNoTableOrIsReadWithoutChecksIsNotReplaced) {
  EXPECT_EQ(CheckTable("scoring_2031.csv", kShortTable).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(CheckTable("equivalence.csv", data::Embedded("equivalence.csv")).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace palmares::athletics
