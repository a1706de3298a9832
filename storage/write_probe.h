// Whether a directory can be written to now: disks that were full or failed become well again.
#ifndef PALMARES_STORAGE_WRITE_PROBE_H_
#define PALMARES_STORAGE_WRITE_PROBE_H_

#include <string>

#include "absl/status/status.h"
#include "rocksdb/env.h"

namespace palmares::storage {

// Writes a small file, syncs it and removes it. UNAVAILABLE says what failed.
absl::Status ProbeWriting(rocksdb::Env& env, const std::string& directory);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_WRITE_PROBE_H_
