// The ledger: every change in order, durable. A seam: embedded on RocksDB, in memory for tests, replicated one day.
#ifndef PALMARES_STORAGE_LEDGER_H_
#define PALMARES_STORAGE_LEDGER_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/entry.h"

namespace palmares::storage {

// One writer at a time calls Append; every other function may be called from any thread at any time.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Makes the entries durable, all or none, in one fsync, with what they overwrite. Their positions follow
  // LastPosition() without a gap. On an error nothing was appended; UNAVAILABLE (disk full, I/O error) may pass, and
  // the same call may be made again.
  [[nodiscard]] virtual absl::Status Append(absl::Span<const Entry> entries) = 0;

  // Calls `take` with each entry from position `from` on, in order, up to `to` inclusive; stops at its first error and
  // returns it. DATA_LOSS if an entry is missing or damaged: an entry is never skipped.
  [[nodiscard]] virtual absl::Status Read(int64_t from, int64_t to,
                                          absl::FunctionRef<absl::Status(Entry)> take) const = 0;

  // One block of personal data of an entry. NOT_FOUND if there is none.
  virtual absl::StatusOr<std::string> ReadPersonal(int64_t position, int64_t block) const = 0;

  // Rids the storage itself of what appends have overwritten, which may take seconds. Writing and reading go on.
  [[nodiscard]] virtual absl::Status PurgeOverwritten() const = 0;

  // 0 for an empty ledger.
  virtual int64_t LastPosition() const = 0;
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_LEDGER_H_
