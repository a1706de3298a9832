// Who applied for what a standard admits to, and who withdrew: UpdateApplication, ListApplications.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/identity/visibility.h"
#include "services/qualification/qualification_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kApplicationPageSize = 100;
constexpr int32_t kLargestApplicationPage = 1000;
constexpr absl::string_view kMiddle = "/applications/";
constexpr absl::string_view kApplicationFilterFields[] = {"state", "apply_time"};

// The organizer admits and refuses; athletes apply and withdraw.
bool IsOrganizer(const access::Caller& caller, const Standard& standard) {
  if (caller.role == access::Role::kFederation) return true;
  return access::MayManage(caller, standard.event_id.empty() ? "" : absl::StrCat("events/", standard.event_id));
}

// Whether applications are taken at this instant, by the standard's times.
bool IsOpen(const Standard& standard, absl::Time now) {
  const absl::CivilSecond local = absl::ToCivilSecond(now, standard.zone);
  const Window& times = standard.registration;
  return (!times.opens || local >= *times.opens) && (!times.closes || local <= *times.closes);
}

absl::Status Closed(const Standard& standard) {
  const auto text = [](const std::optional<absl::CivilSecond>& at) {
    return at ? absl::FormatCivilTime(*at) : std::string("not said");
  };
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                             "applications for ", standard.id, " are taken from ", text(standard.registration.opens),
                             " to ", text(standard.registration.closes), ", ", standard.time_zone)),
                         "APPLICATIONS_CLOSED", {{"standard", absl::StrCat("standards/", standard.id)}});
}

v1::Application ToProto(const Application& application, absl::string_view standard, const std::string& athlete) {
  v1::Application out;
  absl::string_view id = athlete;
  absl::ConsumePrefix(&id, "athletes/");
  out.set_name(absl::StrCat("standards/", standard, kMiddle, id));
  out.set_state(static_cast<v1::Application::State>(application.state));
  *out.mutable_apply_time() = rpc::ToTimestamp(application.apply_time_us);
  out.set_reason(application.reason);
  out.set_path(static_cast<v1::QualificationPath>(application.path));
  *out.mutable_create_time() = rpc::ToTimestamp(application.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(application.update_time_us);
  out.set_etag(rpc::Etag(application.position));
  return out;
}

bool Wants(const google::protobuf::FieldMask& mask, absl::string_view path, bool set) {
  if (mask.paths().empty()) return set;
  return std::find(mask.paths().begin(), mask.paths().end(), path) != mask.paths().end() ||
         std::find(mask.paths().begin(), mask.paths().end(), "*") != mask.paths().end();
}

absl::Status CheckMask(const google::protobuf::FieldMask& mask) {
  for (const std::string& path : mask.paths()) {
    const bool known = path == "state" || path == "apply_time" || path == "reason" || path == "path" || path == "*";
    if (!known) return rpc::InvalidField("update_mask", path, "state, apply_time, reason, path");
  }
  return absl::OkStatus();
}

int64_t ApplyTimeUs(const v1::Application& application) {
  return application.apply_time().seconds() * int64_t{1'000'000} + application.apply_time().nanos() / 1000;
}

// Whether the request would give the application another time than it has.
bool AsksForTime(const v1::UpdateApplicationRequest& request, const Application* before) {
  const auto& paths = request.update_mask().paths();
  if (std::find(paths.begin(), paths.end(), "apply_time") != paths.end()) return true;
  const v1::Application& asked = request.application();
  const bool meant = asked.has_apply_time() && Wants(request.update_mask(), "apply_time", true);
  return meant && (before == nullptr || ApplyTimeUs(asked) != before->apply_time_us);
}

// What athletes may make of their own application. Neither their clock nor a way round the organizer's answer counts:
// who comes back after a withdrawal is last in the queue again.
absl::Status MayChangeOwn(const v1::UpdateApplicationRequest& request, const Application* before,
                          ApplicationState state) {
  if (AsksForTime(request, before)) {
    return absl::PermissionDeniedError("application.apply_time: the organizer alone sets it; leave it out");
  }
  if (state != ApplicationState::kApplied && state != ApplicationState::kWithdrawn) {
    return absl::PermissionDeniedError("application.state: athletes apply and withdraw; the organizer does the rest");
  }
  if (before == nullptr) return absl::OkStatus();
  if (before->state == ApplicationState::kRefused) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                               request.application().name(), " was refused by the organizer, who alone can change it")),
                           "APPLICATION_REFUSED", {{"application", request.application().name()}});
  }
  if (before->state == ApplicationState::kAdmitted && state == ApplicationState::kApplied) {
    return absl::PermissionDeniedError("application.state: it is admitted already; an athlete can withdraw it");
  }
  return absl::OkStatus();
}

// The application as it is to stand: what the request sets over what is there.
absl::StatusOr<stored::v1::Application> Overlaid(const v1::UpdateApplicationRequest& request, const Application* before,
                                                 int64_t now_us) {
  const v1::Application& asked = request.application();
  stored::v1::Application body;
  body.set_apply_time_us(now_us);
  if (before != nullptr) {
    body.set_state(static_cast<int>(before->state));
    body.set_apply_time_us(before->apply_time_us);
    body.set_reason(before->reason);
    body.set_path(before->path);
  }
  const google::protobuf::FieldMask& mask = request.update_mask();
  if (Wants(mask, "state", asked.state() != 0)) body.set_state(asked.state());
  if (Wants(mask, "reason", !asked.reason().empty())) body.set_reason(asked.reason());
  if (Wants(mask, "path", asked.path() != 0)) body.set_path(asked.path());
  if (asked.has_apply_time() && Wants(mask, "apply_time", true)) body.set_apply_time_us(ApplyTimeUs(asked));
  if (!v1::Application::State_IsValid(body.state()) || body.state() == 0) {
    return rpc::InvalidField("application.state", absl::StrCat(body.state()),
                             "applied, admitted, refused or withdrawn");
  }
  if (!v1::QualificationPath_IsValid(body.path())) {
    return rpc::InvalidField("application.path", absl::StrCat(body.path()), "a path of this version");
  }
  return body;
}

}  // namespace

absl::StatusOr<QualificationService::ApplicationKey> QualificationService::FindApplication(
    const access::Caller& caller, const std::string& name) const {
  const std::vector<std::string> parts = absl::StrSplit(name, kMiddle);
  if (parts.size() != 2) {
    return rpc::InvalidField("application.name", name, "standards/{standard}/applications/{athlete}");
  }
  absl::StatusOr<AppliedStandard> applied = views_.standards->Resolve(parts[0]);
  if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", parts[0]);
  if (!applied.ok()) return applied.status();
  const std::string athlete = absl::StrCat("athletes/", parts[1]);
  const int64_t number = identity::FindVisible(*views_.athletes, *views_.results, caller, athlete);
  if (number == 0) return rpc::NotFound("athlete", athlete);
  ApplicationKey key{applied->standard, number, nullptr};
  for (const int64_t member : views_.athletes->Members(number)) {
    const Application* found = applications_.Find(applied->standard->id, member);
    const bool newer = found != nullptr && (key.application == nullptr || found->position > key.application->position);
    if (newer) key.application = found;
  }
  return key;
}

absl::StatusOr<std::optional<storage::Draft>> QualificationService::PlanApplication(
    const access::Caller& caller, const v1::UpdateApplicationRequest& request) const {
  absl::StatusOr<ApplicationKey> key = FindApplication(caller, request.application().name());
  if (!key.ok()) return key.status();
  const Standard& standard = *key->standard;
  const std::string athlete = views_.athletes->Name(key->athlete);
  const bool organizer = IsOrganizer(caller, standard);
  if (!organizer && !acts_for_(caller, key->athlete)) {
    return absl::PermissionDeniedError(absl::StrCat("QualificationService.UpdateApplication needs the token of ",
                                                    athlete, ", of a guardian, or of an organizer of the event"));
  }
  if (key->application == nullptr && !request.allow_missing()) {
    return rpc::NotFound("application", request.application().name());
  }
  const std::string& etag = request.application().etag();
  if (!etag.empty() && (key->application == nullptr || etag != rpc::Etag(key->application->position))) {
    return absl::AbortedError("application.etag: the application has changed since, want it read again");
  }
  const int64_t now_us = absl::ToUnixMicros(calls_.clock());
  absl::StatusOr<stored::v1::Application> body = Overlaid(request, key->application, now_us);
  if (!body.ok()) return body.status();
  if (!organizer) {
    const auto state = static_cast<ApplicationState>(body->state());
    if (absl::Status status = MayChangeOwn(request, key->application, state); !status.ok()) return status;
    if (state == ApplicationState::kApplied && !IsOpen(standard, calls_.clock())) return Closed(standard);
    const bool again = key->application != nullptr && key->application->state == ApplicationState::kWithdrawn;
    if (again && state == ApplicationState::kApplied) body->set_apply_time_us(now_us);
  }
  body->set_standard(standard.id);
  body->set_athlete(key->athlete);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kApplicationSet;
  draft.body = body->SerializeAsString();
  return draft;
}

grpc::Status QualificationService::UpdateApplication(grpc::ServerContext* context,
                                                     const v1::UpdateApplicationRequest* request,
                                                     v1::Application* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.UpdateApplication", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckMask(request->update_mask()); !status.ok()) return status;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&] { return PlanApplication(call.caller, *request); });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        absl::StatusOr<ApplicationKey> key = FindApplication(call.caller, request->application().name());
        if (!key.ok()) return key.status();
        *response = ToProto(*key->application, key->standard->id, views_.athletes->Name(key->athlete));
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status QualificationService::ListApplications(grpc::ServerContext* context,
                                                    const v1::ListApplicationsRequest* request,
                                                    v1::ListApplicationsResponse* response) {
  return rpc::Serve(
      calls_, *context, "QualificationService.ListApplications", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size =
            rpc::PageSize(request->page_size(), kApplicationPageSize, kLargestApplicationPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions =
            rpc::ParseFilter(request->filter(), kApplicationFilterFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        absl::StatusOr<AppliedStandard> applied = views_.standards->Resolve(request->parent());
        if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", request->parent());
        if (!applied.ok()) return applied.status();
        const Standard& standard = *applied->standard;
        using Key = std::pair<int64_t, int64_t>;  // by the time of the application, then athlete
        std::vector<std::pair<Key, const Application*>> wanted;
        Key after{0, 0};
        if (!last->empty()) {
          const std::vector<absl::string_view> parts = absl::StrSplit(*last, ':');
          const bool good = parts.size() == 2 && absl::SimpleAtoi(parts[0], &after.first) &&
                            absl::SimpleAtoi(parts[1], &after.second);
          if (!good) return rpc::InvalidField("page_token", *last, "the next_page_token of the page before");
        }
        for (const auto& [athlete, application] : applications_.Of(standard.id)) {
          const bool own = acts_for_(call.caller, views_.athletes->Resolve(athlete));
          if (!IsOrganizer(call.caller, standard) && !own) continue;
          const bool matches = std::all_of(
              conditions->begin(), conditions->end(), [&, &application = application](const rpc::Condition& condition) {
                if (condition.field == "apply_time") {
                  return absl::FormatTime("%Y-%m-%d", absl::FromUnixMicros(application.apply_time_us),
                                          absl::UTCTimeZone()) == condition.value;
                }
                const std::string state =
                    v1::Application::State_Name(static_cast<v1::Application::State>(application.state));
                return state == condition.value ||
                       state == absl::StrCat("STATE_", absl::AsciiStrToUpper(condition.value));
              });
          const Key key{application.apply_time_us, athlete};
          if (matches && (last->empty() || key > after)) wanted.emplace_back(key, &application);
        }
        std::sort(wanted.begin(), wanted.end());
        const auto shown = std::min(wanted.size(), static_cast<size_t>(*size));
        for (size_t i = 0; i < shown; ++i) {
          const std::string name = views_.athletes->Name(views_.athletes->Resolve(wanted[i].first.second));
          *response->add_applications() = ToProto(*wanted[i].second, standard.id, name);
        }
        if (shown < wanted.size()) {
          const auto& [time, athlete] = wanted[shown - 1].first;
          response->set_next_page_token(calls_.page_tokens->Make(*request, absl::StrCat(time, ":", athlete)));
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::qualification
