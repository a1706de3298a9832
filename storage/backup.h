// Backups of a ledger: incremental, made while writing goes on, checked to the byte, restored into an empty place.
//
//   DIR/PALMARES-BACKUPS    "palmares backups 1\n": what the directory is
//   DIR/records/<number>    what is known of a backup: see backup_record.h
//   DIR/meta, DIR/private, DIR/shared_checksum    RocksDB's BackupEngine; table files are shared by all backups
//
// A backup is as secret as the data directory that it is of: it holds everything. Directories are made for their owner
// alone. One process works on a backup directory at a time.
#ifndef PALMARES_STORAGE_BACKUP_H_
#define PALMARES_STORAGE_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/backup_record.h"
#include "storage/rocks_ledger.h"

namespace palmares::storage {

// Told now and then how far work is: the stage ("copying", "digesting"), units done and to do (0: unknown), and what is
// counted. An error it gives ends the work, and is what the work returns.
using BackupProgress =
    std::function<absl::Status(absl::string_view stage, int64_t done, int64_t total, absl::string_view unit)>;

struct BackupOptions {
  int keep = 0;                // backups to keep, this one among them; 0: all
  int64_t time_us = 0;         // now
  std::string operator_token;  // kept with it, so that whoever restores can administer; may be empty
};

// OK if backups can be kept in `directory`: it holds some, is empty or is not there. FAILED_PRECONDITION otherwise.
absl::Status CheckBackupPlace(const std::string& directory);

// Makes a backup in `directory`, which is made if it is not there, and reads it back: its digest is compared with the
// ledger's. FAILED_PRECONDITION if the directory holds something else; DATA_LOSS if what was read back is not what is
// in the ledger.
absl::StatusOr<BackupRecord> MakeBackup(const RocksLedger& ledger, const std::string& directory,
                                        const BackupOptions& options, const BackupProgress& progress);

// All that can be read, newest first. NOT_FOUND if there is no such directory or it holds no backups.
absl::StatusOr<std::vector<BackupRecord>> ListBackups(const std::string& directory);

// Compares every byte of a backup (0: the newest) with what is recorded of it; with `logical`, reads all entries too
// and compares their digest. DATA_LOSS names the file that is damaged; NOT_FOUND.
absl::StatusOr<BackupRecord> CheckBackup(const std::string& directory, int64_t number, bool logical,
                                         const BackupProgress& progress);

// Restores a backup (0: the newest) as the ledger in `ledger_path`, where nothing is yet, and compares its digest; then
// erases again whoever was erased since, as far as the newest backup knows.
absl::StatusOr<BackupRecord> RestoreBackup(const std::string& directory, int64_t number, const std::string& ledger_path,
                                           const BackupProgress& progress);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_BACKUP_H_
