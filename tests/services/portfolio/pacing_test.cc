// Pacing from splits.
#include "services/portfolio/pacing.h"

#include <cmath>
#include <vector>

#include "tests/services/portfolio/past_results.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using testing::Past;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHalf = 21'097'500;

PastResult Marathon(const std::string& mark, std::vector<PassedSplit> splits) {
  PastResult past = Past("2020-05-01", "marathon", mark);
  past.splits = std::move(splits);
  return past;
}

TEST(PacingTest, TheSecondHalfIsComparedWithTheFirst) {
  const auto pace = PaceOf(Marathon("3:00:00", {{kHalf, 80 * kMinute}}));
  ASSERT_TRUE(pace.has_value());
  EXPECT_DOUBLE_EQ(pace->second_half_percent, 25);
  // Paces of 80 and 100 in a mean of 90: a deviation of 10.
  EXPECT_NEAR(pace->variation_percent, 100.0 / 9, 1e-9);
}

TEST(PacingTest, OnlyASplitWithinAThousandthOfHalfTheDistanceIsHalfWay) {
  EXPECT_TRUE(PaceOf(Marathon("3:00:00", {{kHalf + 21'097, 90 * kMinute}})).has_value());
  EXPECT_FALSE(PaceOf(Marathon("3:00:00", {{kHalf + 21'098, 90 * kMinute}})).has_value());
  EXPECT_FALSE(PaceOf(Marathon("3:00:00", {{20'000'000, 85 * kMinute}, {25'000'000, 106 * kMinute}})).has_value());
  const auto nearest = PaceOf(Marathon("3:00:00", {{kHalf - 20'000, 80 * kMinute}, {kHalf + 500, 90 * kMinute}}));
  ASSERT_TRUE(nearest.has_value());
  EXPECT_DOUBLE_EQ(nearest->second_half_percent, 0);
}

TEST(PacingTest, IntervalsWeighAsTheirLength) {
  // 30 km at 4 minutes a kilometre and the rest, of which the half is a part, at 5.
  const int64_t distance = 42'195'000;
  const int64_t half = 4 * kHalf * 60 / 1000;
  const int64_t at_30 = 120 * kMinute;
  const int64_t rest = (distance - 30'000'000) * 5 * 60 / 1000;
  PastResult past = Marathon("3:00:00", {{kHalf, half}, {30'000'000, at_30}});
  past.split_clock_mark = at_30 + rest;
  const auto pace = PaceOf(past);
  ASSERT_TRUE(pace.has_value());
  const double share = 30'000'000.0 / 42'195'000, mean = 4 * share + 5 * (1 - share);
  const double deviation = std::sqrt(share * (4 - mean) * (4 - mean) + (1 - share) * (5 - mean) * (5 - mean));
  EXPECT_NEAR(pace->variation_percent, 100 * deviation / mean, 1e-6);
}

TEST(PacingTest, ASplitThatGoesBackwardsIsLeftOut) {
  const auto even = PaceOf(Marathon("3:00:00", {{kHalf, 90 * kMinute}}));
  const auto with_slip = PaceOf(Marathon("3:00:00", {{kHalf, 90 * kMinute}, {30'000'000, 80 * kMinute}}));
  ASSERT_TRUE(with_slip.has_value());
  EXPECT_DOUBLE_EQ(with_slip->variation_percent, even->variation_percent);
  EXPECT_FALSE(PaceOf(Marathon("1:20:00", {{kHalf, 90 * kMinute}})).has_value()) << "half-way behind the finish";
}

TEST(PacingTest, MediansAreOfTheRacesThatHaveAHalfWaySplit) {
  const std::vector<PastResult> results = {Marathon("3:00:00", {{kHalf, 80 * kMinute}}), Marathon("3:00:00", {}),
                                           Marathon("3:00:00", {{kHalf, 91 * kMinute}}),
                                           Marathon("3:00:00", {{kHalf, 90 * kMinute}}),
                                           Past("2021-05-01", "marathon", "")};
  const auto pacing = PacingOf(results);
  ASSERT_TRUE(pacing.has_value());
  EXPECT_THAT(pacing->results, ElementsAre(3, 2, 0));
  EXPECT_EQ(pacing->negative_splits, 1);
  EXPECT_DOUBLE_EQ(pacing->second_half_percent, 0);
  EXPECT_FALSE(PacingOf(absl::MakeConstSpan(results).subspan(1, 1)).has_value());
}

}  // namespace
}  // namespace palmares::portfolio
