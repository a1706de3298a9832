// Between backups as they lie on disk and the API's messages.
#ifndef PALMARES_SERVICES_ADMINISTRATION_BACKUP_MESSAGES_H_
#define PALMARES_SERVICES_ADMINISTRATION_BACKUP_MESSAGES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/administration.pb.h"
#include "services/administration/jobs.h"
#include "storage/backup.h"

namespace palmares::administration {

v1::Backup ToProto(const std::string& directory, const storage::BackupRecord& record);

// The number of "backups/{number}"; 0, the newest, where the name is empty. INVALID_ARGUMENT.
absl::StatusOr<int64_t> BackupNumber(absl::string_view name);

// Tells a job how far a backup is. Lives no longer than the job's work.
storage::BackupProgress BackupProgressOf(Jobs::Control& job);

// Puts the backup and its digest into the job.
void DescribeBackup(const std::string& directory, const storage::BackupRecord& record, Jobs::Control& job);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_BACKUP_MESSAGES_H_
