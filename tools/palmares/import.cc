// palmares import: uploads what a manifest lists and reports what came of it.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/palmares/calendar_writes.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/import_report.h"
#include "tools/palmares/manifest.h"
#include "tools/palmares/names.h"
#include "tools/palmares/progress.h"
#include "tools/palmares/sheet_upload.h"

namespace palmares::tools {
namespace {

struct ImportOptions {
  std::string manifest;
  std::string reason;
  std::string evidence;
  bool dry_run = false;
  bool allow_partial = false;
};

void SayWritten(Session& session, const std::string& name, Written written) {
  if (written == Written::kWouldCreate) session.Say(absl::StrCat("would create ", name));
  if (written == Written::kWouldUpdate) session.Say(absl::StrCat("exists already: ", name));
}

// Sends one race's file. The progress bar is gone before the report is printed.
absl::StatusOr<v1::ImportSheetResponse> Upload(Session& session, const Connection& connection,
                                               const ImportOptions& options, const ManifestRace& race) {
  const absl::StatusOr<std::string> content = ReadFile(race.results);
  if (!content.ok()) return content.status();
  v1::ImportHeader header = race.header;
  header.set_reason(options.reason);
  header.set_evidence(options.evidence);
  header.set_validate_only(options.dry_run);
  header.set_allow_partial(options.allow_partial);
  Progress progress(session.environment().error, session.progress_visible(), race.header.file_name());
  const auto total = static_cast<int64_t>(content->size());
  return UploadSheet(connection, header, *content, [&](int64_t sent) {
    progress.Show(sent, total, sent < total ? "sending" : "reading and linking");
  });
}

absl::StatusOr<ExitCode> ImportRace(Session& session, const Connection& connection, const ImportOptions& options,
                                    const ManifestRace& race, bool edition_exists,
                                    std::vector<v1::ImportSheetResponse>& responses) {
  const absl::StatusOr<Written> written = PutRace(connection, race.race, options.dry_run, edition_exists);
  if (!written.ok()) return written.status();
  SayWritten(session, race.race.name(), *written);
  if (race.results.empty()) return ExitCode::kDone;
  if (*written == Written::kWouldCreate) {
    const absl::Status readable = ReadFile(race.results).status();
    if (!readable.ok()) return readable;
    session.Say(absl::StrCat("  ", race.results, ": its rows are checked once the race exists"));
    return ExitCode::kDone;
  }
  const absl::StatusOr<v1::ImportSheetResponse> response = Upload(session, connection, options, race);
  if (!response.ok()) return response.status();
  responses.push_back(*response);
  session.PrintText(ImportText(response->report(), race.results, session.environment().width));
  if (session.output() == OutputFormat::kJson) session.PrintJson(*response);
  return ImportExitCode(response->report());
}

absl::StatusOr<ExitCode> Import(Session& session, const ImportOptions& options) {
  const absl::StatusOr<Manifest> manifest = ReadManifest(options.manifest);
  if (!manifest.ok()) return manifest.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<Written> event = PutEvent(**connection, manifest->event, options.dry_run);
  if (!event.ok()) return event.status();
  SayWritten(session, manifest->event.name(), *event);
  const absl::StatusOr<Written> edition =
      PutEdition(**connection, manifest->edition, options.dry_run, *event != Written::kWouldCreate);
  if (!edition.ok()) return edition.status();
  SayWritten(session, manifest->edition.name(), *edition);

  ExitCode worst = ExitCode::kDone;
  std::vector<v1::ImportSheetResponse> responses;
  for (const ManifestRace& race : manifest->races) {
    const absl::StatusOr<ExitCode> code =
        ImportRace(session, **connection, options, race, *edition != Written::kWouldCreate, responses);
    if (!code.ok()) session.Complain(absl::StrCat(ShortName(race.race.name()), ": ", code.status().message()));
    worst = Worse(worst, code.ok() ? *code : ExitCodeOf(code.status()));
    if (worst == ExitCode::kUnreachable) break;
  }
  if (session.output() == OutputFormat::kCsv) PrintCsv(session.environment().out, ImportTable(responses));
  return worst;
}

}  // namespace

void AddImportCommand(Commands& commands) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App* import =
      commands.Add(&commands.root(), "import",
                   "Uploads the races that a manifest lists, and reports how each file was read. Exit code 1 when "
                   "rows were refused or a sheet was not accepted",
                   {"palmares import boston_2013.toml", "palmares import boston_2013.toml --dry-run"},
                   [options](Session& session) { return Import(session, *options); });
  import->add_option("MANIFEST", options->manifest, "Manifest, TOML: one edition of an event and its races")
      ->required()
      ->type_name("FILE");
  import->add_flag("--dry-run", options->dry_run, "Says what would change, and changes nothing");
  import->add_flag("--allow-partial", options->allow_partial,
                   "Accepts a sheet without its refused rows, which the report names");
  import->add_option("--reason", options->reason, "Why; needed where a sheet is official already")->type_name("TEXT");
  import->add_option("--evidence", options->evidence, "Where the evidence is")->type_name("TEXT");
}

}  // namespace palmares::tools
