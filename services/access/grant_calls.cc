// Grants: an athlete lets others act or read for them, lists who may, and takes it back.
#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/access/access_service.h"
#include "services/identity/privacies.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored.pb.h"

namespace palmares::access {
namespace {

constexpr size_t kGrantIdBytes = 6;
constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 1000;
constexpr absl::string_view kFilterFields[] = {"holder", "relation", "valid"};
constexpr absl::string_view kMiddle = "/grants/";

absl::StatusOr<Rights> ReadRights(const v1::Grant& grant) {
  Rights rights;
  for (int i = 0; i < grant.rights_size(); ++i) {
    const int right = grant.rights(i);
    if (!v1::Grant::Right_IsValid(right) || right == v1::Grant::RIGHT_UNSPECIFIED) {
      return rpc::InvalidField(absl::StrCat("grant.rights[", i, "]"), absl::StrCat(right), "a right of this version");
    }
    rights.Add(static_cast<Right>(right));
  }
  return rights;
}

absl::Status CheckGrant(const v1::Grant& grant, const Tokens& tokens, absl::Time now) {
  if (!v1::Grant::Relation_IsValid(grant.relation()) || grant.relation() == v1::Grant::RELATION_UNSPECIFIED) {
    return rpc::MissingField("grant.relation", "coach, club manager, sponsor, guardian or manager");
  }
  absl::string_view holder = grant.holder();
  if (holder.empty()) return rpc::MissingField("grant.holder", "tokens/… or clubs/…");
  const bool token = absl::ConsumePrefix(&holder, "tokens/");
  if (token && tokens.Find(holder) == nullptr) return rpc::NotFound("token", grant.holder());
  if (!token && !absl::ConsumePrefix(&holder, "clubs/")) {
    return rpc::InvalidField("grant.holder", grant.holder(), "tokens/… or clubs/…");
  }
  if (!token) {
    if (absl::Status status = rpc::CheckId("grant.holder", holder); !status.ok()) return status;
  }
  if (grant.has_expire_time() && absl::FromUnixSeconds(grant.expire_time().seconds()) <= now) {
    return absl::InvalidArgumentError("grant.expire_time: it has passed, want a time to come");
  }
  return absl::OkStatus();
}

storage::Draft GrantDraft(const v1::Grant& grant, int64_t athlete, const std::string& id, bool waiting) {
  stored::v1::Grant body;
  body.set_id(id);
  body.set_athlete(athlete);
  body.set_holder(grant.holder());
  body.set_relation(grant.relation());
  for (const int right : grant.rights()) body.add_rights(right);
  body.set_expire_time_us(grant.expire_time().seconds() * 1'000'000);
  body.set_waiting(waiting);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kGrantSet;
  draft.body = body.SerializeAsString();
  return draft;
}

v1::Grant ToProto(const Grant& grant, const identity::Athletes& athletes) {
  v1::Grant out;
  out.set_name(absl::StrCat(athletes.Name(athletes.Resolve(grant.athlete)), kMiddle, grant.id));
  out.set_holder(grant.holder);
  out.set_relation(static_cast<v1::Grant::Relation>(grant.relation));
  const Rights rights = grant.Effective();
  for (int right = 1; right <= static_cast<int>(Right::kManagePrivacy); ++right) {
    if (rights.Has(static_cast<Right>(right))) out.add_rights(static_cast<v1::Grant::Right>(right));
  }
  if (grant.expire_time_us != 0) *out.mutable_expire_time() = rpc::ToTimestamp(grant.expire_time_us);
  if (grant.revoke_time_us != 0) *out.mutable_revoke_time() = rpc::ToTimestamp(grant.revoke_time_us);
  out.set_waiting(grant.waiting);
  *out.mutable_create_time() = rpc::ToTimestamp(grant.create_time_us);
  out.set_position(grant.position);
  return out;
}

bool Holds(const Caller& caller, const Grant& grant) {
  return grant.holder == caller.actor() ||
         std::find(caller.resources.begin(), caller.resources.end(), grant.holder) != caller.resources.end();
}

absl::Status NotTheirs(absl::string_view method, absl::string_view athlete) {
  return absl::PermissionDeniedError(
      absl::StrCat(method, " needs the athlete's token, or one with their grant (", athlete, ")"));
}

absl::StatusOr<std::optional<bool>> ValidWanted(const std::vector<rpc::Condition>& conditions) {
  std::optional<bool> wanted;
  for (const rpc::Condition& condition : conditions) {
    if (condition.field != "valid") continue;
    if (condition.value != "true" && condition.value != "false") {
      return rpc::InvalidField("filter", condition.value, "valid = true or false");
    }
    wanted = condition.value == "true";
  }
  return wanted;
}

bool Matches(const std::vector<rpc::Condition>& conditions, const Grant& grant) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "holder") return grant.holder == condition.value;
    if (condition.field != "relation") return true;
    const std::string name = v1::Grant::Relation_Name(static_cast<v1::Grant::Relation>(grant.relation));
    return name == condition.value || name == absl::StrCat("RELATION_", absl::AsciiStrToUpper(condition.value));
  });
}

}  // namespace

int64_t AccessService::NowUs() const { return absl::ToUnixMicros(calls_.clock()); }

int64_t AccessService::FindAthlete(const Caller& caller, const std::string& name) const {
  const identity::PrivacyViews views{&athletes_, &results_, nullptr, &grants_};
  return identity::FindKnown(views, caller, name, Right::kManagePrivacy, NowUs());
}

// A minor's parents decide.
bool AccessService::IsMinor(int64_t athlete) const {
  const identity::PrivacyViews views{&athletes_, &results_, nullptr, &grants_};
  return identity::IsMinor(views, athlete, absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()));
}

absl::StatusOr<const Grant*> AccessService::FindGrant(const Caller& caller, const std::string& name) const {
  const size_t middle = absl::string_view(name).find(kMiddle);
  const int64_t athlete =
      middle == std::string::npos ? 0 : athletes_.Resolve(athletes_.Find(absl::string_view(name).substr(0, middle)));
  if (athlete == 0) return rpc::NotFound("grant", name);
  const std::vector<const Grant*> all = GrantsOn(grants_, athletes_, athlete);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Grant* grant) {
    return grant->id == absl::string_view(name).substr(middle + kMiddle.size());
  });
  // Whether there is one is nobody else's business.
  const bool may = found != all.end() && (Holds(caller, **found) || MayActFor(caller, athletes_.Name(athlete),
                                                                              Right::kManagePrivacy, all, NowUs()));
  if (!may) return rpc::NotFound("grant", name);
  return *found;
}

absl::StatusOr<std::optional<storage::Draft>> AccessService::PlanGrant(const Caller& caller,
                                                                       const v1::CreateGrantRequest& request,
                                                                       const std::string& id) const {
  const int64_t athlete = FindAthlete(caller, request.parent());
  if (athlete == 0) return rpc::NotFound("athlete", request.parent());
  const std::string name = athletes_.Name(athlete);
  const std::vector<const Grant*> all = GrantsOn(grants_, athletes_, athlete);
  if (!MayActFor(caller, name, Right::kManagePrivacy, all, NowUs()))
    return NotTheirs("AccessService.CreateGrant", name);
  if (absl::Status status = CheckGrant(request.grant(), tokens_, calls_.clock()); !status.ok()) return status;
  const bool is_guardian = std::any_of(all.begin(), all.end(), [&](const Grant* grant) {
    return grant->relation == Relation::kGuardian && Holds(caller, *grant) && grant->InForce(NowUs());
  });
  const bool is_operator = caller.role == Role::kOperator;
  const bool guardian = request.grant().relation() == v1::Grant::RELATION_GUARDIAN;
  if (IsMinor(athlete) && !is_operator && !is_guardian && !guardian) {
    return rpc::WithReason(
        absl::FailedPreconditionError(absl::StrCat(name, " is under 18: a guardian grants for them")),
        "GUARDIAN_REQUIRED");
  }
  const auto taken = std::find_if(all.begin(), all.end(), [&](const Grant* grant) { return grant->id == id; });
  const bool confirms = taken != all.end() && (*taken)->waiting && is_operator;
  if (taken != all.end() && !confirms) {
    return absl::AlreadyExistsError(absl::StrCat(name, kMiddle, id, " exists already"));
  }
  return GrantDraft(request.grant(), confirms ? (*taken)->athlete : athlete, id, guardian && !is_operator);
}

grpc::Status AccessService::CreateGrant(grpc::ServerContext* context, const v1::CreateGrantRequest* request,
                                        v1::Grant* response) {
  return rpc::Serve(
      calls_, *context, "AccessService.CreateGrant", *request, [&](const rpc::Call& call) -> absl::Status {
        std::string id = request->grant_id();
        if (id.empty()) {
          std::string bytes(kGrantIdBytes, '\0');
          call.calls->random(bytes.data(), bytes.size());
          id = absl::BytesToHexString(bytes);
        }
        if (absl::Status status = rpc::CheckId("grant_id", id); !status.ok()) return status;
        if (absl::StatusOr<Rights> rights = ReadRights(request->grant()); !rights.ok()) return rights.status();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&] { return PlanGrant(call.caller, *request, id); });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const int64_t athlete = athletes_.Resolve(athletes_.Find(request->parent()));
        for (const Grant* grant : GrantsOn(grants_, athletes_, athlete)) {
          if (grant->position == receipt->position || grant->id == id) *response = ToProto(*grant, athletes_);
        }
        return absl::OkStatus();
      });
}

grpc::Status AccessService::GetGrant(grpc::ServerContext* context, const v1::GetGrantRequest* request,
                                     v1::Grant* response) {
  return rpc::Serve(calls_, *context, "AccessService.GetGrant", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Grant*> grant = FindGrant(call.caller, request->name());
    if (!grant.ok()) return grant.status();
    *response = ToProto(**grant, athletes_);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<const Grant*>> AccessService::GrantsToList(const Caller& caller,
                                                                      const std::string& parent) const {
  std::vector<const Grant*> listed;
  if (parent == "athletes/-") {
    for (const auto& [key, grant] : grants_.all()) {
      if (caller.role == Role::kOperator || Holds(caller, grant)) listed.push_back(&grant);
    }
    return listed;
  }
  const int64_t athlete = FindAthlete(caller, parent);
  if (athlete == 0) return rpc::NotFound("athlete", parent);
  listed = GrantsOn(grants_, athletes_, athlete);
  if (!MayActFor(caller, athletes_.Name(athlete), Right::kManagePrivacy, listed, NowUs())) {
    return NotTheirs("AccessService.ListGrants", parent);
  }
  return listed;
}

grpc::Status AccessService::ListGrants(grpc::ServerContext* context, const v1::ListGrantsRequest* request,
                                       v1::ListGrantsResponse* response) {
  return rpc::Serve(calls_, *context, "AccessService.ListGrants", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kFilterFields);
    if (!conditions.ok()) return conditions.status();
    absl::StatusOr<std::optional<bool>> valid = ValidWanted(*conditions);
    if (!valid.ok()) return valid.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    int64_t before = INT64_MAX;
    if (!last->empty() && !absl::SimpleAtoi(*last, &before)) {
      return rpc::InvalidField("page_token", *last, "the next_page_token of the page before");
    }
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    absl::StatusOr<std::vector<const Grant*>> grants = GrantsToList(call.caller, request->parent());
    if (!grants.ok()) return grants.status();
    // By their last change, newest first; two are never changed at one position.
    std::sort(grants->begin(), grants->end(), [](const Grant* a, const Grant* b) { return a->position > b->position; });
    int64_t shown = 0;
    for (const Grant* grant : *grants) {
      const bool wanted = grant->position < before && Matches(*conditions, *grant) &&
                          (!valid->has_value() || grant->InForce(NowUs()) == **valid);
      if (!wanted) continue;
      if (response->grants_size() == *size) {
        response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(shown)));
        break;
      }
      *response->add_grants() = ToProto(*grant, athletes_);
      shown = grant->position;
    }
    return absl::OkStatus();
  });
}

grpc::Status AccessService::RevokeGrant(grpc::ServerContext* context, const v1::RevokeGrantRequest* request,
                                        v1::Grant* response) {
  return rpc::Serve(
      calls_, *context, "AccessService.RevokeGrant", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<const Grant*> grant = FindGrant(call.caller, request->name());
              if (!grant.ok()) return grant.status();
              if ((*grant)->revoke_time_us != 0) {
                return rpc::WithReason(
                    absl::FailedPreconditionError(absl::StrCat(request->name(), " is revoked already")),
                    "ALREADY_REVOKED");
              }
              stored::v1::GrantRevoked body;
              body.set_id((*grant)->id);
              body.set_athlete((*grant)->athlete);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kGrantRevoked;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const Grant*> grant = FindGrant(call.caller, request->name());
        if (!grant.ok()) return grant.status();
        *response = ToProto(**grant, athletes_);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::access
