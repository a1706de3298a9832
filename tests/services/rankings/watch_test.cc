// What a watch tells of a list is what a naive comparison of the list before and after finds, in any history.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/rankings/ranking_watch.h"
#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kWatchedTop = 4;
constexpr int64_t kWatchedAthletes = 5;

class WatchTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  OpenList Open(const Query& query) {
    const server::State& state = history_.state();
    OpenList list;
    list.query = query;
    list.results = &state.results;
    list.athletes = &state.athletes;
    list.texts = &texts_;
    list.now = {&state.results, &state.athletes};
    const std::optional<StandingKey> standing = Standing(query);
    list.board = standing.has_value() ? state.boards.Get(*standing)
                                      : std::make_shared<const Board>(&state.calendar, Board::Index::kNone,
                                                                      Select(query, RacesOf(query, state.results),
                                                                             state.results, state.athletes));
    return list;
  }

  static Watched All() {
    Watched watched{kWatchedTop, {}};
    for (int64_t athlete = 1; athlete <= kWatchedAthletes; ++athlete) watched.athletes.push_back(athlete);
    return watched;
  }

  static std::string TextOf(const v1::RankingRow& row, int64_t tied) {
    return absl::StrCat(row.rank(), " ", tied, " ", row.ShortDebugString());
  }

  // What is watched of the list: the rank, the ties and the row of each, by whose or which result it is.
  std::map<std::string, std::string> Naive(const OpenList& list) {
    const std::vector<PlainLine> lines = history_.Naive(list.query);
    std::map<std::string, std::string> watched;
    RowWriter rows = list.Rows();
    const auto note = [&](const PlainLine& line, bool by_result) {
      v1::RankingRow row;
      EXPECT_OK(rows.Write(list.query, {line.order, line.row, line.athlete}, line.rank, row));
      const int64_t tied = std::count_if(lines.begin(), lines.end(),
                                         [&line](const PlainLine& other) { return other.order == line.order; });
      watched[absl::StrCat(line.athlete, by_result ? row.result() : "")] = TextOf(row, tied - 1);
    };
    for (const PlainLine& line : lines) {
      if (line.rank <= kWatchedTop) note(line, line.athlete == 0 || list.query.all_performances);
    }
    for (int64_t number = 1; number <= std::min(kWatchedAthletes, history_.state().athletes.count()); ++number) {
      const int64_t athlete = history_.Resolve(number);
      const auto best = std::find_if(lines.begin(), lines.end(),
                                     [athlete](const PlainLine& line) { return line.athlete == athlete; });
      if (best != lines.end()) note(*best, false);
    }
    return watched;
  }

  History history_{GetParam() + 9000};
  RaceTexts texts_;
};

TEST_P(WatchTest, WhatIsToldIsWhatChanged) {
  int64_t told_in_all = 0;
  for (int step = 0; step < 60; ++step) history_.Step();
  for (int i = 0; i < 12; ++i) {
    const Query query = i % 2 == 0 ? QueryOf(history_.RandomStanding()) : history_.RandomQuery();
    OpenList list = Open(query);
    std::map<std::string, std::string> before = Naive(list);
    absl::StatusOr<Sighting> seen = Look(list, All(), history_.position());
    ASSERT_OK(seen.status());
    for (int step = 0; step < 15; ++step) {
      history_.Step();
      list = Open(query);
      const std::map<std::string, std::string> now = Naive(list);
      std::multiset<std::string> wanted, told;
      int64_t wanted_out = 0, out = 0;
      for (const auto& [key, text] : now) {
        const auto found = before.find(key);
        if (found == before.end() || found->second != text) wanted.insert(text);
      }
      for (const auto& line : before) wanted_out += now.count(line.first) == 0;
      absl::StatusOr<Sighting> sighting = Look(list, All(), history_.position());
      ASSERT_OK(sighting.status());
      v1::WatchRankingResponse message;
      ASSERT_OK(AddChanges(*seen, *sighting, list, message));
      for (const v1::RankChange& change : message.changes()) {
        if (change.new_rank() == 0) {
          ++out;
          EXPECT_FALSE(change.has_row());
        } else {
          EXPECT_EQ(change.new_rank(), change.row().rank());
          told.insert(TextOf(change.row(), change.tied()));
        }
      }
      ASSERT_EQ(told, wanted) << "seed " << GetParam() << ", query " << i << ", step " << step;
      EXPECT_EQ(out, wanted_out);
      told_in_all += static_cast<int64_t>(told.size());
      before = now;
      seen = std::move(sighting);
    }
  }
  EXPECT_GT(told_in_all, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WatchTest, ::testing::Range<uint64_t>(1, 7));

}  // namespace
}  // namespace palmares::rankings
