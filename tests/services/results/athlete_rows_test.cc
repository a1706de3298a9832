#include "services/results/athlete_rows.h"

#include <algorithm>
#include <map>
#include <vector>

#include "tests/testing.h"

namespace palmares::results {
namespace {

using ::palmares::testing::Random;

TEST(AthleteRowsTest, HoldsWhatAMapOfListsHoldsAfterAnyHistory) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    AthleteRows rows;
    std::map<int64_t, std::vector<RowRef>> model;
    for (int step = 0; step < 20000; ++step) {
      const int64_t athlete = random.Below(10) == 0 ? 7 : random.Below(3000);
      std::vector<RowRef>& own = model[athlete];
      if (random.Below(4) == 0 && !own.empty()) {
        const RowRef gone = own[static_cast<size_t>(random.Below(static_cast<int64_t>(own.size())))];
        rows.Remove(athlete, gone);
        own.erase(std::find(own.begin(), own.end(), gone));
      } else if (athlete != 0) {
        own.push_back({static_cast<int32_t>(step), static_cast<int32_t>(random.Below(1000))});
        rows.Add(athlete, own.back());
      }
    }
    for (const auto& [athlete, own] : model) {
      const absl::Span<const RowRef> found = rows.Of(athlete);
      ASSERT_EQ(std::vector<RowRef>(found.begin(), found.end()), own) << "seed " << seed << ", athlete " << athlete;
    }
  }
}

TEST(AthleteRowsTest, NobodyAndStrangersHaveNoRows) {
  AthleteRows rows;
  rows.Add(0, {1, 2});
  rows.Remove(0, {1, 2});
  rows.Remove(12, {1, 2});
  EXPECT_TRUE(rows.Of(0).empty());
  EXPECT_TRUE(rows.Of(12).empty());
}

TEST(AthleteRowsTest, FiveRowsEachOfManyAthletesTakeTwelveBytesARow) {
  AthleteRows rows;
  constexpr int64_t kAthletes = 100'000;
  for (int32_t race = 0; race < 5; ++race) {
    for (int32_t athlete = 1; athlete <= kAthletes; ++athlete) rows.Add(athlete, {race, athlete});
  }
  EXPECT_LT(rows.memory_bytes(), kAthletes * 5 * 16) << "slots that were outgrown are used again";
}

}  // namespace
}  // namespace palmares::results
