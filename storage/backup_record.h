// What is recorded of one backup, beside the files that RocksDB keeps of it.
//
//   palmares backup 1
//   number 3
//   position 812                  the last entry that it holds
//   time_us 1764064800000000      when it was made
//   size_bytes 1048576            all its files together
//   added_bytes 4096              what it needed beyond the backups before it
//   digest <64 hex digits>        LogicalDigest of its entries
//   meta <64 hex digits>          SHA-256 of meta/3, where RocksDB keeps the checksums of its files
//   operator_token palmares_…     only where there was one
//   sha256 <64 hex digits>        of everything above
#ifndef PALMARES_STORAGE_BACKUP_RECORD_H_
#define PALMARES_STORAGE_BACKUP_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::storage {

struct BackupRecord {
  int64_t number = 0;
  int64_t position = 0;
  int64_t time_us = 0;
  int64_t size_bytes = 0;
  int64_t added_bytes = 0;
  std::string digest;       // 32 bytes
  std::string meta_sha256;  // 32 bytes
  std::string operator_token;
};

std::string EncodeBackupRecord(const BackupRecord& record);
// DATA_LOSS if a byte of it is not as it was written.
absl::StatusOr<BackupRecord> DecodeBackupRecord(absl::string_view text);

// 32 bytes.
std::string Sha256(absl::string_view bytes);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_BACKUP_RECORD_H_
