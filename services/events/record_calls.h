// The calls that events, editions, races and courses have in common: one is read, one is made or changed, and one is
// taken out again.
#ifndef PALMARES_SERVICES_EVENTS_RECORD_CALLS_H_
#define PALMARES_SERVICES_EVENTS_RECORD_CALLS_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/events/calendar.h"
#include "services/events/event_messages.h"
#include "services/rpc/call.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::events {

// How records of one kind are found and stored.
template <typename Record>
struct RecordKind {
  absl::string_view type;  // as errors call it: "event"
  storage::EntryKind set = storage::EntryKind::kEventSet;
  const Record* (Calendar::*find)(absl::string_view name) const = nullptr;
};

inline constexpr RecordKind<Event> kEvents{"event", storage::EntryKind::kEventSet, &Calendar::FindEvent};
inline constexpr RecordKind<Edition> kEditions{"edition", storage::EntryKind::kEditionSet, &Calendar::FindEdition};
inline constexpr RecordKind<Race> kRaces{"race", storage::EntryKind::kRaceSet, &Calendar::FindRace};
inline constexpr RecordKind<Course> kCourses{"course", storage::EntryKind::kCourseSet, &Calendar::FindCourse};

inline absl::Status CheckEtag(const std::string& etag, const Stamps& stamps) {
  if (etag.empty() || etag == rpc::Etag(stamps.position)) return absl::OkStatus();
  return absl::AbortedError("etag: it has changed since it was read, want it read again");
}

// `show(record, position)` gives the message.
template <typename Record, typename Request, typename Proto, typename Show>
absl::Status GetRecord(const rpc::Call& call, const Calendar& calendar, const RecordKind<Record>& kind,
                       const Request& request, Show show, Proto* response) {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(request.min_position());
  if (!reader.ok()) return reader.status();
  const Record* record = (calendar.*kind.find)(request.name());
  if (record == nullptr) return rpc::NotFound(kind.type, request.name());
  *response = show(*record, reader->position());
  return absl::OkStatus();
}

// Which record a request makes or changes, and what it may be.
struct RecordTarget {
  std::string name;
  bool may_exist = true;
  bool may_be_new = false;
};

// Makes or changes a record. `edit(before)` gives the message that is wanted, of a record that is there or of none;
// `store(message)` its stored form, checked against the calendar; `show(record, position)` the message of one.
template <typename Record, typename Request, typename Proto, typename Edit, typename Store, typename Show>
absl::Status SetRecord(const rpc::Call& call, const Calendar& calendar, const RecordKind<Record>& kind,
                       const RecordTarget& target, const Request& request, Edit edit, Store store, Show show,
                       Proto* response) {
  Proto wanted;
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, request.request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const Record* before = (calendar.*kind.find)(target.name);
        if (before == nullptr && !target.may_be_new) return rpc::NotFound(kind.type, target.name);
        if (before != nullptr && !target.may_exist) {
          return absl::AlreadyExistsError(absl::StrCat(target.name, " exists already"));
        }
        absl::StatusOr<Proto> edited = edit(before);
        if (!edited.ok()) return edited.status();
        wanted = *std::move(edited);
        wanted.set_name(target.name);
        const auto body = store(wanted);
        if (!body.ok()) return body.status();
        const std::string bytes = body->SerializeAsString();
        const bool is_same = before != nullptr && before->data.SerializeAsString() == bytes;
        if (request.validate_only() || is_same) return std::nullopt;
        storage::Draft draft;
        draft.kind = kind.set;
        draft.body = bytes;
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
  if (!reader.ok()) return reader.status();
  const Record* record = (calendar.*kind.find)(target.name);
  *response = request.validate_only() || record == nullptr ? wanted : show(*record, reader->position());
  return absl::OkStatus();
}

// For Update calls: the record as it is, with the fields of the request's mask laid over it.
template <typename Record, typename Proto, typename Mask>
absl::StatusOr<Proto> Overlaid(const Record* before, const Proto& given, const Mask& mask) {
  Proto proto = before == nullptr ? Proto() : ToProto(*before, 0);
  if (before != nullptr) {
    if (absl::Status status = CheckEtag(given.etag(), before->stamps); !status.ok()) return status;
  }
  if (absl::Status status = Overlay(mask, given, &proto); !status.ok()) return status;
  return proto;
}

// Takes a record out with everything below it. `check(record)` says what is in the way.
template <typename Record, typename Request, typename Response, typename Check>
absl::Status RemoveRecord(const rpc::Call& call, const Calendar& calendar, const RecordKind<Record>& kind,
                          const Request& request, Check check, Response* response) {
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, request.request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const Record* record = (calendar.*kind.find)(request.name());
        if (record == nullptr) return rpc::NotFound(kind.type, request.name());
        if (absl::Status status = CheckEtag(request.etag(), record->stamps); !status.ok()) return status;
        if (absl::Status status = check(*record); !status.ok()) return status;
        if (request.validate_only()) return std::nullopt;
        stored::v1::CatalogueRemoved body;
        body.set_name(record->name);
        storage::Draft draft;
        draft.kind = storage::EntryKind::kCatalogueRemoved;
        draft.body = body.SerializeAsString();
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  response->set_position(receipt->position);
  return absl::OkStatus();
}

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_RECORD_CALLS_H_
