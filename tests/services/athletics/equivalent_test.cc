#include "services/athletics/equivalent.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace palmares::athletics {
namespace {

using ::testing::HasSubstr;

Discipline Race(const char* code, int64_t distance_mm, Surface surface = Surface::kRoad) {
  Discipline discipline;
  discipline.code = code;
  discipline.surface = surface;
  discipline.unit = MarkUnit::kMilliseconds;
  discipline.distance_mm = distance_mm;
  return discipline;
}

const Discipline kHalf = Race("half-marathon", 21097500);
const Discipline kFull = Race("marathon", 42195000);
const Discipline kSevenAndAHalf = Race("7.5km-road", 7500000);

TEST(EquivalentTest, EqualPointsDecideWhereBothHaveATable) {
  const auto marathon = EquivalentMark(kHalf, kFull, Sex::kMen, 3780000, BuiltInScoringTables());
  ASSERT_TRUE(marathon.ok()) << marathon.status();
  EXPECT_EQ(marathon->method, EquivalentMethod::kEqualPoints);
  EXPECT_EQ(marathon->points, BuiltInScoringTables().Find("half-marathon", Sex::kMen)->PointsFor(3780000));
  EXPECT_EQ(marathon->mark, *BuiltInScoringTables().Find("marathon", Sex::kMen)->MarkFor(marathon->points));
}

TEST(EquivalentTest, ThereAndBackIsNeverBetter) {
  for (int64_t time = 3500000; time < 7000000; time += 13000) {
    const auto there = EquivalentMark(kHalf, kFull, Sex::kWomen, time, BuiltInScoringTables());
    ASSERT_TRUE(there.ok());
    const auto back = EquivalentMark(kFull, kHalf, Sex::kWomen, there->mark, BuiltInScoringTables());
    ASSERT_TRUE(back.ok());
    EXPECT_GE(back->mark, time);
    EXPECT_EQ(back->points, there->points);
  }
}

TEST(EquivalentTest, RiegelsFormulaStandsInWhereThereIsNoTable) {
  const auto half = EquivalentMark(kSevenAndAHalf, kHalf, Sex::kMen, 1500000, BuiltInScoringTables());
  ASSERT_TRUE(half.ok());
  EXPECT_EQ(half->method, EquivalentMethod::kRiegel);
  EXPECT_DOUBLE_EQ(half->exponent, 1.06);
  EXPECT_NEAR(static_cast<double>(half->mark), 4489200, 500);  // 1500 s * (21.0975 / 7.5)^1.06
  EXPECT_FALSE(half->outside_study);
  EXPECT_TRUE(EquivalentMark(kSevenAndAHalf, kFull, Sex::kMen, 4000000, BuiltInScoringTables())->outside_study);
  EXPECT_EQ(EquivalentMark(kHalf, kFull, Sex::kX, 5400000, BuiltInScoringTables())->method, EquivalentMethod::kRiegel);
}

TEST(EquivalentTest, ATrailComparesWithTrailsAndTrackWithRoad) {
  const Discipline trail = Race("5km-trail", 5000000, Surface::kTrail);
  const Discipline longer_trail = Race("30km-trail", 30000000, Surface::kTrail);
  const Discipline cross = Race("8km-cross", 8000000, Surface::kCrossCountry);
  const Discipline odd_track = Race("7000m", 7000000, Surface::kTrack);
  EXPECT_THAT(std::string(EquivalentMark(trail, kFull, Sex::kMen, 1500000, BuiltInScoringTables()).status().message()),
              HasSubstr("no equivalent between 5km-trail and marathon: want two races on one surface"));
  EXPECT_FALSE(RiegelEquivalent(kHalf, cross, 4000000).ok());
  EXPECT_FALSE(RiegelEquivalent(cross, trail, 1500000).ok());
  EXPECT_TRUE(RiegelEquivalent(trail, longer_trail, 1500000).ok());
  EXPECT_TRUE(RiegelEquivalent(odd_track, kHalf, 1300000).ok());
}

TEST(EquivalentTest, WhatCannotBeComparedIsRefused) {
  Discipline walk = Race("20km-walk", 20000000);
  walk.walk = true;
  Discipline day = Race("24h", 0);
  day.duration_s = 86400;
  const auto mixed = EquivalentMark(walk, kSevenAndAHalf, Sex::kMen, 5000000, BuiltInScoringTables());
  EXPECT_THAT(std::string(mixed.status().message()), HasSubstr("no equivalent between 20km-walk and 7.5km-road"));
  EXPECT_FALSE(EquivalentMark(kFull, day, Sex::kMen, 9000000, BuiltInScoringTables()).ok());
  EXPECT_FALSE(EquivalentMark(kHalf, kFull, Sex::kMen, 0, BuiltInScoringTables()).ok());
}

}  // namespace
}  // namespace palmares::athletics
