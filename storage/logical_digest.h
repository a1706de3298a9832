// A digest over the logical content of a ledger: equal for two ledgers exactly if they hold the same entries, however
// RocksDB has laid them out.
//
//   digest := SHA-256 of, for each entry in order: position:u64 big-endian, then as `bytes` the header, each block and
//             each block of personal data (FORMAT.md)
#ifndef PALMARES_STORAGE_LOGICAL_DIGEST_H_
#define PALMARES_STORAGE_LOGICAL_DIGEST_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "storage/ledger.h"

namespace palmares::storage {

// Told how many entries are done; an error it gives ends the work and is what the work returns.
using EntryProgress = absl::FunctionRef<absl::Status(int64_t done)>;

// The 32 bytes of the digest over the entries 1 … `last`. DATA_LOSS if one is missing or damaged.
absl::StatusOr<std::string> LogicalDigest(const Ledger& ledger, int64_t last, EntryProgress progress);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_LOGICAL_DIGEST_H_
