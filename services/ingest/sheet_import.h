// A file becomes a race's sheet, or a report of why not: what one stream and the job of an upload have in common.
#ifndef PALMARES_SERVICES_INGEST_SHEET_IMPORT_H_
#define PALMARES_SERVICES_INGEST_SHEET_IMPORT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "palmares/v1/imports.pb.h"
#include "services/ingest/issue.h"
#include "services/ingest/publish.h"
#include "services/rpc/call.h"

namespace palmares::ingest {

struct SheetImport {
  v1::ImportHeader header;
  absl::string_view content;
  absl::Time began;  // when its first byte came
  // Position of the race's sheet that the file was checked against; another one is ABORTED. Nothing: any.
  std::optional<int64_t> sheet_position;
  // Position of the saved mapping that the file was checked with, 0 without one; another one is ABORTED. Nothing: any.
  std::optional<int64_t> mapping_position;
  // Told how far it is: "parsing", "linking", in rows. With false it ends: CANCELLED. May be empty.
  std::function<bool(absl::string_view stage, int64_t done, int64_t total)> progress;
};

struct ImportOutcome {
  v1::ImportReport report;
  int64_t position = 0;          // of the change; where nothing changed, that it was planned at
  int64_t sheet_position = 0;    // of the sheet that it was checked against
  int64_t mapping_position = 0;  // of the saved mapping that it was read with; 0 without one
  std::vector<Issue> issues;     // of the file, all that are kept
  std::string rejected_rows;     // as CSV with a column "reason"; empty when there are none
};

// The report also tells of refused rows; then nothing was written. INVALID_ARGUMENT for a header that makes no sense or
// a hash that is not the content's; NOT_FOUND without the race or the saved mapping; what PlanPublish refuses.
absl::StatusOr<ImportOutcome> ImportFile(const rpc::Call& call, const PublishViews& views, const SheetImport& import);

// ABORTED with reason SHEET_CHANGED.
absl::Status SheetHasChanged(const std::string& race);

// Whether the content, known by its hash alone, is on the race's sheet already. The header has what a saved mapping
// adds. Under a Reader.
bool IsOnSheet(const PublishViews& views, const v1::ImportHeader& header);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_IMPORT_H_
