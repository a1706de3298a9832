// A data directory made from a backup.
#ifndef PALMARES_SERVICES_SERVER_RESTORE_H_
#define PALMARES_SERVICES_SERVER_RESTORE_H_

#include <spdlog/logger.h>

#include "absl/status/status.h"
#include "services/server/config.h"
#include "storage/data_directory.h"

namespace palmares::server {

// Where the configuration asks for it, restores a backup into the data directory, which must be new, and checks what it
// holds. FAILED_PRECONDITION for a directory that is not new, or one in which a restore was interrupted; after another
// error the directory is as empty as it was.
absl::Status RestoreIfAsked(const Config& config, const storage::DataDirectory& directory, spdlog::logger& logger);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_RESTORE_H_
