// Every kind of list, filtered and ordered in any way, is what a naive recomputation gives after any history.
#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

std::vector<PlainLine> Selected(const Query& query, const server::State& state) {
  const Board board(&state.calendar, Board::Index::kNone,
                    Select(query, RacesOf(query, state.results), state.results, state.athletes));
  std::vector<PlainLine> lines;
  for (const Line& line : board.Slice(0, board.size())) {
    lines.push_back({board.CountBetter(line.order) + 1, line.order, line.row, line.athlete});
  }
  return lines;
}

class SelectTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(SelectTest, AFilteredListIsWhatARecomputationGives) {
  History history(GetParam());
  int64_t lines = 0;
  for (int step = 0; step < 60; ++step) history.Step();
  for (int i = 0; i < 200; ++i) {
    if (i % 20 == 0) history.Step();
    const Query query = history.RandomQuery();
    const std::vector<PlainLine> naive = history.Naive(query);
    ASSERT_TRUE(Selected(query, history.state()) == naive) << "seed " << GetParam() << ", query " << i;
    lines += static_cast<int64_t>(naive.size());
  }
  EXPECT_GT(lines, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SelectTest, ::testing::Range<uint64_t>(1, 21));

TEST(StandingTest, OnlyBestsByMarkOfAYearOrAllTimeWithoutAScopeStand) {
  Query query;
  query.discipline = athletics::FindDiscipline("marathon").value();
  query.sex = athletics::Sex::kMen;
  EXPECT_TRUE(Standing(query).has_value());
  query.from = athletics::Date(2024, 1, 1);
  EXPECT_FALSE(Standing(query).has_value());
  query.to = athletics::Date(2024, 12, 31);
  EXPECT_EQ(Standing(query)->year, 2024);
  query.to = athletics::Date(2025, 12, 31);
  EXPECT_FALSE(Standing(query).has_value());
  query.from.reset();
  query.to.reset();
  for (const auto& narrow : std::vector<void (*)(Query&)>{
           [](Query& q) { q.country = "KEN"; }, [](Query& q) { q.club = "a"; }, [](Query& q) { q.region = "MA"; },
           [](Query& q) { q.area = "AFR"; }, [](Query& q) { q.event = "events/a"; },
           [](Query& q) { q.series = "series/a"; }, [](Query& q) { q.venue_country = "KEN"; },
           [](Query& q) {
             q.age_band = athletics::AgeBand{35, 39};
           },
           [](Query& q) { q.legal_only = true; }, [](Query& q) { q.all_performances = true; },
           [](Query& q) { q.clock = results::Clock::kChip; }, [](Query& q) { q.by = Order::kPoints; },
           [](Query& q) { q.states = {results::SheetState::kOfficial}; }}) {
    Query narrowed = query;
    narrow(narrowed);
    EXPECT_FALSE(Standing(narrowed).has_value());
  }
}

}  // namespace
}  // namespace palmares::rankings
