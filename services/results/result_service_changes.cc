// Changes of single results.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/reading_messages.h"
#include "services/ingest/row_rules.h"
#include "services/results/corrected_row.h"
#include "services/results/result_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::results {
namespace {

template <typename Request>
Change ChangeOf(RevisionKind kind, const Request& request) {
  Change change;
  change.kind = kind;
  change.name = request.name();
  change.reason = request.reason();
  change.evidence = request.evidence();
  return change;
}

// Places of a race by the result's number, to see whom a change moves.
using PlacesOf = absl::flat_hash_map<int64_t, std::pair<int32_t, int64_t>>;  // number → place and athlete

PlacesOf PlacesIn(const RaceSheet& sheet) {
  PlacesOf places;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Facts(row);
    places[sheet.Number(row)] = {facts.place, facts.link.athlete};
  }
  return places;
}

void DescribeCascade(const PlacesOf& before, const RaceSheet& sheet, v1::Cascade* cascade) {
  std::set<int64_t> athletes;
  int32_t places = 0;
  for (const auto& [number, after] : PlacesIn(sheet)) {
    const auto known = before.find(number);
    const bool same = known != before.end() && known->second.first == after.first;
    if (same || (known == before.end() && after.first == 0)) continue;
    ++places;
    if (after.second != 0) athletes.insert(after.second);
    if (known != before.end() && known->second.second != 0) athletes.insert(known->second.second);
  }
  cascade->set_places(places);
  cascade->set_athletes(static_cast<int32_t>(athletes.size()));
}

// The same of an entry that is not written: laid over a copy of the sheet.
absl::StatusOr<v1::Cascade> CascadeOf(const storage::Draft& draft, const events::Race& race, const RaceSheet& sheet) {
  storage::Entry entry;
  entry.change = draft;
  RaceSheet after = sheet;
  if (absl::Status status = ApplyToSheet(entry, race, after); !status.ok()) return status;
  v1::Cascade cascade;
  DescribeCascade(PlacesIn(sheet), after, &cascade);
  return cascade;
}

// The number of the revision that an entry made, which may have brought a sanction's coming or going with it.
size_t NumberOf(const std::vector<Results::ResultRevision>& revisions, int64_t position) {
  const auto made = std::find_if(revisions.begin(), revisions.end(), [position](const Results::ResultRevision& one) {
    return one.position == position && one.kind != RevisionKind::kSanctioned &&
           one.kind != RevisionKind::kSanctionLifted;
  });
  return static_cast<size_t>(made - revisions.begin()) + 1;
}

}  // namespace

// A result that was moved is known by its old name too, but revisions are made under the one it has. Whoever may change
// the race that it left may not therefore change the one where it is.
absl::Status ResultService::ResolveName(const rpc::Call& call, Change& change) const {
  absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
  if (!ref.ok()) return ref.status();
  const events::Race& race = results_.calendar().race(ref->race);
  const std::string name = ResultName(race, results_.sheet(ref->race).Number(ref->row));
  if (name != change.name && !access::MayManage(call.caller, race.name)) {
    return absl::PermissionDeniedError(
        absl::StrCat("name: \"", change.name, "\" was moved, want the organizer of \"", race.name, "\" too"));
  }
  change.name = name;
  return absl::OkStatus();
}

absl::Status ResultService::Write(const rpc::Call& call, const google::protobuf::Message& request, Change& change,
                                  const Writing& writing, const Planner& plan, v1::ChangeResultResponse* response) {
  PlannedChange planned;
  PlacesOf before;
  absl::StatusOr<storage::Receipt> receipt = call.Write(
      request, writing.validate_only ? "" : writing.request_id, [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        if (absl::Status status = ResolveName(call, change); !status.ok()) return status;
        absl::StatusOr<PlannedChange> made = plan();
        if (!made.ok()) return made.status();
        planned = *std::move(made);
        if (!planned.draft.has_value()) return std::nullopt;
        absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
        if (!ref.ok()) return ref.status();
        const RaceSheet& sheet = results_.sheet(ref->race);
        if (writing.validate_only) {
          absl::StatusOr<v1::Cascade> cascade = CascadeOf(*planned.draft, results_.calendar().race(ref->race), sheet);
          if (!cascade.ok()) return cascade.status();
          *response->mutable_cascade() = *std::move(cascade);
          return std::nullopt;
        }
        before = PlacesIn(sheet);
        return *std::move(planned.draft);
      });
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
  if (!ref.ok()) return ref.status();
  const athletics::Discipline& discipline = *results_.calendar().race(ref->race).discipline;
  absl::StatusOr<Result> row = RowReader(&results_).Read(*ref);
  if (!row.ok()) return row.status();
  if (writing.validate_only) {
    row = planned.after;
    if (results_.IsAnonymous(results_.sheet(ref->race).Facts(ref->row).link.athlete)) RemovePersonalData(*row);
  }
  *response->mutable_result() = Describe(*ref, *row, /*trusted=*/true);
  const events::Race& race = results_.calendar().race(ref->race);
  for (const ingest::Issue& issue : ingest::CheckRow(*row, *race.discipline, race.date)) {
    if (issue.severity == ingest::Severity::kWarning) ingest::DescribeIssue(issue, response->add_issues());
  }
  for (const ingest::Issue& doubt : planned.doubts) ingest::DescribeIssue(doubt, response->add_issues());
  if (writing.validate_only) response->mutable_result()->set_outcome(rpc::ToProto(planned.after.outcome));
  if (receipt->changed || (writing.validate_only && planned.draft.has_value())) {
    v1::ResultRevision* revision = response->mutable_revision();
    for (v1::FieldChange& difference : Differences(planned.before, planned.after, discipline)) {
      *revision->add_changes() = std::move(difference);
    }
    revision->set_kind(static_cast<v1::ResultRevision::Kind>(static_cast<int>(change.kind) + 1));
    revision->set_reason(change.reason);
    revision->set_evidence(change.evidence);
    revision->mutable_actor()->set_token(call.caller.actor());
    revision->mutable_actor()->set_display_name(call.caller.actor());
  }
  if (receipt->changed) {
    v1::ResultRevision* revision = response->mutable_revision();
    revision->set_position(receipt->position);
    revision->set_sheet_revision(SheetLog::NumberAt(results_.log(ref->race).Revisions(), receipt->position));
    revision->set_name(absl::StrCat(
        response->result().name(), "/revisions/",
        NumberOf(results_.RevisionsOf(ref->race, results_.sheet(ref->race).Number(ref->row)), receipt->position)));
    DescribeCascade(before, results_.sheet(ref->race), response->mutable_cascade());
  }
  if (receipt->repeated) {  // the revision that the first request made
    absl::StatusOr<std::vector<v1::ResultRevision>> revisions = Revisions(*ref, /*trusted=*/true);
    if (!revisions.ok()) return revisions.status();
    const auto made = std::find_if(
        revisions->begin(), revisions->end(),
        [&receipt](const v1::ResultRevision& revision) { return revision.position() == receipt->position; });
    if (made != revisions->end()) *response->mutable_revision() = std::move(*made);
  }
  response->mutable_result()->set_position(receipt->position);
  response->set_position(receipt->position);
  return absl::OkStatus();
}

grpc::Status ResultService::CorrectResult(grpc::ServerContext* context, const v1::CorrectResultRequest* request,
                                          v1::ChangeResultResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.CorrectResult", *request, [&](const rpc::Call& call) -> absl::Status {
        Change change = ChangeOf(RevisionKind::kCorrected, *request);
        change.etag = request->etag();
        const NewRow correct = [&](const Result& row) -> absl::StatusOr<Result> {
          absl::StatusOr<RowRef> ref = FindResult(results_, change.name);
          if (!ref.ok()) return ref.status();
          return Corrected(row, request->row(), request->update_mask(), results_.calendar().race(ref->race));
        };
        return Write(
            call, *request, change, {request->validate_only(), request->request_id()},
            [&] { return PlanRevision(results_, change, correct); }, response);
      });
}

grpc::Status ResultService::DisqualifyResult(grpc::ServerContext* context, const v1::DisqualifyResultRequest* request,
                                             v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.DisqualifyResult", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      Change change = ChangeOf(RevisionKind::kDisqualified, *request);
                      change.etag = request->etag();
                      change.leave_place_vacant = request->leave_place_vacant();
                      if (request->rule().empty()) return rpc::MissingField("rule", "the rule that was broken");
                      const NewRow disqualify = [&](Result row) -> absl::StatusOr<Result> {
                        if (row.outcome == athletics::Outcome::kDisqualified) {
                          return rpc::WithReason(
                              absl::FailedPreconditionError(absl::StrCat(request->name(), " is disqualified already")),
                              "ALREADY_DISQUALIFIED");
                        }
                        row.outcome = athletics::Outcome::kDisqualified;
                        row.outcome_rule = request->rule();
                        return row;
                      };
                      return Write(
                          call, *request, change, {request->validate_only(), request->request_id()},
                          [&] { return PlanRevision(results_, change, disqualify); }, response);
                    });
}

grpc::Status ResultService::ReinstateResult(grpc::ServerContext* context, const v1::ReinstateResultRequest* request,
                                            v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.ReinstateResult", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      Change change = ChangeOf(RevisionKind::kReinstated, *request);
                      change.etag = request->etag();
                      return Write(
                          call, *request, change, {request->validate_only(), request->request_id()},
                          [&] { return PlanReinstatement(results_, change); }, response);
                    });
}

grpc::Status ResultService::WithdrawResult(grpc::ServerContext* context, const v1::WithdrawResultRequest* request,
                                           v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.WithdrawResult", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      Change change = ChangeOf(RevisionKind::kWithdrawn, *request);
                      change.etag = request->etag();
                      const NewRow withdraw = [](Result row) -> absl::StatusOr<Result> {
                        row.outcome = athletics::Outcome::kWithdrawn;
                        return row;
                      };
                      return Write(
                          call, *request, change, {request->validate_only(), request->request_id()},
                          [&] { return PlanRevision(results_, change, withdraw); }, response);
                    });
}

grpc::Status ResultService::MoveResult(grpc::ServerContext* context, const v1::MoveResultRequest* request,
                                       v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.MoveResult", *request, [&](const rpc::Call& call) -> absl::Status {
    if (!access::MayManage(call.caller, request->destination_race())) {
      return absl::PermissionDeniedError(
          absl::StrCat("ResultService.MoveResult needs the organizer of \"", request->destination_race(), "\" too"));
    }
    Change change = ChangeOf(RevisionKind::kMoved, *request);
    change.etag = request->etag();
    return Write(
        call, *request, change, {request->validate_only(), request->request_id()},
        [&]() -> absl::StatusOr<PlannedChange> {
          const events::Race* race = results_.calendar().FindRace(request->destination_race());
          if (race == nullptr) return rpc::NotFound("race", request->destination_race());
          return PlanMove(results_, change, *race);
        },
        response);
  });
}

grpc::Status ResultService::UndoResultRevision(grpc::ServerContext* context,
                                               const v1::UndoResultRevisionRequest* request,
                                               v1::ChangeResultResponse* response) {
  return rpc::Serve(calls_, *context, "ResultService.UndoResultRevision", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      Change change = ChangeOf(RevisionKind::kUndone, *request);
                      const size_t at = change.name.rfind("/revisions/");
                      int32_t revision = 0;
                      if (at == std::string::npos || !absl::SimpleAtoi(change.name.substr(at + 11), &revision)) {
                        return rpc::InvalidField("name", change.name, "RESULT/revisions/NUMBER");
                      }
                      change.name.resize(at);
                      return Write(
                          call, *request, change, {request->validate_only(), request->request_id()},
                          [&] { return PlanUndo(results_, change, revision); }, response);
                    });
}

}  // namespace palmares::results
