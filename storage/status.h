// The one place where RocksDB's status becomes absl's.
#ifndef PALMARES_STORAGE_STATUS_H_
#define PALMARES_STORAGE_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace palmares::storage {

// `what` says what was tried: "append to the ledger". Codes by what the caller can do: no space left and other I/O
// errors are UNAVAILABLE (may pass; retry), corruption is DATA_LOSS, everything unforeseen is INTERNAL.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view what);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_STATUS_H_
