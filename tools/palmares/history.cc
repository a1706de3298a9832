// palmares history: every result of an athlete, bests and how they came; what follows from them; or all as a file.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/history_summary.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct HistoryOptions {
  std::string athlete;
  std::vector<std::string> disciplines;
  std::string from;
  std::string to;
  std::string filter;
  std::string file;
  std::string format = "csv-spreadsheet";
  bool summary = false;
  int64_t limit = -1;
};

// "PB", "SB" as the sport prints them; other records by their code.
std::string BestCodes(const v1::HistoryEntry& entry) {
  return absl::StrJoin(entry.bests(), " ", [](std::string* out, const v1::BestMark& best) {
    const bool personal = best.kind() == v1::BestMark::KIND_PERSONAL_BEST;
    const bool season = best.kind() == v1::BestMark::KIND_SEASON_BEST;
    absl::StrAppend(out, personal ? "PB" : season ? "SB" : EnumCode(best.kind()));
  });
}

std::string AgeGradeText(const v1::HistoryEntry& entry) {
  return entry.age_grade_per_myriad() == 0 ? "" : absl::StrFormat("%.2f", entry.age_grade_per_myriad() / 100.0);
}

// A column of which a table has no need where every entry is as they mostly are.
ColumnUse Unless(const v1::History& history, bool (*usual)(const v1::HistoryEntry&)) {
  const bool all = std::all_of(history.entries().begin(), history.entries().end(), usual);
  return all ? ColumnUse::kCsvOnly : ColumnUse::kBoth;
}

Table HistoryTable(const v1::History& history) {
  Table table{
      {{"date", ColumnKind::kCode},
       {"race"},
       {"race_name", ColumnKind::kCode, ColumnUse::kCsvOnly},
       {"discipline", ColumnKind::kCode},
       {"mark", ColumnKind::kNumber},
       {"gun", ColumnKind::kNumber, ColumnUse::kCsvOnly},
       {"chip", ColumnKind::kNumber, ColumnUse::kCsvOnly},
       {"place", ColumnKind::kNumber},
       {"sex_place", ColumnKind::kNumber, ColumnUse::kIfRoom},
       {"outcome", ColumnKind::kCode,
        Unless(history, [](const v1::HistoryEntry& entry) { return entry.outcome() == v1::OUTCOME_FINISHED; })},
       {"bests", ColumnKind::kCode},
       {"state", ColumnKind::kCode,
        Unless(history, [](const v1::HistoryEntry& entry) { return entry.sheet_state() == v1::SHEET_STATE_OFFICIAL; })},
       {"points", ColumnKind::kNumber, ColumnUse::kCsvOnly},
       {"age_grade", ColumnKind::kNumber, ColumnUse::kCsvOnly},
       {"field_size", ColumnKind::kNumber, ColumnUse::kCsvOnly},
       {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
      {}};
  for (const v1::HistoryEntry& entry : history.entries()) {
    table.rows.push_back({FormatDate(entry.date()), entry.race_display_name(), RaceOfResult(entry.result()),
                          entry.discipline(), MarkText(entry.mark()), entry.gun().text(), entry.chip().text(),
                          NumberOrEmpty(entry.place()), NumberOrEmpty(entry.sex_place()), OutcomeCode(entry.outcome()),
                          BestCodes(entry), EnumCode(entry.sheet_state()), NumberOrEmpty(entry.points()),
                          AgeGradeText(entry), NumberOrEmpty(entry.field_size()), entry.result()});
  }
  return table;
}

std::string TitleText(const v1::History& history) {
  const v1::Athlete& athlete = history.athlete_summary();
  std::string text = athlete.display_name().empty()
                         ? history.athlete()
                         : absl::StrCat(athlete.display_name(), " (", history.athlete(), ")");
  if (!athlete.country().empty()) absl::StrAppend(&text, ", ", athlete.country());
  if (athlete.has_birth_date()) absl::StrAppend(&text, ", born ", FormatDate(athlete.birth_date()));
  return absl::StrCat(Printable(text), "\n\n");
}

// Whose history, of which disciplines and days: what every request says.
template <class Request>
absl::StatusOr<Request> RequestOf(const HistoryOptions& options) {
  Request request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
  for (const std::string& discipline : options.disciplines) request.add_disciplines(discipline);
  if (!options.from.empty()) {
    const absl::StatusOr<v1::Date> from = ParseDay(options.from, "--from");
    if (!from.ok()) return from.status();
    *request.mutable_period()->mutable_start_date() = *from;
  }
  if (!options.to.empty()) {
    const absl::StatusOr<v1::Date> to = ParseDay(options.to, "--to");
    if (!to.ok()) return to.status();
    *request.mutable_period()->mutable_end_date() = *to;
  }
  return request;
}

absl::StatusOr<ExitCode> ShowResults(Session& session, const HistoryOptions& options) {
  absl::StatusOr<v1::GetHistoryRequest> request = RequestOf<v1::GetHistoryRequest>(options);
  if (!request.ok()) return request.status();
  request->set_view(v1::HISTORY_VIEW_FULL);
  request->set_summary(true);
  request->set_filter(options.filter);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto history = (*connection)
                           ->CallPages(&v1::HistoryService::Stub::GetHistory, *request, session.RowLimit(options.limit),
                                       [](auto& response) { return response.mutable_history()->mutable_entries(); });
  if (!history.ok()) return history.status();
  session.PrintText(TitleText(history->history()));
  session.Print(*history, HistoryTable(history->history()));
  session.PrintText(BestsText(history->history().summary()));
  if (history->history().entries().empty()) session.Say("There are no such results.");
  session.SayIfCut(history->history().entries_size(), history->total_size());
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowSummary(Session& session, const HistoryOptions& options) {
  if (!options.filter.empty())
    return absl::InvalidArgumentError("--filter: a summary is of all results, want no filter");
  const auto request = RequestOf<v1::GetHistorySummaryRequest>(options);
  if (!request.ok()) return request.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto summary = (*connection)->Call(&v1::HistoryService::Stub::GetHistorySummary, *request);
  if (!summary.ok()) return summary.status();
  if (session.for_people()) {
    session.PrintText(SummaryText(*summary, session.environment().width));
  } else {
    session.Print(*summary, SummaryTable(*summary));
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> SaveHistory(Session& session, const HistoryOptions& options) {
  if (!options.filter.empty()) return absl::InvalidArgumentError("--filter: a file has all results, want no filter");
  const absl::StatusOr<v1::ExportFormat> format = ParseEnumCode<v1::ExportFormat>(options.format);
  if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
  auto request = RequestOf<v1::ExportHistoryRequest>(options);
  if (!request.ok()) return request.status();
  request->set_format(*format);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> content =
      (*connection)->CallFile(&v1::HistoryService::Stub::ExportHistory, *request);
  if (!content.ok()) return content.status();
  if (options.file == "-") {
    session.PrintFile(*content);
    return ExitCode::kDone;
  }
  if (absl::Status status = WriteFile(options.file, *content); !status.ok()) return status;
  session.Say(absl::StrCat("Wrote ", options.file, ", ", FormatBytes(static_cast<int64_t>(content->size())), "."));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowHistory(Session& session, const HistoryOptions& options) {
  if (!options.file.empty()) return SaveHistory(session, options);
  return options.summary ? ShowSummary(session, options) : ShowResults(session, options);
}

}  // namespace

void AddHistoryCommand(Commands& commands) {
  const auto options = std::make_shared<HistoryOptions>();
  CLI::App* history = commands.Add(
      &commands.root(), "history", "Shows every result of an athlete, personal and season bests, progression",
      {"palmares history 1042", "palmares history 1042 --discipline marathon --from 2010-01-01 --output csv",
       "palmares history 1042 --filter 'legal = true AND place = 1'", "palmares history 1042 --summary",
       "palmares history 1042 --export history.csv"},
      [options](Session& session) { return ShowHistory(session, *options); });
  history->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  history->add_option("--discipline", options->disciplines, "Only this discipline, once for each")
      ->allow_extra_args(false)
      ->type_name("D");
  history->add_option("--from,--since", options->from, "Only results from this day on")->type_name("DATE");
  history->add_option("--to,--until", options->to, "Only results up to this day")->type_name("DATE");
  history
      ->add_option("--filter", options->filter,
                   "Only such results; of outcome, legal, place, sheet_state, level, division")
      ->type_name("CONDITIONS");
  CLI::Option* summary = history->add_flag("--summary", options->summary,
                                           "What follows from the results, without them: consistency, pacing, ranks, "
                                           "opponents, milestones");
  history->add_option("--export", options->file, "Writes the results with all that is known to a file; - to the output")
      ->type_name("FILE")
      ->excludes(summary);
  history
      ->add_option(
          "--format", options->format,
          "Of the file: csv-spreadsheet (cells that a spreadsheet would take for formulas are guarded), csv or "
          "json")
      ->type_name("csv-spreadsheet|csv|json")
      ->capture_default_str();
  AddLimit(history, &options->limit);
}

}  // namespace palmares::tools
