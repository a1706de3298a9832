// palmares import: uploads what a manifest lists and reports what came of it.
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/events.grpc.pb.h"
#include "tools/palmares/calendar_writes.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/import_report.h"
#include "tools/palmares/manifest.h"
#include "tools/palmares/names.h"
#include "tools/palmares/race_import.h"

namespace palmares::tools {
namespace {

void SayWritten(Session& session, const std::string& name, Written written) {
  if (written == Written::kWouldCreate) session.Say(absl::StrCat("would create ", name));
  if (written == Written::kWouldUpdate) session.Say(absl::StrCat("exists already: ", name));
}

void Report(Session& session, const ImportOptions& options, const ManifestRace& race,
            const v1::ImportSheetResponse& response, std::vector<v1::ImportSheetResponse>& responses) {
  responses.push_back(response);
  session.PrintText(ImportText(response.report(), FileOf(options, race), session.environment().width));
  if (session.output() == OutputFormat::kJson) session.PrintJson(response);
  if (session.output() != OutputFormat::kCsv) return;
  // A row of counts has no room for them.
  const std::string refusals = RefusalsText(response.report(), FileOf(options, race));
  if (!refusals.empty()) session.Complain(refusals);
}

// Whether the server holds an official sheet of the race.
absl::StatusOr<bool> IsOfficial(const Connection& connection, const ManifestRace& race) {
  v1::GetRaceRequest request;
  request.set_name(race.race.name());
  const auto found = connection.Call(&v1::EventService::Stub::GetRace, request);
  if (absl::IsNotFound(found.status())) return false;
  if (!found.ok()) return found.status();
  return found->sheet_state() == v1::SHEET_STATE_OFFICIAL;
}

// Reads the race's file before anything is written, and asks the server what it would say of an official sheet.
absl::StatusOr<ExitCode> CheckRace(Session& session, const Connection& connection, const ImportOptions& options,
                                   const ManifestRace& race, std::vector<v1::ImportSheetResponse>& responses) {
  if (options.mended.empty()) {
    absl::StatusOr<v1::ImportSheetResponse> read = ReadSheetHere(connection, options, race);
    if (!read.ok()) return read.status();
    if (!read->report().accepted()) {
      read->mutable_report()->set_validate_only(false);
      Report(session, options, race, *read, responses);
      return ExitCode::kNo;
    }
  }
  const absl::StatusOr<bool> official = IsOfficial(connection, race);
  if (!official.ok()) return official.status();
  if (!*official) return ExitCode::kDone;
  const absl::StatusOr<Written> kept = PutRace(connection, race.race, options.reason, /*dry_run=*/true, true);
  if (!kept.ok()) return kept.status();
  ImportOptions trial = options;
  trial.dry_run = true;
  absl::StatusOr<v1::ImportSheetResponse> said = SendSheet(session, connection, trial, race);
  if (!said.ok()) return said.status();
  if (said->report().accepted() || said->report().unchanged()) return ExitCode::kDone;
  said->mutable_report()->set_validate_only(false);
  Report(session, options, race, *said, responses);
  return ExitCode::kNo;
}

// All or nothing: whatever can be found out beforehand about any race is, and then nothing at all is written. Rows that
// are to be refused and saved are found by the server.
ExitCode CheckAll(Session& session, const Connection& connection, const ImportOptions& options,
                  const std::vector<ManifestRace>& races, std::vector<v1::ImportSheetResponse>& responses) {
  ExitCode worst = ExitCode::kDone;
  for (const ManifestRace& race : races) {
    if (FileOf(options, race).empty()) continue;
    const absl::StatusOr<ExitCode> code = CheckRace(session, connection, options, race, responses);
    if (!code.ok()) session.Complain(absl::StrCat(ShortName(race.race.name()), ": ", code.status().message()));
    worst = Worse(worst, code.ok() ? *code : ExitCodeOf(code.status()));
    if (worst == ExitCode::kUnreachable) break;
  }
  if (worst != ExitCode::kDone && races.size() > 1) session.Say("Nothing of the manifest was written.");
  return worst;
}

absl::StatusOr<ExitCode> ImportRace(Session& session, const Connection& connection, const ImportOptions& options,
                                    const ManifestRace& race, bool edition_exists,
                                    std::vector<v1::ImportSheetResponse>& responses) {
  const absl::StatusOr<Written> written =
      PutRace(connection, race.race, options.reason, options.dry_run, edition_exists);
  if (!written.ok()) return written.status();
  SayWritten(session, race.race.name(), *written);
  const std::string& file = FileOf(options, race);
  if (file.empty()) return ExitCode::kDone;
  const absl::StatusOr<v1::ImportSheetResponse> response = *written == Written::kWouldCreate
                                                               ? ReadSheetHere(connection, options, race)
                                                               : SendSheet(session, connection, options, race);
  if (!response.ok()) return response.status();
  Report(session, options, race, *response, responses);
  return ImportExitCode(response->report());
}

// The races to import. Files that hold rows of one race need one.
absl::StatusOr<std::vector<ManifestRace>> Chosen(const Manifest& manifest, const ImportOptions& options) {
  std::vector<ManifestRace> chosen;
  std::vector<std::string> ids;
  for (const ManifestRace& race : manifest.races) {
    const std::string& name = race.race.name();
    ids.push_back(name.substr(name.rfind('/') + 1));
    if (options.race.empty() || options.race == ids.back()) chosen.push_back(race);
  }
  const std::string all = absl::StrJoin(ids, ", ");
  if (chosen.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("--race: \"", options.race, "\", want one of ", all));
  }
  if (chosen.size() > 1 && !(options.rejected.empty() && options.mended.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("--rejected and --mended: their files are of one race, want --race with one of ", all));
  }
  return chosen;
}

absl::StatusOr<ExitCode> Import(Session& session, const ImportOptions& options) {
  const absl::StatusOr<Manifest> manifest = ReadManifest(options.manifest);
  if (!manifest.ok()) return manifest.status();
  const absl::StatusOr<std::vector<ManifestRace>> races = Chosen(*manifest, options);
  if (!races.ok()) return races.status();
  if (!options.rejected.empty() && std::filesystem::exists(options.rejected)) {
    return absl::InvalidArgumentError(absl::StrCat("--rejected: ", options.rejected, ": exists already"));
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  std::vector<v1::ImportSheetResponse> responses;
  const bool is_checked_first = !options.dry_run && options.rejected.empty();
  if (is_checked_first) {
    const ExitCode refused = CheckAll(session, **connection, options, *races, responses);
    if (refused != ExitCode::kDone) {
      if (session.output() == OutputFormat::kCsv) PrintCsv(session.environment().out, ImportTable(responses));
      return refused;
    }
  }
  const absl::StatusOr<Written> event = PutEvent(**connection, manifest->event, options.dry_run);
  if (!event.ok()) return event.status();
  SayWritten(session, manifest->event.name(), *event);
  const absl::StatusOr<Written> edition =
      PutEdition(**connection, manifest->edition, options.dry_run, *event != Written::kWouldCreate);
  if (!edition.ok()) return edition.status();
  SayWritten(session, manifest->edition.name(), *edition);

  ExitCode worst = ExitCode::kDone;
  for (const ManifestRace& race : *races) {
    if (worst == ExitCode::kUnreachable) {
      session.Say(absl::StrCat(ShortName(race.race.name()), ": not sent"));
      continue;
    }
    const absl::StatusOr<ExitCode> code =
        ImportRace(session, **connection, options, race, *edition != Written::kWouldCreate, responses);
    if (!code.ok()) session.Complain(absl::StrCat(ShortName(race.race.name()), ": ", code.status().message()));
    worst = Worse(worst, code.ok() ? *code : ExitCodeOf(code.status()));
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
                   {"palmares import boston_2013.toml", "palmares import boston_2013.toml --dry-run",
                    "palmares import boston_2013.toml --allow-partial --rejected refused.csv",
                    "palmares import boston_2013.toml --mended refused.csv --reason 'rows mended'"},
                   [options](Session& session) { return Import(session, *options); });
  import->add_option("MANIFEST", options->manifest, "Manifest, TOML: one edition of an event and its races")
      ->required()
      ->type_name("FILE");
  import->add_flag("--dry-run", options->dry_run, "Says what would change, and changes nothing");
  import->add_flag("--allow-partial", options->allow_partial,
                   "Accepts a sheet without its refused rows, which the report names");
  import->add_option("--race", options->race, "Imports one of the manifest's races only")->type_name("ID");
  import
      ->add_option("--rejected", options->rejected,
                   "Saves refused rows in a new file, with the reason in a last column")
      ->type_name("FILE");
  import
      ->add_option("--mended", options->mended,
                   "Sends mended rows in place of the race's file; other rows of the sheet stay")
      ->type_name("FILE");
  import->add_option("--reason", options->reason, "Why; needed where a sheet is official already")->type_name("TEXT");
  import->add_option("--evidence", options->evidence, "Where the evidence is")->type_name("TEXT");
}

}  // namespace palmares::tools
