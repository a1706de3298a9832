// Season bests over the years against what age lets expect, and the statistics behind.
#include "services/portfolio/age_trend.h"

#include <cmath>
#include <vector>

#include "services/athletics/age_graded_run.h"
#include "services/portfolio/season_bests.h"
#include "services/portfolio/statistics.h"
#include "tests/services/portfolio/past_results.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Past;

std::vector<size_t> All(const std::vector<PastResult>& results) {
  std::vector<size_t> all;
  for (size_t i = 0; i < results.size(); ++i) all.push_back(i);
  return all;
}

TEST(StatisticsTest, StudentsDistributionAsItsTablesPrintIt) {
  EXPECT_NEAR(StudentT95(1), 12.7062, 1e-4);
  EXPECT_NEAR(StudentT95(8), 2.3060, 1e-4);
  EXPECT_NEAR(StudentT95(30), 2.0423, 1e-4);
  EXPECT_NEAR(StudentT95(31), 2.0395, 1e-4);
  EXPECT_NEAR(StudentT95(60), 2.0003, 1e-4);
  EXPECT_NEAR(StudentT95(1000), 1.9623, 1e-4);
}

TEST(StatisticsTest, TheIntervalOfASlopeIsThatOfTheTextbook) {
  // y = 1, 3, 2, 5 over x = 1..4: slope 1.1, residual squares 2.7, standard error sqrt(2.7 / 2 / 5).
  const auto slope = LeastSquares(std::vector<std::pair<double, double>>{{1, 1}, {2, 3}, {3, 2}, {4, 5}});
  ASSERT_TRUE(slope.has_value());
  EXPECT_NEAR(slope->slope, 1.1, 1e-12);
  EXPECT_NEAR(slope->high - slope->slope, 4.302652730 * std::sqrt(2.7 / 2 / 5), 1e-6);
  EXPECT_NEAR(slope->slope - slope->low, slope->high - slope->slope, 1e-12);
  EXPECT_FALSE(LeastSquares(std::vector<std::pair<double, double>>{{1, 1}, {1, 2}, {1, 3}}).has_value());
}

TEST(StatisticsTest, TheMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
}

TEST(SeasonBestsTest, AnEqualMarkIsNoNewBestAndTheEarliestStands) {
  std::vector<PastResult> results = {Past("2020-05-01", "10000m", "35:00"), Past("2020-06-01", "10000m", "34:00"),
                                     Past("2020-07-01", "10000m", "34:00"), Past("2021-05-01", "10000m", "36:00"),
                                     Past("2022-05-01", "10000m", ""),      Past("2022-06-01", "10000m", "33:00")};
  results[0].legal = results[3].legal = true;
  results[1].points = results[2].points = 700;
  const DisciplineBests bests = BestsOf(results, All(results));
  EXPECT_EQ(bests.all, 5u);
  EXPECT_EQ(bests.legal, 0u);
  EXPECT_THAT(bests.progression, ElementsAre(0, 1, 5));
  EXPECT_THAT(bests.season_bests, ElementsAre(1, 3, 5));
  EXPECT_EQ(bests.points, 1u);
  EXPECT_EQ(bests.age_grade, std::nullopt);
}

TEST(AgeTrendTest, ASteadyChangeComesBackWithANarrowInterval) {
  std::vector<PastResult> results;
  double mark = 10'000'000;
  for (int year = 2010; year <= 2017; ++year, mark *= 0.98) {
    results.push_back(Past(absl::StrCat(year, "-05-01"), "marathon", "3:00:00"));
    results.back().mark = std::llround(mark);
  }
  const auto trend = AgeTrendOf(results, All(results));
  ASSERT_TRUE(trend.has_value());
  EXPECT_NEAR(trend->change, -2, 1e-4);
  EXPECT_NEAR(trend->low, -2, 1e-3);
  EXPECT_NEAR(trend->high, -2, 1e-3);
  EXPECT_EQ(trend->expected, std::nullopt);
  EXPECT_THAT(trend->method, HasSubstr("age that is not known"));
  EXPECT_THAT(trend->results, ElementsAre(7, 6, 5, 4, 3, 2, 1, 0));
}

TEST(AgeTrendTest, WhoRunsAsTheFactorsSayChangesAsExpected) {
  const athletics::Discipline& marathon = *testing::DisciplineOf("marathon");
  const auto table = athletics::AgeGradeTableFor(marathon, athletics::Sex::kMen);
  ASSERT_OK(table);
  std::vector<PastResult> results;
  for (int age = 50; age <= 58; ++age) {
    results.push_back(Past(absl::StrCat(2000 + age, "-05-01"), "marathon", "3:00:00"));
    results.back().ages = athletics::AgeRange{age, age};
    results.back().mark = std::llround(1.3 * (*table)->Standard(age, marathon.distance_mm).value().standard_ms());
  }
  const auto trend = AgeTrendOf(results, All(results));
  ASSERT_TRUE(trend.has_value());
  ASSERT_TRUE(trend->expected.has_value());
  EXPECT_GT(*trend->expected, 0.5);
  EXPECT_NEAR(trend->change, *trend->expected, 1e-4);
  EXPECT_LT(trend->low, *trend->expected);
  EXPECT_GT(trend->high, *trend->expected);
}

TEST(AgeTrendTest, ThreeSeasonsSayTooLittle) {
  const std::vector<PastResult> results = {Past("2010-05-01", "marathon", "3:00:00"),
                                           Past("2011-05-01", "marathon", "3:01:00"),
                                           Past("2012-05-01", "marathon", "3:02:00")};
  EXPECT_FALSE(AgeTrendOf(results, All(results)).has_value());
}

}  // namespace
}  // namespace palmares::portfolio
