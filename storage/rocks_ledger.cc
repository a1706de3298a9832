#include "storage/rocks_ledger.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"
#include "storage/coding.h"
#include "storage/status.h"
#include "storage/write_probe.h"

namespace palmares::storage {
namespace {

constexpr size_t kKeySize = 12;
constexpr int kTriesToOpen = 200;        // a millisecond apart
constexpr size_t kReadAtOnce = 4 << 20;  // bytes of entries, and what is left of the last one

std::string Key(int64_t position, int64_t part) {
  std::string key;
  key.reserve(kKeySize);
  PutBigEndian(key, static_cast<uint64_t>(position), 8);
  PutBigEndian(key, static_cast<uint64_t>(part), 4);
  return key;
}

struct KeyParts {
  int64_t position = 0;
  int64_t part = 0;
};

absl::StatusOr<KeyParts> ParseKey(const rocksdb::Slice& key) {
  if (key.size() != kKeySize) return absl::DataLossError("ledger: a key of a wrong size");
  const absl::string_view bytes(key.data(), key.size());
  return KeyParts{static_cast<int64_t>(BigEndian(bytes.substr(0, 8))),
                  static_cast<int64_t>(BigEndian(bytes.substr(8)))};
}

std::string ToString(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::ColumnFamilyOptions FamilyOptions(const RocksLedgerOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = static_cast<size_t>(options.write_buffer_bytes);
  family.compression = rocksdb::kZSTD;
  family.paranoid_file_checks = true;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::DBOptions DatabaseOptions(const RocksLedgerOptions& options) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  database.paranoid_checks = true;
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  database.track_and_verify_wals_in_manifest = true;
  database.max_background_jobs = 2;
  database.max_open_files = 512;
  database.max_file_opening_threads = 2;  // sixteen would be started for each family, however few its files are
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.keep_log_file_num = 4;
  database.avoid_flush_during_shutdown = false;
  return database;
}

// Joins the parts of entries, which arrive in key order, and hands on each entry when it is whole.
class Assembler {
 public:
  explicit Assembler(int64_t first) : next_(first) {}

  absl::Status StartEntry(KeyParts key, const rocksdb::Slice& value) {
    if (key.position != next_) return Missing(absl::StrCat("the entry at position ", next_));
    absl::StatusOr<EntryHeader> header = DecodeEntryHeader({value.data(), value.size()});
    if (!header.ok()) {
      return absl::DataLossError(absl::StrCat("ledger position ", next_, ": ", header.status().message()));
    }
    header_ = *std::move(header);
    header_.entry.position = next_++;
    return absl::OkStatus();
  }

  absl::Status AddBlock(KeyParts key, const rocksdb::Slice& value) {
    std::vector<std::string>& blocks = header_.entry.change.blocks;
    if (key.position != next_ - 1 || key.part != static_cast<int64_t>(blocks.size()) + 1) {
      return Missing(absl::StrCat("a block of the entry at position ", next_ - 1));
    }
    blocks.push_back(ToString(value));
    return absl::OkStatus();
  }

  bool whole() const { return static_cast<int64_t>(header_.entry.change.blocks.size()) == header_.blocks; }
  EntryHeader& header() { return header_; }

  static absl::Status Missing(absl::string_view what) {
    return absl::DataLossError(absl::StrCat("ledger: ", what, " is missing"));
  }

 private:
  int64_t next_;
  EntryHeader header_;
};

absl::Status TakePersonal(rocksdb::Iterator& personal, EntryHeader& header) {
  if (!header.has_personal) return absl::OkStatus();
  for (int64_t part = 1; part <= header.blocks; ++part) {
    const std::string want = Key(header.entry.position, part);
    if (!personal.Valid() || personal.key() != rocksdb::Slice(want)) {
      personal.Seek(want);
      if (!personal.Valid() || personal.key() != rocksdb::Slice(want)) {
        if (!personal.status().ok()) return FromRocks(personal.status(), "read personal data");
        return Assembler::Missing(absl::StrCat("personal data of the entry at position ", header.entry.position));
      }
    }
    header.entry.change.personal.push_back(ToString(personal.value()));
    personal.Next();
  }
  return absl::OkStatus();
}

}  // namespace

struct RocksLedger::Database {
  ~Database() {
    for (rocksdb::ColumnFamilyHandle* handle : handles) {
      db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    if (db != nullptr) db->Close().PermitUncheckedError();  // everything acknowledged is already in the synced log
  }
  rocksdb::ColumnFamilyHandle* ledger() const { return handles[1]; }
  rocksdb::ColumnFamilyHandle* personal() const { return handles[2]; }

  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*>
      handles;  // of the default family, which is empty, the ledger's, the personal
};

absl::StatusOr<std::unique_ptr<RocksLedger>> RocksLedger::Open(const std::string& path,
                                                               const RocksLedgerOptions& options) {
  std::unique_ptr<RocksLedger> ledger(new RocksLedger(path, options));
  {
    absl::MutexLock lock(&ledger->database_mutex_);
    if (absl::Status status = ledger->OpenDatabase(); !status.ok()) return status;
    absl::StatusOr<int64_t> last = ledger->FindLastPosition();
    if (!last.ok()) return last.status();
    ledger->last_position_.store(*last, std::memory_order_release);
  }
  if (options.read_only) return ledger;
  absl::MutexLock lock(&ledger->append_mutex_);
  absl::StatusOr<std::unique_ptr<AcknowledgedMark>> mark =
      AcknowledgedMark::Open(path + ".mark", ledger->LastPosition());
  if (!mark.ok()) return mark.status();
  ledger->mark_ = *std::move(mark);
  return ledger;
}

RocksLedger::RocksLedger(std::string path, const RocksLedgerOptions& options)
    : path_(std::move(path)), options_(options) {}

RocksLedger::~RocksLedger() = default;

absl::Status RocksLedger::OpenDatabase() {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(static_cast<size_t>(options_.block_cache_bytes));
  const rocksdb::ColumnFamilyOptions family = FamilyOptions(options_, cache);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, family}, {"ledger", family}, {"personal", family}};
  auto database = std::make_unique<Database>();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      options_.read_only
          ? rocksdb::DB::OpenForReadOnly(DatabaseOptions(options_), path_, families, &database->handles, &db)
          : rocksdb::DB::Open(DatabaseOptions(options_), path_, families, &database->handles, &db);
  if (!status.ok()) return FromRocks(status, absl::StrCat("open the ledger in ", path_));
  database->db.reset(db);
  database_ = std::move(database);
  return absl::OkStatus();
}

absl::Status RocksLedger::CheckOpen() const {
  return database_ != nullptr ? absl::OkStatus() : absl::UnavailableError("the ledger could not be opened again");
}

absl::StatusOr<int64_t> RocksLedger::FindLastPosition() const {
  std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(rocksdb::ReadOptions(), database_->ledger()));
  it->SeekToLast();
  if (!it->status().ok()) return FromRocks(it->status(), "read the end of the ledger");
  if (!it->Valid()) return 0;
  absl::StatusOr<KeyParts> key = ParseKey(it->key());
  if (!key.ok()) return key.status();
  return key->position;
}

// An append that failed may have reached the log all the same. Its caller was told that nothing was appended.
absl::Status RocksLedger::DropUnacknowledged() {
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (rocksdb::ColumnFamilyHandle* family : {database_->ledger(), database_->personal()}) {
    std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(rocksdb::ReadOptions(), family));
    for (it->Seek(Key(LastPosition() + 1, 0)); it->Valid() && status.ok(); it->Next()) {
      status = batch.Delete(family, it->key());
    }
    if (status.ok()) status = it->status();
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok() && batch.Count() > 0) status = database_->db->Write(options, &batch);
  return FromRocks(status, "take back what was not acknowledged");
}

absl::Status RocksLedger::Writable() const {
  absl::MutexLock lock(&fault_mutex_);
  return damage_.ok() ? fault_ : damage_;
}

void RocksLedger::SetFault(const absl::Status& status) {
  absl::MutexLock lock(&fault_mutex_);
  fault_ = status;
  if (absl::IsDataLoss(status)) damage_ = status;
}

absl::Status RocksLedger::Recover() {
  absl::MutexLock lock(&append_mutex_);
  return RecoverLocked();
}

absl::Status RocksLedger::RecoverLocked() {
  absl::Status writable = Writable();
  if (writable.ok() || absl::IsDataLoss(writable)) return writable;
  rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
  absl::Status status = ProbeWriting(*env, path_);
  if (status.ok()) status = OpenAnew();
  SetFault(status);
  return status;
}

absl::Status RocksLedger::OpenAnew() {
  // Not by waiting: whoever waits for the exclusive lock lets no reader pass, and a backup may hold it for minutes.
  for (int tries = 0; !database_mutex_.TryLock(); ++tries) {
    if (tries == kTriesToOpen) return absl::UnavailableError("the ledger is in use and cannot be opened again yet");
    absl::SleepFor(absl::Milliseconds(1));
  }
  database_.reset();
  absl::Status status = OpenDatabase();
  if (status.ok()) status = DropUnacknowledged();
  database_mutex_.Unlock();
  return status;
}

absl::Status RocksLedger::Append(absl::Span<const Entry> entries) {
  if (options_.read_only) return absl::FailedPreconditionError("the ledger is open for reading only");
  absl::MutexLock lock(&append_mutex_);
  if (absl::Status status = RecoverLocked(); !status.ok()) return status;
  absl::Status status = Write(entries);
  if (!status.ok()) {
    SetFault(status);
  } else if (!entries.empty()) {
    last_position_.store(entries.back().position, std::memory_order_release);
    mark_->Set(entries.back().position);
  }
  return status;
}

absl::Status RocksLedger::Write(absl::Span<const Entry> entries) {
  absl::ReaderMutexLock lock(&database_mutex_);
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const Entry& entry : entries) {
    if (status.ok()) status = batch.Put(database_->ledger(), Key(entry.position, 0), EncodeEntryHeader(entry));
    for (size_t i = 0; i < entry.change.blocks.size() && status.ok(); ++i) {
      status = batch.Put(database_->ledger(), Key(entry.position, static_cast<int64_t>(i) + 1), entry.change.blocks[i]);
    }
    for (size_t i = 0; i < entry.change.personal.size() && status.ok(); ++i) {
      status =
          batch.Put(database_->personal(), Key(entry.position, static_cast<int64_t>(i) + 1), entry.change.personal[i]);
    }
    for (const Overwritten& block : entry.change.overwritten) {
      if (status.ok()) status = batch.Put(database_->personal(), Key(block.position, block.block + 1), block.personal);
    }
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = database_->db->Write(options, &batch);
  return FromRocks(status, "append to the ledger");
}

absl::Status RocksLedger::NoteReadError(absl::Status status) const {
  if (absl::IsNotFound(status)) return status;
  absl::MutexLock lock(&fault_mutex_);
  if (damage_.ok()) {
    damage_ =
        absl::DataLossError(absl::StrCat("writing has stopped, because the ledger's files cannot be read (",
                                         status.message(), "): mend the disk or restore a backup, then start again"));
  }
  return status;
}

absl::StatusOr<std::vector<Entry>> RocksLedger::ReadSome(int64_t from, int64_t to) const {
  absl::ReaderMutexLock lock(&database_mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  rocksdb::ReadOptions options;
  options.readahead_size = from == to ? 0 : 2 << 20;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(options, database_->ledger()));
  std::unique_ptr<rocksdb::Iterator> personal(database_->db->NewIterator(options, database_->personal()));
  Assembler assembler(from);
  std::vector<Entry> entries;
  size_t bytes = 0;
  for (it->Seek(Key(from, 0)); it->Valid() && (entries.empty() || bytes < kReadAtOnce); it->Next()) {
    absl::StatusOr<KeyParts> key = ParseKey(it->key());
    if (!key.ok()) return NoteReadError(key.status());
    absl::Status status =
        key->part == 0 ? assembler.StartEntry(*key, it->value()) : assembler.AddBlock(*key, it->value());
    bytes += it->value().size();
    if (status.ok() && assembler.whole()) {
      status = TakePersonal(*personal, assembler.header());
      entries.push_back(std::move(assembler.header().entry));
    }
    if (!status.ok()) return NoteReadError(status);
    if (!entries.empty() && entries.back().position == to) return entries;
  }
  if (!it->status().ok()) return NoteReadError(FromRocks(it->status(), "read the ledger"));
  if (entries.empty()) return NoteReadError(Assembler::Missing(absl::StrCat("the entry at position ", from)));
  return entries;
}

// In pieces, so that `take` runs without the lock: it may read the ledger itself.
absl::Status RocksLedger::Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const {
  while (from <= to) {
    absl::StatusOr<std::vector<Entry>> entries = ReadSome(from, to);
    if (!entries.ok()) return entries.status();
    from = entries->back().position + 1;
    for (Entry& entry : *entries) {
      if (absl::Status status = take(std::move(entry)); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> RocksLedger::ReadPersonal(int64_t position, int64_t block) const {
  absl::ReaderMutexLock lock(&database_mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  std::string value;
  const rocksdb::Status status =
      database_->db->Get(rocksdb::ReadOptions(), database_->personal(), Key(position, block + 1), &value);
  if (!status.ok()) return NoteReadError(FromRocks(status, "read personal data"));
  return value;
}

absl::Status RocksLedger::Overwrite(absl::Span<const Overwritten> blocks) {
  absl::MutexLock append_lock(&append_mutex_);
  absl::ReaderMutexLock lock(&database_mutex_);
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const Overwritten& block : blocks) {
    if (status.ok()) status = batch.Put(database_->personal(), Key(block.position, block.block + 1), block.personal);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = database_->db->Write(options, &batch);
  return FromRocks(status, "overwrite personal data");
}

// A flush ends the logs that hold the old bytes, a compaction of everything the tables.
absl::Status RocksLedger::PurgeOverwritten() const {
  absl::ReaderMutexLock lock(&database_mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  rocksdb::Status status = database_->db->Flush(rocksdb::FlushOptions(), {database_->ledger(), database_->personal()});
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  if (status.ok()) status = database_->db->CompactRange(options, database_->personal(), nullptr, nullptr);
  return FromRocks(status, "purge what was overwritten");
}

absl::Status RocksLedger::WithDatabase(absl::FunctionRef<absl::Status(rocksdb::DB&)> work) const {
  absl::ReaderMutexLock lock(&database_mutex_);
  if (absl::Status status = CheckOpen(); !status.ok()) return status;
  return work(*database_->db);
}

RocksLedger::Statistics RocksLedger::GetStatistics() const {
  absl::ReaderMutexLock lock(&database_mutex_);
  Statistics statistics;
  if (database_ == nullptr) return statistics;
  const auto sum = [this](const rocksdb::Slice& property) ABSL_SHARED_LOCKS_REQUIRED(database_mutex_) {
    uint64_t value = 0;
    database_->db->GetAggregatedIntProperty(property, &value);
    return static_cast<int64_t>(value);
  };
  statistics.disk_bytes = sum(rocksdb::DB::Properties::kLiveSstFilesSize);
  statistics.memtable_bytes = sum(rocksdb::DB::Properties::kCurSizeAllMemTables);
  rocksdb::VectorLogPtr logs;
  if (database_->db->GetSortedWalFiles(logs).ok()) {
    for (const auto& log : logs) statistics.log_bytes += static_cast<int64_t>(log->SizeFileBytes());
  }
  return statistics;
}

}  // namespace palmares::storage
