// What surrounds the server, looked at for `admin doctor`: disk, clock, limits, certificates, writing.
#ifndef PALMARES_SERVICES_SERVER_SURROUNDINGS_CHECK_H_
#define PALMARES_SERVICES_SERVER_SURROUNDINGS_CHECK_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "palmares/v1/administration.pb.h"
#include "services/server/config.h"

namespace palmares::server {

struct DiskSpace {
  int64_t total_bytes = 0;
  int64_t free_bytes = 0;  // for this process
};
// Of the disk that holds the path; zeros where that cannot be told.
DiskSpace SpaceOf(const std::string& path);

// `writable`: whether the ledger takes entries; `last_entry`: when the newest was made.
std::vector<v1::Finding> CheckSurroundings(const Config& config, const absl::Status& writable, absl::Time now,
                                           absl::Time last_entry);

// `spilled`: whether rows that had no room were moved to disk.
v1::Finding CheckMemoryBudget(int64_t bytes, const absl::Status& spilled);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_SURROUNDINGS_CHECK_H_
