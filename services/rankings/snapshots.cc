#include "services/rankings/snapshots.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::rankings {
namespace {

constexpr size_t kMostListsKept = 64;

athletics::Date MondayOf(absl::Time now) {
  const athletics::Date today = absl::ToCivilDay(now, absl::UTCTimeZone());
  return absl::PrevWeekday(today + 1, absl::Weekday::monday);
}

absl::Time StartOf(athletics::Date day) { return absl::FromCivil(day, absl::UTCTimeZone()); }

SnapshotRanks RanksOf(const Snapshot& snapshot, const StandingKey& key, const PastViews& views) {
  SnapshotRanks out{snapshot, {}, {}};
  const Query query = QueryOf(key);
  const Board board(&views.results->calendar(), Board::Index::kNone,
                    Select(query, RacesOf(query, *views.results), *views.results, *views.athletes));
  out.ranks.reserve(static_cast<size_t>(board.size()));
  int64_t position = 0, rank = 0, order = 0;
  for (const Line& line : board.Slice(0, board.size())) {
    ++position;
    if (rank == 0 || line.order != order) rank = position;
    order = line.order;
    if (line.athlete == 0) continue;
    out.ranks[line.athlete] = static_cast<int32_t>(rank);
    if (out.top.size() < kTopKept) out.top.emplace_back(line.athlete, static_cast<int32_t>(rank));
  }
  return out;
}

}  // namespace

std::string SnapshotName(const Snapshot& snapshot) {
  return absl::StrCat("rankingSnapshots/", athletics::FormatDate(snapshot.day));
}

absl::StatusOr<std::vector<Snapshot>> Snapshots::List(absl::Time now, std::optional<athletics::Date> before,
                                                      int32_t count) const {
  std::vector<Snapshot> snapshots;
  athletics::Date day = before.has_value() ? *before - 7 : MondayOf(now);
  for (; static_cast<int32_t>(snapshots.size()) < count; day -= 7) {
    absl::StatusOr<int64_t> position = past_.LastPositionBefore(StartOf(day));
    if (!position.ok()) return position.status();
    if (*position == 0) break;
    snapshots.push_back({day, *position});
  }
  return snapshots;
}

absl::StatusOr<Snapshot> Snapshots::NewestBefore(absl::Time now) {
  const athletics::Date day = MondayOf(now);
  {
    absl::MutexLock lock(&mutex_);
    if (newest_.day == day && newest_.position != 0) return newest_;
  }
  absl::StatusOr<int64_t> position = past_.LastPositionBefore(StartOf(day));
  if (!position.ok()) return position.status();
  const Snapshot newest{day, *position};
  absl::MutexLock lock(&mutex_);
  if (newest_.day != day) ranks_.clear();
  newest_ = newest;
  return newest;
}

absl::StatusOr<std::shared_ptr<const SnapshotRanks>> Snapshots::Newest(const StandingKey& key, absl::Time now,
                                                                       absl::Time deadline,
                                                                       const storage::Store::Clock& clock) {
  absl::StatusOr<Snapshot> newest = NewestBefore(now);
  if (!newest.ok()) return newest.status();
  if (newest->position == 0) return nullptr;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = ranks_.find(key);
    if (found != ranks_.end()) return found->second;
  }
  std::shared_ptr<const SnapshotRanks> ranks;
  absl::Status status = past_.At(newest->position, deadline, clock, [&](const PastViews& views) {
    ranks = std::make_shared<const SnapshotRanks>(RanksOf(*newest, key, views));
    return absl::OkStatus();
  });
  if (!status.ok() && !absl::IsResourceExhausted(status)) return status;
  absl::MutexLock lock(&mutex_);
  if (ranks_.size() >= kMostListsKept) ranks_.clear();
  if (newest_.day == newest->day) ranks_[key] = ranks;  // also that there are none to compare with
  return ranks;
}

}  // namespace palmares::rankings
