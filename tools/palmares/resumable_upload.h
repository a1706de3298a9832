// Sends a file in pieces that survive a cut: what has arrived stays, and sending goes on behind it, in this run of the
// client or in the next one.
#ifndef PALMARES_TOOLS_PALMARES_RESUMABLE_UPLOAD_H_
#define PALMARES_TOOLS_PALMARES_RESUMABLE_UPLOAD_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "palmares/v1/uploads.pb.h"
#include "tools/palmares/connection.h"

namespace palmares::tools {

struct UploadHooks {
  // Told how many bytes have arrived, then how many rows are read; may be empty.
  std::function<void(int64_t done, int64_t total, absl::string_view stage)> progress;
  // Told of each cut that is about to be mended, and whether the whole file has arrived; may be empty.
  std::function<void(const absl::Status& cut, bool arrived)> cut;
  absl::Duration first_pause = absl::Milliseconds(250);  // before sending again; twice as long after each cut
};

// Uploads the content, waits for its job and gives it as it ended, with its report. Content that is on the sheet
// already is not sent. After six cuts in a row without a byte of progress it gives up with the last one's status, and
// says what is known of the import. A job that failed is an error with its message. UNIMPLEMENTED from a server that
// has no uploads.
absl::StatusOr<v1::ImportJob> UploadResumably(const Connection& connection, const v1::ImportHeader& header,
                                              absl::string_view content, const UploadHooks& hooks);

// The refused rows of a job as a file.
absl::StatusOr<std::string> DownloadRejectedRows(const Connection& connection, const std::string& job);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_RESUMABLE_UPLOAD_H_
