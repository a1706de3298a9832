// The embedded ledger: RocksDB on this machine.
//
// Two column families under one write-ahead log, so that an entry's facts and personal data become durable together:
//   ledger    key := position:big-endian u64 part:big-endian u32; part 0 is the entry's header, part i > 0 its block i
//   - 1 personal  the same key; part i > 0 holds the personal data beside block i - 1
#ifndef PALMARES_STORAGE_ROCKS_LEDGER_H_
#define PALMARES_STORAGE_ROCKS_LEDGER_H_

#include <atomic>
#include <memory>
#include <string>

#include "rocksdb/db.h"
#include "storage/ledger.h"

namespace palmares::storage {

struct RocksLedgerOptions {
  rocksdb::Env* env = nullptr;  // not owned; nullptr: the machine's own
  int64_t block_cache_bytes = int64_t{128} << 20;
  int64_t write_buffer_bytes = int64_t{64} << 20;
};

class RocksLedger : public Ledger {
 public:
  // Opens or makes the database in `path`. A torn end of the write-ahead log (a write that was never acknowledged) is
  // dropped; any other damage is DATA_LOSS.
  static absl::StatusOr<std::unique_ptr<RocksLedger>> Open(const std::string& path, const RocksLedgerOptions& options);
  ~RocksLedger() override;

  absl::Status Append(absl::Span<const Entry> entries) override;
  absl::Status Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const override;
  absl::StatusOr<std::string> ReadPersonal(int64_t position, int64_t block) const override;
  int64_t LastPosition() const override { return last_position_.load(std::memory_order_acquire); }

  struct Statistics {
    int64_t disk_bytes = 0;  // of table files; the write-ahead log comes on top
    int64_t memtable_bytes = 0;
    int64_t log_bytes = 0;
  };
  Statistics GetStatistics() const;

 private:
  RocksLedger() = default;
  absl::Status FindLastPosition();

  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* default_ = nullptr;  // owned by this, destroyed before db_
  rocksdb::ColumnFamilyHandle* ledger_ = nullptr;
  rocksdb::ColumnFamilyHandle* personal_ = nullptr;
  std::atomic<int64_t> last_position_{0};
  bool failed_ = false;  // the last append failed: RocksDB must be resumed before the next. Touched by the writer only.
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ROCKS_LEDGER_H_
