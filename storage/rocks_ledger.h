// The embedded ledger: RocksDB on this machine.
//
// Two column families under one write-ahead log, so that an entry's facts and personal data become durable together:
//   ledger    key := position:big-endian u64 part:big-endian u32; part 0 is the entry's header, part i > 0 its block i
//   - 1 personal  the same key; part i > 0 holds the personal data beside block i - 1
//
// Faults: an append that fails (disk full, I/O error) appended nothing; the next one, or Recover, tries whether the
// disk can be written again and then opens the database anew, while which reads wait. A table file that cannot be read,
// or is damaged, stops appends until the server is started again: nothing is built on damaged ground.
#ifndef PALMARES_STORAGE_ROCKS_LEDGER_H_
#define PALMARES_STORAGE_ROCKS_LEDGER_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "storage/acknowledged_mark.h"
#include "storage/ledger.h"
#include "storage/rocks_ledger_options.h"

namespace palmares::storage {

class RocksLedger : public Ledger {
 public:
  // Opens or makes the database in `path`, and beside it the mark of what was acknowledged, `path`.mark. A torn end of
  // the write-ahead log (a write that was never acknowledged) is dropped; any other damage is DATA_LOSS.
  static absl::StatusOr<std::unique_ptr<RocksLedger>> Open(const std::string& path, const RocksLedgerOptions& options);
  ~RocksLedger() override;

  absl::Status Append(absl::Span<const Entry> entries) override;
  absl::Status Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const override;
  absl::StatusOr<std::string> ReadPersonal(int64_t position, int64_t block) const override;
  absl::Status PurgeOverwritten() const override;

  // Overwrites personal data in a ledger that nobody writes to.
  absl::Status Overwrite(absl::Span<const Overwritten> blocks);
  int64_t LastPosition() const override { return last_position_.load(std::memory_order_acquire); }

  // Whether the next append can succeed as far as is known; else why the last one failed, or what stopped all of them.
  absl::Status Writable() const;
  // Makes appends possible again after a fault that has passed. OK if nothing is amiss; else what still is. Any thread.
  absl::Status Recover();

  struct Statistics {
    int64_t disk_bytes = 0;  // of table files; the write-ahead log comes on top
    int64_t memtable_bytes = 0;
    int64_t log_bytes = 0;
  };
  Statistics GetStatistics() const;

  // The open database, for what works on it as a whole, such as a backup. Appends and reads go on meanwhile.
  absl::Status WithDatabase(absl::FunctionRef<absl::Status(rocksdb::DB&)> work) const;

 private:
  struct Database;

  RocksLedger(std::string path, const RocksLedgerOptions& options);
  absl::Status OpenDatabase() ABSL_EXCLUSIVE_LOCKS_REQUIRED(database_mutex_);
  absl::StatusOr<int64_t> FindLastPosition() const ABSL_SHARED_LOCKS_REQUIRED(database_mutex_);
  absl::Status DropUnacknowledged() ABSL_EXCLUSIVE_LOCKS_REQUIRED(database_mutex_);
  absl::Status Write(absl::Span<const Entry> entries) ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex_);
  absl::Status RecoverLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex_);
  absl::Status OpenAnew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(append_mutex_);
  absl::StatusOr<std::vector<Entry>> ReadSome(int64_t from, int64_t to) const;
  absl::Status CheckOpen() const ABSL_SHARED_LOCKS_REQUIRED(database_mutex_);
  absl::Status NoteReadError(absl::Status status) const;
  void SetFault(const absl::Status& status);

  const std::string path_;
  const RocksLedgerOptions options_;

  absl::Mutex append_mutex_;  // held while appending and recovering; taken before the others
  std::unique_ptr<AcknowledgedMark> mark_ ABSL_GUARDED_BY(append_mutex_);

  mutable absl::Mutex database_mutex_;  // shared by all who use the database, exclusive while it is opened anew
  std::unique_ptr<Database> database_ ABSL_GUARDED_BY(database_mutex_);  // null after opening anew failed

  std::atomic<int64_t> last_position_{0};

  mutable absl::Mutex fault_mutex_;
  absl::Status fault_ ABSL_GUARDED_BY(fault_mutex_);           // of the last append; OK again after a good one
  mutable absl::Status damage_ ABSL_GUARDED_BY(fault_mutex_);  // stays until the process ends
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ROCKS_LEDGER_H_
