#include "services/rankings/ranking_watch.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "services/identity/visibility.h"

namespace palmares::rankings {
namespace {

struct Change {
  int64_t athlete = 0;
  Sighting::Place before;  // rank 0: nowhere
  Sighting::Place now;

  bool IsNewResult() const {
    return now.rank != 0 && !(before.rank != 0 && before.row == now.row && before.order == now.order);
  }
};

std::vector<Change> Changes(const Sighting& before, const Sighting& now) {
  std::vector<Change> changes;
  for (const auto& [athlete, place] : now.places) {
    const auto found = before.places.find(athlete);
    const Sighting::Place old = found == before.places.end() ? Sighting::Place() : found->second;
    if (old.rank != place.rank) changes.push_back({athlete, old, place});
  }
  for (const auto& [athlete, place] : before.places) {
    if (!now.places.contains(athlete)) changes.push_back({athlete, place, {}});
  }
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::make_tuple(a.now.rank == 0, a.now.rank, a.before.rank, a.athlete) <
           std::make_tuple(b.now.rank == 0, b.now.rank, b.before.rank, b.athlete);
  });
  return changes;
}

}  // namespace

Sighting Look(const OpenList& list, const Watched& watched) {
  Sighting sighting;
  sighting.total = list.board->size();
  constexpr int64_t kSlice = 256;
  bool done = watched.top == 0;
  for (int64_t at = 0; !done && at < list.board->size(); at += kSlice) {
    for (const Line& line : list.board->Slice(at, kSlice)) {
      const int64_t rank = list.RankOf(line);
      done = rank > watched.top;
      if (done) break;
      if (line.athlete != 0) {
        sighting.places.try_emplace(line.athlete, Sighting::Place{static_cast<int32_t>(rank), line.order, line.row});
      }
    }
  }
  for (int64_t number : watched.athletes) {
    if (!list.athletes->Exists(number)) continue;
    const int64_t athlete = list.athletes->Resolve(number);
    if (sighting.places.contains(athlete)) continue;
    const std::optional<Line> line = list.board->Find(athlete);
    if (!line.has_value()) continue;
    sighting.places[athlete] = {static_cast<int32_t>(list.RankOf(*line)), line->order, line->row};
  }
  return sighting;
}

absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenList& list,
                        v1::WatchRankingResponse& out) {
  RowWriter rows = list.Rows();
  std::string cause;
  int new_results = 0;
  for (const Change& change : Changes(before, now)) {
    v1::RankChange& message = *out.add_changes();
    if (identity::MayBeNamed(*list.now.athletes, change.athlete)) {
      message.set_athlete(list.athletes->Name(change.athlete));
    }
    message.set_old_rank(change.before.rank);
    message.set_new_rank(change.now.rank);
    if (change.now.rank == 0) continue;
    absl::Status status = rows.Write(list.query, {change.now.order, change.now.row, change.athlete}, change.now.rank,
                                     *message.mutable_row());
    if (!status.ok()) return status;
    if (!change.IsNewResult()) continue;
    message.set_cause_result(message.row().result());
    cause = message.row().result();
    ++new_results;
  }
  for (v1::RankChange& message : *out.mutable_changes()) {
    if (new_results == 1 && message.cause_result().empty()) message.set_cause_result(cause);
  }
  return absl::OkStatus();
}

}  // namespace palmares::rankings
