#include "services/series/standing_ties.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace palmares::series {
namespace {

// What a rule compares: the lesser key stands first. Shorter keys are as if filled up with kWorst.
using Key = std::vector<int64_t>;
constexpr int64_t kWorst = std::numeric_limits<int64_t>::max();

int64_t LowerFirst(const SeriesRules& rules, int64_t score) { return LowerIsBetter(rules.scoring) ? score : -score; }

Key CountingScores(const SeriesRules& rules, const StandingRow& row) {
  Key key;
  for (const RaceScore& race : row.races) {
    if (race.counts) key.push_back(LowerFirst(rules, race.score));
  }
  std::sort(key.begin(), key.end());
  return key;
}

// Places in ascending order compare as counts of firsts, seconds, thirds … do.
Key CountingPlaces(const StandingRow& row) {
  Key key;
  for (const RaceScore& race : row.races) {
    if (race.counts) key.push_back(race.place);
  }
  std::sort(key.begin(), key.end());
  return key;
}

// Places from the last race back to the first.
Key LatestPlaces(const StandingRow& row, size_t races) {
  Key key(races, kWorst);
  for (const RaceScore& race : row.races) {
    if (race.scored) key[races - 1 - race.race] = race.place;
  }
  return key;
}

Key TimeSum(const StandingRow& row) {
  int64_t sum = 0;
  for (const RaceScore& race : row.races) {
    if (race.counts) sum += race.mark;
  }
  return {sum};
}

// How often the row was behind the others of the group less how often it was ahead.
Key HeadToHead(const StandingRow& row, const StandingRow* first, size_t count) {
  int64_t balance = 0;
  for (const StandingRow* other = first; other != first + count; ++other) {
    for (const RaceScore& mine : row.races) {
      for (const RaceScore& theirs : other->races) {
        if (other == &row || mine.race != theirs.race || !mine.scored || !theirs.scored) continue;
        balance += (mine.place > theirs.place) - (mine.place < theirs.place);
      }
    }
  }
  return {balance};
}

class Ranker {
 public:
  Ranker(const SeriesRules& rules, std::vector<StandingRow>& rows) : rules_(rules), rows_(rows) {
    for (const StandingRow& row : rows) {
      for (const RaceScore& race : row.races) races_ = std::max(races_, race.race + 1);
    }
  }

  void Run() {
    std::stable_sort(rows_.begin(), rows_.end(), [this](const StandingRow& a, const StandingRow& b) {
      return LowerFirst(rules_, a.score) < LowerFirst(rules_, b.score);
    });
    for (size_t i = 0; i < rows_.size();) {
      size_t end = i + 1;
      while (end < rows_.size() && rows_[end].score == rows_[i].score) ++end;
      Part(i, end, 0);
      i = end;
    }
  }

 private:
  Key KeyOf(TieRule rule, const StandingRow& row, size_t begin, size_t end) const {
    switch (rule) {
      case TieRule::kCountback:
        return CountingPlaces(row);
      case TieRule::kBestResult:
        return CountingScores(rules_, row);
      case TieRule::kHeadToHead:
        return HeadToHead(row, rows_.data() + begin, end - begin);
      case TieRule::kLatest:
        return LatestPlaces(row, races_);
      case TieRule::kTime:
        return TimeSum(row);
    }
    return {};
  }

  // Parts rows [begin, end), equal so far, by the rules from `rule` on.
  void Part(size_t begin, size_t end, size_t rule) {
    if (end - begin == 1 || rule == rules_.ties.size()) {
      for (size_t i = begin; i < end; ++i) rows_[i].rank = static_cast<int64_t>(begin) + 1;
      return;
    }
    std::vector<std::pair<Key, size_t>> keyed;
    size_t longest = 0;
    for (size_t i = begin; i < end; ++i) {
      keyed.emplace_back(KeyOf(rules_.ties[rule], rows_[i], begin, end), i);
      longest = std::max(longest, keyed.back().first.size());
    }
    for (auto& [key, row] : keyed) key.resize(longest, kWorst);
    std::sort(keyed.begin(), keyed.end());
    const bool parts = keyed.front().first != keyed.back().first;
    std::vector<StandingRow> sorted;
    for (const auto& [key, row] : keyed) {
      sorted.push_back(std::move(rows_[row]));
      if (parts && !sorted.back().tie_break.has_value()) sorted.back().tie_break = rules_.ties[rule];
    }
    std::move(sorted.begin(), sorted.end(), rows_.begin() + static_cast<int64_t>(begin));
    for (size_t i = 0; i < keyed.size();) {
      size_t next = i + 1;
      while (next < keyed.size() && keyed[next].first == keyed[i].first) ++next;
      Part(begin + i, begin + next, rule + 1);
      i = next;
    }
  }

  const SeriesRules& rules_;
  std::vector<StandingRow>& rows_;
  size_t races_ = 0;
};

}  // namespace

void OrderAndRank(const SeriesRules& rules, std::vector<StandingRow>& rows) { Ranker(rules, rows).Run(); }

}  // namespace palmares::series
