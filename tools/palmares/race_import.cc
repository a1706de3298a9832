#include "tools/palmares/race_import.h"

#include <filesystem>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "tools/palmares/file.h"
#include "tools/palmares/import_preview.h"
#include "tools/palmares/progress.h"
#include "tools/palmares/resumable_upload.h"
#include "tools/palmares/sheet_upload.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

// Files from this size on are sent so that a cut does not matter; smaller ones are faster in one go.
constexpr size_t kLarge = size_t{1} << 20;

v1::ImportHeader HeaderOf(const ImportOptions& options, const ManifestRace& race) {
  v1::ImportHeader header = race.header;
  header.set_reason(options.reason);
  header.set_evidence(options.evidence);
  header.set_validate_only(options.dry_run);
  header.set_allow_partial(options.allow_partial);
  if (options.mended.empty()) return header;
  // Refused rows are saved as CSV with headers, whatever they came as.
  header.set_file_name(std::filesystem::path(options.mended).filename().string());
  header.set_format(v1::FILE_FORMAT_CSV);
  header.set_encoding("utf-8");
  header.set_delimiter(",");
  header.set_table("");
  header.set_header_row(0);
  if (header.no_header()) {  // their columns have the fields' names now
    header.clear_columns();
    header.clear_units();
    header.clear_column_mapping();
    header.clear_timing_system();
  }
  header.set_no_header(false);
  header.set_keep_others(true);
  return header;
}

absl::StatusOr<v1::ImportSheetResponse> SendResumably(Session& session, const Connection& connection,
                                                      const ImportOptions& options, const v1::ImportHeader& header,
                                                      const std::string& content) {
  v1::ImportSheetResponse response;
  std::string job_name;
  {
    Progress progress(session.environment().error, session.progress_visible(), header.file_name());
    UploadHooks hooks;
    hooks.progress = [&](int64_t done, int64_t total, absl::string_view stage) { progress.Show(done, total, stage); };
    hooks.cut = [&](const absl::Status&, bool arrived) {
      session.Say(absl::StrCat(header.file_name(),
                               arrived ? ": cut off, asking again what came of it" : ": cut off, sending goes on"));
    };
    absl::StatusOr<v1::ImportJob> job = UploadResumably(connection, header, content, hooks);
    if (!job.ok()) return job.status();
    *response.mutable_report() = std::move(*job->mutable_report());
    response.set_position(job->position());
    job_name = job->name();
  }
  if (options.rejected.empty() || response.report().rows_rejected() == 0) return response;
  const absl::StatusOr<std::string> rows = DownloadRejectedRows(connection, job_name);
  if (!rows.ok()) return rows.status();
  if (absl::Status status = WritePrivateFile(options.rejected, *rows); !status.ok()) return status;
  session.Say(absl::StrCat(Counted(response.report().rows_rejected(), "refused row", "refused rows"), " in ",
                           options.rejected, "; mend them and send them with --mended ", options.rejected));
  return response;
}

absl::StatusOr<v1::ImportSheetResponse> Send(Session& session, const Connection& connection,
                                             const ImportOptions& options, const ManifestRace& race,
                                             const std::string& content) {
  const v1::ImportHeader header = HeaderOf(options, race);
  if (content.size() >= kLarge || !options.rejected.empty()) {
    absl::StatusOr<v1::ImportSheetResponse> response = SendResumably(session, connection, options, header, content);
    if (!absl::IsUnimplemented(response.status())) return response;
  }
  Progress progress(session.environment().error, session.progress_visible(), header.file_name());
  const auto total = static_cast<int64_t>(content.size());
  return UploadSheet(connection, header, content, [&](int64_t sent) {
    progress.Show(sent, total, sent < total ? "sending" : "reading and linking");
  });
}

// The server knows the race, but not the file's path here.
absl::Status AboutFile(const absl::Status& status, const std::string& file) {
  absl::Status about(status.code(), absl::StrCat(file, ": ", status.message()));
  status.ForEachPayload(
      [&about](absl::string_view type, const absl::Cord& payload) { about.SetPayload(type, payload); });
  return about;
}

}  // namespace

const std::string& FileOf(const ImportOptions& options, const ManifestRace& race) {
  return options.mended.empty() ? race.results : options.mended;
}

absl::StatusOr<v1::ImportSheetResponse> SendSheet(Session& session, const Connection& connection,
                                                  const ImportOptions& options, const ManifestRace& race) {
  const absl::StatusOr<std::string> content = ReadFile(FileOf(options, race));
  if (!content.ok()) return content.status();
  absl::StatusOr<v1::ImportSheetResponse> response = Send(session, connection, options, race, *content);
  return response.ok() ? std::move(response) : AboutFile(response.status(), FileOf(options, race));
}

absl::StatusOr<v1::ImportSheetResponse> ReadSheetHere(const Connection& connection, const ImportOptions& options,
                                                      const ManifestRace& race) {
  const absl::StatusOr<std::string> content = ReadFile(FileOf(options, race));
  if (!content.ok()) return content.status();
  const absl::StatusOr<ingest::MappedHeader> mapped = MappedHeaderOf(connection, HeaderOf(options, race));
  if (!mapped.ok()) return AboutFile(mapped.status(), FileOf(options, race));
  return PreviewSheet(race.race, *mapped, *content);
}

}  // namespace palmares::tools
