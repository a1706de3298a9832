// Weekly snapshots of rankings: a list as it was known at the beginning of a week, Monday 00:00 UTC.
//
// A snapshot is a position of the ledger, the last one before that moment, so it cannot change and costs nothing to
// keep; the list of it is made by replaying the ledger (see past.h). Ranks of the last snapshot, which the rows of
// standing lists are compared with, are made by a thread of its own when they are first asked for, and kept for the
// week.
#ifndef PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_
#define PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/athletics/date.h"
#include "services/rankings/past.h"
#include "services/rankings/ranking.h"

namespace palmares::rankings {

struct Snapshot {
  athletics::Date day;   // a Monday: the list is what was known when it began
  int64_t position = 0;  // of the ledger
};

// "rankingSnapshots/2026-06-01".
std::string SnapshotName(const Snapshot& snapshot);

// Ranks in one list at a snapshot, by athlete as merged then.
struct SnapshotRanks {
  Snapshot snapshot;
  absl::flat_hash_map<int64_t, int32_t> ranks;
  std::vector<std::pair<int64_t, int32_t>> top;  // the first kTopKept athletes with their ranks, best first
};
inline constexpr size_t kTopKept = 1000;

class Snapshots {
 public:
  explicit Snapshots(Past* past) : past_(*past) {}
  // Waits until the thread has ended what it does, which is cut short.
  ~Snapshots();
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;

  // The snapshots up to now, newest first, `count` of them at the most from the one of `before` (exclusive) on. The
  // oldest one is the first Monday after the first entry.
  absl::StatusOr<std::vector<Snapshot>> List(absl::Time now, std::optional<athletics::Date> before,
                                             int32_t count) const;

  // Ranks of the newest snapshot in a standing list; nullptr while they are being made, and where there is no snapshot
  // yet or so much to replay that ranks are not compared. Never waits for a replay. Called under a Reader of `results`.
  std::shared_ptr<const SnapshotRanks> Newest(const StandingKey& key, absl::Time now, const results::Results& results);

 private:
  using Keys = absl::flat_hash_set<StandingKey>;
  using Ranks = absl::flat_hash_map<StandingKey, std::shared_ptr<const SnapshotRanks>>;

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !wanted_.empty(); }
  void Work();
  // What of the keys can be compared with; the others have no ranks.
  Ranks Make(athletics::Date day, std::optional<int64_t> beyond, const Keys& keys);

  Past& past_;
  std::atomic<bool> stopping_{false};  // set with the mutex held, looked at also without
  absl::Mutex mutex_;
  athletics::Date day_ ABSL_GUARDED_BY(mutex_);            // of the newest snapshot
  std::optional<int64_t> beyond_ ABSL_GUARDED_BY(mutex_);  // from this position on there is too much to replay
  Keys wanted_ ABSL_GUARDED_BY(mutex_);
  Ranks ranks_ ABSL_GUARDED_BY(mutex_);         // nullptr: nothing to compare with
  std::thread thread_ ABSL_GUARDED_BY(mutex_);  // begun when something is first wanted
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_
