#include "services/profiles/profile_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/events/event_messages.h"
#include "services/identity/visibility.h"
#include "services/profiles/club_evidence.h"
#include "services/profiles/profile_check.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::profiles {
namespace {

constexpr absl::string_view kEnding = "/profile";
constexpr absl::string_view kWritten[] = {"headline", "biography",    "values", "training",
                                          "items",    "social_reach", "locale", "photo_uri"};

absl::Status CheckMask(const google::protobuf::FieldMask& mask) {
  for (const std::string& path : mask.paths()) {
    if (path == "*" || std::find(std::begin(kWritten), std::end(kWritten), path) != std::end(kWritten)) continue;
    return rpc::InvalidField("update_mask", path, absl::StrCat("one of ", absl::StrJoin(kWritten, ", ")));
  }
  return absl::OkStatus();
}

storage::Draft DraftOf(int64_t athlete, const v1::Profile& profile) {
  stored::v1::Profile body;
  body.set_athlete(athlete);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kProfileSet;
  draft.body = body.SerializeAsString();
  draft.blocks.emplace_back();
  draft.personal.push_back(profile.SerializeAsString());
  return draft;
}

int64_t PositionOf(const Profile* profile) { return profile == nullptr ? 0 : profile->position; }

}  // namespace

absl::StatusOr<int64_t> ProfileService::FindAthlete(const access::Caller& caller, const std::string& name) const {
  absl::string_view athlete = name;
  if (!absl::ConsumeSuffix(&athlete, kEnding)) {
    return rpc::InvalidField("name", name.substr(0, 100), "athletes/{athlete}/profile");
  }
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const int64_t number = athletes.Resolve(athletes.Find(athlete));
  const bool may_know =
      number != 0 && (identity::IsVisible(athletes, *views_.privacy.results, caller, number) ||
                      identity::ActsFor(views_.privacy, caller, access::Right::kWriteProfile, number, NowUs()));
  if (!may_know) return rpc::NotFound("athlete", athlete);
  return number;
}

absl::StatusOr<v1::Profile> ProfileService::Read(const Profile* profile) const {
  v1::Profile out;
  if (profile == nullptr) return out;
  const absl::StatusOr<std::string> text = ledger_.ReadPersonal(profile->position, 0);
  if (!text.ok()) return text.status();
  if (!out.ParseFromString(*text)) {
    return absl::DataLossError(absl::StrCat("the profile in the entry at position ", profile->position, " is damaged"));
  }
  return out;
}

void ProfileService::Label(int64_t athlete, v1::Profile& profile) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const std::string name = athletes.Name(athlete);
  profile.set_name(absl::StrCat(name, kEnding));
  LabelItems(ClubsOnSheets(athletes, *views_.privacy.results, *views_.clubs, athlete), *views_.clubs, profile);
  for (const int64_t member : athletes.Members(athlete)) {
    for (const goals::Goal* goal : views_.goals->GoalsOf(member)) {
      if (goal->listed_in_profile) profile.add_goals(absl::StrCat(name, "/goals/", goal->id));
    }
  }
}

absl::StatusOr<v1::Profile> ProfileService::Show(int64_t athlete) const {
  const Profile* profile = ProfileOf(*views_.profiles, *views_.privacy.athletes, athlete);
  absl::StatusOr<v1::Profile> out = Read(profile);
  if (!out.ok()) return out.status();
  Label(athlete, *out);
  if (profile != nullptr) {
    *out->mutable_create_time() = rpc::ToTimestamp(profile->create_time_us);
    *out->mutable_update_time() = rpc::ToTimestamp(profile->update_time_us);
  }
  out->set_etag(rpc::Etag(PositionOf(profile)));
  return out;
}

grpc::Status ProfileService::GetProfile(grpc::ServerContext* context, const v1::GetProfileRequest* request,
                                        v1::Profile* response) {
  return rpc::Serve(calls_, *context, "ProfileService.GetProfile", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->name());
                      if (!athlete.ok()) return athlete.status();
                      // Whether there is one is for those alone who may see it.
                      if (!identity::SeesProfile(views_.privacy, call.caller, *athlete, NowUs())) {
                        return rpc::NotFound("profile", request->name());
                      }
                      absl::StatusOr<v1::Profile> shown = Show(*athlete);
                      if (!shown.ok()) return shown.status();
                      *response = *std::move(shown);
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

absl::StatusOr<v1::Profile> ProfileService::Change(const v1::UpdateProfileRequest& request, int64_t athlete) const {
  const Profile* standing = ProfileOf(*views_.profiles, *views_.privacy.athletes, athlete);
  const std::string& etag = request.profile().etag();
  if (!etag.empty() && etag != rpc::Etag(PositionOf(standing))) {
    return absl::AbortedError("profile.etag: the profile has changed since it was read, want it read again");
  }
  absl::StatusOr<v1::Profile> changed = Read(standing);
  if (!changed.ok()) return changed.status();
  v1::Profile wanted = request.profile();
  KeepWritten(wanted);
  if (absl::Status status = events::Overlay(request.update_mask(), wanted, &*changed); !status.ok()) return status;
  if (absl::Status status = CheckProfile(*changed, Today()); !status.ok()) return status;
  NameItems(calls_.random, *changed);
  return changed;
}

grpc::Status ProfileService::UpdateProfile(grpc::ServerContext* context, const v1::UpdateProfileRequest* request,
                                           v1::Profile* response) {
  return rpc::Serve(
      calls_, *context, "ProfileService.UpdateProfile", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckMask(request->update_mask()); !status.ok()) return status;
        absl::StatusOr<storage::Receipt> receipt = call.Write(
            *request, request->validate_only() ? "" : request->request_id(),
            [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->profile().name());
              if (!athlete.ok()) return athlete.status();
              if (!identity::ActsFor(views_.privacy, call.caller, access::Right::kWriteProfile, *athlete, NowUs())) {
                return absl::PermissionDeniedError(
                    absl::StrCat("ProfileService.UpdateProfile needs the athlete's token, or one with their grant (",
                                 request->profile().name(), ")"));
              }
              if (views_.privacy.athletes->athlete(*athlete).state == identity::AthleteState::kErased) {
                return rpc::WithReason(absl::FailedPreconditionError("the athlete was erased, which is for ever"),
                                       "ERASED");
              }
              absl::StatusOr<v1::Profile> changed = Change(*request, *athlete);
              if (!changed.ok()) return changed.status();
              const Profile* standing = ProfileOf(*views_.profiles, *views_.privacy.athletes, *athlete);
              const absl::StatusOr<v1::Profile> before = Read(standing);
              if (!before.ok()) return before.status();
              const bool is_same = standing != nullptr && before->SerializeAsString() == changed->SerializeAsString();
              std::optional<storage::Draft> draft;
              if (!request->validate_only() && !is_same) draft = DraftOf(*athlete, *changed);
              if (request->validate_only()) {
                *response = *std::move(changed);
                Label(*athlete, *response);
                response->set_etag(rpc::Etag(PositionOf(standing)));
              }
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        if (request->validate_only()) return absl::OkStatus();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->profile().name());
        if (!athlete.ok()) return athlete.status();
        absl::StatusOr<v1::Profile> shown = Show(*athlete);
        if (!shown.ok()) return shown.status();
        *response = *std::move(shown);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::profiles
