// Planning changes of single results: what a change makes of a row, whether it may be, and the entry that records it.
// Plans are made by the store's writer, on the state that all earlier entries have left.
#ifndef PALMARES_SERVICES_RESULTS_RESULT_CHANGE_H_
#define PALMARES_SERVICES_RESULTS_RESULT_CHANGE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/issue.h"
#include "services/results/results.h"

namespace palmares::results {

// What all changes of a result say.
struct Change {
  RevisionKind kind{};
  std::string name;  // of the result
  std::string reason;
  std::string evidence;
  std::string etag;  // empty: not checked
  bool leave_place_vacant = false;
};

struct PlannedChange {
  Result before;
  Result after;
  std::optional<storage::Draft> draft;  // nothing where nothing changes
  std::vector<ingest::Issue> doubts;    // warnings about the change, beside those about the row as it is afterwards
};

// What a change makes of the row; an error says why it may not.
using NewRow = std::function<absl::StatusOr<Result>(Result row)>;

// NOT_FOUND for an unknown result; ABORTED for another etag; INVALID_ARGUMENT with reason REASON_REQUIRED for an
// official sheet without a reason, and with the code of the broken rule (ingest/issue.h) for a row that would
// contradict itself; FAILED_PRECONDITION with reason SHEET_ANNULLED or WITHDRAWN; ALREADY_EXISTS with reason BIB_TAKEN.
absl::StatusOr<PlannedChange> PlanRevision(const Results& results, const Change& change, const NewRow& new_row);

// Moves it to `destination`, which is a race. Splits go along where both sheets call them alike.
absl::StatusOr<PlannedChange> PlanMove(const Results& results, const Change& change, const events::Race& destination);

// Undoes a revision, counted from 1: the newest that stands, that is, all later ones were undone or are undoings of
// later ones. Undoing an undoing does it again. FAILED_PRECONDITION with reason NOT_NEWEST, ALREADY_UNDONE,
// NOTHING_TO_UNDO (of the first), SANCTIONED (a sanction is lifted instead) or SHEET_REPLACED.
absl::StatusOr<PlannedChange> PlanUndo(const Results& results, const Change& change, int32_t revision);

// Takes a disqualification back: by undoing it where it is the newest revision that stands, else by a revision with the
// outcome from before it. FAILED_PRECONDITION with reason NOT_DISQUALIFIED.
absl::StatusOr<PlannedChange> PlanReinstatement(const Results& results, const Change& change);

// Whether a sheet in this state may be changed for this reason.
absl::Status CheckMayChange(const RaceSheet& sheet, const events::Race& race, absl::string_view reason);

// Paths of ResultRow that differ.
std::vector<std::string> ChangedFields(const Result& before, const Result& after,
                                       const athletics::Discipline& discipline);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULT_CHANGE_H_
