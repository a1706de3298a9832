// Refused rows as a file: the columns of the file they came in, and behind them why. Mended, it can be read again.
#ifndef PALMARES_SERVICES_INGEST_REJECTED_ROWS_H_
#define PALMARES_SERVICES_INGEST_REJECTED_ROWS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/common.pb.h"
#include "services/rpc/export.h"

namespace palmares::ingest {

// `csv` is what a reading gives (Report::rejected_rows). Without a format it stays as it is; in JSON each row is an
// object of its headers. INVALID_ARGUMENT for an unknown format.
absl::StatusOr<rpc::ExportedFile> RejectedRowsFile(absl::string_view file_name, std::string csv,
                                                   v1::ExportFormat format);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_REJECTED_ROWS_H_
