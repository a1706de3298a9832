// Which records the rows of lists are.
#ifndef PALMARES_SERVICES_RANKINGS_ROW_RECORDS_H_
#define PALMARES_SERVICES_RANKINGS_ROW_RECORDS_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/results/bests.h"
#include "services/results/results.h"
#include "services/results/standing_records.h"

namespace palmares::rankings {

// Of a discipline with more results than this the records are not looked for in lists: finding them the first time
// reads each of its results once, for which a page should not wait.
inline constexpr int64_t kMostRowsForRecords = 500'000;

// Keeps the records of each discipline until one of its races changes. Thread-safe; called under a Reader.
class RowRecords {
 public:
  // It must outlive this.
  explicit RowRecords(const results::Results* results) : results_(*results), bests_(results) {}

  // The records that stand; nullptr where there are too many results.
  std::shared_ptr<const results::StandingRecords> Of(const athletics::Discipline& discipline);

 private:
  // What tells one state of the discipline's races from another.
  struct Stamp {
    int64_t changed_at = 0;
    int64_t races = 0;
    int64_t rows = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Kept {
    int64_t position = -1;  // of the results when the stamp was taken
    Stamp stamp;
    std::shared_ptr<const results::StandingRecords> records;
  };
  Stamp StampOf(const athletics::Discipline& discipline) const;

  const results::Results& results_;
  const results::Bests bests_;
  absl::Mutex mutex_;
  absl::flat_hash_map<const athletics::Discipline*, Kept> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_ROW_RECORDS_H_
