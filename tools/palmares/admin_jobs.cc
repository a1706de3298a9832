// palmares admin verify, rebuild, backup and restore: long work, whose progress the server streams.
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/administration.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/progress.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct JobOptions {
  std::vector<std::string> views;
  std::string directory;
  std::string backup;
  int keep = 0;
  bool logical = false;
};

// A server wants a whole path; one from here is meant where both are on one machine.
std::string Absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal().string(); }

Table DifferenceTable(const v1::AdministrationJob& job) {
  Table table{{{"where", ColumnKind::kCode},
               {"key", ColumnKind::kSentence},
               {"expected", ColumnKind::kSentence},
               {"found", ColumnKind::kSentence}},
              {}};
  for (const v1::Difference& difference : job.differences()) {
    table.rows.push_back({difference.where(), difference.key(), difference.expected(), difference.found()});
  }
  return table;
}

std::string JobText(const v1::AdministrationJob& job) {
  std::string text =
      absl::StrCat(EnumCode(job.kind()), ": ", EnumCode(job.status().state()), ", ", job.status().done(), " ",
                   job.status().unit(), ", ", Counted(job.difference_count(), "difference", "differences"), "\n");
  if (job.has_backup()) {
    absl::StrAppend(&text, "  ", job.backup().name(), " in ", job.backup().directory(), ", position ",
                    job.backup().ledger_position(), ", ", FormatBytes(job.backup().size_bytes()), ", ",
                    FormatBytes(job.backup().added_bytes()), " new\n");
  }
  if (!job.digest().empty()) absl::StrAppend(&text, "  digest ", absl::BytesToHexString(job.digest()), "\n");
  if (!job.status().error().empty()) absl::StrAppend(&text, "  ", Printable(job.status().error()), "\n");
  return text;
}

// Follows a job to its end. Exit code 1 when it failed or found differences.
template <class Request>
absl::StatusOr<ExitCode> Follow(Session& session, const std::string& label,
                                std::unique_ptr<grpc::ClientReader<v1::AdministrationJob>> (
                                    v1::AdministrationService::Stub::*method)(grpc::ClientContext*, const Request&),
                                const Request& request) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::AdministrationJob last;
  {
    Progress progress(session.environment().error, session.progress_visible(), label);
    const absl::Status status = (*connection)->CallStream(method, request, [&](const v1::AdministrationJob& job) {
      progress.Show(job.status().done(), job.status().total(), job.status().stage());
      last = job;
      return true;
    });
    if (!status.ok()) return status;
  }
  session.PrintText(JobText(last));
  session.Print(last, DifferenceTable(last));
  const bool good = last.status().state() == v1::JobStatus::STATE_SUCCEEDED && last.difference_count() == 0;
  return good ? ExitCode::kDone : ExitCode::kNo;
}

absl::StatusOr<ExitCode> Verify(Session& session, const JobOptions& options) {
  v1::VerifyRequest request;
  for (const std::string& view : options.views) request.add_views(view);
  return Follow(session, "Verifying", &v1::AdministrationService::Stub::Verify, request);
}

absl::StatusOr<ExitCode> Rebuild(Session& session, const JobOptions& options) {
  v1::RebuildRequest request;
  for (const std::string& view : options.views) request.add_views(view);
  return Follow(session, "Rebuilding", &v1::AdministrationService::Stub::Rebuild, request);
}

absl::StatusOr<ExitCode> Backup(Session& session, const JobOptions& options) {
  v1::BackupRequest request;
  request.set_directory(Absolute(options.directory));
  request.set_keep_count(options.keep);
  return Follow(session, "Backing up", &v1::AdministrationService::Stub::Backup, request);
}

// Clients never see a server's data change under them: what can be done from here is to check the backup.
absl::StatusOr<ExitCode> Restore(Session& session, const JobOptions& options) {
  v1::CheckBackupRequest request;
  request.set_directory(Absolute(options.directory));
  request.set_name(options.backup);
  request.set_logical(options.logical);
  absl::StatusOr<ExitCode> code = Follow(session, "Checking", &v1::AdministrationService::Stub::CheckBackup, request);
  if (code.ok() && *code == ExitCode::kDone) {
    session.Say(absl::StrCat(
        "The backup is whole. A server that starts restores it: palmaresd --data EMPTY_DIRECTORY --restore ",
        options.directory));
  }
  return code;
}

}  // namespace

void AddAdminJobCommands(Commands& commands, CLI::App* admin) {
  const auto verifying = std::make_shared<JobOptions>();
  CLI::App* verify =
      commands.Add(admin, "verify", "Recomputes every view and compares; exit code 1 when anything differs",
                   {"palmares admin verify", "palmares admin verify --view rankings"},
                   [verifying](Session& session) { return Verify(session, *verifying); });
  verify->add_option("--view", verifying->views, "Only this view, once for each")
      ->allow_extra_args(false)
      ->type_name("VIEW");

  const auto rebuilding = std::make_shared<JobOptions>();
  CLI::App* rebuild = commands.Add(admin, "rebuild", "Replaces every view by one recomputed from the ledger",
                                   {"palmares admin rebuild"},
                                   [rebuilding](Session& session) { return Rebuild(session, *rebuilding); });
  rebuild->add_option("--view", rebuilding->views, "Only this view, once for each")
      ->allow_extra_args(false)
      ->type_name("VIEW");

  const auto backing = std::make_shared<JobOptions>();
  CLI::App* backup = commands.Add(admin, "backup", "Makes an incremental backup while the server goes on",
                                  {"palmares admin backup /var/backups/palmares --keep 14"},
                                  [backing](Session& session) { return Backup(session, *backing); });
  backup->add_option("DIRECTORY", backing->directory, "Directory on the server's machine")->required();
  backup->add_option("--keep", backing->keep, "Backups to keep in it; 0 for all")
      ->check(WholeNumber(0))
      ->type_name("N");

  const auto restoring = std::make_shared<JobOptions>();
  CLI::App* restore =
      commands.Add(admin, "restore", "Checks that a backup can be restored, and says how a server restores it",
                   {"palmares admin restore /var/backups/palmares"},
                   [restoring](Session& session) { return Restore(session, *restoring); });
  restore->add_option("DIRECTORY", restoring->directory, "Directory on the server's machine")->required();
  restore->add_option("--backup", restoring->backup, "Backup: backups/12; default: the newest")->type_name("BACKUP");
  restore->add_flag("--logical", restoring->logical, "Also computes the digest over the content, which takes longer");
}

}  // namespace palmares::tools
