// What was known at an earlier position of the ledger: the views, made anew by replaying the ledger up to there.
//
// Cost: a replay reads every entry up to the position, about a second for each million results, on the caller's thread;
// neither the writer nor other readers wait for it, but one replay runs at a time. The views of the position that was
// asked for last are kept, so that asking again, or for a later position, costs only what lies between. A position that
// has more than kMostRowsReplayed results is refused.
#ifndef PALMARES_SERVICES_RANKINGS_PAST_H_
#define PALMARES_SERVICES_RANKINGS_PAST_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "storage/ledger.h"
#include "storage/store.h"

namespace palmares::rankings {

inline constexpr int64_t kMostRowsReplayed = 3'000'000;

// All views of a server and the two that lists are made of, empty.
struct PastViews {
  std::shared_ptr<storage::View> view;  // that takes the entries
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
};
// Made by whoever assembles the server, which alone knows all views and their order.
using MakePastViews = std::function<PastViews()>;

class Past {
 public:
  // The ledger must outlive it.
  Past(const storage::Ledger* ledger, MakePastViews make) : ledger_(ledger), make_(std::move(make)) {}

  // Calls `body` with the views as they were at the position, and returns what it returns. OUT_OF_RANGE for a position
  // that was never given out, RESOURCE_EXHAUSTED where too much would have to be replayed, DEADLINE_EXCEEDED. One call
  // at a time; others wait.
  absl::Status At(int64_t position, absl::Time deadline, const storage::Store::Clock& clock,
                  absl::FunctionRef<absl::Status(const PastViews&)> body);

  // Lets go of views that were made before the entry at this position, which erased personal data that they may hold.
  // At once, or when the call of At that uses them returns; does not wait.
  void ForgetBefore(int64_t position);

  // The day, UTC, of the entry at a position that was given out.
  absl::StatusOr<athletics::Date> DayOf(int64_t position) const;
  // The last entry before the end of the day, UTC; 0 where there is none.
  absl::StatusOr<int64_t> LastPositionOf(athletics::Date day) const;
  // The last entry before the time; 0 where there is none.
  absl::StatusOr<int64_t> LastPositionBefore(absl::Time time) const;

 private:
  absl::Status Replay(int64_t position, absl::Time deadline, const storage::Store::Clock& clock)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropForgotten() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const storage::Ledger* const ledger_;
  const MakePastViews make_;
  absl::Mutex mutex_;
  PastViews views_ ABSL_GUARDED_BY(mutex_);
  int64_t position_ ABSL_GUARDED_BY(mutex_) = 0;  // that the views stand at
  int64_t made_at_ ABSL_GUARDED_BY(mutex_) = 0;   // position of the ledger when they were begun
  std::atomic<int64_t> forget_before_ = 0;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_PAST_H_
