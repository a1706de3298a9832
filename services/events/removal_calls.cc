// Events, editions, races and courses that are taken out again.
#include "services/events/event_service.h"
#include "services/events/record_calls.h"

namespace palmares::events {
namespace {

absl::Status HasChildren(absl::string_view name, absl::string_view what) {
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(name, " has ", what, ", want them deleted first, or force")),
      "HAS_CHILDREN", {{"name", std::string(name)}});
}

}  // namespace

absl::Status EventService::CheckRemovable(absl::string_view name, bool force) const {
  for (const auto& [race_name, race] : calendar_.races()) {
    if (!IsUnder(race_name, name)) continue;
    const v1::Race shown = Show(*race, 0);
    switch (shown.sheet_state()) {
      case v1::SHEET_STATE_OFFICIAL:
      case v1::SHEET_STATE_PROTESTED:
      case v1::SHEET_STATE_ANNULLED:
        return rpc::WithReason(absl::FailedPreconditionError(
                                   absl::StrCat("the sheet of ", race_name, " was published for good, want it kept")),
                               "SHEET_ALREADY_OFFICIAL", {{"race", race_name}});
      default:
        break;
    }
    if (!force && (race_name != name || shown.counts().rows() > 0)) {
      return HasChildren(name, race_name == name ? "a sheet with rows" : "races");
    }
  }
  return absl::OkStatus();
}

grpc::Status EventService::DeleteEvent(grpc::ServerContext* context, const v1::DeleteEventRequest* request,
                                       v1::DeleteEventResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.DeleteEvent", *request, [&](const rpc::Call& call) {
    const auto check = [&](const Event& event) -> absl::Status {
      if (!request->force() && event.editions > 0) return HasChildren(event.name, "editions");
      for (const auto& [name, course] : calendar_.courses()) {
        if (!request->force() && IsUnder(name, event.name)) return HasChildren(event.name, "courses");
      }
      return CheckRemovable(event.name, request->force());
    };
    return RemoveRecord(call, calendar_, kEvents, *request, check, response);
  });
}

grpc::Status EventService::DeleteEdition(grpc::ServerContext* context, const v1::DeleteEditionRequest* request,
                                         v1::DeleteEditionResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.DeleteEdition", *request, [&](const rpc::Call& call) {
    const auto check = [&](const Edition& edition) { return CheckRemovable(edition.name, request->force()); };
    return RemoveRecord(call, calendar_, kEditions, *request, check, response);
  });
}

grpc::Status EventService::DeleteRace(grpc::ServerContext* context, const v1::DeleteRaceRequest* request,
                                      v1::DeleteRaceResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.DeleteRace", *request, [&](const rpc::Call& call) {
    const auto check = [&](const Race& race) { return CheckRemovable(race.name, request->force()); };
    return RemoveRecord(call, calendar_, kRaces, *request, check, response);
  });
}

grpc::Status EventService::DeleteCourse(grpc::ServerContext* context, const v1::DeleteCourseRequest* request,
                                        v1::DeleteCourseResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.DeleteCourse", *request, [&](const rpc::Call& call) {
    const auto check = [&](const Course& course) -> absl::Status {
      const std::vector<int32_t> races = calendar_.RacesOn(course.name);
      if (races.empty()) return absl::OkStatus();
      const std::string& race = calendar_.race(races.front()).name;
      return rpc::WithReason(
          absl::FailedPreconditionError(absl::StrCat(race, " is run on ", course.name, ", want it to name another")),
          "IN_USE", {{"race", race}});
    };
    return RemoveRecord(call, calendar_, kCourses, *request, check, response);
  });
}

}  // namespace palmares::events
