// What was known at an earlier position of the ledger: the views, made anew by replaying the ledger up to there.
//
// Cost: a replay reads every entry up to the position, about a second for each million results, on the caller's thread;
// neither the writer nor other readers wait for it, but one replay runs at a time. The views of the position that was
// asked for last are kept, so that asking again, or for a later position, costs only what lies between; also where a
// deadline came before the position was reached. A position before which more results stood than the bound is refused.
#ifndef PALMARES_SERVICES_RANKINGS_PAST_H_
#define PALMARES_SERVICES_RANKINGS_PAST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/series/clubs_view.h"
#include "services/series/series_view.h"
#include "storage/ledger.h"
#include "storage/store.h"

namespace palmares::rankings {

// All views of a server and those that lists and standings are made of, empty.
struct PastViews {
  std::shared_ptr<storage::View> view;  // that takes the entries
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  const series::ClubsView* clubs = nullptr;
  const series::SeriesView* series = nullptr;
};
// Made by whoever assembles the server, which alone knows all views and their order.
using MakePastViews = std::function<PastViews()>;

class Past {
 public:
  // The ledger must outlive it. `most_rows` is the bound.
  Past(const storage::Ledger* ledger, MakePastViews make, int64_t most_rows)
      : ledger_(ledger), make_(std::move(make)), most_rows_(most_rows) {}

  using Body = absl::FunctionRef<absl::Status(const PastViews& views, int64_t position)>;

  // Calls `body` with the views as they were at the position, and returns what it returns. OUT_OF_RANGE for a position
  // that was never given out, RESOURCE_EXHAUSTED where too much would have to be replayed, DEADLINE_EXCEEDED. One call
  // at a time; others wait until their deadline.
  absl::Status At(int64_t position, absl::Time deadline, const storage::Store::Clock& clock, Body body) {
    return AtEach({position}, deadline, clock, body);
  }
  // The same at several positions, in rising order, while nobody else moves the views. Ends with the first error.
  absl::Status AtEach(const std::vector<int64_t>& positions, absl::Time deadline, const storage::Store::Clock& clock,
                      Body body);

  // What At would answer that can be known without a replay: OUT_OF_RANGE, and RESOURCE_EXHAUSTED as the results tell
  // that stand now. Called under a Reader.
  absl::Status Refusal(const results::Results& now, int64_t position) const;
  int64_t most_rows() const { return most_rows_; }

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
  class Turn;
  absl::Status CheckGivenOut(int64_t position) const;
  absl::Status Replay(int64_t position, absl::Time deadline, const storage::Store::Clock& clock);
  absl::Status TooMuch() const;
  void Drop();
  bool MustForget() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const storage::Ledger* const ledger_;
  const MakePastViews make_;
  const int64_t most_rows_;
  absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t forget_before_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of whoever has the turn.
  PastViews views_;
  int64_t position_ = 0;  // that the views stand at
  int64_t made_at_ = 0;   // position of the ledger when they were begun
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_PAST_H_
