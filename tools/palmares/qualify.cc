// palmares qualify: is an athlete in, how far are they, and why; with --mark a what-if.
#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "palmares/v1/standards.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
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
  bool all_results = false;
};

// The one discipline of the standards asked for, else the one that the athlete runs.
absl::StatusOr<std::string> DisciplineOf(const Connection& connection, const v1::QualifyRequest& request) {
  std::set<std::string> disciplines;
  for (const std::string& name : request.standards()) {
    v1::GetStandardRequest get;
    get.set_name(name);
    const auto standard = connection.Call(&v1::StandardService::Stub::GetStandard, get);
    if (!standard.ok()) return standard.status();
    for (const v1::StandardMark& mark : standard->marks()) disciplines.insert(mark.discipline());
  }
  if (request.standards().empty()) {
    v1::GetAthleteRequest get;
    get.set_name(request.athlete());
    const auto athlete = connection.Call(&v1::AthleteService::Stub::GetAthlete, get);
    if (!athlete.ok()) return athlete.status();
    disciplines.insert(athlete->disciplines().begin(), athlete->disciplines().end());
  }
  if (disciplines.size() == 1) return *disciplines.begin();
  return absl::InvalidArgumentError(absl::StrCat("--discipline: not given, and --mark could be of ",
                                                 disciplines.empty() ? "any" : absl::StrJoin(disciplines, ", ")));
}

absl::Status AddHypotheticalMark(const Connection& connection, const QualifyOptions& options,
                                 v1::QualifyRequest& request) {
  const absl::StatusOr<v1::Date> date = ParseDay(options.race_date, "--race-date");
  if (!date.ok()) return date.status();
  const absl::StatusOr<std::string> discipline =
      options.discipline.empty() ? DisciplineOf(connection, request) : options.discipline;
  if (!discipline.ok()) return discipline.status();
  v1::HypotheticalMark& mark = *request.add_hypothetical_marks();
  mark.set_discipline(*discipline);
  mark.mutable_mark()->set_text(options.mark);
  *mark.mutable_date() = *date;
  return absl::OkStatus();
}

absl::StatusOr<v1::QualifyRequest> RequestOf(const QualifyOptions& options) {
  v1::QualifyRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  request.set_athlete(*athlete);
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
  request.set_all_results(options.all_results);
  return request;
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

absl::StatusOr<ExitCode> Qualify(Session& session, const QualifyOptions& options) {
  absl::StatusOr<v1::QualifyRequest> request = RequestOf(options);
  if (!request.ok()) return request.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  if (!options.mark.empty()) {
    if (absl::Status status = AddHypotheticalMark(**connection, options, *request); !status.ok()) return status;
  }
  const auto verdicts =
      (*connection)->CallPages(&v1::QualificationService::Stub::Qualify, *request, 0, [](auto& response) {
        return response.mutable_verdicts();
      });
  if (!verdicts.ok()) return verdicts.status();
  PrintVerdicts(session, *verdicts);
  if (verdicts->verdicts().empty()) session.Say("No standard that is in use concerns this athlete.");
  if (options.standards.empty()) return ExitCode::kDone;
  const bool all_in = std::all_of(verdicts->verdicts().begin(), verdicts->verdicts().end(), IsIn);
  return all_in ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddQualifyCommand(Commands& commands) {
  const auto options = std::make_shared<QualifyOptions>();
  CLI::App* qualify =
      commands.Add(&commands.root(), "qualify",
                   "Says whether an athlete meets standards, how far they are, and why. Exit code 1 when a standard "
                   "asked for is not met",
                   {"palmares qualify 1042 --standard boston-2013",
                    "palmares qualify 1042 --standard boston-2026 --mark 2:54:10 --race-date 2025-04-27"},
                   [options](Session& session) { return Qualify(session, *options); });
  qualify->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  qualify
      ->add_option("--standard", options->standards,
                   "Standard, once for each; default: all in use that concern the athlete")
      ->allow_extra_args(false)
      ->type_name("STANDARD");
  qualify->add_option("--as-of", options->as_of, "Day of the answer; default: today")->type_name("DATE");
  CLI::Option* mark = qualify->add_option("--mark", options->mark, "What if this were run: 2:54:10")->type_name("TIME");
  CLI::Option* date = qualify->add_option("--race-date", options->race_date, "When it would be run")->type_name("DATE");
  mark->needs(date);
  date->needs(mark);
  qualify->add_option("--discipline", options->discipline, "What would be run; default: the standard's discipline")
      ->needs(mark)
      ->type_name("D");
  qualify->add_flag("--all-results", options->all_results, "Judges every result, not only the nearest");
}

}  // namespace palmares::tools
