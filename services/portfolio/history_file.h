// A history as a file.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_FILE_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_FILE_H_

#include "absl/status/status.h"
#include "palmares/v1/histories.pb.h"
#include "services/rpc/export.h"

namespace palmares::portfolio {

// Writes the entries, in their order: in JSON an entry a line, else a table of them. Fills everything of the file but
// its position.
absl::Status WriteHistory(const v1::History& history, rpc::TableWriter table, rpc::ExportedFile& file);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_FILE_H_
