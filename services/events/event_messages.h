// Between the calendar's records and the API's messages.
#ifndef PALMARES_SERVICES_EVENTS_EVENT_MESSAGES_H_
#define PALMARES_SERVICES_EVENTS_EVENT_MESSAGES_H_

#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "palmares/v1/courses.pb.h"
#include "palmares/v1/events.pb.h"
#include "palmares/v1/races.pb.h"
#include "services/events/calendar.h"

namespace palmares::events {

v1::Event ToProto(const Event& event, int64_t position);
v1::Edition ToProto(const Edition& edition, int64_t position);
v1::Race ToProto(const Race& race, int64_t position);
v1::Course ToProto(const Course& course, int64_t position);

// The ids in a full name; INVALID_ARGUMENT names the field where it is not one. Unused parts are empty.
struct NameParts {
  std::string event, edition, race, course;
};
absl::StatusOr<NameParts> ParseEventName(absl::string_view field, absl::string_view name);
absl::StatusOr<NameParts> ParseEditionName(absl::string_view field, absl::string_view name);
absl::StatusOr<NameParts> ParseRaceName(absl::string_view field, absl::string_view name);
absl::StatusOr<NameParts> ParseCourseName(absl::string_view field, absl::string_view name);

// The stored form of a message, checked; INVALID_ARGUMENT names the field, the value and what is wanted.
absl::StatusOr<stored::v1::Event> ToStored(const v1::Event& event, const NameParts& name);
absl::StatusOr<stored::v1::Edition> ToStored(const v1::Edition& edition, const NameParts& name);
// `edition` gives the date where the race has none; `course`, if any, its facts.
absl::StatusOr<stored::v1::Race> ToStored(const v1::Race& race, const NameParts& name, const Edition& edition,
                                          const Course* course);
absl::StatusOr<stored::v1::Course> ToStored(const v1::Course& course, const NameParts& name);

// Copies the fields of the mask ("*" or an empty one: all that are set) from one message over another.
// INVALID_ARGUMENT names a path that is no field.
absl::Status Overlay(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
                     google::protobuf::Message* onto);

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_EVENT_MESSAGES_H_
