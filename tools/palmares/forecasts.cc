// palmares nearest, forecast, calendar: what an athlete could reach, how likely it is, and by when.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"
#include "tools/palmares/verdict_text.h"

namespace palmares::tools {
namespace {

struct NearestOptions {
  std::string athlete;
  std::vector<std::string> disciplines;
  bool include_met = false;
  int64_t limit = -1;
};

absl::StatusOr<ExitCode> ListNearest(Session& session, const NearestOptions& options) {
  v1::ListNearestStandardsRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
  for (const std::string& discipline : options.disciplines) request.add_disciplines(discipline);
  request.set_include_met(options.include_met);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto nearest =
      (*connection)
          ->CallPages(&v1::QualificationService::Stub::ListNearestStandards, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_verdicts(); });
  if (!nearest.ok()) return nearest.status();
  v1::QualifyResponse verdicts;
  *verdicts.mutable_verdicts() = nearest->verdicts();
  session.Print(*nearest, VerdictTable(verdicts));
  if (nearest->verdicts().empty()) session.Say("No standard that is open concerns what this athlete ran.");
  return ExitCode::kDone;
}

struct ForecastOptions {
  std::string athlete;
  std::string standard;
  std::string by;
};

Table ForecastTable(const v1::ForecastResponse& forecast) {
  Table table{{{"probability", ColumnKind::kNumber},
               {"expected", ColumnKind::kNumber},
               {"low", ColumnKind::kNumber},
               {"high", ColumnKind::kNumber},
               {"needed", ColumnKind::kNumber},
               {"needed_pace", ColumnKind::kCode},
               {"trend_percent_per_year", ColumnKind::kNumber},
               {"explanation", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  if (!forecast.enough()) {
    table.rows.push_back({"", "", "", "", "", "", "", forecast.explanation()});
    return table;
  }
  table.rows.push_back({FormatDown(forecast.probability(), 2), forecast.expected_mark().text(),
                        forecast.low_mark().text(), forecast.high_mark().text(), forecast.needed().mark().text(),
                        forecast.needed().pace_text(), FormatUp(forecast.trend_percent_per_year(), 1),
                        forecast.explanation()});
  return table;
}

// Exit code 1 where there is too little to say.
absl::StatusOr<ExitCode> ForecastStandard(Session& session, const ForecastOptions& options) {
  v1::ForecastRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
  const absl::StatusOr<std::string> standard = StandardName(options.standard);
  if (!standard.ok()) return standard.status();
  request.set_standard(*standard);
  if (!options.by.empty()) {
    const absl::StatusOr<v1::Date> by = ParseDay(options.by, "--by");
    if (!by.ok()) return by.status();
    *request.mutable_by_date() = *by;
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto forecast = (*connection)->Call(&v1::QualificationService::Stub::Forecast, request);
  if (!forecast.ok()) return forecast.status();
  session.PrintText(absl::StrCat(Printable(forecast->explanation()), "\n", forecast->enough() ? "\n" : ""));
  if (forecast->enough() || !session.for_people()) session.Print(*forecast, ForecastTable(*forecast));
  return forecast->enough() ? ExitCode::kDone : ExitCode::kNo;
}

struct CalendarOptions {
  std::string athlete;
  std::vector<std::string> standards;
  std::string file;
};

absl::StatusOr<ExitCode> ExportCalendar(Session& session, const CalendarOptions& options) {
  v1::ExportCalendarRequest request;
  if (!options.athlete.empty()) {
    const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
    if (!athlete.ok()) return athlete.status();
    request.set_athlete(*athlete);
  }
  for (const std::string& text : options.standards) {
    const absl::StatusOr<std::string> standard = StandardName(text);
    if (!standard.ok()) return standard.status();
    request.add_standards(*standard);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> file =
      (*connection)->CallFile(&v1::QualificationService::Stub::ExportCalendar, request);
  if (!file.ok()) return file.status();
  if (options.file.empty()) {
    session.PrintFile(*file);
    return ExitCode::kDone;
  }
  if (absl::Status status = WriteFile(options.file, *file); !status.ok()) return status;
  session.Say(absl::StrCat("Written to ", options.file, "."));
  return ExitCode::kDone;
}

}  // namespace

void AddForecastCommands(Commands& commands) {
  const auto nearest_options = std::make_shared<NearestOptions>();
  CLI::App* nearest =
      commands.Add(&commands.root(), "nearest", "Lists the standards that an athlete is nearest to and does not meet",
                   {"palmares nearest 1042", "palmares nearest 1042 --discipline marathon --include-met --limit 5"},
                   [nearest_options](Session& session) { return ListNearest(session, *nearest_options); });
  nearest->add_option("ATHLETE", nearest_options->athlete, "Athlete: 1042 or athletes/1042")->required();
  nearest
      ->add_option("--discipline", nearest_options->disciplines,
                   "Only this discipline, once for each; default: all that they ran")
      ->allow_extra_args(false)
      ->type_name("D");
  nearest->add_flag("--include-met", nearest_options->include_met, "Lists those that they meet too");
  AddLimit(nearest, &nearest_options->limit);

  const auto forecast_options = std::make_shared<ForecastOptions>();
  CLI::App* forecast =
      commands.Add(&commands.root(), "forecast",
                   "Says how likely an athlete meets a standard in time. Exit code 1 where there is too little to say",
                   {"palmares forecast 1042 boston-2027", "palmares forecast 1042 boston-2027 --by 2026-05-03"},
                   [forecast_options](Session& session) { return ForecastStandard(session, *forecast_options); });
  forecast->add_option("ATHLETE", forecast_options->athlete, "Athlete: 1042 or athletes/1042")->required();
  forecast->add_option("STANDARD", forecast_options->standard, "Standard: boston-2027")->required();
  forecast->add_option("--by", forecast_options->by, "Day of the race; default: the last one that counts")
      ->type_name("DATE");

  const auto calendar_options = std::make_shared<CalendarOptions>();
  CLI::App* calendar =
      commands.Add(&commands.root(), "calendar",
                   "Writes windows and deadlines of standards, and an athlete's goals, as an iCalendar file",
                   {"palmares calendar 1042 -o qualification.ics", "palmares calendar --standard boston-2027"},
                   [calendar_options](Session& session) { return ExportCalendar(session, *calendar_options); });
  calendar->add_option("ATHLETE", calendar_options->athlete, "Athlete whose goals are included; default: none");
  calendar
      ->add_option("--standard", calendar_options->standards,
                   "Standard, once for each; default: all that concern the athlete")
      ->allow_extra_args(false)
      ->type_name("STANDARD");
  calendar->add_option("-o,--file", calendar_options->file, "Where to write it; default: standard output")
      ->type_name("FILE");
}

}  // namespace palmares::tools
