// Claims, splits and proposals to merge.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/identity/event_policy.h"
#include "services/identity/identity_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::identity {
namespace {

using results::LinkKind;
using results::RowRef;

constexpr int kMostClaims = 100;
constexpr int kMostOfASplit = 10'000;
constexpr int32_t kClaimPageSize = 50;
constexpr int32_t kLargestClaimPage = 500;

template <typename Body>
storage::Draft DraftOf(storage::EntryKind kind, const Body& body) {
  storage::Draft draft;
  draft.kind = kind;
  draft.body = body.SerializeAsString();
  return draft;
}

absl::StatusOr<int64_t> PositionOf(absl::string_view name, absl::string_view collection) {
  absl::string_view id = name;
  int64_t position = 0;
  if (absl::ConsumePrefix(&id, absl::StrCat(collection, "/")) && absl::SimpleAtoi(id, &position)) return position;
  return rpc::InvalidField("name", name, absl::StrCat(collection, "/<number>"));
}

}  // namespace

// What an organizer of the event or an operator says is granted; what the athlete says, where the evidence is certain
// by itself, or the result is nobody's but a row's own.
absl::StatusOr<std::optional<storage::Draft>> IdentityService::PlanClaim(const Asker& asker,
                                                                         const v1::ClaimResultsRequest& request) const {
  const int64_t athlete = athletes_.Resolve(athletes_.Find(request.athlete()));
  if (athlete == 0) return rpc::NotFound("athlete", request.athlete());
  absl::StatusOr<const Linker*> linker = views_.evidence->Gathered();
  if (!linker.ok()) return linker.status();
  stored::v1::ResultsClaimed body;
  body.set_athlete(athlete);
  body.set_reason(request.reason());
  std::set<int32_t> races;
  for (const std::string& name : request.results()) {
    absl::StatusOr<LinkParts> parts = FindLink(asker, name);
    if (!parts.ok()) return parts.status();
    const bool decides = MayDecide(views_, asker, parts->row.race);
    if (!decides && !ActsFor(asker, athlete)) {
      return absl::PermissionDeniedError(
          absl::StrCat("IdentityService.ClaimResults needs the athlete's token, or one with their grant, or one of an "
                       "organizer of the event (",
                       request.athlete(), ")"));
    }
    const std::optional<LinkState> state = views_.States().Of(parts->row, athlete);
    if (state.has_value() && Ties(state->tier) && (!decides || state->tier == LinkTier::kConfirmed)) continue;
    absl::Status status = CheckIsOfPerson(parts->row);
    if (status.ok()) status = CheckNotInRace(athlete, parts->row);
    if (status.ok() && !races.insert(parts->row.race).second) {
      status = rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(name, " is another result in one race")),
                               "SAME_RACE");
    }
    if (!status.ok()) return status;
    const std::optional<LinkState> current = views_.States().Current(parts->row);
    const bool taken = current.has_value() && current->athlete != athlete &&
                       (current->tier == LinkTier::kConfirmed || current->tier == LinkTier::kGiven);
    if (taken && !decides) {
      return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(name, " is another athlete's by decision")),
                             "CLAIMED_BY_ANOTHER", {{"athlete", athletes_.Name(current->athlete)}});
    }
    bool granted = decides;
    const bool rejected = state.has_value() && state->tier == LinkTier::kRejected;
    if (!granted && !rejected) {
      absl::StatusOr<results::Result> row = results::RowReader(&results_, results::PersonalData::kAll).Read(parts->row);
      if (!row.ok()) return row.status();
      const events::Race& race = results_.calendar().race(parts->row.race);
      const std::optional<Candidate> weighed = (*linker)->Weigh(AppearanceOf(*row, race), athlete);
      const bool own = current.has_value() && current->tier == LinkTier::kCreated;
      granted = own && weighed.has_value() && weighed->obstacle == Obstacle::kNone &&
                weighed->weight >= PolicyOf(race.event->data).link_weight;
    }
    if (granted) {
      *body.add_changes() = ChangeOf(parts->row, athlete, LinkKind::kConfirmed);
    } else {
      auto* waiting = body.add_waiting();
      waiting->set_race(results_.calendar().race(parts->row.race).name);
      waiting->set_number(results_.sheet(parts->row.race).Number(parts->row.row));
    }
  }
  if (body.changes().empty() && body.waiting().empty()) return std::nullopt;
  return DraftOf(storage::EntryKind::kResultsClaimed, body);
}

grpc::Status IdentityService::ClaimResults(grpc::ServerContext* context, const v1::ClaimResultsRequest* request,
                                           v1::ClaimResultsResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.ClaimResults", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->results().empty()) return rpc::MissingField("results", "1 to 100 results");
        if (request->results_size() > kMostClaims) {
          return rpc::InvalidField("results", absl::StrCat(request->results_size(), " results"), "at most 100");
        }
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(), [&] {
              auto draft = PlanClaim(AskerOf(call), *request);
              if (draft.ok() && request->validate_only()) draft->reset();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const Asker asker = AskerOf(call);
        const int64_t athlete = athletes_.Resolve(athletes_.Find(request->athlete()));
        for (const std::string& name : request->results()) {
          absl::StatusOr<LinkParts> parts = FindLink(asker, name);
          if (!parts.ok()) return parts.status();
          std::optional<LinkState> state = views_.States().Of(parts->row, athlete);
          if (!state.has_value()) state = LinkState{parts->row, athlete, LinkTier::kClaimed, 0, nullptr};
          absl::StatusOr<v1::IdentityLink> link = identity::ToProto(views_, asker, *state, false);
          if (!link.ok()) return link.status();
          *response->add_links() = *std::move(link);
        }
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

// A token that names the athlete, or has their grant to claim results, is the athlete's already; any other waits for an
// operator, who finds the claim among the changes and creates the grant.
grpc::Status IdentityService::ClaimAthlete(grpc::ServerContext* context, const v1::ClaimAthleteRequest* request,
                                           v1::ClaimAthleteResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.ClaimAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!request->code().empty()) {
          return rpc::InvalidField("code", request->code(), "nothing: no codes are sent with results yet");
        }
        bool granted = false;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const int64_t athlete = athletes_.Resolve(athletes_.Find(request->name()));
              if (athlete == 0) return rpc::NotFound("athlete", request->name());
              granted = call.caller.role != access::Role::kOperator && ActsFor(AskerOf(call), athlete);
              const auto& claims = views_.links->claims();
              const bool claimed = std::any_of(claims.begin(), claims.end(), [&](const auto& claim) {
                return athletes_.Resolve(claim.second.athlete) == athlete && claim.second.token == call.caller.token_id;
              });
              const auto& tokens = call.calls->tokens->tokens();
              const bool taken = std::any_of(tokens.begin(), tokens.end(), [&](const auto& entry) {
                const access::Token& token = entry.second;
                return token.id != call.caller.token_id && token.role == access::Role::kAthlete &&
                       token.revoke_time_us == 0 &&
                       std::find(token.resources.begin(), token.resources.end(), athletes_.Name(athlete)) !=
                           token.resources.end();
              });
              if (granted || claimed) return std::nullopt;
              if (taken) {
                return rpc::WithReason(
                    absl::FailedPreconditionError(absl::StrCat(request->name(), " is claimed by somebody else")),
                    "CLAIMED_BY_ANOTHER");
              }
              stored::v1::AthleteClaimed body;
              body.set_athlete(athlete);
              body.set_token(call.caller.token_id);
              body.set_reason(request->reason());
              return DraftOf(storage::EntryKind::kAthleteClaimed, body);
            });
        if (!receipt.ok()) return receipt.status();
        response->set_granted(granted);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::optional<storage::Draft>> IdentityService::PlanSplit(const v1::SplitAthleteRequest& request) const {
  const int64_t source = athletes_.Resolve(athletes_.Find(request.name()));
  if (source == 0) return rpc::NotFound("athlete", request.name());
  if (!request.athlete_id().empty() && athletes_.Find(request.athlete_id()) != 0) {
    return absl::AlreadyExistsError(absl::StrCat("athletes/", request.athlete_id(), " exists already"));
  }
  std::set<RowRef> rows;
  for (int i = 0; i < request.results_size(); ++i) {
    absl::StatusOr<RowRef> row = results::FindResult(results_, request.results(i));
    if (absl::IsNotFound(row.status())) return rpc::NotFound("result", request.results(i));
    if (!row.ok()) return row.status();
    if (athletes_.Resolve(results_.sheet(row->race).LinkOf(row->row).athlete) != source) {
      return rpc::InvalidField(absl::StrCat("results[", i, "]"), request.results(i),
                               absl::StrCat("results of ", athletes_.Name(source)));
    }
    rows.insert(*row);
  }
  size_t all = 0;
  for (int64_t member : athletes_.Members(source)) all += results_.OfAthlete(member).size();
  if (rows.size() == all) {
    return rpc::InvalidField("results", absl::StrCat("all ", all, " results"), "not all results of the athlete");
  }
  stored::v1::AthleteSplit body;
  storage::Draft draft;
  body.set_source(source);
  body.set_reason(request.reason());
  absl::Status status = MakeAthlete(*rows.begin(), body.mutable_made(), &draft);
  if (!status.ok()) return status;
  body.mutable_made()->set_id(request.athlete_id());
  for (const RowRef& row : rows) {
    const results::Link before = results_.sheet(row.race).LinkOf(row.row);
    *body.add_changes() = ChangeOf(row, body.made().number(), LinkKind::kConfirmed);
    body.add_athletes_before(before.athlete);
    body.add_kinds_before(static_cast<int>(before.kind));
  }
  draft.kind = storage::EntryKind::kAthleteSplit;
  draft.body = body.SerializeAsString();
  return draft;
}

grpc::Status IdentityService::SplitAthlete(grpc::ServerContext* context, const v1::SplitAthleteRequest* request,
                                           v1::AthleteSplit* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.SplitAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->reason().empty()) return rpc::MissingField("reason", "why they are two people");
        if (request->results().empty()) return rpc::MissingField("results", "those to take out");
        if (request->results_size() > kMostOfASplit) {
          return rpc::InvalidField("results", absl::StrCat(request->results_size(), " results"), "at most 10000");
        }
        if (absl::Status status = CheckNewId("athlete_id", request->athlete_id()); !status.ok()) return status;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(), [&] {
              auto draft = PlanSplit(*request);
              if (draft.ok() && request->validate_only()) draft->reset();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const auto split = views_.links->splits().find(receipt->position);
        if (split != views_.links->splits().end()) {
          *response = identity::ToProto(views_, AskerOf(call), split->second);
        } else {
          response->set_source_athlete(request->name());
          for (const std::string& name : request->results()) response->add_results(name);
        }
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

// Everything that is the new athlete's goes back: rows of the split with the links that they had, rows that came since
// with the ones that they have.
absl::StatusOr<std::optional<storage::Draft>> IdentityService::PlanUndoingSplit(const v1::UndoSplitRequest& request,
                                                                                int64_t position) const {
  const auto found = views_.links->splits().find(position);
  if (found == views_.links->splits().end()) return rpc::NotFound("split", request.name());
  const Split& split = found->second;
  if (split.undone != 0) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(request.name(), " is undone already")),
                           "ALREADY_UNDONE");
  }
  stored::v1::SplitUndone body;
  body.set_split_position(position);
  body.set_source(split.source);
  body.set_made(split.made);
  body.set_reason(request.reason());
  for (const RowRef& row : results_.OfAthlete(split.made)) {
    const results::RaceSheet& sheet = results_.sheet(row.race);
    if (absl::Status status = CheckNotInRace(split.source, row); !status.ok()) return status;
    results::Link before{split.source, sheet.LinkOf(row.row).kind};
    for (size_t i = 0; i < split.changes.size(); ++i) {
      const results::LinkChange& change = split.changes[i];
      const bool same =
          change.race == results_.calendar().race(row.race).name && change.number == sheet.Number(row.row);
      if (same) before = split.before[i];
    }
    *body.add_changes() = ChangeOf(row, before.athlete, before.kind);
  }
  return DraftOf(storage::EntryKind::kSplitUndone, body);
}

grpc::Status IdentityService::UndoSplit(grpc::ServerContext* context, const v1::UndoSplitRequest* request,
                                        v1::AthleteSplit* response) {
  return rpc::Serve(calls_, *context, "IdentityService.UndoSplit", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (request->reason().empty())
                        return rpc::MissingField("reason", "why they are one person after all");
                      absl::StatusOr<int64_t> position = PositionOf(request->name(), "splits");
                      if (!position.ok()) return position.status();
                      absl::StatusOr<storage::Receipt> receipt =
                          call.Write(*request, request->validate_only() ? "" : request->request_id(), [&] {
                            auto draft = PlanUndoingSplit(*request, *position);
                            if (draft.ok() && request->validate_only()) draft->reset();
                            return draft;
                          });
                      if (!receipt.ok()) return receipt.status();
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
                      if (!reader.ok()) return reader.status();
                      *response = identity::ToProto(views_, AskerOf(call), views_.links->splits().at(*position));
                      response->set_position(receipt->position);
                      return absl::OkStatus();
                    });
}

grpc::Status IdentityService::ListMergeProposals(grpc::ServerContext* context,
                                                 const v1::ListMergeProposalsRequest* request,
                                                 v1::ListMergeProposalsResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.ListMergeProposals", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kClaimPageSize, kLargestClaimPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        if (absl::Status status = GatherEvidence(call, *request); !status.ok()) return status;
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        int64_t athlete = 0;
        if (!request->athlete().empty()) {
          athlete = athletes_.Resolve(athletes_.Find(request->athlete()));
          if (athlete == 0) return rpc::NotFound("athlete", request->athlete());
        }
        const auto key = [](const MergeCandidate& pair) {
          return absl::StrCat(pair.weight, " ", pair.first, " ", pair.second);
        };
        std::tuple<int64_t, int64_t, int64_t> after;  // negated weight, then the pair
        if (!last->empty()) {
          const std::vector<std::string> parts = absl::StrSplit(*last, ' ');
          int64_t weight = 0;
          if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &weight) ||
              !absl::SimpleAtoi(parts[1], &std::get<1>(after)) || !absl::SimpleAtoi(parts[2], &std::get<2>(after))) {
            return rpc::InvalidField("page_token", *last, "a page token");
          }
          std::get<0>(after) = -weight;
        }
        std::string before;
        for (const MergeCandidate& pair : MergeCandidates(results_, athletes_, *views_.links, athlete)) {
          const std::tuple<int64_t, int64_t, int64_t> order(-static_cast<int64_t>(pair.weight), pair.first,
                                                            pair.second);
          if (!last->empty() && order <= after) continue;
          if (response->merge_proposals_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, before));
            break;
          }
          absl::StatusOr<v1::MergeProposal> proposal = identity::ToProto(views_, AskerOf(call), pair);
          if (!proposal.ok()) return proposal.status();
          *response->add_merge_proposals() = *std::move(proposal);
          before = key(pair);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status IdentityService::RejectMergeProposal(grpc::ServerContext* context,
                                                  const v1::RejectMergeProposalRequest* request,
                                                  v1::RejectMergeProposalResponse* response) {
  return rpc::Serve(
      calls_, *context, "IdentityService.RejectMergeProposal", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const int64_t first = athletes_.Resolve(athletes_.Find(request->first_athlete()));
              const int64_t second = athletes_.Resolve(athletes_.Find(request->second_athlete()));
              if (first == 0) return rpc::NotFound("athlete", request->first_athlete());
              if (second == 0) return rpc::NotFound("athlete", request->second_athlete());
              if (first == second) {
                return rpc::InvalidField("second_athlete", request->second_athlete(), "another athlete than the first");
              }
              if (views_.links->AreDifferent(athletes_, first, second)) return std::nullopt;
              stored::v1::MergeProposalRejected body;
              body.set_first(first);
              body.set_second(second);
              body.set_reason(request->reason());
              return DraftOf(storage::EntryKind::kMergeProposalRejected, body);
            });
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::identity
