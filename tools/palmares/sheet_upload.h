// Sends a file of results to a race's sheet.
#ifndef PALMARES_TOOLS_PALMARES_SHEET_UPLOAD_H_
#define PALMARES_TOOLS_PALMARES_SHEET_UPLOAD_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/imports.pb.h"
#include "tools/palmares/connection.h"

namespace palmares::tools {

// Streams the header, then the content in chunks; `sent` (may be empty) is told how many bytes are on their way. The
// answer is the server's report, also when rows were refused. Where all was sent and nobody answered, the error says
// that the sheet may be there.
absl::StatusOr<v1::ImportSheetResponse> UploadSheet(const Connection& connection, const v1::ImportHeader& header,
                                                    absl::string_view content,
                                                    const std::function<void(int64_t)>& sent);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_SHEET_UPLOAD_H_
