// The arithmetic of course comparisons: known differences come back, outliers do not move them, and what no pair
// connects is not compared.
#include "services/comparisons/course_effects.h"

#include <cmath>
#include <map>
#include <utility>

#include "tests/testing.h"

namespace palmares::comparisons {
namespace {

using testing::Random;

double Noise(Random& random, double width) { return (static_cast<double>(random.Below(2001)) / 1000 - 1) * width; }

CoursePair Pair(int a, int b, double difference, int athletes, uint64_t seed, double width = 0.05) {
  Random random(seed);
  CoursePair pair{a, b, {}};
  for (int i = 0; i < athletes; ++i) pair.differences.push_back(difference + Noise(random, width));
  return pair;
}

TEST(CourseEffectsTest, TheMedianIsNotMovedByASixthOfBadDays) {
  CoursePair pair = Pair(0, 1, 0.02, 300, 1);
  for (int i = 0; i < 50; ++i) pair.differences[static_cast<size_t>(i)] = 0.5;
  EXPECT_NEAR(MedianOf(pair.differences).value, 0.02, 0.015);
  EXPECT_NEAR(MedianOf(Pair(0, 1, 0.02, 300, 1).differences).value, 0.02, 0.005);
}

TEST(CourseEffectsTest, TheIntervalOfAMedianCoversTheTruthAsOftenAsItSays) {
  int covered = 0;
  constexpr int kTrials = 2000;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Effect effect = MedianOf(Pair(0, 1, 0.03, 41, static_cast<uint64_t>(trial) + 1).differences);
    covered += std::abs(effect.value - 0.03) <= 1.959964 * effect.deviation;
  }
  EXPECT_GT(covered, kTrials * 92 / 100);
  EXPECT_LT(covered, kTrials);
}

TEST(CourseEffectsTest, EffectsAgainstAReferenceComeBackAlsoOverAThirdCourse) {
  const double truth[] = {0.0, 0.03, -0.02};
  const std::vector<CoursePair> pairs = {Pair(0, 1, truth[0] - truth[1], 400, 3),
                                         Pair(1, 2, truth[1] - truth[2], 400, 4)};
  const auto effects = FitEffects(3, pairs, 0);
  ASSERT_TRUE(effects[1].has_value() && effects[2].has_value());
  EXPECT_EQ(effects[0]->value, 0);
  EXPECT_NEAR(effects[1]->value, truth[1], 0.01);
  EXPECT_NEAR(effects[2]->value, truth[2], 0.015);
  EXPECT_GT(effects[2]->deviation, effects[1]->deviation);
}

TEST(CourseEffectsTest, WithoutAReferenceEffectsAddUpToNothing) {
  const std::vector<CoursePair> pairs = {Pair(0, 1, 0.03, 100, 5), Pair(1, 2, -0.01, 100, 6), Pair(0, 2, 0.02, 100, 7)};
  const auto effects = FitEffects(3, pairs, std::nullopt);
  double sum = 0;
  for (const auto& effect : effects) {
    ASSERT_TRUE(effect.has_value());
    EXPECT_GT(effect->deviation, 0);
    sum += effect->value;
  }
  EXPECT_NEAR(sum, 0, 1e-9);
  EXPECT_NEAR(effects[0]->value - effects[1]->value, 0.03, 0.01);
}

TEST(CourseEffectsTest, WhatNoPairConnectsOrTooFewRanIsNotCompared) {
  const std::vector<CoursePair> pairs = {Pair(0, 1, 0.03, kFewestAthletes, 8), Pair(2, 3, 0.03, 500, 9),
                                         Pair(1, 2, 0.03, kFewestAthletes - 1, 10)};
  const auto effects = FitEffects(4, pairs, 0);
  EXPECT_TRUE(effects[0].has_value());
  EXPECT_TRUE(effects[1].has_value());
  EXPECT_FALSE(effects[2].has_value());
  EXPECT_FALSE(effects[3].has_value());
  EXPECT_FALSE(FitEffects(2, {}, std::nullopt)[0].has_value());
}

}  // namespace
}  // namespace palmares::comparisons
