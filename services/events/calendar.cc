#include "services/events/calendar.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::events {
namespace {

void Stamp(const storage::Entry& entry, Stamps& stamps) {
  if (stamps.create_position == 0) {
    stamps.create_time_us = entry.time_us;
    stamps.create_position = entry.position;
  }
  stamps.update_time_us = entry.time_us;
  stamps.position = entry.position;
}

// The record of that name, made at the end of `records` where there is none. Whether it is new.
template <typename Record>
std::pair<Record*, bool> FindOrAdd(std::deque<Record>& records, absl::btree_map<std::string, const Record*>& by_name,
                                   const std::string& name) {
  const auto found = by_name.find(name);
  if (found != by_name.end()) return {const_cast<Record*>(found->second), false};  // records_ owns it, and is not const
  records.emplace_back().name = name;
  by_name[name] = &records.back();
  return {&records.back(), true};
}

template <typename Record>
const Record* Find(const absl::btree_map<std::string, const Record*>& by_name, absl::string_view name) {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace

std::string EventName(absl::string_view event) { return absl::StrCat("events/", event); }

std::string EditionName(absl::string_view event, absl::string_view edition) {
  return absl::StrCat("events/", event, "/editions/", edition);
}

std::string RaceName(absl::string_view event, absl::string_view edition, absl::string_view race) {
  return absl::StrCat("events/", event, "/editions/", edition, "/races/", race);
}

std::string CourseName(absl::string_view event, absl::string_view course) {
  return absl::StrCat("events/", event, "/courses/", course);
}

std::string DisplayName(const Race& race) {
  return absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name(),
                      race.data.display_name().empty() ? "" : ", ", race.data.display_name());
}

std::string CourseOf(const Race& race) {
  return race.data.course_id().empty() ? std::string() : CourseName(race.data.event(), race.data.course_id());
}

bool IsUnder(absl::string_view name, absl::string_view above) {
  return absl::StartsWith(name, above) && (name.size() == above.size() || name[above.size()] == '/');
}

absl::Status Calendar::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case storage::EntryKind::kEventSet:
      return SetEvent(entry);
    case storage::EntryKind::kEditionSet:
      return SetEdition(entry);
    case storage::EntryKind::kRaceSet:
      return SetRace(entry);
    case storage::EntryKind::kCourseSet:
      return SetCourse(entry);
    case storage::EntryKind::kCatalogueRemoved:
      return Remove(entry);
    default:
      return absl::OkStatus();
  }
}

absl::Status Calendar::SetEvent(const storage::Entry& entry) {
  stored::v1::Event data;
  if (!data.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not an event");
  Event* event = FindOrAdd(events_, events_by_name_, EventName(data.id())).first;
  event->data = std::move(data);
  Stamp(entry, event->stamps);
  return absl::OkStatus();
}

absl::Status Calendar::SetEdition(const storage::Entry& entry) {
  stored::v1::Edition data;
  if (!data.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not an edition");
  const auto parent = events_by_name_.find(EventName(data.event()));
  if (parent == events_by_name_.end()) return storage::Damaged(entry, "an edition without its event");
  const auto [edition, added] = FindOrAdd(editions_, editions_by_name_, EditionName(data.event(), data.id()));
  if (added) ++const_cast<Event*>(parent->second)->editions;
  edition->data = std::move(data);
  Stamp(entry, edition->stamps);
  return absl::OkStatus();
}

absl::Status Calendar::SetRace(const storage::Entry& entry) {
  stored::v1::Race data;
  if (!data.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a race");
  const Event* event = FindEvent(EventName(data.event()));
  const auto parent = editions_by_name_.find(EditionName(data.event(), data.edition()));
  if (event == nullptr || parent == editions_by_name_.end())
    return storage::Damaged(entry, "a race without its edition");
  absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(data.discipline());
  if (!discipline.ok()) return storage::Damaged(entry, discipline.status().message());
  const auto [race, added] = FindOrAdd(races_, races_by_name_, RaceName(data.event(), data.edition(), data.id()));
  if (added) {
    race->number = static_cast<int32_t>(races_.size()) - 1;
    ++const_cast<Edition*>(parent->second)->races;
  }
  race->discipline = *discipline;
  race->date = athletics::DateFromDaysSince1970(data.date());
  race->event = event;
  race->edition = parent->second;
  race->data = std::move(data);
  Stamp(entry, race->stamps);
  return absl::OkStatus();
}

// The facts of a course are those of every race on it, at once.
absl::Status Calendar::SetCourse(const storage::Entry& entry) {
  stored::v1::Course data;
  if (!data.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a course");
  if (FindEvent(EventName(data.event())) == nullptr) return storage::Damaged(entry, "a course without its event");
  Course* course = FindOrAdd(courses_, courses_by_name_, CourseName(data.event(), data.id())).first;
  course->data = std::move(data);
  Stamp(entry, course->stamps);
  for (const int32_t number : RacesOn(course->name)) {
    Race& race = races_[static_cast<size_t>(number)];
    *race.data.mutable_course() = course->data.facts();
    Stamp(entry, race.stamps);
  }
  return absl::OkStatus();
}

absl::Status Calendar::Remove(const storage::Entry& entry) {
  stored::v1::CatalogueRemoved body;
  if (!body.ParseFromString(entry.change.body) || body.name().empty()) return storage::Damaged(entry, "not a removal");
  const auto is_removed = [&body](const auto& record) { return IsUnder(record.first, body.name()); };
  for (const auto& [name, race] : races_by_name_) {
    if (IsUnder(name, body.name())) --const_cast<Edition*>(race->edition)->races;
  }
  for (const auto& [name, edition] : editions_by_name_) {
    if (!IsUnder(name, body.name())) continue;
    const auto parent = events_by_name_.find(EventName(edition->data.event()));
    if (parent != events_by_name_.end()) --const_cast<Event*>(parent->second)->editions;
  }
  size_t removed = absl::erase_if(races_by_name_, is_removed);
  removed += absl::erase_if(editions_by_name_, is_removed);
  removed += absl::erase_if(courses_by_name_, is_removed);
  removed += absl::erase_if(events_by_name_, is_removed);
  return removed > 0 ? absl::OkStatus() : storage::Damaged(entry, "a removal of what is not there");
}

std::vector<int32_t> Calendar::RacesOn(absl::string_view course) const {
  std::vector<int32_t> races;
  for (const auto& [name, race] : races_by_name_) {
    if (!race->data.course_id().empty() && CourseOf(*race) == course) races.push_back(race->number);
  }
  return races;
}

const Event* Calendar::FindEvent(absl::string_view name) const { return Find(events_by_name_, name); }
const Edition* Calendar::FindEdition(absl::string_view name) const { return Find(editions_by_name_, name); }
const Race* Calendar::FindRace(absl::string_view name) const { return Find(races_by_name_, name); }
const Course* Calendar::FindCourse(absl::string_view name) const { return Find(courses_by_name_, name); }

const Race* Calendar::FindRaceByEnd(absl::string_view end) const {
  if (const Race* race = FindRace(end)) return race;
  const Race* only = nullptr;
  const std::string tail = absl::StrCat("/", end);
  for (const auto& [name, race] : races_by_name_) {
    if (!absl::EndsWith(name, tail)) continue;
    if (only != nullptr) return nullptr;
    only = race;
  }
  return only;
}

}  // namespace palmares::events
