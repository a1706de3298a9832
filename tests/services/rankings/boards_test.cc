// A standing list is, after any history of changes and whenever it was first asked for, what a full recomputation
// gives.
#include "services/rankings/boards.h"

#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

std::vector<PlainLine> All(const Board& board) {
  std::vector<PlainLine> lines;
  for (const Line& line : board.Slice(0, board.size())) {
    lines.push_back({board.CountBetter(line.order) + 1, line.order, line.row, line.athlete});
  }
  return lines;
}

std::string Text(const std::vector<PlainLine>& lines) {
  std::string text;
  for (const PlainLine& line : lines) {
    absl::StrAppend(&text, line.rank, ":", line.order, " race ", line.row.race, " row ", line.row.row, " athlete ",
                    line.athlete, "\n");
  }
  return text;
}

class BoardsTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(BoardsTest, AStandingListIsWhatARecomputationGivesAfterAnyHistory) {
  History history(GetParam());
  for (int step = 0; step < 150; ++step) {
    history.Step();
    if (::testing::Test::HasFatalFailure()) return;
    // Not after every step and not the same lists: boards are made early and late, and fall behind by many entries.
    for (int i = 0; i < step % 4; ++i) {
      const StandingKey key = history.RandomStanding();
      const std::vector<PlainLine> naive = history.Naive(QueryOf(key));
      const std::vector<PlainLine> kept = All(*history.state().boards.Get(key));
      ASSERT_EQ(Text(kept), Text(naive)) << "seed " << GetParam() << ", step " << step << ", " << key.discipline->code
                                         << " of " << key.year;
    }
  }
}

TEST_P(BoardsTest, EveryAthleteIsFoundWhereARecomputationHasThemAndNowhereElse) {
  History history(GetParam() + 1000);
  for (int step = 0; step < 80; ++step) {
    history.Step();
    if (::testing::Test::HasFatalFailure()) return;
    const StandingKey key = history.RandomStanding();
    const std::shared_ptr<const Board> board = history.state().boards.Get(key);
    const std::vector<PlainLine> naive = history.Naive(QueryOf(key));
    std::map<int64_t, PlainLine> lines;
    for (const PlainLine& line : naive) {
      if (line.athlete != 0) lines[line.athlete] = line;
    }
    for (int64_t athlete = 1; athlete <= history.state().athletes.count(); ++athlete) {
      const std::optional<Line> found = board->Find(athlete);
      const auto wanted = lines.find(athlete);
      ASSERT_EQ(found.has_value(), wanted != lines.end()) << "athlete " << athlete << ", step " << step;
      if (!found.has_value()) continue;
      EXPECT_EQ(found->row, wanted->second.row);
      EXPECT_EQ(board->CountBetter(*board->OrderOf(athlete)) + 1, wanted->second.rank);
    }
    for (size_t i = 0; i < naive.size(); ++i) {
      const Line line{naive[i].order, naive[i].row, naive[i].athlete};
      EXPECT_EQ(board->CountBefore(line), static_cast<int64_t>(i));
      EXPECT_EQ(board->CountThrough(line), static_cast<int64_t>(i) + 1);
      EXPECT_TRUE(board->At(static_cast<int64_t>(i)) == line);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, BoardsTest, ::testing::Range<uint64_t>(1, 41));

}  // namespace
}  // namespace palmares::rankings
