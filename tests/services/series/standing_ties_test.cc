// Ties are parted by the series' rules in their order, and shared where none parts them.
#include "services/series/standing_ties.h"

#include "tests/testing.h"

namespace palmares::series {
namespace {

using ::testing::ElementsAre;

// A row whose races gave these places; 0: not run. Points 10 less the place, so that sums tie.
StandingRow Row(int64_t athlete, const std::vector<int64_t>& places, int64_t score, std::vector<int64_t> marks = {}) {
  StandingRow row;
  row.athlete = athlete;
  row.score = score;
  for (size_t race = 0; race < places.size(); ++race) {
    if (places[race] == 0) continue;
    RaceScore result;
    result.race = race;
    result.place = places[race];
    result.score = (10 - places[race]) * 1000;
    result.mark = marks.empty() ? 0 : marks[race];
    result.scored = result.counts = true;
    row.races.push_back(result);
  }
  return row;
}

SeriesRules With(std::vector<TieRule> ties) {
  SeriesRules rules;
  rules.ties = std::move(ties);
  return rules;
}

std::vector<int64_t> Athletes(const std::vector<StandingRow>& rows) {
  std::vector<int64_t> athletes;
  for (const StandingRow& row : rows) athletes.push_back(row.athlete);
  return athletes;
}

std::vector<int64_t> Ranks(const std::vector<StandingRow>& rows) {
  std::vector<int64_t> ranks;
  for (const StandingRow& row : rows) ranks.push_back(row.rank);
  return ranks;
}

TEST(StandingTiesTest, WithoutARuleEqualScoresShareTheRankAndTheNextIsSkipped) {
  std::vector<StandingRow> rows = {Row(1, {2, 2}, 100), Row(2, {1, 3}, 100), Row(3, {4, 4}, 50), Row(4, {1, 1}, 200)};
  OrderAndRank(With({}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(4, 1, 2, 3));
  EXPECT_THAT(Ranks(rows), ElementsAre(1, 2, 2, 4));
  EXPECT_FALSE(rows[1].tie_break.has_value());
}

TEST(StandingTiesTest, CountbackPrefersMoreFirstPlacesThenSecondOnes) {
  std::vector<StandingRow> rows = {Row(1, {2, 2, 2}, 100), Row(2, {1, 3, 3}, 100), Row(3, {1, 2, 4}, 100)};
  OrderAndRank(With({TieRule::kCountback}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(3, 2, 1));
  EXPECT_THAT(Ranks(rows), ElementsAre(1, 2, 3));
  EXPECT_EQ(rows[0].tie_break, TieRule::kCountback);
}

TEST(StandingTiesTest, TheLaterRuleDecidesOnlyWhatTheEarlierLeftEqual) {
  std::vector<StandingRow> rows = {Row(1, {1, 3}, 100), Row(2, {3, 1}, 100), Row(3, {2, 2}, 100)};
  OrderAndRank(With({TieRule::kCountback, TieRule::kLatest}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(2, 1, 3));
  EXPECT_EQ(rows[0].tie_break, TieRule::kCountback);
}

TEST(StandingTiesTest, NotToHaveRunTheLastRaceIsWorseThanAnyPlaceInIt) {
  std::vector<StandingRow> rows = {Row(1, {1, 1, 0}, 100), Row(2, {5, 0, 9}, 100)};
  OrderAndRank(With({TieRule::kLatest}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(2, 1));
}

TEST(StandingTiesTest, HeadToHeadCountsOnlyTheTiedAndLeavesACircleShared) {
  std::vector<StandingRow> rows = {Row(1, {1, 3, 2}, 100), Row(2, {2, 1, 3}, 100), Row(3, {3, 2, 1}, 100)};
  OrderAndRank(With({TieRule::kHeadToHead}), rows);
  EXPECT_THAT(Ranks(rows), ElementsAre(1, 1, 1));
  rows = {Row(1, {2, 3}, 100), Row(2, {1, 2}, 100)};
  OrderAndRank(With({TieRule::kHeadToHead}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(2, 1));
}

TEST(StandingTiesTest, BestResultAndTimeCompareWhatTheySay) {
  std::vector<StandingRow> rows = {Row(1, {2, 2}, 100, {60, 70}), Row(2, {1, 3}, 100, {61, 70})};
  OrderAndRank(With({TieRule::kBestResult}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(2, 1));
  OrderAndRank(With({TieRule::kTime}), rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(1, 2));
}

TEST(StandingTiesTest, WhereTheLowestSumWinsTheLowestStandsFirst) {
  SeriesRules rules = With({});
  rules.scoring = Scoring::kTime;
  std::vector<StandingRow> rows = {Row(1, {1}, 200), Row(2, {1}, 100)};
  OrderAndRank(rules, rows);
  EXPECT_THAT(Athletes(rows), ElementsAre(2, 1));
}

}  // namespace
}  // namespace palmares::series
