// Races.
#include "absl/time/time.h"
#include "services/events/event_service.h"
#include "services/events/record_calls.h"
#include "services/events/record_list.h"

namespace palmares::events {
namespace {

constexpr absl::string_view kRaceFilterFields[] = {"discipline", "country", "date", "level", "course"};

bool RaceMeets(const Race& race, const rpc::Condition& condition) {
  if (condition.field == "discipline") {
    const auto discipline = athletics::FindDiscipline(condition.value);
    return discipline.ok() && *discipline == race.discipline;
  }
  if (condition.field == "country") return absl::EqualsIgnoreCase(condition.value, race.event->data.country());
  if (condition.field == "date") return condition.value == athletics::FormatDate(race.date);
  if (condition.field == "course") return condition.value == CourseOf(race);
  return condition.value == race.data.level();
}

}  // namespace

v1::Race EventService::Show(const Race& race, int64_t position) const {
  v1::Race proto = ToProto(race, position);
  summaries_(race, &proto);
  return proto;
}

// The reason of a change is kept with it; what stays the same keeps the one it had. An official race changes in nothing
// but its name without one.
absl::Status EventService::KeepReason(const Race* before, const std::string& reason, stored::v1::Race& race) const {
  if (before == nullptr) return absl::OkStatus();
  race.set_reason(before->data.reason());
  if (race.SerializeAsString() == before->data.SerializeAsString()) return absl::OkStatus();
  stored::v1::Race renamed = before->data;
  renamed.set_display_name(race.display_name());
  const bool only_name = renamed.SerializeAsString() == race.SerializeAsString();
  race.set_reason(reason);
  if (only_name || !reason.empty() || Show(*before, 0).sheet_state() != v1::SHEET_STATE_OFFICIAL) {
    return absl::OkStatus();
  }
  return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("reason: missing, want why ", before->name,
                                                                 " changes: its sheet is official")),
                         "REASON_REQUIRED", {{"field", "reason"}, {"race", before->name}});
}

// A sheet of persons is none of teams, nor the other way round.
absl::Status EventService::CheckTeams(const Race* before, const std::string& discipline) const {
  if (before == nullptr || before->data.discipline() == discipline) return absl::OkStatus();
  const absl::StatusOr<const athletics::Discipline*> wanted = athletics::FindDiscipline(discipline);
  if (!wanted.ok()) return wanted.status();
  const bool alike = ((*wanted)->relay_legs > 0) == (before->discipline->relay_legs > 0);
  if (alike || Show(*before, 0).counts().rows() == 0) return absl::OkStatus();
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "race.discipline: \"", discipline, "\", ", before->name, " has a sheet of the ", before->discipline->code,
          ", want another race for ", (*wanted)->relay_legs > 0 ? "teams" : "results of persons")),
      "SHEET_OF_OTHERS", {{"race", before->name}});
}

absl::StatusOr<stored::v1::Race> EventService::Store(const v1::Race& race, const NameParts& name,
                                                     const std::string& reason) const {
  const std::string parent = EditionName(name.event, name.edition);
  const Edition* edition = calendar_.FindEdition(parent);
  if (edition == nullptr) return rpc::NotFound("edition", parent);
  const Course* course = race.course().empty() ? nullptr : calendar_.FindCourse(race.course());
  if (!race.course().empty() && course == nullptr) return rpc::NotFound("course", race.course());
  absl::StatusOr<stored::v1::Race> stored = ToStored(race, name, *edition, course);
  if (!stored.ok()) return stored.status();
  const Race* before = calendar_.FindRace(RaceName(name.event, name.edition, name.race));
  if (absl::Status status = CheckTeams(before, stored->discipline()); !status.ok()) return status;
  const bool ranks_alike = before == nullptr || (before->data.discipline() == stored->discipline() &&
                                                 before->data.places_clock() == stored->places_clock());
  if (ranks_alike || Show(*before, 0).sheet_state() != v1::SHEET_STATE_OFFICIAL) {
    if (absl::Status status = KeepReason(before, reason, *stored); !status.ok()) return status;
    return stored;
  }
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "race: the sheet of ", before->name, " is official, want its discipline and places_clock left as they are")),
      "SHEET_ALREADY_OFFICIAL", {{"race", before->name}});
}

grpc::Status EventService::GetRace(grpc::ServerContext* context, const v1::GetRaceRequest* request,
                                   v1::Race* response) {
  return rpc::Serve(calls_, *context, "EventService.GetRace", *request, [&](const rpc::Call& call) {
    const auto show = [this](const Race& race, int64_t position) { return Show(race, position); };
    return GetRecord(call, calendar_, kRaces, *request, show, response);
  });
}

grpc::Status EventService::ListRaces(grpc::ServerContext* context, const v1::ListRacesRequest* request,
                                     v1::ListRacesResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.ListRaces", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->parent().empty()) {
      return rpc::MissingField("parent", "events/{event}/editions/{edition}, or events/-/editions/- for all");
    }
    if (!request->order_by().empty() && request->order_by() != "date" && request->order_by() != "date desc") {
      return rpc::InvalidField("order_by", request->order_by(), "date desc (the default) or date");
    }
    absl::StatusOr<ListWanted> wanted = CheckList(call, *request, kRaceFilterFields);
    if (!wanted.ok()) return wanted.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    const bool newest_first = request->order_by() != "date";
    ListRecords(
        call, calendar_.races(), Prefix(request->parent()), *request, *wanted,
        [newest_first](const Race& race) {
          return absl::StrCat(DayKey(athletics::DaysSince1970(race.date), newest_first), "/", race.name);
        },
        RaceMeets, [&](const Race& race) { *response->add_races() = Show(race, 0); },
        response->mutable_next_page_token());
    return absl::OkStatus();
  });
}

grpc::Status EventService::CreateRace(grpc::ServerContext* context, const v1::CreateRaceRequest* request,
                                      v1::Race* response) {
  return rpc::Serve(calls_, *context, "EventService.CreateRace", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<NameParts> parts = ParseEditionName("parent", request->parent());
    if (!parts.ok()) return parts.status();
    if (absl::Status status = rpc::CheckId("race_id", request->race_id()); !status.ok()) return status;
    parts->race = request->race_id();
    return SetRecord(
        call, calendar_, kRaces, {RaceName(parts->event, parts->edition, parts->race), false, true}, *request,
        [&](const Race*) -> absl::StatusOr<v1::Race> { return request->race(); },
        [&](const v1::Race& race) { return Store(race, *parts, ""); },
        [this](const Race& race, int64_t position) { return Show(race, position); }, response);
  });
}

grpc::Status EventService::UpdateRace(grpc::ServerContext* context, const v1::UpdateRaceRequest* request,
                                      v1::Race* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateRace", *request, [&](const rpc::Call& call) -> absl::Status {
    const v1::Race& given = request->race();
    absl::StatusOr<NameParts> parts = ParseRaceName("race.name", given.name());
    if (!parts.ok()) return parts.status();
    return SetRecord(
        call, calendar_, kRaces, {given.name(), true, request->allow_missing()}, *request,
        [&](const Race* before) { return Overlaid(before, given, request->update_mask()); },
        [&](const v1::Race& race) { return Store(race, *parts, request->reason()); },
        [this](const Race& race, int64_t position) { return Show(race, position); }, response);
  });
}

}  // namespace palmares::events
