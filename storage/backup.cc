#include "storage/backup.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/utilities/backup_engine.h"
#include "storage/data_directory.h"
#include "storage/erasure.h"
#include "storage/logical_digest.h"
#include "storage/read_file.h"
#include "storage/status.h"

namespace palmares::storage {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kMarker = "palmares backups 1\n";
constexpr int64_t kEntriesAStep = 64;  // between two calls of the progress

std::string MarkerPath(const std::string& directory) { return directory + "/PALMARES-BACKUPS"; }
std::string RecordPath(const std::string& directory, int64_t number) {
  return absl::StrCat(directory, "/records/", number);
}
std::string MetaPath(const std::string& directory, int64_t number) { return absl::StrCat(directory, "/meta/", number); }

absl::Status FromSystem(const std::error_code& error, absl::string_view what) {
  return error ? absl::UnavailableError(absl::StrCat(what, ": ", error.message())) : absl::OkStatus();
}

absl::Status CheckIsBackupDirectory(const std::string& directory) {
  std::error_code missing;
  if (!fs::exists(directory, missing)) return absl::NotFoundError(absl::StrCat("no directory ", directory));
  const std::string marker = ReadFile(MarkerPath(directory));
  if (marker.empty()) return absl::NotFoundError(absl::StrCat(directory, " holds no backups of Palmares"));
  if (marker != kMarker) return absl::DataLossError(absl::StrCat(MarkerPath(directory), " is damaged"));
  return absl::OkStatus();
}

absl::Status MakeBackupDirectory(const std::string& directory) {
  if (absl::Status status = CheckBackupPlace(directory); !status.ok()) return status;
  std::error_code error;
  if (fs::exists(MarkerPath(directory), error)) return absl::OkStatus();
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (!error) fs::create_directory(directory + "/records", error);
  if (error) return FromSystem(error, absl::StrCat("create ", directory));
  return WriteDurably(MarkerPath(directory), std::string(kMarker));
}

int64_t BytesBelow(const std::string& directory) {
  int64_t bytes = 0;
  std::error_code gone;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory, gone)) {
    if (entry.is_regular_file(gone)) bytes += static_cast<int64_t>(entry.file_size(gone));
  }
  return bytes;
}

rocksdb::BackupEngineOptions EngineOptions(const std::string& directory) {
  return rocksdb::BackupEngineOptions(directory);  // synced, table files shared and checksummed
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenToRead(const std::string& directory) {
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::IOStatus status =
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(directory), rocksdb::Env::Default(), &engine);
  if (!status.ok()) return FromRocks(status, absl::StrCat("open the backups in ", directory));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

absl::StatusOr<std::string> DigestWithProgress(const Ledger& ledger, int64_t last, absl::string_view stage,
                                               const BackupProgress& progress) {
  return LogicalDigest(ledger, last, [&](int64_t done) {
    return done % kEntriesAStep == 0 || done == last ? progress(stage, done, last, "entries") : absl::OkStatus();
  });
}

// Opens a backup where it lies.
absl::StatusOr<std::unique_ptr<RocksLedger>> OpenInPlace(const rocksdb::BackupEngineReadOnly& engine, int64_t number,
                                                         std::shared_ptr<rocksdb::Env>& env) {
  rocksdb::BackupInfo info;
  const rocksdb::Status status =
      engine.GetBackupInfo(static_cast<rocksdb::BackupID>(number), &info, /*include_file_details=*/true);
  if (!status.ok()) return FromRocks(status, absl::StrCat("read backup ", number));
  env = info.env_for_open;
  RocksLedgerOptions options;
  options.env = env.get();
  options.read_only = true;
  return RocksLedger::Open(info.name_for_open, options);
}

absl::StatusOr<BackupRecord> FindRecord(const std::string& directory, int64_t number) {
  if (absl::Status status = CheckIsBackupDirectory(directory); !status.ok()) return status;
  if (number == 0) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory + "/records", error)) {
      int64_t other = 0;
      if (absl::SimpleAtoi(entry.path().filename().string(), &other)) number = std::max(number, other);
    }
    if (number == 0) return absl::NotFoundError(absl::StrCat("no backup in ", directory));
  }
  const std::string path = RecordPath(directory, number);
  std::error_code missing;
  if (!fs::exists(path, missing)) return absl::NotFoundError(absl::StrCat("no backup ", number, " in ", directory));
  absl::StatusOr<BackupRecord> record = DecodeBackupRecord(ReadFile(path));
  if (!record.ok() || record->number != number) return absl::DataLossError(absl::StrCat(path, " is damaged"));
  return record;
}

absl::Status CheckDigest(const Ledger& ledger, const BackupRecord& record, absl::string_view stage,
                         const BackupProgress& progress) {
  if (ledger.LastPosition() != record.position) {
    return absl::DataLossError(absl::StrCat("backup ", record.number, " ends at position ", ledger.LastPosition(),
                                            ", not at ", record.position));
  }
  absl::StatusOr<std::string> digest = DigestWithProgress(ledger, record.position, stage, progress);
  if (!digest.ok()) return digest.status();
  return *digest == record.digest
             ? absl::OkStatus()
             : absl::DataLossError(absl::StrCat("backup ", record.number, " has another content than was recorded"));
}

absl::Status CheckFiles(const rocksdb::BackupEngineReadOnly& engine, const std::string& directory,
                        const BackupRecord& record) {
  if (Sha256(ReadFile(MetaPath(directory, record.number))) != record.meta_sha256) {
    return absl::DataLossError(absl::StrCat(MetaPath(directory, record.number), " is damaged"));
  }
  const rocksdb::IOStatus status =
      engine.VerifyBackup(static_cast<rocksdb::BackupID>(record.number), /*verify_with_checksum=*/true);
  if (status.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("backup ", record.number, " is damaged: ", status.ToString()));
}

// Copies the ledger's files. The number of the backup.
absl::StatusOr<int64_t> Copy(const RocksLedger& ledger, rocksdb::BackupEngine& engine, const BackupProgress& progress) {
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;  // tables are shared by backups, the log is not
  int64_t steps = 0;
  absl::Status stopped;
  options.progress_callback = [&] {  // every four megabytes
    if (stopped.ok()) stopped = progress("copying", steps += 4 << 20, 0, "bytes");
    if (!stopped.ok()) engine.StopBackup();
  };
  rocksdb::BackupID number = 0;
  absl::Status status = ledger.WithDatabase(
      [&](rocksdb::DB& db) { return FromRocks(engine.CreateNewBackup(options, &db, &number), "make the backup"); });
  if (!stopped.ok()) return stopped;
  if (!status.ok()) return status;
  return number;
}

// What the backup holds, read back from it and compared with the ledger.
absl::Status Describe(const RocksLedger& ledger, const std::string& directory, BackupRecord& record,
                      const BackupProgress& progress) {
  absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine = OpenToRead(directory);
  if (!engine.ok()) return engine.status();
  rocksdb::BackupInfo info;
  const rocksdb::Status found = (*engine)->GetBackupInfo(static_cast<rocksdb::BackupID>(record.number), &info);
  if (!found.ok()) return FromRocks(found, "read the backup back");
  record.size_bytes = static_cast<int64_t>(info.size);
  std::shared_ptr<rocksdb::Env> env;
  absl::StatusOr<std::unique_ptr<RocksLedger>> copy = OpenInPlace(**engine, record.number, env);
  if (!copy.ok()) return copy.status();
  record.position = (*copy)->LastPosition();
  absl::StatusOr<std::string> digest = DigestWithProgress(ledger, record.position, "digesting", progress);
  if (!digest.ok()) return digest.status();
  record.digest = *std::move(digest);
  if (absl::Status status = CheckDigest(**copy, record, "reading back", progress); !status.ok()) return status;
  record.meta_sha256 = Sha256(ReadFile(MetaPath(directory, record.number)));
  return absl::OkStatus();
}

// Who was erased after this backup was made is not brought back by it: the newest backup of the directory tells.
absl::Status EraseAgain(const std::string& directory, const rocksdb::BackupEngineReadOnly& engine,
                        const BackupRecord& record, RocksLedger& restored) {
  absl::StatusOr<BackupRecord> newest = FindRecord(directory, 0);
  if (!newest.ok()) return newest.status();
  if (newest->position <= record.position) return absl::OkStatus();
  std::shared_ptr<rocksdb::Env> env;
  absl::StatusOr<std::unique_ptr<RocksLedger>> later = OpenInPlace(engine, newest->number, env);
  if (!later.ok()) return later.status();
  absl::StatusOr<PersonalRows> erased = ErasedAfter(**later, record.position);
  if (!erased.ok()) return erased.status();
  if (erased->empty()) return absl::OkStatus();
  absl::StatusOr<std::vector<Overwritten>> blocks = WithoutPersonalRows(restored, *erased);
  if (!blocks.ok()) return blocks.status();
  absl::Status status = restored.Overwrite(*blocks);
  return status.ok() ? restored.PurgeOverwritten() : status;
}

absl::Status KeepOnly(rocksdb::BackupEngine& engine, const std::string& directory, int keep) {
  const rocksdb::IOStatus status = engine.PurgeOldBackups(static_cast<uint32_t>(keep));
  if (!status.ok()) return FromRocks(status, "delete old backups");
  std::vector<rocksdb::BackupInfo> left;
  engine.GetBackupInfo(&left);
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory + "/records", error)) {
    const std::string name = entry.path().filename().string();
    const bool kept = std::any_of(left.begin(), left.end(), [&name](const rocksdb::BackupInfo& info) {
      return name == absl::StrCat(info.backup_id);
    });
    if (!kept) fs::remove(entry.path(), error);
  }
  return FromSystem(error, "delete old backups' records");
}

}  // namespace

absl::Status CheckBackupPlace(const std::string& directory) {
  std::error_code error;
  if (fs::exists(MarkerPath(directory), error)) return CheckIsBackupDirectory(directory);
  if (!fs::exists(directory, error)) return absl::OkStatus();
  if (fs::is_directory(directory, error) && fs::is_empty(directory, error)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " is not empty and holds no backups of Palmares: choose an empty directory"));
}

absl::StatusOr<BackupRecord> MakeBackup(const RocksLedger& ledger, const std::string& directory,
                                        const BackupOptions& options, const BackupProgress& progress) {
  if (absl::Status status = MakeBackupDirectory(directory); !status.ok()) return status;
  const int64_t bytes_before = BytesBelow(directory);
  rocksdb::BackupEngine* opened = nullptr;
  const rocksdb::IOStatus open =
      rocksdb::BackupEngine::Open(EngineOptions(directory), rocksdb::Env::Default(), &opened);
  if (!open.ok()) return FromRocks(open, absl::StrCat("open the backups in ", directory));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  absl::StatusOr<int64_t> number = Copy(ledger, *engine, progress);
  if (!number.ok()) return number.status();
  BackupRecord record;
  record.number = *number;
  record.time_us = options.time_us;
  record.operator_token = options.operator_token;
  absl::Status status = Describe(ledger, directory, record, progress);
  record.added_bytes = std::max<int64_t>(BytesBelow(directory) - bytes_before, 0);
  if (status.ok()) status = WriteDurably(RecordPath(directory, record.number), EncodeBackupRecord(record));
  if (!status.ok()) {  // one without a record is no backup
    engine->DeleteBackup(static_cast<rocksdb::BackupID>(record.number)).PermitUncheckedError();
    return status;
  }
  if (options.keep > 0) status = KeepOnly(*engine, directory, options.keep);
  if (!status.ok()) return status;
  return record;
}

absl::StatusOr<std::vector<BackupRecord>> ListBackups(const std::string& directory) {
  if (absl::Status status = CheckIsBackupDirectory(directory); !status.ok()) return status;
  std::vector<BackupRecord> records;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory + "/records", error)) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &number)) continue;
    absl::StatusOr<BackupRecord> record = FindRecord(directory, number);
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  if (error) return FromSystem(error, absl::StrCat("list ", directory));
  std::sort(records.begin(), records.end(),
            [](const BackupRecord& a, const BackupRecord& b) { return a.number > b.number; });
  return records;
}

absl::StatusOr<BackupRecord> CheckBackup(const std::string& directory, int64_t number, bool logical,
                                         const BackupProgress& progress) {
  absl::StatusOr<BackupRecord> record = FindRecord(directory, number);
  if (!record.ok()) return record.status();
  absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine = OpenToRead(directory);
  if (!engine.ok()) return engine.status();
  if (absl::Status status = progress("checking files", 0, record->size_bytes, "bytes"); !status.ok()) return status;
  if (absl::Status status = CheckFiles(**engine, directory, *record); !status.ok()) return status;
  absl::Status status = progress("checking files", record->size_bytes, record->size_bytes, "bytes");
  if (!status.ok()) return status;
  if (!logical) return record;
  std::shared_ptr<rocksdb::Env> env;
  absl::StatusOr<std::unique_ptr<RocksLedger>> copy = OpenInPlace(**engine, record->number, env);
  if (!copy.ok()) return copy.status();
  if (status = CheckDigest(**copy, *record, "digesting", progress); !status.ok()) return status;
  return record;
}

absl::StatusOr<BackupRecord> RestoreBackup(const std::string& directory, int64_t number, const std::string& ledger_path,
                                           const BackupProgress& progress) {
  absl::StatusOr<BackupRecord> record = FindRecord(directory, number);
  if (!record.ok()) return record.status();
  absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine = OpenToRead(directory);
  if (!engine.ok()) return engine.status();
  if (absl::Status status = CheckFiles(**engine, directory, *record); !status.ok()) return status;
  absl::Status status = progress("copying", 0, record->size_bytes, "bytes");
  if (!status.ok()) return status;
  const rocksdb::IOStatus restored = (*engine)->RestoreDBFromBackup(
      rocksdb::RestoreOptions(), static_cast<rocksdb::BackupID>(record->number), ledger_path, ledger_path);
  if (!restored.ok()) return FromRocks(restored, absl::StrCat("restore backup ", record->number));
  absl::StatusOr<std::unique_ptr<RocksLedger>> ledger = RocksLedger::Open(ledger_path, {});
  if (!ledger.ok()) return ledger.status();
  if (status = CheckDigest(**ledger, *record, "digesting", progress); !status.ok()) return status;
  if (status = EraseAgain(directory, **engine, *record, **ledger); !status.ok()) return status;
  return record;
}

}  // namespace palmares::storage
