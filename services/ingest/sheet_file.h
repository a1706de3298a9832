// A sheet as a file that people and programs read, and that can be imported again: headers are fields that reading
// knows, marks are exact.
#ifndef PALMARES_SERVICES_INGEST_SHEET_FILE_H_
#define PALMARES_SERVICES_INGEST_SHEET_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "palmares/v1/common.pb.h"
#include "palmares/v1/results.pb.h"
#include "services/events/calendar.h"
#include "services/results/race_sheet.h"
#include "services/rpc/export.h"

namespace palmares::ingest {

// The rows in the order in which they are to stand, as their reader may see them. Columns without a value in any row
// are left out of CSV; in JSON each row is a Result. INVALID_ARGUMENT for an unknown format.
absl::StatusOr<rpc::ExportedFile> SheetFile(const events::Race& race, const results::RaceSheet& sheet,
                                            const std::vector<v1::Result>& rows, v1::ExportFormat format);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_FILE_H_
