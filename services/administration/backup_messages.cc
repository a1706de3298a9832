#include "services/administration/backup_messages.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/data_directory.h"

namespace palmares::administration {

v1::Backup ToProto(const std::string& directory, const storage::BackupRecord& record) {
  v1::Backup backup;
  backup.set_name(absl::StrCat("backups/", record.number));
  backup.set_directory(directory);
  backup.set_ledger_position(record.position);
  backup.set_size_bytes(record.size_bytes);
  backup.set_added_bytes(record.added_bytes);
  backup.set_digest(record.digest);
  backup.set_format_version(storage::kDataFormat);
  *backup.mutable_create_time() = rpc::ToTimestamp(record.time_us);
  return backup;
}

absl::StatusOr<int64_t> BackupNumber(absl::string_view name) {
  if (name.empty()) return 0;
  int64_t number = 0;
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, "backups/") && absl::SimpleAtoi(rest, &number) && number > 0) return number;
  return rpc::InvalidField("name", name, "backups/{number}");
}

storage::BackupProgress BackupProgressOf(Jobs::Control& job) {
  return [&job](absl::string_view stage, int64_t done, int64_t total, absl::string_view unit) {
    return job.Progress(stage, done, total, unit);
  };
}

void DescribeBackup(const std::string& directory, const storage::BackupRecord& record, Jobs::Control& job) {
  job.Update([&](v1::AdministrationJob& message) {
    *message.mutable_backup() = ToProto(directory, record);
    message.set_digest(record.digest);
    message.set_position(record.position);
  });
}

}  // namespace palmares::administration
