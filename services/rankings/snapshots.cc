#include "services/rankings/snapshots.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::rankings {
namespace {

constexpr size_t kMostListsKept = 64;
constexpr absl::Time kAnyTime =
    absl::FromUnixSeconds(int64_t{1} << 38);  // later than any, and earlier than the end of all

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

std::shared_ptr<const SnapshotRanks> Snapshots::Newest(const StandingKey& key, absl::Time now,
                                                       const results::Results& results) {
  const athletics::Date day = MondayOf(now);
  absl::MutexLock lock(&mutex_);
  if (day_ != day) {
    day_ = day;
    ranks_.clear();
    wanted_.clear();
  }
  if (const auto found = ranks_.find(key); found != ranks_.end()) return found->second;
  if (wanted_.size() >= kMostListsKept) return nullptr;
  beyond_ = results.PositionBeyond(past_.most_rows());
  wanted_.insert(key);
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  return nullptr;
}

Snapshots::~Snapshots() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void Snapshots::Work() {
  absl::MutexLock lock(&mutex_);
  for (;;) {
    mutex_.Await(absl::Condition(this, &Snapshots::HasWork));
    if (stopping_) return;
    const athletics::Date day = day_;
    const std::optional<int64_t> beyond = beyond_;
    const Keys keys = wanted_;
    mutex_.Unlock();
    Ranks made = Make(day, beyond, keys);
    mutex_.Lock();
    if (day_ != day) continue;  // a new week has begun
    if (ranks_.size() + keys.size() > kMostListsKept) ranks_.clear();
    for (const StandingKey& key : keys) {
      ranks_[key] = std::move(made[key]);  // also that there are none to compare with
      wanted_.erase(key);
    }
  }
}

Snapshots::Ranks Snapshots::Make(athletics::Date day, std::optional<int64_t> beyond, const Keys& keys) {
  Ranks made;
  const absl::StatusOr<int64_t> position = past_.LastPositionBefore(StartOf(day));
  if (!position.ok() || *position == 0 || (beyond.has_value() && *beyond <= *position)) return made;
  const storage::Store::Clock until_stopped = [this] {
    return stopping_ ? absl::InfiniteFuture() : absl::InfinitePast();
  };
  const absl::Status status = past_.At(*position, kAnyTime, until_stopped, [&](const PastViews& views, int64_t at) {
    for (const StandingKey& key : keys) {
      if (!stopping_) made[key] = std::make_shared<const SnapshotRanks>(RanksOf({day, at}, key, views));
    }
    return absl::OkStatus();
  });
  if (!status.ok()) made.clear();
  return made;
}

}  // namespace palmares::rankings
