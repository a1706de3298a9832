// Athletes are made and changed, and say who may see what of them.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/events/event_messages.h"
#include "services/identity/athlete_messages.h"
#include "services/identity/athlete_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::identity {
namespace {

using Planned = absl::StatusOr<std::optional<storage::Draft>>;

constexpr absl::string_view kEditable[] = {"display_name", "family_name", "given_name",  "other_names",
                                           "sex",          "birth_date",  "country",     "nationalities",
                                           "clubs",        "city",        "region_code", "external_ids"};
constexpr absl::string_view kSettings[] = {"search", "birth_date", "profile", "discovery", "discovery_criteria"};
// The fields of CandidateCriteria, in the words of a filter.
constexpr absl::string_view kCriteria[] = {"disciplines", "sex",    "division", "countries",
                                           "age-band",    "points", "levels",   "standards-met",
                                           "improvement", "races",  "followers"};

absl::Status CheckMask(const google::protobuf::FieldMask& mask, absl::Span<const absl::string_view> fields) {
  for (const std::string& path : mask.paths()) {
    const absl::string_view field = absl::string_view(path).substr(0, path.find('.'));
    if (path == "*" || std::find(fields.begin(), fields.end(), field) != fields.end()) continue;
    return rpc::InvalidField("update_mask", path, absl::StrCat("one of ", absl::StrJoin(fields, ", ")));
  }
  return absl::OkStatus();
}

absl::Status CheckEtag(const std::string& etag, int64_t position) {
  if (etag.empty() || etag == rpc::Etag(position)) return absl::OkStatus();
  return absl::AbortedError("etag: it has changed since it was read, want it read again");
}

// No other athlete may have an id that this one (0: a new one) is to have.
absl::Status CheckExternalIds(const Athletes& athletes, const StoredAthlete& stored, int64_t number) {
  for (const auto& id : stored.personal.external_ids()) {
    const int64_t other = athletes.FindExternalId(id.scheme(), id.value());
    if (other == 0 || athletes.Resolve(other) == number) continue;
    return rpc::WithReason(
        absl::AlreadyExistsError(absl::StrCat(id.scheme(), ":", id.value(), " is another athlete's")),
        "EXTERNAL_ID_TAKEN", {{"scheme", id.scheme()}, {"value", id.value()}});
  }
  return absl::OkStatus();
}

// What no other athlete may have.
std::vector<std::string> IdsOf(const StoredAthlete& stored) {
  std::vector<std::string> ids;
  if (!stored.body.id().empty()) ids.push_back(absl::StrCat("athletes/", stored.body.id()));
  for (const auto& id : stored.personal.external_ids()) ids.push_back(absl::StrCat(id.scheme(), ":", id.value()));
  return ids;
}

storage::Draft DraftOf(const StoredAthlete& stored) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kAthleteSet;
  draft.body = stored.body.SerializeAsString();
  draft.blocks.emplace_back();
  draft.personal.push_back(stored.personal.SerializeAsString());
  return draft;
}

absl::Status Erased() {
  return rpc::WithReason(absl::FailedPreconditionError("the athlete was erased, which is for ever"), "ERASED");
}

absl::Status CheckPrivacy(const v1::Privacy& privacy) {
  const std::pair<absl::string_view, int> audiences[] = {{"privacy.search", privacy.search()},
                                                         {"privacy.birth_date", privacy.birth_date()},
                                                         {"privacy.profile", privacy.profile()},
                                                         {"privacy.discovery", privacy.discovery()}};
  for (const auto& [field, audience] : audiences) {
    if (!v1::Privacy::Audience_IsValid(audience)) {
      return rpc::InvalidField(field, absl::StrCat(audience), "an audience of the API");
    }
  }
  for (int i = 0; i < privacy.discovery_criteria_size(); ++i) {
    const std::string& criterion = privacy.discovery_criteria(i);
    if (std::find(std::begin(kCriteria), std::end(kCriteria), criterion) != std::end(kCriteria)) continue;
    return rpc::InvalidField(absl::StrCat("privacy.discovery_criteria[", i, "]"), criterion,
                             absl::StrCat("one of ", absl::StrJoin(kCriteria, ", ")));
  }
  return absl::OkStatus();
}

// Whether a privacy lets others see or find more than the one before: that is for a minor's guardian to say.
bool OpensMore(const Privacy& before, const Privacy& after) {
  const auto width = [](Audience audience) { return audience == Audience::kDefault ? Audience::kNobody : audience; };
  return width(after.search) > width(before.search) || width(after.birth_date) > width(before.birth_date) ||
         width(after.profile) > width(before.profile) || width(after.discovery) > width(before.discovery) ||
         (width(after.discovery) > Audience::kNobody && before.discovery_criteria != after.discovery_criteria);
}

stored::v1::Privacy StoredPrivacy(const Athletes& athletes, int64_t number, const Privacy& privacy) {
  stored::v1::Privacy body;
  body.set_athlete(number);
  for (int64_t member : athletes.Members(number)) body.add_members(member);
  body.set_search(static_cast<int>(privacy.search));
  body.set_birth_date(static_cast<int>(privacy.birth_date));
  body.set_profile(static_cast<int>(privacy.profile));
  body.set_discovery(static_cast<int>(privacy.discovery));
  for (const std::string& criterion : privacy.discovery_criteria) body.add_discovery_criteria(criterion);
  body.set_hidden(athletes.athlete(number).state == AthleteState::kHidden);
  body.set_reason(privacy.reason);
  return body;
}

storage::Draft DraftOf(const stored::v1::Privacy& body) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kPrivacySet;
  draft.body = body.SerializeAsString();
  return draft;
}

}  // namespace

absl::StatusOr<int64_t> AthleteService::FindToChange(const rpc::Call& call, absl::string_view name,
                                                     access::Right right) const {
  const int64_t number = FindFor(call, name);
  if (number == 0) return rpc::NotFound("athlete", name);
  const int64_t resolved = views_.athletes->Resolve(number);
  if (ActsFor(views_, call.caller, right, resolved, NowUs())) return resolved;
  return absl::PermissionDeniedError(
      absl::StrCat("this needs the athlete's token, or one with their grant (", name, ")"));
}

absl::Status AthleteService::Answer(const rpc::Call& call, const storage::Receipt& receipt, int64_t number,
                                    v1::Athlete* out) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt.position);
  if (!reader.ok()) return reader.status();
  *out = ToProto(views_, number, call.caller, NowUs());
  out->set_position(receipt.position);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> AthleteService::NumberFor(const StoredAthlete& stored) {
  if (calls_.store->planned_before() == 0) pending_ = Pending();
  for (const std::string& id : IdsOf(stored)) {
    // Asked once more when those before it are applied, it says whose the id is.
    if (pending_.ids.contains(id)) return absl::AlreadyExistsError(absl::StrCat(id, " is being made"));
  }
  const std::string& id = stored.body.id();
  if (!id.empty() && views_.athletes->Find(id) != 0) {
    return absl::AlreadyExistsError(absl::StrCat("athletes/", id, " exists already"));
  }
  if (absl::Status status = CheckExternalIds(*views_.athletes, stored, 0); !status.ok()) return status;
  return views_.athletes->count() + pending_.count + 1;
}

void AthleteService::AddPending(const StoredAthlete& stored) {
  ++pending_.count;
  for (std::string& id : IdsOf(stored)) pending_.ids.insert(std::move(id));
}

grpc::Status AthleteService::CreateAthlete(grpc::ServerContext* context, const v1::CreateAthleteRequest* request,
                                           v1::Athlete* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.CreateAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        if (!request->athlete_id().empty()) {
          if (absl::Status status = rpc::CheckId("athlete_id", request->athlete_id()); !status.ok()) return status;
          if (request->athlete_id().find_first_not_of("0123456789") == std::string::npos) {
            return rpc::InvalidField("athlete_id", request->athlete_id(),
                                     "a letter in it: numbers are given out by the server");
          }
        }
        absl::StatusOr<StoredAthlete> stored = ToStored(request->athlete());
        if (!stored.ok()) return stored.status();
        stored->body.set_id(request->athlete_id());
        int64_t number = 0;
        absl::StatusOr<storage::Receipt> receipt = call.WriteGrouped(*request, request->request_id(), [&]() -> Planned {
          absl::StatusOr<int64_t> next = NumberFor(*stored);
          if (!next.ok()) return next.status();
          if (request->validate_only()) return std::nullopt;
          number = *next;
          stored->body.set_number(number);
          AddPending(*stored);
          return DraftOf(*stored);
        });
        if (!receipt.ok()) return receipt.status();
        if (request->validate_only()) {
          *response = request->athlete();
          if (!request->athlete_id().empty()) response->set_name(absl::StrCat("athletes/", request->athlete_id()));
          response->set_position(receipt->position);
          return absl::OkStatus();
        }
        if (receipt->repeated) {  // of which only the entry tells the number
          absl::Status status =
              ledger_.Read(receipt->position, receipt->position, [&](const storage::Entry& entry) -> absl::Status {
                stored::v1::Athlete body;
                if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an athlete");
                number = body.number();
                return absl::OkStatus();
              });
          if (!status.ok()) return status;
        }
        return Answer(call, *receipt, number, response);
      });
}

grpc::Status AthleteService::UpdateAthlete(grpc::ServerContext* context, const v1::UpdateAthleteRequest* request,
                                           v1::Athlete* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.UpdateAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckMask(request->update_mask(), kEditable); !status.ok()) return status;
        int64_t number = 0;
        v1::Athlete wanted;
        absl::StatusOr<storage::Receipt> receipt = call.Write(*request, request->request_id(), [&]() -> Planned {
          // Who somebody is, which decides what counts for them, is not for those who write their profile to change.
          const absl::StatusOr<int64_t> found =
              FindToChange(call, request->athlete().name(), access::Right::kManagePrivacy);
          if (!found.ok()) return found.status();
          number = *found;
          const Athlete& athlete = views_.athletes->athlete(number);
          if (athlete.state == AthleteState::kErased) return Erased();
          if (absl::Status status = CheckEtag(request->athlete().etag(), athlete.position); !status.ok()) return status;
          const v1::Athlete before = ToEditableProto(*views_.athletes, number);
          wanted = before;
          absl::Status status = events::Overlay(request->update_mask(), request->athlete(), &wanted);
          if (!status.ok()) return status;
          absl::StatusOr<StoredAthlete> stored = ToStored(wanted);
          if (!stored.ok()) return stored.status();
          status = CheckExternalIds(*views_.athletes, *stored, number);
          if (!status.ok()) return status;
          const absl::StatusOr<StoredAthlete> standing = ToStored(before);
          const bool is_same = standing.ok() &&
                               standing->body.SerializeAsString() == stored->body.SerializeAsString() &&
                               standing->personal.SerializeAsString() == stored->personal.SerializeAsString();
          if (request->validate_only() || is_same) return std::nullopt;
          const std::string name = views_.athletes->Name(number);
          const absl::string_view id = absl::StripPrefix(name, "athletes/");
          if (id != absl::StrCat(number)) stored->body.set_id(std::string(id));
          stored->body.set_number(number);
          stored->body.set_reason(request->reason());
          return DraftOf(*stored);
        });
        if (!receipt.ok()) return receipt.status();
        if (request->validate_only()) {
          *response = wanted;
          response->set_name(request->athlete().name());
          response->set_position(receipt->position);
          return absl::OkStatus();
        }
        if (number == 0) number = views_.athletes->Resolve(views_.athletes->Find(request->athlete().name()));
        return Answer(call, *receipt, number, response);
      });
}

grpc::Status AthleteService::GetPrivacy(grpc::ServerContext* context, const v1::GetPrivacyRequest* request,
                                        v1::Privacy* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.GetPrivacy", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const absl::StatusOr<int64_t> athlete =
            FindToChange(call, absl::StripSuffix(request->name(), "/privacy"), access::Right::kManagePrivacy);
        if (!athlete.ok()) return athlete.status();
        *response = ToProto(views_, *athlete, views_.privacies->Of(*athlete), NowUs());
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status AthleteService::UpdatePrivacy(grpc::ServerContext* context, const v1::UpdatePrivacyRequest* request,
                                           v1::Privacy* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.UpdatePrivacy", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckMask(request->update_mask(), kSettings); !status.ok()) return status;
        const std::string name(absl::StripSuffix(request->privacy().name(), "/privacy"));
        absl::StatusOr<storage::Receipt> receipt = call.Write(*request, request->request_id(), [&]() -> Planned {
          const absl::StatusOr<int64_t> athlete = FindToChange(call, name, access::Right::kManagePrivacy);
          if (!athlete.ok()) return athlete.status();
          if (views_.athletes->athlete(*athlete).state == AthleteState::kErased) return Erased();
          const Privacy& standing = views_.privacies->Of(*athlete);
          Privacy changed = standing;
          if (absl::Status status = CheckEtag(request->privacy().etag(), changed.position); !status.ok()) return status;
          v1::Privacy wanted = ToProto(views_, *athlete, changed, NowUs());
          absl::Status status = events::Overlay(request->update_mask(), request->privacy(), &wanted);
          if (status.ok()) status = CheckPrivacy(wanted);
          if (!status.ok()) return status;
          const std::string before = StoredPrivacy(*views_.athletes, *athlete, changed).SerializeAsString();
          changed.search = static_cast<Audience>(wanted.search());
          changed.birth_date = static_cast<Audience>(wanted.birth_date());
          changed.profile = static_cast<Audience>(wanted.profile());
          changed.discovery = static_cast<Audience>(wanted.discovery());
          changed.discovery_criteria = {wanted.discovery_criteria().begin(), wanted.discovery_criteria().end()};
          const bool for_guardians =
              OpensMore(standing, changed) &&
              IsMinor(views_, *athlete, absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone())) &&
              call.caller.role != access::Role::kOperator &&
              !ActsByGrant(views_, call.caller, access::Right::kManagePrivacy, *athlete, NowUs());
          if (for_guardians) {
            return rpc::WithReason(
                absl::FailedPreconditionError(absl::StrCat(name, " is under 18: a guardian opens it to others")),
                "GUARDIAN_REQUIRED");
          }
          const stored::v1::Privacy body = StoredPrivacy(*views_.athletes, *athlete, changed);
          if (body.SerializeAsString() == before) return std::nullopt;
          return DraftOf(body);
        });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const int64_t athlete = views_.athletes->Resolve(views_.athletes->Find(name));
        *response = ToProto(views_, athlete, views_.privacies->Of(athlete), NowUs());
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

absl::Status AthleteService::SetHidden(const rpc::Call& call, const google::protobuf::Message& request,
                                       const std::string& name, const std::string& request_id,
                                       const std::string& reason, bool hidden, v1::Athlete* out) {
  absl::StatusOr<storage::Receipt> receipt = call.Write(request, request_id, [&]() -> Planned {
    const absl::StatusOr<int64_t> athlete = FindToChange(call, name, access::Right::kManagePrivacy);
    if (!athlete.ok()) return athlete.status();
    const AthleteState state = views_.athletes->athlete(*athlete).state;
    if (state == AthleteState::kErased) return Erased();
    if (!hidden && state != AthleteState::kHidden) {
      return rpc::WithReason(absl::FailedPreconditionError("the athlete is not hidden"), "NOT_HIDDEN");
    }
    if (hidden && state == AthleteState::kHidden) return std::nullopt;
    stored::v1::Privacy body = StoredPrivacy(*views_.athletes, *athlete, views_.privacies->Of(*athlete));
    body.set_hidden(hidden);
    body.set_reason(reason);
    return DraftOf(body);
  });
  if (!receipt.ok()) return receipt.status();
  return Answer(call, *receipt, views_.athletes->Find(name), out);
}

grpc::Status AthleteService::HideAthlete(grpc::ServerContext* context, const v1::HideAthleteRequest* request,
                                         v1::Athlete* response) {
  return rpc::Serve(calls_, *context, "AthleteService.HideAthlete", *request, [&](const rpc::Call& call) {
    return SetHidden(call, *request, request->name(), request->request_id(), request->reason(), true, response);
  });
}

grpc::Status AthleteService::UnhideAthlete(grpc::ServerContext* context, const v1::UnhideAthleteRequest* request,
                                           v1::Athlete* response) {
  return rpc::Serve(calls_, *context, "AthleteService.UnhideAthlete", *request, [&](const rpc::Call& call) {
    return SetHidden(call, *request, request->name(), request->request_id(), request->reason(), false, response);
  });
}

}  // namespace palmares::identity
