// How regularly somebody races and how even the marks are, and starts by level.
#include "services/portfolio/consistency.h"

#include <cmath>
#include <vector>

#include "services/portfolio/levels.h"
#include "tests/services/portfolio/past_results.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Past;

athletics::Date Day(const char* text) { return athletics::ParseDate(text).value(); }

TEST(ConsistencyTest, WhoDidNotStartIsNoStartAndWhoDidNotFinishIs) {
  std::vector<PastResult> results = {Past("2020-05-01", "marathon", "3:00:00", 1),
                                     Past("2020-09-01", "marathon", "", 0), Past("2021-05-01", "10000m", "35:00", 3),
                                     Past("2023-05-01", "marathon", "", 0)};
  results.back().outcome = athletics::Outcome::kDidNotStart;
  const Consistency consistency = ConsistencyOf(results, Day("2023-05-01"));
  EXPECT_EQ(consistency.starts, 3);
  EXPECT_EQ(consistency.finishes, 2);
  EXPECT_DOUBLE_EQ(consistency.finish_rate_percent, 200.0 / 3);
  EXPECT_DOUBLE_EQ(consistency.races_per_season, 1.5) << "a season of nothing but a non-start is none";
  EXPECT_EQ(consistency.wins, 1);
  EXPECT_EQ(consistency.podiums, 2);
  EXPECT_THAT(consistency.start_results, ElementsAre(2, 1, 0)) << "newest first";
  EXPECT_THAT(consistency.podium_results, ElementsAre(2, 0));
}

TEST(ConsistencyTest, TheSpreadIsTheSampleDeviationInPerCentOfTheMean) {
  const std::vector<PastResult> results = {Past("2022-05-01", "marathon", "2:50:00"),
                                           Past("2022-10-01", "marathon", "3:00:00"),
                                           Past("2023-05-01", "marathon", "3:10:00")};
  const Consistency consistency = ConsistencyOf(results, Day("2023-05-01"));
  EXPECT_NEAR(consistency.spread_percent, 100.0 * 600 / 10800, 1e-9);  // 10 minutes of 3 hours
  EXPECT_THAT(consistency.spread_results, ElementsAre(2, 1, 0));
}

TEST(ConsistencyTest, TheSpreadOfSeveralDisciplinesIsPooledWithinThem) {
  const std::vector<PastResult> results = {Past("2022-05-01", "marathon", "2:59:00"),
                                           Past("2022-06-01", "10000m", "36:00"), Past("2022-07-01", "10000m", "34:00"),
                                           Past("2022-10-01", "marathon", "3:01:00"),
                                           Past("2022-11-01", "800m", "2:00")};
  const Consistency consistency = ConsistencyOf(results, Day("2022-11-01"));
  const double marathon = 1.0 / 180, track = 1.0 / 35;
  EXPECT_NEAR(consistency.spread_percent, 100 * std::sqrt((2 * marathon * marathon + 2 * track * track) / 2), 1e-9);
  EXPECT_THAT(consistency.spread_results, ElementsAre(3, 2, 1, 0)) << "one mark alone says nothing";
}

TEST(ConsistencyTest, TheSpreadLooksBackThreeYearsAndNotADayMore) {
  const std::vector<PastResult> results = {
      Past("2020-05-01", "marathon", "4:00:00"), Past("2020-05-02", "marathon", "3:00:00"),
      Past("2023-05-01", "marathon", "3:00:00"), Past("2023-05-02", "marathon", "9:00:00")};
  const Consistency consistency = ConsistencyOf(results, Day("2023-05-01"));
  EXPECT_EQ(consistency.spread_percent, 0);
  EXPECT_THAT(consistency.spread_results, ElementsAre(2, 1));
}

TEST(ConsistencyTest, WheelchairsAreNotMixedWithRunners) {
  std::vector<PastResult> results = {Past("2022-05-01", "marathon", "1:30:00"),
                                     Past("2022-10-01", "marathon", "3:00:00")};
  results[0].division = athletics::Division::kWheelchair;
  EXPECT_THAT(ConsistencyOf(results, Day("2022-10-01")).spread_results, IsEmpty());
}

TEST(LevelsTest, TheHighestComesFirstAndAnUnknownOneLast) {
  std::vector<PastResult> results = {
      Past("2020-01-01", "marathon", "3:00:00", 1), Past("2020-02-01", "marathon", "3:00:00", 2),
      Past("2020-03-01", "marathon", "3:00:00", 4), Past("2020-04-01", "marathon", "3:00:00", 3),
      Past("2020-05-01", "marathon", "", 1)};
  results[0].level = "local";
  results[1].level = "gold";
  results[2].level = "world";
  results[4].level = "local";
  std::vector<std::string> texts;
  for (const LevelCount& level : CountLevels(results)) {
    texts.push_back(absl::StrCat(level.level, " ", level.starts, " ", level.wins, " ", level.podiums));
  }
  EXPECT_THAT(texts, ElementsAre("world 1 0 0", "local 2 1 1", "gold 1 0 1", "unknown 1 0 1"));
  EXPECT_THAT(CountLevels(results).back().podium_results, ElementsAre(3));
}

}  // namespace
}  // namespace palmares::portfolio
