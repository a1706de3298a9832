// What all changes of a result have in common: finding it, whether it may be changed, and the entry of a revision.
// Private to result_change.h.
#ifndef PALMARES_SERVICES_RESULTS_CHANGE_DRAFT_H_
#define PALMARES_SERVICES_RESULTS_CHANGE_DRAFT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/results/result_change.h"
#include "storage/stored.pb.h"

namespace palmares::results {

// FAILED_PRECONDITION with this reason.
absl::Status Refused(absl::string_view reason, absl::string_view message);

// ALREADY_EXISTS with reason BIB_TAKEN where somebody on the sheet has it.
absl::Status CheckBib(const RaceSheet& sheet, const std::string& bib);

// The result, where it may be changed.
absl::StatusOr<RowRef> FindForChange(const Results& results, const Change& change);

// Gives the draft the row as its block.
void SetRow(const Result& row, const Link& link, int64_t split_count, storage::Draft& draft);

// The entry that makes `after` of a result. `stated`: places that corrections state; `body`: what else it says.
absl::StatusOr<storage::Draft> DraftRevision(const Results& results, RowRef ref, const Change& change,
                                             const Result& before, const Result& after, const Link& link,
                                             const Places& stated, stored::v1::ResultRevised body = {});

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_CHANGE_DRAFT_H_
