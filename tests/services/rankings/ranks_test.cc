// An athlete's place with its ties, percentile, distances and neighbours is what a naive recomputation gives, in any
// kind of list after any history.
#include <algorithm>

#include "services/rankings/open_list.h"
#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

class RanksTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  // From the line of another to one's own: positive is slower, or more.
  static int64_t NaiveGap(const Query& query, const PlainLine& own, const PlainLine& other) {
    const bool is_mark = query.by == Order::kMark && query.discipline->lower_is_better;
    return is_mark ? own.order - other.order : other.order - own.order;
  }

  static std::string Who(const v1::RankingRow& row) { return absl::StrCat(row.rank(), " ", row.athlete()); }
  static std::string Who(const server::State& state, const PlainLine& line) {
    return absl::StrCat(line.rank, " ", line.athlete == 0 ? "" : state.athletes.Name(line.athlete));
  }

  static void Check(const OpenList& list, const server::State& state, const std::vector<PlainLine>& naive,
                    int64_t athlete) {
    constexpr int32_t kNeighbours = 2, kTarget = 3;
    v1::Rank rank;
    ASSERT_OK(RankOfAthlete(list, athlete, {true, kNeighbours, kTarget}, rank));
    const auto size = static_cast<int64_t>(naive.size());
    EXPECT_EQ(rank.total_size(), size);
    const auto own =
        std::find_if(naive.begin(), naive.end(), [athlete](const PlainLine& line) { return line.athlete == athlete; });
    ASSERT_EQ(rank.listed(), own != naive.end());
    if (!rank.listed()) {
      EXPECT_FALSE(rank.unlisted_reason().empty());
      return;
    }
    const auto is_tied = [own](const PlainLine& line) { return line.order == own->order; };
    const int64_t tied = std::count_if(naive.begin(), naive.end(), is_tied);
    EXPECT_EQ(rank.rank(), own->rank);
    EXPECT_EQ(rank.tied(), tied - 1);
    const int64_t behind = size - (own->rank - 1) - tied;
    EXPECT_DOUBLE_EQ(rank.percentile(), 100.0 * static_cast<double>(behind) / static_cast<double>(size));
    EXPECT_EQ(rank.has_gap_to_next(), own->rank > 1);
    if (own->rank > 1) {
      const PlainLine& next = naive[static_cast<size_t>(own->rank) - 2];
      EXPECT_EQ(rank.gap_to_next().value(), NaiveGap(list.query, *own, next));
    }
    EXPECT_EQ(rank.has_gap_to_target(), size >= kTarget);
    if (size >= kTarget) {
      EXPECT_EQ(rank.gap_to_target().value(), NaiveGap(list.query, *own, naive[kTarget - 1]));
    }
    const int64_t at = own - naive.begin();
    ASSERT_EQ(rank.above_size(), std::min<int64_t>(kNeighbours, at));
    ASSERT_EQ(rank.below_size(), std::min<int64_t>(kNeighbours, size - at - 1));
    EXPECT_EQ(Who(rank.row()), Who(state, *own));
    for (int i = 0; i < rank.above_size(); ++i) {
      EXPECT_EQ(Who(rank.above(i)), Who(state, naive[static_cast<size_t>(at - rank.above_size() + i)]));
    }
    for (int i = 0; i < rank.below_size(); ++i) {
      EXPECT_EQ(Who(rank.below(i)), Who(state, naive[static_cast<size_t>(at + 1 + i)]));
    }
  }
};

TEST_P(RanksTest, APlaceIsWhatARecomputationGives) {
  History history(GetParam() + 5000);
  RaceTexts texts;
  int64_t listed = 0;
  for (int step = 0; step < 60; ++step) history.Step();
  for (int i = 0; i < 40; ++i) {
    history.Step();
    const server::State& state = history.state();
    const Query query = i % 4 == 0 ? QueryOf(history.RandomStanding()) : history.RandomQuery();
    const std::optional<StandingKey> standing = Standing(query);
    OpenList list;
    list.query = query;
    list.results = &state.results;
    list.athletes = &state.athletes;
    list.texts = &texts;
    list.now = {&state.results, &state.athletes};
    list.board = standing.has_value() ? state.boards.Get(*standing)
                                      : std::make_shared<const Board>(&state.calendar, Board::Index::kNone,
                                                                      Select(query, RacesOf(query, state.results),
                                                                             state.results, state.athletes));
    const std::vector<PlainLine> naive = history.Naive(query);
    for (int64_t athlete = 1; athlete <= state.athletes.count(); ++athlete) {
      if (history.Resolve(athlete) != athlete) continue;
      Check(list, state, naive, athlete);
      if (HasFatalFailure()) return;
    }
    listed += static_cast<int64_t>(naive.size());
  }
  EXPECT_GT(listed, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RanksTest, ::testing::Range<uint64_t>(1, 9));

}  // namespace
}  // namespace palmares::rankings
