// palmares results list, show and history.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/events.grpc.pb.h"
#include "palmares/v1/results.grpc.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/result_text.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ListResultsOptions {
  std::string race;
  std::string filter;
  int64_t limit = -1;
};

absl::StatusOr<ExitCode> ListResults(Session& session, const ListResultsOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> race = RaceName(**connection, options.race);
  if (!race.ok()) return race.status();
  v1::ListResultsRequest request;
  request.set_parent(*race);
  request.set_filter(options.filter);
  const auto results = (*connection)
                           ->CallPages(&v1::ResultService::Stub::ListResults, request, session.RowLimit(options.limit),
                                       [](auto& response) { return response.mutable_results(); });
  if (!results.ok()) return results.status();
  const v1::Race& found = results->race();
  if (!found.display_name().empty()) {
    const std::string event = found.event_display_name();
    session.PrintText(absl::StrCat(Printable(event), event.empty() ? "" : " ", FormatDate(found.date()), ", ",
                                   Printable(found.display_name()), " (", EnumCode(found.sheet_state()), ")\n\n"));
  }
  session.Print(*results, ResultTable(*results));
  if (results->results().empty()) session.Say(absl::StrCat(*race, " has no such results."));
  session.SayIfCut(results->results_size(), results->total_size());
  return ExitCode::kDone;
}

// How the race of a result was timed; not known where the server does not tell.
v1::Timing TimingOfRace(const Connection& connection, const std::string& result) {
  v1::GetRaceRequest request;
  request.set_name(RaceOfResult(result));
  const auto race = connection.Call(&v1::EventService::Stub::GetRace, request);
  return race.ok() ? race->timing() : v1::TIMING_UNSPECIFIED;
}

absl::StatusOr<ExitCode> ShowResult(Session& session, const std::string& text) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = ResultName(**connection, text);
  if (!name.ok()) return name.status();
  v1::GetResultRequest request;
  request.set_name(*name);
  const auto result = (*connection)->Call(&v1::ResultService::Stub::GetResult, request);
  if (!result.ok()) return result.status();
  if (session.for_people()) {
    session.PrintText(ResultText(*result, TimingOfRace(**connection, result->name())));
  } else {
    v1::ListResultsResponse rows;
    *rows.add_results() = *result;
    session.Print(*result, ResultTable(rows));
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowHistory(Session& session, const std::string& text) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = ResultName(**connection, text);
  if (!name.ok()) return name.status();
  v1::ListResultRevisionsRequest request;
  request.set_parent(*name);
  const auto revisions =
      (*connection)->CallPages(&v1::ResultService::Stub::ListResultRevisions, request, 0, [](auto& response) {
        return response.mutable_revisions();
      });
  if (!revisions.ok()) return revisions.status();
  session.Print(*revisions, RevisionTable(*revisions));
  return ExitCode::kDone;
}

struct ExportOptions {
  std::string race;
  std::string format = "csv-spreadsheet";
  int32_t revision = 0;
};

// The file itself, whatever --output says.
absl::StatusOr<ExitCode> Export(Session& session, const ExportOptions& options) {
  const absl::StatusOr<v1::ExportFormat> format = ParseEnumCode<v1::ExportFormat>(options.format);
  if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> race = RaceName(**connection, options.race);
  if (!race.ok()) return race.status();
  v1::ExportSheetRequest request;
  request.set_name(absl::StrCat(*race, "/sheet"));
  request.set_format(*format);
  request.set_revision(options.revision);
  const absl::StatusOr<std::string> file = (*connection)->CallFile(&v1::SheetService::Stub::ExportSheet, request);
  if (!file.ok()) return file.status();
  session.PrintFile(*file);
  return ExitCode::kDone;
}

void AddExport(Commands& commands, CLI::App* results) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* command = commands.Add(results, "export", "Writes a race's sheet as a file that can be imported again",
                                   {"palmares results export 2013/races/open --format csv > boston.csv"},
                                   [options](Session& session) { return Export(session, *options); });
  command->add_option("RACE", options->race, "Race, or the end of its name")->required();
  command
      ->add_option("--format", options->format,
                   "csv-spreadsheet (cells that a spreadsheet would take for formulas are guarded), csv or json")
      ->type_name("csv-spreadsheet|csv|json")
      ->capture_default_str();
  command->add_option("--revision", options->revision, "The sheet as it stood; default: as it stands")
      ->type_name("NUMBER")
      ->check(WholeNumber(0));
}

}  // namespace

void AddResultCommands(Commands& commands) {
  CLI::App* results = commands.Group("results", "Results: read them, correct them, disqualify");
  const auto options = std::make_shared<ListResultsOptions>();
  CLI::App* list = commands.Add(results, "list", "Lists a race's results by place",
                                {"palmares results list 2013/races/open --limit 10",
                                 "palmares results list boston-marathon/2013 --output csv > boston.csv",
                                 "palmares results list 2013/races/open --filter 'sex = W'"},
                                [options](Session& session) { return ListResults(session, *options); });
  list->add_option("RACE", options->race, "Race, or the end of its name")->required();
  list->add_option("--filter", options->filter,
                   "Only some: FIELD = VALUE joined by AND; fields: sex, division, outcome, category, country, club, "
                   "bib, athlete")
      ->type_name("FILTER");
  AddLimit(list, &options->limit);

  const auto result = std::make_shared<std::string>();
  CLI::App* show = commands.Add(results, "show", "Shows one result with all that is known of it",
                                {"palmares results show 2013/races/open/results/7"},
                                [result](Session& session) { return ShowResult(session, *result); });
  show->add_option("RESULT", *result, "Result: RACE/results/ID")->required();

  const auto revised = std::make_shared<std::string>();
  CLI::App* history =
      commands.Add(results, "history", "Lists what was changed in a result, by whom and why, newest first",
                   {"palmares results history 2013/races/open/results/7"},
                   [revised](Session& session) { return ShowHistory(session, *revised); });
  history->add_option("RESULT", *revised, "Result: RACE/results/ID")->required();
  AddExport(commands, results);
  AddResultChangeCommands(commands, results);
}

}  // namespace palmares::tools
