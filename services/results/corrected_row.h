// A row with the fields that a correction states.
#ifndef PALMARES_SERVICES_RESULTS_CORRECTED_ROW_H_
#define PALMARES_SERVICES_RESULTS_CORRECTED_ROW_H_

#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "palmares/v1/rows.pb.h"
#include "services/events/calendar.h"
#include "services/results/result.h"

namespace palmares::results {

// The row with the fields of the mask taken from the message. Where the official mark is that of the race's clock, each
// follows the other. A mark as written does not outlive the mark that it was written for. INVALID_ARGUMENT names a
// field that cannot be corrected, or a value that makes no sense by itself; whether the row contradicts itself is
// another question (ingest/row_rules.h).
absl::StatusOr<Result> Corrected(const Result& before, const v1::ResultRow& changes,
                                 const google::protobuf::FieldMask& mask, const events::Race& race);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_CORRECTED_ROW_H_
