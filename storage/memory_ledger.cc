#include "storage/memory_ledger.h"

#include "absl/strings/str_cat.h"

namespace palmares::storage {

absl::Status MemoryLedger::Append(absl::Span<const Entry> entries) {
  absl::MutexLock lock(&mutex_);
  if (!failure_.ok()) return failure_;
  entries_.insert(entries_.end(), entries.begin(), entries.end());
  for (const Entry& entry : entries) {
    for (const Overwritten& block : entry.change.overwritten) {
      entries_[static_cast<size_t>(block.position - 1)].change.personal[static_cast<size_t>(block.block)] =
          block.personal;
    }
    entries_[static_cast<size_t>(entry.position - 1)].change.overwritten.clear();
  }
  return absl::OkStatus();
}

absl::Status MemoryLedger::Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const {
  for (int64_t position = from; position <= to; ++position) {
    Entry entry;
    {
      absl::MutexLock lock(&mutex_);
      if (position < 1 || position > static_cast<int64_t>(entries_.size())) {
        return absl::DataLossError(absl::StrCat("no entry at position ", position));
      }
      entry = entries_[static_cast<size_t>(position - 1)];
    }
    if (absl::Status status = take(std::move(entry)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> MemoryLedger::ReadPersonal(int64_t position, int64_t block) const {
  absl::MutexLock lock(&mutex_);
  if (position < 1 || position > static_cast<int64_t>(entries_.size())) return absl::NotFoundError("no such entry");
  const std::vector<std::string>& personal = entries_[static_cast<size_t>(position - 1)].change.personal;
  if (block < 0 || block >= static_cast<int64_t>(personal.size())) return absl::NotFoundError("no such block");
  return personal[static_cast<size_t>(block)];
}

int64_t MemoryLedger::LastPosition() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(entries_.size());
}

void MemoryLedger::FailAppends(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  failure_ = std::move(status);
}

}  // namespace palmares::storage
