// A ledger in memory, for tests of everything above it.
#ifndef PALMARES_STORAGE_MEMORY_LEDGER_H_
#define PALMARES_STORAGE_MEMORY_LEDGER_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/ledger.h"

namespace palmares::storage {

class MemoryLedger : public Ledger {
 public:
  absl::Status Append(absl::Span<const Entry> entries) override;
  absl::Status Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const override;
  absl::StatusOr<std::string> ReadPersonal(int64_t position, int64_t block) const override;
  absl::Status PurgeOverwritten() const override { return absl::OkStatus(); }
  int64_t LastPosition() const override;

  // What the next Append calls return instead of appending, until set to OK again.
  void FailAppends(absl::Status status);

 private:
  mutable absl::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_MEMORY_LEDGER_H_
