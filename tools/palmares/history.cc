// palmares history: every result of an athlete, bests and how they came.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/histories.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct HistoryOptions {
  std::string athlete;
  std::vector<std::string> disciplines;
  std::string from;
  std::string to;
  int64_t limit = -1;
};

// "PB", "SB" as the sport prints them; other records by their code.
std::string BestsText(const v1::HistoryEntry& entry) {
  return absl::StrJoin(entry.bests(), " ", [](std::string* out, const v1::BestMark& best) {
    const bool personal = best.kind() == v1::BestMark::KIND_PERSONAL_BEST;
    const bool season = best.kind() == v1::BestMark::KIND_SEASON_BEST;
    absl::StrAppend(out, personal ? "PB" : season ? "SB" : EnumCode(best.kind()));
  });
}

Table HistoryTable(const v1::History& history) {
  Table table{{{"date", ColumnKind::kCode},
               {"race"},
               {"race_name", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"discipline", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"gun", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"chip", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"place", ColumnKind::kNumber},
               {"sex_place", ColumnKind::kNumber},
               {"outcome", ColumnKind::kCode},
               {"bests", ColumnKind::kCode},
               {"state", ColumnKind::kCode},
               {"points", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::HistoryEntry& entry : history.entries()) {
    table.rows.push_back({FormatDate(entry.date()), entry.race_display_name(), RaceOfResult(entry.result()),
                          entry.discipline(), entry.mark().text(), entry.gun().text(), entry.chip().text(),
                          NumberOrEmpty(entry.place()), NumberOrEmpty(entry.sex_place()), OutcomeCode(entry.outcome()),
                          BestsText(entry), EnumCode(entry.sheet_state()), NumberOrEmpty(entry.points()),
                          entry.result()});
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

std::string DerivedText(const v1::DerivedMark& derived) {
  return absl::StrCat(derived.mark().text(), " (", FormatDate(derived.date()),
                      derived.provisional() ? ", provisional)" : ")");
}

std::string JoinDerived(const google::protobuf::RepeatedPtrField<v1::DerivedMark>& marks, absl::string_view separator) {
  return absl::StrJoin(marks, separator,
                       [](std::string* out, const v1::DerivedMark& mark) { absl::StrAppend(out, DerivedText(mark)); });
}

void AddLine(std::string& text, absl::string_view label, absl::string_view value) {
  if (!value.empty()) absl::StrAppendFormat(&text, "  %-14s %s\n", label, Printable(value));
}

std::string SummaryText(const v1::HistorySummary& summary) {
  std::string text;
  for (const v1::DisciplineSummary& discipline : summary.disciplines()) {
    absl::StrAppend(&text, "\n", discipline.discipline(), "\n");
    if (discipline.has_personal_best()) AddLine(text, "personal best", DerivedText(discipline.personal_best()));
    const v1::DerivedMark& any = discipline.personal_best_all_conditions();
    if (discipline.has_personal_best_all_conditions() && any.result() != discipline.personal_best().result()) {
      AddLine(text, "all conditions", DerivedText(any));
    }
    AddLine(text, "season bests", JoinDerived(discipline.season_bests(), ", "));
    AddLine(text, "progression", JoinDerived(discipline.progression(), " -> "));
  }
  return text;
}

absl::StatusOr<v1::GetHistoryRequest> RequestOf(const HistoryOptions& options) {
  v1::GetHistoryRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
  request.set_view(v1::HISTORY_VIEW_FULL);
  request.set_summary(true);
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

absl::StatusOr<ExitCode> ShowHistory(Session& session, const HistoryOptions& options) {
  const absl::StatusOr<v1::GetHistoryRequest> request = RequestOf(options);
  if (!request.ok()) return request.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto history = (*connection)
                           ->CallPages(&v1::HistoryService::Stub::GetHistory, *request, session.RowLimit(options.limit),
                                       [](auto& response) { return response.mutable_history()->mutable_entries(); });
  if (!history.ok()) return history.status();
  session.PrintText(TitleText(history->history()));
  session.Print(*history, HistoryTable(history->history()));
  session.PrintText(SummaryText(history->history().summary()));
  if (history->history().entries().empty()) session.Say("There are no such results.");
  session.SayIfCut(history->history().entries_size(), history->total_size());
  return ExitCode::kDone;
}

}  // namespace

void AddHistoryCommand(Commands& commands) {
  const auto options = std::make_shared<HistoryOptions>();
  CLI::App* history = commands.Add(
      &commands.root(), "history", "Shows every result of an athlete, personal and season bests, progression",
      {"palmares history 1042", "palmares history 1042 --discipline marathon --from 2010-01-01 --output csv"},
      [options](Session& session) { return ShowHistory(session, *options); });
  history->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  history->add_option("--discipline", options->disciplines, "Only this discipline, once for each")
      ->allow_extra_args(false)
      ->type_name("D");
  history->add_option("--from", options->from, "Only results from this day on")->type_name("DATE");
  history->add_option("--to", options->to, "Only results up to this day")->type_name("DATE");
  AddLimit(history, &options->limit);
}

}  // namespace palmares::tools
