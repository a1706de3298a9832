// palmares results correct, disqualify, reinstate, withdraw, move and undo.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "palmares/v1/results.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/result_text.h"
#include "tools/palmares/row_fields.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ChangeOptions {
  std::string result;
  std::vector<std::string> fields;  // FIELD=VALUE
  std::string rule;
  std::string race;  // to move to
  std::string reason;
  std::string evidence;
  bool leave_place_vacant = false;
  bool dry_run = false;
};

// What all requests share. `Request` has name, reason, evidence and validate_only.
template <class Request>
absl::Status FillChange(Session& session, const ChangeOptions& options, Request& request) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = ResultName(**connection, options.result);
  if (!name.ok()) return name.status();
  request.set_name(*name);
  request.set_reason(options.reason);
  request.set_evidence(options.evidence);
  request.set_validate_only(options.dry_run);
  return absl::OkStatus();
}

void PrintChange(Session& session, const v1::ChangeResultResponse& change, bool dry_run) {
  v1::ListResultRevisionsResponse revisions;
  *revisions.add_revisions() = change.revision();
  if (!session.for_people()) {
    session.Print(change, RevisionTable(revisions));
    return;
  }
  std::string text = absl::StrCat(dry_run ? "Would be done: " : "Done: ", Printable(change.result().row().name()));
  if (change.revision().name().empty()) {  // of a dry run
    absl::StrAppend(&text, ", then ", OutcomeCode(change.result().outcome()), " ", MarkText(change.result().mark()));
  } else {
    absl::StrAppend(&text, " ", EnumCode(change.revision().kind()), ", revision ", LastId(change.revision().name()));
  }
  absl::StrAppend(&text, "\n");
  if (!change.revision().changes().empty()) {
    absl::StrAppend(&text, "  ", Printable(ChangesText(change.revision().changes())), "\n");
  }
  const std::string cascade = CascadeText(change.cascade());
  if (!cascade.empty()) absl::StrAppend(&text, "  with it changed ", cascade, "\n");
  for (const v1::Issue& issue : change.issues()) absl::StrAppend(&text, "  ", Printable(issue.text()), "\n");
  session.PrintText(text);
}

template <class Request>
absl::StatusOr<ExitCode> Send(Session& session, const ChangeOptions& options,
                              grpc::Status (v1::ResultService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                              v1::ChangeResultResponse*),
                              const Request& request) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto change = (*connection)->Call(method, request);
  if (!change.ok()) return change.status();
  PrintChange(session, *change, options.dry_run);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Correct(Session& session, const ChangeOptions& options) {
  v1::CorrectResultRequest request;
  for (const std::string& field : options.fields) {
    const absl::StatusOr<std::string> path = SetRowField(field, *request.mutable_row());
    if (!path.ok()) return path.status();
    request.mutable_update_mask()->add_paths(*path);
  }
  if (absl::Status status = FillChange(session, options, request); !status.ok()) return status;
  return Send(session, options, &v1::ResultService::Stub::CorrectResult, request);
}

absl::StatusOr<ExitCode> Disqualify(Session& session, const ChangeOptions& options) {
  v1::DisqualifyResultRequest request;
  if (absl::Status status = FillChange(session, options, request); !status.ok()) return status;
  request.set_rule(options.rule);
  request.set_leave_place_vacant(options.leave_place_vacant);
  return Send(session, options, &v1::ResultService::Stub::DisqualifyResult, request);
}

absl::StatusOr<ExitCode> Reinstate(Session& session, const ChangeOptions& options) {
  v1::ReinstateResultRequest request;
  if (absl::Status status = FillChange(session, options, request); !status.ok()) return status;
  return Send(session, options, &v1::ResultService::Stub::ReinstateResult, request);
}

absl::StatusOr<ExitCode> Withdraw(Session& session, const ChangeOptions& options) {
  v1::WithdrawResultRequest request;
  if (absl::Status status = FillChange(session, options, request); !status.ok()) return status;
  return Send(session, options, &v1::ResultService::Stub::WithdrawResult, request);
}

absl::StatusOr<ExitCode> Move(Session& session, const ChangeOptions& options) {
  v1::MoveResultRequest request;
  if (absl::Status status = FillChange(session, options, request); !status.ok()) return status;
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> race = RaceName(**connection, options.race);
  if (!race.ok()) return race.status();
  request.set_destination_race(*race);
  return Send(session, options, &v1::ResultService::Stub::MoveResult, request);
}

// RESULT names a revision, or a result whose newest one is meant.
absl::StatusOr<ExitCode> Undo(Session& session, const ChangeOptions& options) {
  const std::string revisions = "/revisions/";
  v1::UndoResultRevisionRequest request;
  ChangeOptions result = options;
  const size_t at = options.result.rfind(revisions);
  if (at != std::string::npos) result.result.resize(at);
  if (absl::Status status = FillChange(session, result, request); !status.ok()) return status;
  std::string revision = at == std::string::npos ? "" : options.result.substr(at + revisions.size());
  if (revision.empty()) {
    const auto connection = session.Connect();
    if (!connection.ok()) return connection.status();
    v1::GetResultRequest get;
    get.set_name(request.name());
    const auto current = (*connection)->Call(&v1::ResultService::Stub::GetResult, get);
    if (!current.ok()) return current.status();
    revision = absl::StrCat(current->revision());
  }
  request.set_name(absl::StrCat(request.name(), revisions, revision));
  return Send(session, options, &v1::ResultService::Stub::UndoResultRevision, request);
}

void AddCommonOptions(CLI::App* command, ChangeOptions& options) {
  command->add_option("RESULT", options.result, "Result: RACE/results/ID")->required();
  command->add_option("--reason", options.reason, "Why; kept with the change and shown in histories")
      ->required()
      ->type_name("TEXT");
  command->add_option("--evidence", options.evidence, "Where the decision or protest is")->type_name("TEXT");
  command->add_flag("--dry-run", options.dry_run, "Says what would change, and changes nothing");
}

}  // namespace

void AddResultChangeCommands(Commands& commands, CLI::App* results) {
  const auto correction = std::make_shared<ChangeOptions>();
  CLI::App* correct = commands.Add(
      results, "correct", "Corrects fields of a result, as a new revision",
      {"palmares results correct 2013/races/open/results/7 --set chip_mark=2:10:25 --reason 'photo finish'",
       "palmares results correct 2013/races/open/results/7 --set name='Lelisa Desisa' --set country=ETH --reason "
       "spelling"},
      [correction](Session& session) { return Correct(session, *correction); });
  correct
      ->add_option("--set", correction->fields,
                   absl::StrCat("Field and value, once for each. Fields: ", RowFieldNames()))
      ->required()
      ->allow_extra_args(false)
      ->type_name("FIELD=VALUE");
  AddCommonOptions(correct, *correction);

  const auto disqualification = std::make_shared<ChangeOptions>();
  CLI::App* disqualify = commands.Add(
      results, "disqualify", "Disqualifies a competitor; others move up",
      {"palmares results disqualify 2013/races/open/results/7 --rule TR17.3.1 --reason 'lane infringement'"},
      [disqualification](Session& session) { return Disqualify(session, *disqualification); });
  disqualify->add_option("--rule", disqualification->rule, "Rule that was broken: TR17.3.1")
      ->required()
      ->type_name("RULE");
  disqualify->add_flag("--leave-place-vacant", disqualification->leave_place_vacant, "Others do not move up");
  AddCommonOptions(disqualify, *disqualification);

  const auto reinstatement = std::make_shared<ChangeOptions>();
  CLI::App* reinstate = commands.Add(results, "reinstate", "Takes a disqualification back and restores what was",
                                     {"palmares results reinstate 2013/races/open/results/7 --reason 'appeal upheld'"},
                                     [reinstatement](Session& session) { return Reinstate(session, *reinstatement); });
  AddCommonOptions(reinstate, *reinstatement);

  const auto withdrawal = std::make_shared<ChangeOptions>();
  CLI::App* withdraw =
      commands.Add(results, "withdraw", "Takes a result off its sheet; it stays in the sheet's history",
                   {"palmares results withdraw 2013/races/open/results/7 --reason 'never started'"},
                   [withdrawal](Session& session) { return Withdraw(session, *withdrawal); });
  AddCommonOptions(withdraw, *withdrawal);

  const auto moving = std::make_shared<ChangeOptions>();
  CLI::App* move = commands.Add(
      results, "move", "Moves a result to another race, where its mark says its place",
      {"palmares results move 2013/races/open/results/7 --race 2013/races/elite --reason 'started with the elite'"},
      [moving](Session& session) { return Move(session, *moving); });
  move->add_option("--race", moving->race, "Race to move to")->required()->type_name("RACE");
  AddCommonOptions(move, *moving);

  const auto undoing = std::make_shared<ChangeOptions>();
  CLI::App* undo =
      commands.Add(results, "undo", "Undoes the newest revision of a result, or the one that is named",
                   {"palmares results undo 2013/races/open/results/7 --reason 'the wrong runner'",
                    "palmares results undo 2013/races/open/results/7/revisions/3 --reason 'the jury says so'"},
                   [undoing](Session& session) { return Undo(session, *undoing); });
  AddCommonOptions(undo, *undoing);
}

}  // namespace palmares::tools
