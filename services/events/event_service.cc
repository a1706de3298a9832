#include "services/events/event_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/events/event_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::events {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kRacesPageSize = 50;
constexpr int32_t kLargestPage = 1000;
constexpr int64_t kDayOffset = 1'000'000;  // makes every day of the calendar a positive number
constexpr absl::string_view kRaceFilterFields[] = {"discipline", "country", "date", "level"};

template <typename Body>
storage::Draft MakeDraft(storage::EntryKind kind, const Body& body) {
  storage::Draft draft;
  draft.kind = kind;
  draft.body = body.SerializeAsString();
  return draft;
}

// Nothing to write where the record already says so, or for a dry run.
template <typename Body>
std::optional<storage::Draft> DraftIfChanged(storage::EntryKind kind, const Body& body, const Body* before,
                                             bool dry_run) {
  if (dry_run || (before != nullptr && before->SerializeAsString() == body.SerializeAsString())) return std::nullopt;
  return MakeDraft(kind, body);
}

absl::Status CheckEtag(const std::string& etag, const Stamps& stamps) {
  if (etag.empty() || etag == rpc::Etag(stamps.position)) return absl::OkStatus();
  return absl::AbortedError("etag: it has changed since it was read, want it read again");
}

// A page of the records under `parent` ("events/-" stands for all), in the order of their names.
template <typename Records, typename Request, typename Add>
absl::Status ListPage(const rpc::Call& call, const Records& records, const std::string& parent, const Request& request,
                      std::string* next_page_token, Add add) {
  if (!request.filter().empty()) {
    return rpc::InvalidField("filter", request.filter(), "nothing: this list has no filter yet");
  }
  absl::StatusOr<int32_t> size = rpc::PageSize(request.page_size(), kPageSize, kLargestPage);
  if (!size.ok()) return size.status();
  absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  int32_t count = 0;
  std::string last_key;
  for (auto it = last->empty() ? records.begin() : records.upper_bound(*last); it != records.end(); ++it) {
    if (!absl::StartsWith(it->first, parent)) continue;
    if (count == *size) {
      *next_page_token = call.calls->page_tokens->Make(request, last_key);
      break;
    }
    add(*it->second);
    last_key = it->first;
    ++count;
  }
  return absl::OkStatus();
}

bool Meets(const std::vector<rpc::Condition>& conditions, const Race& race) {
  return std::all_of(conditions.begin(), conditions.end(), [&race](const rpc::Condition& condition) {
    if (condition.field == "discipline") {
      const auto discipline = athletics::FindDiscipline(condition.value);
      return discipline.ok() && *discipline == race.discipline;
    }
    if (condition.field == "country") return absl::EqualsIgnoreCase(condition.value, race.event->data.country());
    if (condition.field == "date") return condition.value == athletics::FormatDate(race.date);
    return condition.value == race.data.level();
  });
}

// "events/a" → "events/a/"; "events/-" and "events/-/editions/-" → "events/".
std::string Prefix(absl::string_view parent) {
  const size_t wildcard = parent.find("/-");
  return absl::StrCat(wildcard == absl::string_view::npos ? parent : parent.substr(0, wildcard), "/");
}

}  // namespace

grpc::Status EventService::GetEvent(grpc::ServerContext* context, const v1::GetEventRequest* request,
                                    v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.GetEvent", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Event* event = calendar_.FindEvent(request->name());
    if (event == nullptr) return rpc::NotFound("event", request->name());
    *response = ToProto(*event, reader->position());
    return absl::OkStatus();
  });
}

grpc::Status EventService::ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                                      v1::ListEventsResponse* response) {
  return rpc::Serve(calls_, *context, "EventService.ListEvents", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    return ListPage(call, calendar_.events(), "events/", *request, response->mutable_next_page_token(),
                    [&](const Event& event) { *response->add_events() = ToProto(event, reader->position()); });
  });
}

grpc::Status EventService::CreateEvent(grpc::ServerContext* context, const v1::CreateEventRequest* request,
                                       v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.CreateEvent", *request, [&](const rpc::Call& call) -> absl::Status {
    if (absl::Status status = rpc::CheckId("event_id", request->event_id()); !status.ok()) return status;
    absl::StatusOr<stored::v1::Event> body = ToStored(request->event(), {request->event_id(), "", ""});
    if (!body.ok()) return body.status();
    const std::string name = EventName(request->event_id());
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          if (calendar_.FindEvent(name) != nullptr)
            return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
          return DraftIfChanged<stored::v1::Event>(storage::EntryKind::kEventSet, *body, nullptr,
                                                   request->validate_only());
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Event* event = calendar_.FindEvent(name)) *response = ToProto(*event, reader->position());
    if (request->validate_only()) *response = request->event();
    return absl::OkStatus();
  });
}

grpc::Status EventService::UpdateEvent(grpc::ServerContext* context, const v1::UpdateEventRequest* request,
                                       v1::Event* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateEvent", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string& name = request->event().name();
    absl::StatusOr<NameParts> parts = ParseEventName("event.name", name);
    if (!parts.ok()) return parts.status();
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          const Event* before = calendar_.FindEvent(name);
          if (before == nullptr && !request->allow_missing()) return rpc::NotFound("event", name);
          v1::Event event = before == nullptr ? v1::Event() : ToProto(*before, 0);
          if (before != nullptr) {
            if (absl::Status status = CheckEtag(request->event().etag(), before->stamps); !status.ok()) return status;
          }
          if (absl::Status status = Overlay(request->update_mask(), request->event(), &event); !status.ok())
            return status;
          absl::StatusOr<stored::v1::Event> body = ToStored(event, *parts);
          if (!body.ok()) return body.status();
          return DraftIfChanged(storage::EntryKind::kEventSet, *body, before == nullptr ? nullptr : &before->data,
                                request->validate_only());
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Event* event = calendar_.FindEvent(name)) *response = ToProto(*event, reader->position());
    return absl::OkStatus();
  });
}

grpc::Status EventService::GetEdition(grpc::ServerContext* context, const v1::GetEditionRequest* request,
                                      v1::Edition* response) {
  return rpc::Serve(calls_, *context, "EventService.GetEdition", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Edition* edition = calendar_.FindEdition(request->name());
    if (edition == nullptr) return rpc::NotFound("edition", request->name());
    *response = ToProto(*edition, reader->position());
    return absl::OkStatus();
  });
}

grpc::Status EventService::ListEditions(grpc::ServerContext* context, const v1::ListEditionsRequest* request,
                                        v1::ListEditionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "EventService.ListEditions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        if (request->parent().empty()) return rpc::MissingField("parent", "events/{event} or events/-");
        response->set_position(reader->position());
        return ListPage(
            call, calendar_.editions(), Prefix(request->parent()), *request, response->mutable_next_page_token(),
            [&](const Edition& edition) { *response->add_editions() = ToProto(edition, reader->position()); });
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
        absl::StatusOr<stored::v1::Edition> body = ToStored(request->edition(), *parts);
        if (!body.ok()) return body.status();
        const std::string name = EditionName(parts->event, parts->edition);
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              if (calendar_.FindEvent(request->parent()) == nullptr) return rpc::NotFound("event", request->parent());
              if (calendar_.FindEdition(name) != nullptr) {
                return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
              }
              return DraftIfChanged<stored::v1::Edition>(storage::EntryKind::kEditionSet, *body, nullptr,
                                                         request->validate_only());
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (const Edition* edition = calendar_.FindEdition(name)) *response = ToProto(*edition, reader->position());
        return absl::OkStatus();
      });
}

grpc::Status EventService::UpdateEdition(grpc::ServerContext* context, const v1::UpdateEditionRequest* request,
                                         v1::Edition* response) {
  return rpc::Serve(
      calls_, *context, "EventService.UpdateEdition", *request, [&](const rpc::Call& call) -> absl::Status {
        const std::string& name = request->edition().name();
        absl::StatusOr<NameParts> parts = ParseEditionName("edition.name", name);
        if (!parts.ok()) return parts.status();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              if (calendar_.FindEvent(EventName(parts->event)) == nullptr) {
                return rpc::NotFound("event", EventName(parts->event));
              }
              const Edition* before = calendar_.FindEdition(name);
              if (before == nullptr && !request->allow_missing()) return rpc::NotFound("edition", name);
              v1::Edition edition = before == nullptr ? v1::Edition() : ToProto(*before, 0);
              if (before != nullptr) {
                if (absl::Status status = CheckEtag(request->edition().etag(), before->stamps); !status.ok())
                  return status;
              }
              if (absl::Status status = Overlay(request->update_mask(), request->edition(), &edition); !status.ok()) {
                return status;
              }
              if (request->edition().has_start_date() && !request->edition().has_end_date()) edition.clear_end_date();
              absl::StatusOr<stored::v1::Edition> body = ToStored(edition, *parts);
              if (!body.ok()) return body.status();
              return DraftIfChanged(storage::EntryKind::kEditionSet, *body, before == nullptr ? nullptr : &before->data,
                                    request->validate_only());
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (const Edition* edition = calendar_.FindEdition(name)) *response = ToProto(*edition, reader->position());
        return absl::OkStatus();
      });
}

grpc::Status EventService::GetRace(grpc::ServerContext* context, const v1::GetRaceRequest* request,
                                   v1::Race* response) {
  return rpc::Serve(calls_, *context, "EventService.GetRace", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Race* race = calendar_.FindRace(request->name());
    if (race == nullptr) return rpc::NotFound("race", request->name());
    *response = ToProto(*race, reader->position());
    summaries_(*race, response);
    return absl::OkStatus();
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
    absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kRaceFilterFields);
    if (!conditions.ok()) return conditions.status();
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kRacesPageSize, kLargestPage);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    // By day, then name: the key a page continues after.
    const bool newest_first = request->order_by() != "date";
    absl::btree_map<std::string, const Race*> ordered;
    for (const auto& [name, race] : calendar_.races()) {
      if (!absl::StartsWith(name, Prefix(request->parent())) || !Meets(*conditions, *race)) continue;
      const int64_t day = athletics::DaysSince1970(race->date) + kDayOffset;
      ordered.emplace(absl::StrFormat("%08d/%s", newest_first ? kDayOffset * 2 - day : day, name), race);
    }
    std::string shown;
    for (auto it = ordered.upper_bound(*last); it != ordered.end(); ++it) {
      if (response->races_size() == *size) {
        response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
        break;
      }
      v1::Race* out = response->add_races();
      *out = ToProto(*it->second, reader->position());
      summaries_(*it->second, out);
      shown = it->first;
    }
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
    const std::string name = RaceName(parts->event, parts->edition, parts->race);
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          const Edition* edition = calendar_.FindEdition(request->parent());
          if (edition == nullptr) return rpc::NotFound("edition", request->parent());
          if (calendar_.FindRace(name) != nullptr)
            return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
          absl::StatusOr<stored::v1::Race> body = ToStored(request->race(), *parts, *edition);
          if (!body.ok()) return body.status();
          return DraftIfChanged<stored::v1::Race>(storage::EntryKind::kRaceSet, *body, nullptr,
                                                  request->validate_only());
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Race* race = calendar_.FindRace(name)) *response = ToProto(*race, reader->position());
    return absl::OkStatus();
  });
}

grpc::Status EventService::UpdateRace(grpc::ServerContext* context, const v1::UpdateRaceRequest* request,
                                      v1::Race* response) {
  return rpc::Serve(calls_, *context, "EventService.UpdateRace", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string& name = request->race().name();
    absl::StatusOr<NameParts> parts = ParseRaceName("race.name", name);
    if (!parts.ok()) return parts.status();
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          const std::string parent = EditionName(parts->event, parts->edition);
          const Edition* edition = calendar_.FindEdition(parent);
          if (edition == nullptr) return rpc::NotFound("edition", parent);
          const Race* before = calendar_.FindRace(name);
          if (before == nullptr && !request->allow_missing()) return rpc::NotFound("race", name);
          v1::Race race = before == nullptr ? v1::Race() : ToProto(*before, 0);
          if (before != nullptr) {
            if (absl::Status status = CheckEtag(request->race().etag(), before->stamps); !status.ok()) return status;
          }
          if (absl::Status status = Overlay(request->update_mask(), request->race(), &race); !status.ok())
            return status;
          absl::StatusOr<stored::v1::Race> body = ToStored(race, *parts, *edition);
          if (!body.ok()) return body.status();
          return DraftIfChanged(storage::EntryKind::kRaceSet, *body, before == nullptr ? nullptr : &before->data,
                                request->validate_only());
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Race* race = calendar_.FindRace(name)) {
      *response = ToProto(*race, reader->position());
      summaries_(*race, response);
    }
    return absl::OkStatus();
  });
}

}  // namespace palmares::events
