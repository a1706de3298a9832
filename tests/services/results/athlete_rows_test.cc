#include "services/results/athlete_rows.h"

#include <map>
#include <set>

#include "tests/testing.h"

namespace palmares::results {
namespace {

using ::palmares::testing::Random;

using Model = std::map<int64_t, std::set<RowRef>>;

void ExpectEqual(const AthleteRows& rows, const Model& model, int64_t athletes) {
  for (int64_t athlete = 0; athlete <= athletes + 1; ++athlete) {
    const absl::Span<const RowRef> found = rows.Of(athlete);
    const auto known = model.find(athlete);
    const std::set<RowRef> wanted = known == model.end() ? std::set<RowRef>() : known->second;
    ASSERT_EQ(std::vector<RowRef>(found.begin(), found.end()), std::vector<RowRef>(wanted.begin(), wanted.end()))
        << "athlete " << athlete;
  }
}

TEST(AthleteRowsTest, HoldsWhatAModelHoldsWhateverComesAndGoes) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    AthleteRows rows;
    Model model;
    const int64_t athletes = 1 + random.Below(3000);
    for (int step = 0; step < 200'000; ++step) {
      // Some come much more often than others, and at times more go than come.
      const int64_t athlete = 1 + random.Below(1 + random.Below(athletes));
      const RowRef row{static_cast<int32_t>(random.Below(20)), static_cast<int32_t>(random.Below(50))};
      const bool comes = random.Below(100) < (step / 10'000 % 2 == 0 ? 70 : 30);
      if (comes && model[athlete].insert(row).second) rows.Add(athlete, row);
      if (!comes) {
        model[athlete].erase(row);
        rows.Remove(athlete, row);
      }
    }
    ExpectEqual(rows, model, athletes);
    for (auto& [athlete, known] : model) {
      for (const RowRef& row : known) rows.Remove(athlete, row);
      known.clear();
    }
    ExpectEqual(rows, model, athletes);
  }
}

TEST(AthleteRowsTest, AListMayOutgrowAPieceOfMemory) {
  AthleteRows rows;
  constexpr int kMany = 150'000;
  for (int i = 0; i < kMany; ++i) {
    rows.Add(1, {i, 0});
    if (i % 1000 == 0) rows.Add(2, {i, 1});
  }
  ASSERT_EQ(rows.Of(1).size(), kMany);
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(rows.Of(1)[static_cast<size_t>(i)], (RowRef{i, 0}));
  EXPECT_EQ(rows.Of(2).size(), kMany / 1000);
  for (int i = 0; i < kMany; ++i) rows.Remove(1, {i, 0});
  EXPECT_TRUE(rows.Of(1).empty());
  EXPECT_EQ(rows.Of(2).size(), kMany / 1000);
}

TEST(AthleteRowsTest, TakesLittleMoreThanTheRowsThemselves) {
  AthleteRows rows;
  constexpr int kAthletes = 100'000, kEach = 5;
  for (int race = 0; race < kEach; ++race) {
    for (int athlete = 1; athlete <= kAthletes; ++athlete) rows.Add(athlete, {race, athlete});
  }
  EXPECT_LT(rows.memory_bytes(), kAthletes * kEach * 18) << "8 of a row, and what its athlete and room to grow take";
}

}  // namespace
}  // namespace palmares::results
