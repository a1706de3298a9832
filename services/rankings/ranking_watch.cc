#include "services/rankings/ranking_watch.h"

#include <optional>
#include <tuple>

#include "absl/functional/function_ref.h"
#include "services/identity/visibility.h"
#include "services/rankings/world_ranking_messages.h"

namespace palmares::rankings {
namespace {

struct Change {
  const Sighting::Key* key = nullptr;
  Sighting::Place before;  // rank 0: nowhere
  Sighting::Place now;

  bool RankOrTieChanged() const { return before.rank != now.rank || before.tied != now.tied; }
};

bool IsSame(const Sighting::Place& a, const Sighting::Place& b) {
  return a.rank == b.rank && a.tied == b.tied && a.row.SerializeAsString() == b.row.SerializeAsString();
}

std::vector<Change> Changes(const Sighting& before, const Sighting& now) {
  std::vector<Change> changes;
  for (const auto& [key, place] : now.places) {
    const auto found = before.places.find(key);
    if (found == before.places.end()) {
      changes.push_back({&key, {}, place});
    } else if (!IsSame(found->second, place)) {
      changes.push_back({&key, found->second, place});
    }
  }
  for (const auto& [key, place] : before.places) {
    if (!now.places.contains(key)) changes.push_back({&key, place, {}});
  }
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::make_tuple(a.now.rank == 0, a.now.rank, a.before.rank, *a.key) <
           std::make_tuple(b.now.rank == 0, b.now.rank, b.before.rank, *b.key);
  });
  return changes;
}

// Where a list names no causes, `names_causes` is false.
absl::Status WriteChanges(const Sighting& before, const std::vector<Change>& changes, const identity::PeopleNow& now,
                          bool names_causes,
                          absl::FunctionRef<absl::Status(const Sighting::Place& place, v1::RankingRow& row)> write,
                          v1::WatchRankingResponse& out) {
  std::string only_cause;
  int causes = 0;
  for (const Change& change : changes) {
    v1::RankChange& message = *out.add_changes();
    const int64_t athlete = change.now.rank != 0 ? change.now.athlete : change.before.athlete;
    if (athlete != 0 && identity::MayBeNamed(*now.athletes, athlete)) message.set_athlete(now.athletes->Name(athlete));
    message.set_old_rank(change.before.rank);
    message.set_new_rank(change.now.rank);
    if (change.now.rank == 0) continue;
    message.set_tied(change.now.tied);
    if (absl::Status status = write(change.now, *message.mutable_row()); !status.ok()) return status;
    if (!names_causes || change.now.row.ledger_position() <= before.position) continue;
    message.set_cause_result(change.now.row.result());
    only_cause = change.now.row.result();
    ++causes;
  }
  if (causes != 1) return absl::OkStatus();
  for (size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].RankOrTieChanged()) out.mutable_changes(static_cast<int>(i))->set_cause_result(only_cause);
  }
  return absl::OkStatus();
}

// Collects the lines of a list that are watched.
class Looker {
 public:
  Looker(const OpenList& list, Sighting& out)
      : list_(list), rows_(*list.results, *list.athletes, *list.texts, list.now, nullptr), out_(out) {}

  // The lines of the top. Of an athlete who is in it with several, each is a line of its own where the list has all.
  absl::Status AddTop(int32_t top) {
    constexpr int64_t kSlice = 256;
    for (int64_t at = 0; at < list_.board->size(); at += kSlice) {
      for (const Line& line : list_.board->Slice(at, kSlice)) {
        if (list_.RankOf(line) > top) return absl::OkStatus();
        const bool by_result = line.athlete == 0 || list_.query.all_performances;
        if (absl::Status status = Add(line, by_result); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  // The best lines of these.
  absl::Status AddAthletes(const std::vector<int64_t>& numbers) {
    std::vector<int64_t> athletes;
    athletes.reserve(numbers.size());
    for (int64_t number : numbers) {
      if (list_.athletes->Exists(number)) athletes.push_back(list_.athletes->Resolve(number));
    }
    for (const auto& [athlete, order] : list_.board->OrdersOf(athletes)) {
      if (out_.places.contains(Sighting::Key(athlete, ""))) continue;
      const std::optional<Line> line = list_.board->FindAt(order, athlete);
      if (!line.has_value()) continue;
      if (absl::Status status = Add(*line, false); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Add(const Line& line, bool by_result) {
    if (line.order != order_ || rank_ == 0) {
      order_ = line.order;
      rank_ = list_.RankOf(line);
      tied_ = list_.board->CountUpTo(line.order) - rank_;
    }
    Sighting::Place place;
    place.rank = static_cast<int32_t>(rank_);
    place.tied = static_cast<int32_t>(tied_);
    place.athlete = line.athlete;
    place.order = line.order;
    place.line = line.row;
    absl::Status status = rows_.Write(list_.query, line, rank_, place.row);
    if (!status.ok()) return status;
    Sighting::Key key(line.athlete, by_result ? place.row.result() : "");
    out_.places.insert_or_assign(std::move(key), std::move(place));
    return absl::OkStatus();
  }

  const OpenList& list_;
  RowWriter rows_;
  Sighting& out_;
  int64_t order_ = 0, rank_ = 0, tied_ = 0;  // of the line before
};

void AddLine(const OpenWorldRanking& list, const WorldRankingLine& line, int32_t tied, Sighting& out) {
  Sighting::Place place;
  place.rank = static_cast<int32_t>(line.rank);
  place.tied = tied;
  place.athlete = line.ranking.athlete;
  place.row = RowOf(list, line);
  out.places.insert_or_assign(Sighting::Key(line.ranking.athlete, ""), std::move(place));
}

// Others who share the line's rank.
int32_t TiedWith(const WorldRankingLines& lines, const WorldRankingLine& line) {
  const auto first = lines.begin() + (line.rank - 1);
  const auto after =
      std::find_if(first, lines.end(), [&line](const WorldRankingLine& other) { return other.rank != line.rank; });
  return static_cast<int32_t>(after - first) - 1;
}

}  // namespace

absl::StatusOr<Sighting> Look(const OpenList& list, const Watched& watched, int64_t position) {
  Sighting sighting;
  sighting.total = list.board->size();
  sighting.position = position;
  Looker looker(list, sighting);
  if (watched.top > 0) {
    if (absl::Status status = looker.AddTop(watched.top); !status.ok()) return status;
  }
  if (absl::Status status = looker.AddAthletes(watched.athletes); !status.ok()) return status;
  return sighting;
}

Sighting Look(const OpenWorldRanking& list, const Watched& watched, int64_t position) {
  Sighting sighting;
  const WorldRankingLines& lines = list.list->lines;
  sighting.total = static_cast<int64_t>(lines.size());
  sighting.position = position;
  OpenWorldRanking without_records = list;
  without_records.records = nullptr;
  for (const WorldRankingLine& line : lines) {
    if (line.rank > watched.top) break;
    AddLine(without_records, line, TiedWith(lines, line), sighting);
  }
  for (int64_t number : watched.athletes) {
    if (!list.athletes->Exists(number)) continue;
    const WorldRankingLine* line = list.list->Find(list.athletes->Resolve(number));
    if (line != nullptr && line->rank > watched.top) {
      AddLine(without_records, *line, TiedWith(lines, *line), sighting);
    }
  }
  return sighting;
}

absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenList& list,
                        v1::WatchRankingResponse& out) {
  RowWriter rows = list.Rows();
  const auto write = [&](const Sighting::Place& place, v1::RankingRow& row) {
    return rows.Write(list.query, {place.order, place.line, place.athlete}, place.rank, row);
  };
  return WriteChanges(before, Changes(before, now), list.now, true, write, out);
}

absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenWorldRanking& list,
                        v1::WatchRankingResponse& out) {
  const auto write = [&list](const Sighting::Place& place, v1::RankingRow& row) {
    row = RowOf(list, *list.list->Find(place.athlete));
    return absl::OkStatus();
  };
  return WriteChanges(before, Changes(before, now), list.now, false, write, out);
}

}  // namespace palmares::rankings
