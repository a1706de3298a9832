// palmares qualify: is an athlete in, how far are they, and why; with --mark a what-if.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "palmares/v1/standards.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"
#include "tools/palmares/verdict_text.h"

namespace palmares::tools {
namespace {

struct QualifyOptions {
  std::string athlete;
  std::vector<std::string> standards;
  std::string as_of;
  std::string mark;
  std::string race_date;
  std::string discipline;
  std::string race;
  std::optional<double> net_drop_m;
  bool certified = false;
  bool not_certified = false;
  std::string sex;
  int age = 0;
  std::string country;
  std::string region;
  bool all_results = false;
};

constexpr double kMillimetresInAMetre = 1000;
constexpr double kDeepest = 9000;  // metres

// The one discipline of the standards asked for, else the one that the athlete runs.
template <typename Request>
absl::StatusOr<std::string> DisciplineOf(const Connection& connection, const std::string& athlete_name,
                                         const Request& request) {
  std::set<std::string> disciplines;
  for (const std::string& name : request.standards()) {
    v1::GetStandardRequest get;
    get.set_name(name);
    const auto standard = connection.Call(&v1::StandardService::Stub::GetStandard, get);
    if (!standard.ok()) return standard.status();
    for (const v1::StandardMark& mark : standard->marks()) disciplines.insert(mark.discipline());
  }
  if (request.standards().empty() && !athlete_name.empty()) {
    v1::GetAthleteRequest get;
    get.set_name(athlete_name);
    const auto athlete = connection.Call(&v1::AthleteService::Stub::GetAthlete, get);
    if (!athlete.ok()) return athlete.status();
    disciplines.insert(athlete->disciplines().begin(), athlete->disciplines().end());
  }
  if (disciplines.size() == 1) return *disciplines.begin();
  return absl::InvalidArgumentError(absl::StrCat("--discipline: not given, and --mark could be of ",
                                                 disciplines.empty() ? "any" : absl::StrJoin(disciplines, ", ")));
}

absl::Status PutOnCourse(const Connection& connection, const QualifyOptions& options, v1::HypotheticalMark& mark) {
  if (!options.race.empty()) {
    absl::StatusOr<std::string> race = RaceName(connection, options.race);
    if (!race.ok()) return race.status();
    mark.set_race(*std::move(race));
  }
  if (options.net_drop_m.has_value()) {
    constexpr double kTolerance = 1e-6;  // of a double near a decimal fraction
    const double millimetres = *options.net_drop_m * kMillimetresInAMetre;
    if (std::fabs(millimetres - std::round(millimetres)) > kTolerance) {
      return absl::InvalidArgumentError(
          absl::StrFormat("--net-drop: %.10g, want metres with at most three decimals", *options.net_drop_m));
    }
    mark.mutable_course_facts()->set_net_drop_mm(std::llround(millimetres));
  }
  if (options.certified || options.not_certified) mark.mutable_course_facts()->set_certified(options.certified);
  return absl::OkStatus();
}

// The mark of the options; `request` says what it is held against.
template <typename Request>
absl::StatusOr<v1::HypotheticalMark> MarkOf(const Connection& connection, const QualifyOptions& options,
                                            const std::string& athlete, const Request& request) {
  absl::StatusOr<v1::Date> date = ParseDay(options.race_date, "--race-date");
  if (!date.ok()) return date.status();
  absl::StatusOr<std::string> discipline =
      options.discipline.empty() ? DisciplineOf(connection, athlete, request) : options.discipline;
  if (!discipline.ok()) return discipline.status();
  v1::HypotheticalMark mark;
  mark.set_discipline(*std::move(discipline));
  mark.mutable_mark()->set_text(options.mark);
  *mark.mutable_date() = *std::move(date);
  if (absl::Status status = PutOnCourse(connection, options, mark); !status.ok()) return status;
  return mark;
}

// The standards and the day, which both requests have.
template <typename Request>
absl::Status AddQuestion(const QualifyOptions& options, Request& request) {
  for (const std::string& text : options.standards) {
    const absl::StatusOr<std::string> standard = StandardName(text);
    if (!standard.ok()) return standard.status();
    request.add_standards(*standard);
  }
  if (!options.as_of.empty()) {
    const absl::StatusOr<v1::Date> as_of = ParseDay(options.as_of, "--as-of");
    if (!as_of.ok()) return as_of.status();
    *request.mutable_as_of_date() = *as_of;
  }
  return absl::OkStatus();
}

void PrintVerdicts(Session& session, const v1::QualifyResponse& verdicts) {
  if (!session.for_people()) {
    session.Print(verdicts, VerdictTable(verdicts));
    return;
  }
  for (const v1::Verdict& verdict : verdicts.verdicts()) {
    session.PrintText(absl::StrCat(&verdict == &*verdicts.verdicts().begin() ? "" : "\n", VerdictText(verdict)));
  }
}

// The verdicts on an athlete's results, and on the mark where one is given.
absl::StatusOr<v1::QualifyResponse> OnAthlete(const Connection& connection, const QualifyOptions& options) {
  v1::QualifyRequest request;
  absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
  if (absl::Status status = AddQuestion(options, request); !status.ok()) return status;
  request.set_all_results(options.all_results);
  if (!options.mark.empty()) {
    absl::StatusOr<v1::HypotheticalMark> mark = MarkOf(connection, options, *athlete, request);
    if (!mark.ok()) return mark.status();
    *request.add_hypothetical_marks() = *std::move(mark);
  }
  return connection.CallPages(&v1::QualificationService::Stub::Qualify, request, 0,
                              [](auto& response) { return response.mutable_verdicts(); });
}

// The verdicts on one mark of a runner of whom nothing else is on file.
absl::StatusOr<v1::QualifyResponse> OnAnonymousRunner(const Connection& connection, const QualifyOptions& options) {
  if (options.mark.empty()) {
    return absl::InvalidArgumentError("ATHLETE: not given, want an athlete, or --sex, --age and --mark of any runner");
  }
  if (options.sex.empty()) return absl::InvalidArgumentError("--sex: not given, want M, W or X, or an athlete");
  v1::WhatIfRequest request;
  const absl::StatusOr<v1::Sex> sex = ParseSex(options.sex);
  if (!sex.ok()) return sex.status();
  request.set_sex(*sex);
  request.set_age(options.age);
  request.set_country(options.country);
  request.set_region(options.region);
  if (absl::Status status = AddQuestion(options, request); !status.ok()) return status;
  absl::StatusOr<v1::HypotheticalMark> mark = MarkOf(connection, options, "", request);
  if (!mark.ok()) return mark.status();
  *request.add_marks() = *std::move(mark);
  return connection.CallPages(&v1::QualificationService::Stub::WhatIf, request, 0,
                              [](auto& response) { return response.mutable_verdicts(); });
}

absl::StatusOr<ExitCode> Qualify(Session& session, const QualifyOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::QualifyResponse> verdicts =
      options.athlete.empty() ? OnAnonymousRunner(**connection, options) : OnAthlete(**connection, options);
  if (!verdicts.ok()) return verdicts.status();
  PrintVerdicts(session, *verdicts);
  if (verdicts->verdicts().empty()) session.Say("No standard that is in use concerns this athlete.");
  if (options.standards.empty()) return ExitCode::kDone;
  const bool all_in = std::all_of(verdicts->verdicts().begin(), verdicts->verdicts().end(), IsIn);
  return all_in ? ExitCode::kDone : ExitCode::kNo;
}

// What only a mark that nobody ran yet has.
void AddWhatIfOptions(CLI::App* qualify, CLI::Option* athlete, QualifyOptions& options) {
  CLI::Option* mark = qualify->add_option("--mark", options.mark, "What if this were run: 2:54:10")->type_name("TIME");
  CLI::Option* date = qualify->add_option("--race-date", options.race_date, "When it would be run")->type_name("DATE");
  mark->needs(date);
  date->needs(mark);
  qualify->add_option("--discipline", options.discipline, "What would be run; default: the standard's discipline")
      ->needs(mark)
      ->type_name("D");
  qualify->add_option("--race", options.race, "Where it would be run: 2013/races/open; default: an ideal course")
      ->needs(mark)
      ->type_name("RACE");
  qualify->add_option("--net-drop", options.net_drop_m, "How far the course falls, in metres")
      ->needs(mark)
      ->check(CLI::Range(-kDeepest, kDeepest))
      ->type_name("METRES");
  CLI::Option* certified = qualify->add_flag("--certified", options.certified, "The course is certified")->needs(mark);
  qualify->add_flag("--not-certified", options.not_certified, "The course is not certified")
      ->needs(mark)
      ->excludes(certified);
  qualify->add_option("--sex", options.sex, "Category of a runner who is no ATHLETE on file")
      ->needs(mark)
      ->excludes(athlete)
      ->type_name("W|M|X");
  qualify->add_option("--age", options.age, "Age of such a runner on the day of the race")
      ->needs(mark)
      ->excludes(athlete)
      ->check(WholeNumber(1, 120))
      ->type_name("YEARS");
  qualify->add_option("--country", options.country, "Country of such a runner, for standards that ask for it: USA")
      ->needs(mark)
      ->excludes(athlete)
      ->type_name("CODE");
  qualify->add_option("--region", options.region, "Where such a runner lives, for standards that ask for it: US-MA")
      ->needs(mark)
      ->excludes(athlete)
      ->type_name("REGION");
}

}  // namespace

void AddQualifyCommand(Commands& commands) {
  const auto options = std::make_shared<QualifyOptions>();
  CLI::App* qualify =
      commands.Add(&commands.root(), "qualify",
                   "Says whether an athlete meets standards, how far they are, and why. Exit code 1 when a standard "
                   "asked for is not met",
                   {"palmares qualify 1042 --standard boston-2013",
                    "palmares qualify 1042 --standard boston-2026 --mark 2:54:10 --race-date 2025-04-27",
                    "palmares qualify --sex W --age 41 --discipline marathon --mark 3:29:00 --race-date 2026-05-03 "
                    "--net-drop 500"},
                   [options](Session& session) { return Qualify(session, *options); });
  CLI::Option* athlete = qualify->add_option("ATHLETE", options->athlete,
                                             "Athlete: 1042 or athletes/1042; default: a runner of --sex and --age");
  qualify
      ->add_option("--standard", options->standards,
                   "Standard, once for each; default: all in use that concern the athlete")
      ->allow_extra_args(false)
      ->type_name("STANDARD");
  qualify->add_option("--as-of", options->as_of, "Day of the answer; default: today")->type_name("DATE");
  AddWhatIfOptions(qualify, athlete, *options);
  qualify->add_flag("--all-results", options->all_results, "Judges every result, not only the nearest");
}

}  // namespace palmares::tools
