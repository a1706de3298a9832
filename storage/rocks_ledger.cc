#include "storage/rocks_ledger.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/options.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"
#include "storage/coding.h"
#include "storage/status.h"

namespace palmares::storage {
namespace {

constexpr size_t kKeySize = 12;

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

absl::StatusOr<std::unique_ptr<RocksLedger>> RocksLedger::Open(const std::string& path,
                                                               const RocksLedgerOptions& options) {
  std::unique_ptr<RocksLedger> ledger(new RocksLedger());
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(static_cast<size_t>(options.block_cache_bytes));
  const rocksdb::ColumnFamilyOptions family = FamilyOptions(options, cache);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, family}, {"ledger", family}, {"personal", family}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(DatabaseOptions(options), path, families, &handles, &db);
  if (!status.ok()) return FromRocks(status, absl::StrCat("open the ledger in ", path));
  ledger->db_.reset(db);
  ledger->default_ = handles[0];
  ledger->ledger_ = handles[1];
  ledger->personal_ = handles[2];
  if (absl::Status found = ledger->FindLastPosition(); !found.ok()) return found;
  return ledger;
}

RocksLedger::~RocksLedger() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : {default_, ledger_, personal_}) {
    db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  db_->Close().PermitUncheckedError();  // everything acknowledged is already in the synced log
}

absl::Status RocksLedger::FindLastPosition() {
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions(), ledger_));
  it->SeekToLast();
  if (!it->status().ok()) return FromRocks(it->status(), "read the end of the ledger");
  if (!it->Valid()) return absl::OkStatus();
  absl::StatusOr<KeyParts> key = ParseKey(it->key());
  if (!key.ok()) return key.status();
  last_position_.store(key->position, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status RocksLedger::Append(absl::Span<const Entry> entries) {
  if (failed_) {
    if (rocksdb::Status resumed = db_->Resume(); !resumed.ok()) return FromRocks(resumed, "resume the ledger");
    failed_ = false;
  }
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const Entry& entry : entries) {
    if (status.ok()) status = batch.Put(ledger_, Key(entry.position, 0), EncodeEntryHeader(entry));
    for (size_t i = 0; i < entry.change.blocks.size() && status.ok(); ++i) {
      status = batch.Put(ledger_, Key(entry.position, static_cast<int64_t>(i) + 1), entry.change.blocks[i]);
    }
    for (size_t i = 0; i < entry.change.personal.size() && status.ok(); ++i) {
      status = batch.Put(personal_, Key(entry.position, static_cast<int64_t>(i) + 1), entry.change.personal[i]);
    }
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  if (status.ok()) status = db_->Write(options, &batch);
  if (!status.ok()) {
    failed_ = true;
    return FromRocks(status, "append to the ledger");
  }
  if (!entries.empty()) last_position_.store(entries.back().position, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status RocksLedger::Read(int64_t from, int64_t to, absl::FunctionRef<absl::Status(Entry)> take) const {
  if (from > to) return absl::OkStatus();
  rocksdb::ReadOptions options;
  options.readahead_size = 2 << 20;
  options.fill_cache = false;
  std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, ledger_));
  std::unique_ptr<rocksdb::Iterator> personal(db_->NewIterator(options, personal_));
  Assembler assembler(from);
  int64_t done = from - 1;
  for (it->Seek(Key(from, 0)); it->Valid() && done < to; it->Next()) {
    absl::StatusOr<KeyParts> key = ParseKey(it->key());
    if (!key.ok()) return key.status();
    absl::Status status =
        key->part == 0 ? assembler.StartEntry(*key, it->value()) : assembler.AddBlock(*key, it->value());
    if (!status.ok()) return status;
    if (!assembler.whole()) continue;
    if (status = TakePersonal(*personal, assembler.header()); !status.ok()) return status;
    done = assembler.header().entry.position;
    if (status = take(std::move(assembler.header().entry)); !status.ok()) return status;
  }
  if (!it->status().ok()) return FromRocks(it->status(), "read the ledger");
  if (done < to) return Assembler::Missing(absl::StrCat("the entry at position ", done + 1));
  return absl::OkStatus();
}

absl::StatusOr<std::string> RocksLedger::ReadPersonal(int64_t position, int64_t block) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), personal_, Key(position, block + 1), &value);
  if (!status.ok()) return FromRocks(status, "read personal data");
  return value;
}

RocksLedger::Statistics RocksLedger::GetStatistics() const {
  const auto sum = [this](const rocksdb::Slice& property) {
    uint64_t value = 0;
    db_->GetAggregatedIntProperty(property, &value);
    return static_cast<int64_t>(value);
  };
  Statistics statistics;
  statistics.disk_bytes = sum(rocksdb::DB::Properties::kLiveSstFilesSize);
  statistics.memtable_bytes = sum(rocksdb::DB::Properties::kCurSizeAllMemTables);
  rocksdb::VectorLogPtr logs;
  if (db_->GetSortedWalFiles(logs).ok()) {
    for (const auto& log : logs) statistics.log_bytes += static_cast<int64_t>(log->SizeFileBytes());
  }
  return statistics;
}

}  // namespace palmares::storage
