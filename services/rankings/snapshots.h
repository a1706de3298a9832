// Weekly snapshots of rankings: a list as it was known at the beginning of a week, Monday 00:00 UTC.
//
// A snapshot is a position of the ledger, the last one before that moment, so it cannot change and costs nothing to
// keep; the list of it is made by replaying the ledger (see past.h). Ranks of the last snapshot, which the rows of
// standing lists are compared with, are kept for the week once they were made.
#ifndef PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_
#define PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
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

  // The snapshots up to now, newest first, `count` of them at the most from the one of `before` (exclusive) on. The
  // oldest one is the first Monday after the first entry.
  absl::StatusOr<std::vector<Snapshot>> List(absl::Time now, std::optional<athletics::Date> before,
                                             int32_t count) const;

  // Ranks of the newest snapshot in a standing list; nullptr where there is no snapshot yet, or so much to replay that
  // ranks are not compared.
  absl::StatusOr<std::shared_ptr<const SnapshotRanks>> Newest(const StandingKey& key, absl::Time now,
                                                              absl::Time deadline, const storage::Store::Clock& clock);

 private:
  absl::StatusOr<Snapshot> NewestBefore(absl::Time now);

  Past& past_;
  absl::Mutex mutex_;
  Snapshot newest_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<StandingKey, std::shared_ptr<const SnapshotRanks>> ranks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_SNAPSHOTS_H_
