// How a file would be read, found out here: for a dry run of a race that no server has yet.
#ifndef PALMARES_TOOLS_PALMARES_IMPORT_PREVIEW_H_
#define PALMARES_TOOLS_PALMARES_IMPORT_PREVIEW_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/events.pb.h"
#include "palmares/v1/imports.pb.h"
#include "services/ingest/mapped_header.h"
#include "tools/palmares/connection.h"

namespace palmares::tools {

// The header with what the saved mapping adds that it names, or that its timing system chooses among those the server
// shows. NOT_FOUND without the one it names; INVALID_ARGUMENT for one of another event; what a call answers.
absl::StatusOr<ingest::MappedHeader> MappedHeaderOf(const Connection& connection, const v1::ImportHeader& header);

// Reads the content with the server's code. Every row is new; who is who stays open. INVALID_ARGUMENT for a discipline
// that is not known.
absl::StatusOr<v1::ImportSheetResponse> PreviewSheet(const v1::Race& race, const ingest::MappedHeader& mapped,
                                                     absl::string_view content);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_IMPORT_PREVIEW_H_
