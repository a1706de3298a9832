#include "services/server/restore.h"

#include <filesystem>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/backup.h"

namespace palmares::server {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<storage::BackupRecord> Restore(const Config& config, const storage::DataDirectory& directory,
                                              spdlog::logger& logger) {
  std::string stage;
  const auto log = [&](absl::string_view now, int64_t, int64_t total, absl::string_view unit) {
    if (stage != now) {
      logger.info(R"("event":"restore","stage":"{}","total":{},"unit":"{}")", std::string(now), total,
                  std::string(unit));
    }
    stage = std::string(now);
    return absl::OkStatus();
  };
  absl::StatusOr<storage::BackupRecord> record =
      storage::RestoreBackup(config.restore, config.restore_backup, directory.ledger_path(), log);
  if (!record.ok() || record->operator_token.empty()) return record;
  absl::Status status = storage::WriteDurably(directory.path() + "/operator.token", record->operator_token + "\n");
  if (!status.ok()) return status;
  return record;
}

}  // namespace

absl::Status RestoreIfAsked(const Config& config, const storage::DataDirectory& directory, spdlog::logger& logger) {
  const std::string marker = directory.path() + "/RESTORING";
  std::error_code error;
  if (fs::exists(marker, error)) {
    return absl::FailedPreconditionError(absl::StrCat(
        directory.path(), ": a restore was interrupted here: delete everything in it, then restore again"));
  }
  if (config.restore.empty()) return absl::OkStatus();
  if (!directory.created()) {
    return absl::FailedPreconditionError(
        absl::StrCat("--restore: ", directory.path(),
                     " holds data already, want an empty directory; to serve that data, leave out --restore"));
  }
  if (absl::Status status = storage::WriteDurably(marker, "palmaresd --restore writes here\n"); !status.ok()) {
    return status;
  }
  absl::StatusOr<storage::BackupRecord> record = Restore(config, directory, logger);
  if (!record.ok()) {
    for (const char* name : {"/ledger", "/ledger.mark", "/operator.token", "/FORMAT", "/RESTORING"}) {
      fs::remove_all(directory.path() + name, error);
    }
    return {record.status().code(), absl::StrCat("--restore: ", record.status().message())};
  }
  if (!fs::remove(marker, error)) return absl::UnavailableError(absl::StrCat("remove ", marker, ": ", error.message()));
  logger.info(R"("event":"restored","backup":{},"position":{},"digest":"{}")", record->number, record->position,
              absl::BytesToHexString(record->digest));
  return absl::OkStatus();
}

}  // namespace palmares::server
