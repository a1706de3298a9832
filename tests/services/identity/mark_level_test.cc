// Marks that are far from all that somebody ran in the years around speak against them, a little.
#include "services/identity/mark_level.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/identity/linker.h"

namespace palmares::identity {
namespace {

constexpr int64_t kMinute = 60'000;

uint16_t Level(absl::string_view discipline, int64_t mark) {
  const auto found = athletics::FindDiscipline(discipline);
  EXPECT_TRUE(found.ok()) << found.status();
  return MarkLevelOf(**found, mark);
}

// A marathon of so many minutes, `months` after April 2012.
Appearance RanMarathon(int64_t minutes, int32_t months) {
  Appearance row;
  row.name = "Zebulon Quartermain";
  row.country = "USA";
  row.race_date = athletics::AddMonths(athletics::Date(2012, 4, 16), months);
  row.race = months;
  row.level = Level("marathon", minutes * kMinute);
  return row;
}

int32_t MarkWeight(const Decision& decision) {
  for (const FieldEvidence& line : decision.candidates.at(0).evidence) {
    if (line.field == Field::kMark) return line.weight;
  }
  return 0;
}

TEST(MarkLevelTest, ALevelIsTheLogarithmOfTheTimeOverTenKilometres) {
  EXPECT_EQ(Level("10km-road", 80 * kMinute) - Level("10km-road", 40 * kMinute), 1000);
  EXPECT_EQ(Level("10000m", 40 * kMinute), Level("10km-road", 40 * kMinute));
  EXPECT_NEAR(Level("5km-road", 40 * kMinute) - Level("10km-road", 40 * kMinute), 1060, 1);
  EXPECT_LT(Level("marathon", 140 * kMinute), Level("marathon", 150 * kMinute));
}

TEST(MarkLevelTest, WhatDoesNotCompareHasNone) {
  for (absl::string_view discipline :
       {"100m", "1500m", "3000msc", "10km-cross", "20km-walk", "4x400m", "12h", "100km", "shot-put", "110mh"}) {
    EXPECT_EQ(Level(discipline, 40 * kMinute), 0) << discipline;
  }
  EXPECT_EQ(Level("marathon", 0), 0);
  EXPECT_EQ(Level("marathon", -1), 0);
}

TEST(MarkEvidenceTest, ANamesakeWhoIsTwiceAsSlowIsForAHuman) {
  Linker linker;
  linker.Add(1, RanMarathon(140, 0));
  ASSERT_EQ(linker.Decide(RanMarathon(150, 6)).verdict, Verdict::kLinked);
  EXPECT_EQ(MarkWeight(linker.Decide(RanMarathon(150, 6))), 0) << "what is alike counts for nothing";
  const Decision slow = linker.Decide(RanMarathon(340, 6));
  ASSERT_EQ(slow.verdict, Verdict::kReview);
  EXPECT_EQ(MarkWeight(slow), kWeights2026.mark_twice);
  EXPECT_NE(Explain(slow.candidates[0]).find("mark different -2.0"), std::string::npos) << Explain(slow.candidates[0]);
  Linker reversed;  // and so the other way round
  reversed.Add(1, RanMarathon(340, 6));
  EXPECT_EQ(MarkWeight(reversed.Decide(RanMarathon(140, 0))), kWeights2026.mark_twice);
}

TEST(MarkEvidenceTest, ItIsWeakBesideADateOfBirth) {
  Appearance known = RanMarathon(140, 0), row = RanMarathon(340, 6);
  known.birth = row.birth = {1985, 5, 4};
  Linker linker;
  linker.Add(1, known);
  EXPECT_EQ(linker.Decide(row).verdict, Verdict::kLinked);
}

TEST(MarkEvidenceTest, ItGrowsWithTheDistance) {
  const struct {
    int64_t minutes;
    int32_t weight;
  } kCases[] = {{200, 0},
                {210, 0},
                {220, kWeights2026.mark_far},
                {250, kWeights2026.mark_further},
                {285, kWeights2026.mark_twice},
                {600, kWeights2026.mark_twice}};
  Linker linker;
  linker.Add(1, RanMarathon(140, 0));
  for (const auto& c : kCases) EXPECT_EQ(MarkWeight(linker.Decide(RanMarathon(c.minutes, 6))), c.weight) << c.minutes;
}

TEST(MarkEvidenceTest, TheNearestOfTheirMarksCountsAndThoseOfLongAgoDoNot) {
  Linker linker;
  linker.Add(1, RanMarathon(140, 0));
  EXPECT_EQ(linker.Decide(RanMarathon(340, 40)).verdict, Verdict::kLinked) << "more than three years later";
  linker.Add(1, RanMarathon(320, 3));
  const Decision decision = linker.Decide(RanMarathon(340, 6));
  ASSERT_EQ(decision.verdict, Verdict::kLinked);
  EXPECT_EQ(MarkWeight(decision), 0);
}

TEST(MarkEvidenceTest, AMarkThatDoesNotCompareTellsNothingAndAllCanBeLeftOut) {
  Linker linker;
  linker.Add(1, RanMarathon(140, 0));
  Appearance row = RanMarathon(340, 6);
  row.level = 0;
  EXPECT_EQ(linker.Decide(row).verdict, Verdict::kLinked);
  Weights weights = kWeights2026;
  weights.compare_marks = false;
  Linker without({}, weights);
  without.Add(1, RanMarathon(140, 0));
  EXPECT_EQ(without.Decide(RanMarathon(340, 6)).verdict, Verdict::kLinked);
  EXPECT_FALSE(linker.Remove(1, row)) << "another mark than was added";
  EXPECT_TRUE(linker.Remove(1, RanMarathon(140, 0)));
}

}  // namespace
}  // namespace palmares::identity
