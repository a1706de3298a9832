#include "services/events/event_service.h"

#include "absl/algorithm/container.h"
#include "services/events/record_calls.h"
#include "services/events/record_list.h"

namespace palmares::events {
namespace {

constexpr absl::string_view kEventFilterFields[] = {"country", "region_code", "series", "display_name"};
constexpr absl::string_view kEditionFilterFields[] = {"start_date", "competition_category"};

bool EventMeets(const Event& event, const rpc::Condition& condition) {
  if (condition.field == "country") return absl::EqualsIgnoreCase(condition.value, event.data.country());
  if (condition.field == "region_code") return absl::EqualsIgnoreCase(condition.value, event.data.region());
  if (condition.field == "series") return absl::c_linear_search(event.data.series(), condition.value);
  return condition.value == event.data.display_name();
}

bool EditionMeets(const Edition& edition, const rpc::Condition& condition) {
  if (condition.field == "competition_category") return condition.value == edition.data.competition_category();
  return condition.value == athletics::FormatDate(athletics::DateFromDaysSince1970(edition.data.start_date()));
}

v1::Event ShowEvent(const Event& event, int64_t position) { return ToProto(event, position); }
v1::Edition ShowEdition(const Edition& edition, int64_t position) { return ToProto(edition, position); }

}  // namespace

grpc::Status EventService::GetEvent(grpc::ServerContext* context, const v1::GetEventRequest* request,
                                    v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.GetEvent", *request, [&](const rpc::Call& call) {
    return GetRecord(call, calendar_, kEvents, *request, ShowEvent, response);
  });
}

grpc::Status EventService::ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                                      v1::ListEventsResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.ListEvents", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<ListWanted> wanted = CheckList(call, *request, kEventFilterFields);
    if (!wanted.ok()) return wanted.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    ListRecords(
        call, calendar_.events(), "events/", *request, *wanted, [](const Event& event) { return event.name; },
        EventMeets, [&](const Event& event) { *response->add_events() = ToProto(event, 0); },
        response->mutable_next_page_token());
    return absl::OkStatus();
  });
}

grpc::Status EventService::CreateEvent(grpc::ServerContext* context, const v1::CreateEventRequest* request,
                                       v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.CreateEvent", *request, [&](const rpc::Call& call) -> absl::Status {
    if (absl::Status status = rpc::CheckId("event_id", request->event_id()); !status.ok()) return status;
    NameParts parts;
    parts.event = request->event_id();
    const RecordTarget target{EventName(parts.event), false, true};
    return SetRecord(
        call, calendar_, kEvents, target, *request,
        [&](const Event*) -> absl::StatusOr<v1::Event> { return request->event(); },
        [&](const v1::Event& event) { return ToStored(event, parts); }, ShowEvent, response);
  });
}

grpc::Status EventService::UpdateEvent(grpc::ServerContext* context, const v1::UpdateEventRequest* request,
                                       v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateEvent", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<NameParts> parts = ParseEventName("event.name", request->event().name());
    if (!parts.ok()) return parts.status();
    return SetRecord(
        call, calendar_, kEvents, {request->event().name(), true, request->allow_missing()}, *request,
        [&](const Event* before) { return Overlaid(before, request->event(), request->update_mask()); },
        [&](const v1::Event& event) { return ToStored(event, *parts); }, ShowEvent, response);
  });
}

grpc::Status EventService::GetEdition(grpc::ServerContext* context, const v1::GetEditionRequest* request,
                                      v1::Edition* response) {
  return rpc::Serve(calls_, *context, "EventService.GetEdition", *request, [&](const rpc::Call& call) {
    return GetRecord(call, calendar_, kEditions, *request, ShowEdition, response);
  });
}

grpc::Status EventService::ListEditions(grpc::ServerContext* context, const v1::ListEditionsRequest* request,
                                        v1::ListEditionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "EventService.ListEditions", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->parent().empty()) return rpc::MissingField("parent", "events/{event} or events/-");
        absl::StatusOr<ListWanted> wanted = CheckList(call, *request, kEditionFilterFields);
        if (!wanted.ok()) return wanted.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        const auto newest_first = [](const Edition& edition) {
          return absl::StrCat(DayKey(edition.data.start_date(), true), "/", edition.name);
        };
        ListRecords(
            call, calendar_.editions(), Prefix(request->parent()), *request, *wanted, newest_first, EditionMeets,
            [&](const Edition& edition) { *response->add_editions() = ToProto(edition, 0); },
            response->mutable_next_page_token());
        return absl::OkStatus();
      });
}

grpc::Status EventService::CreateEdition(grpc::ServerContext* context, const v1::CreateEditionRequest* request,
                                         v1::Edition* response) {
  return rpc::Serve(
      calls_, *context, "EventService.CreateEdition", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<NameParts> parts = ParseEventName("parent", request->parent());
        if (!parts.ok()) return parts.status();
        if (absl::Status status = rpc::CheckId("edition_id", request->edition_id()); !status.ok()) return status;
        parts->edition = request->edition_id();
        return SetRecord(
            call, calendar_, kEditions, {EditionName(parts->event, parts->edition), false, true}, *request,
            [&](const Edition*) -> absl::StatusOr<v1::Edition> {
              if (calendar_.FindEvent(request->parent()) == nullptr) return rpc::NotFound("event", request->parent());
              return request->edition();
            },
            [&](const v1::Edition& edition) { return ToStored(edition, *parts); }, ShowEdition, response);
      });
}

grpc::Status EventService::UpdateEdition(grpc::ServerContext* context, const v1::UpdateEditionRequest* request,
                                         v1::Edition* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateEdition", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const v1::Edition& given = request->edition();
                      absl::StatusOr<NameParts> parts = ParseEditionName("edition.name", given.name());
                      if (!parts.ok()) return parts.status();
                      return SetRecord(
                          call, calendar_, kEditions, {given.name(), true, request->allow_missing()}, *request,
                          [&](const Edition* before) -> absl::StatusOr<v1::Edition> {
                            const std::string event = EventName(parts->event);
                            if (calendar_.FindEvent(event) == nullptr) return rpc::NotFound("event", event);
                            absl::StatusOr<v1::Edition> edition = Overlaid(before, given, request->update_mask());
                            if (edition.ok() && given.has_start_date() && !given.has_end_date())
                              edition->clear_end_date();
                            return edition;
                          },
                          [&](const v1::Edition& edition) { return ToStored(edition, *parts); }, ShowEdition, response);
                    });
}

}  // namespace palmares::events
