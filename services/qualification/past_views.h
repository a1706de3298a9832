// The views as they were at an earlier position: a replay of the ledger up to there, then entry by entry.
#ifndef PALMARES_SERVICES_QUALIFICATION_PAST_VIEWS_H_
#define PALMARES_SERVICES_QUALIFICATION_PAST_VIEWS_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/events/calendar.h"
#include "services/identity/athletes.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/touched_athletes.h"
#include "services/results/results.h"
#include "services/results/sanctions.h"
#include "storage/ledger.h"

namespace palmares::qualification {

// As large as the live views while it lives. Used by one thread.
class PastViews {
 public:
  // The ledger must outlive it.
  explicit PastViews(const storage::Ledger* ledger)
      : ledger_(*ledger),
        results(&calendar, ledger),
        sanctions(&results, [this](int64_t athlete) { return athletes.Members(athletes.Resolve(athlete)); }) {}

  // Applies everything up to the position; `between` is called before each entry, and ends it by an error.
  absl::Status Replay(int64_t position, absl::FunctionRef<absl::Status()> between);
  // The next entry, not yet applied: asked what it touches, then applied.
  absl::StatusOr<Touched> Touches(const storage::Entry& entry) const {
    absl::StatusOr<identity::TouchedRows> rows =
        identity::TouchedRowsFinder(&results, &athletes, &sanctions).Before(entry);
    if (!rows.ok()) return rows.status();
    return TouchedBy(entry, *rows, {&results, &athletes, &sanctions, &standards});
  }
  absl::Status Apply(const storage::Entry& entry);
  int64_t position() const { return position_; }

 private:
  const storage::Ledger& ledger_;
  int64_t position_ = 0;

 public:
  events::Calendar calendar;
  identity::Athletes athletes;
  StandardsView standards;
  results::Results results;
  results::Sanctions sanctions;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_PAST_VIEWS_H_
