// The life of a sheet apart from its content: its states, and plans of the entries that change them.
//
//   draft ──► provisional ──► official        any of these: annulled (back by undoing), embargoed (until a time)
//                  ▲  ▼          ▲  ▼
//                 protested ◄────┘
//
// Plans are made by the store's writer, on the state that all earlier entries have left.
#ifndef PALMARES_SERVICES_INGEST_SHEET_LIFE_H_
#define PALMARES_SERVICES_INGEST_SHEET_LIFE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::ingest {

// FAILED_PRECONDITION with reason STATE_NOT_ALLOWED, naming both, where there is no such step.
absl::Status CheckTransition(results::SheetState from, results::SheetState to);

// What all changes of a sheet say.
struct SheetChangeRequest {
  std::string race;  // full name
  std::string reason;
  std::string evidence;
  std::string etag;  // empty: not checked
};

struct StateRequest {
  results::SheetState state = results::SheetState::kNone;
  int64_t announce_time_us = 0;  // 0: at once, or, for a protest, as before
  int64_t embargo_time_us = 0;
  results::SheetState state_after_embargo = results::SheetState::kNone;  // none: provisional
  int64_t now_us = 0;
};

// Nothing where the sheet is in that state already. NOT_FOUND for a race without a sheet; INVALID_ARGUMENT with reason
// REASON_REQUIRED, or for an embargo that has ended before it began.
absl::StatusOr<std::optional<storage::Draft>> PlanState(const results::Results& results,
                                                        const SheetChangeRequest& change, const StateRequest& request);

// Back to draft.
absl::StatusOr<std::optional<storage::Draft>> PlanWithdrawal(const results::Results& results,
                                                             const SheetChangeRequest& change);

// Undoes a revision of the sheet, counted from 1: see sheets.proto.
absl::StatusOr<std::optional<storage::Draft>> PlanSheetUndo(const results::Results& results,
                                                            const SheetChangeRequest& change, int32_t revision);

// Ends an embargo whose time has come; nothing where there is none.
absl::StatusOr<std::optional<storage::Draft>> PlanEmbargoEnd(const results::Results& results, int32_t race,
                                                             int64_t now_us);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_LIFE_H_
