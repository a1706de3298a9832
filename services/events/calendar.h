// Events, their editions, the races of each and the courses they are run on: the view that every other one refers to.
//
// Written by the store's writer thread, read under a storage::Store::Reader. Records stay where they are for the life
// of the calendar, so that a reference may be kept while the reader lives.
#ifndef PALMARES_SERVICES_EVENTS_CALENDAR_H_
#define PALMARES_SERVICES_EVENTS_CALENDAR_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "storage/entry.h"
#include "storage/stored.pb.h"

namespace palmares::events {

// When and by which entry a record was made and last changed.
struct Stamps {
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t create_position = 0;
  int64_t position = 0;  // of the last change
};

struct Event {
  std::string name;  // "events/boston-marathon"
  stored::v1::Event data;
  Stamps stamps;
  int32_t editions = 0;
};

struct Edition {
  std::string name;  // "events/boston-marathon/editions/2013"
  stored::v1::Edition data;
  Stamps stamps;
  int32_t races = 0;
};

struct Race {
  std::string name;    // "events/boston-marathon/editions/2013/races/open"
  int32_t number = 0;  // 0, 1, 2 … in the order of creation; other views refer to it
  stored::v1::Race data;
  const athletics::Discipline* discipline = nullptr;
  athletics::Date date;
  const Event* event = nullptr;
  const Edition* edition = nullptr;
  Stamps stamps;
};

struct Course {
  std::string name;  // "events/boston-marathon/courses/hopkinton-boston"
  stored::v1::Course data;
  Stamps stamps;
};

class Calendar {
 public:
  // Takes the entries about events, editions, races and courses; others are no concern of it. DATA_LOSS if one cannot
  // be read or refers to something that is not there.
  absl::Status Apply(const storage::Entry& entry);

  // By full name; nullptr if there is none.
  const Event* FindEvent(absl::string_view name) const;
  const Edition* FindEdition(absl::string_view name) const;
  const Race* FindRace(absl::string_view name) const;
  const Course* FindCourse(absl::string_view name) const;

  // By the end of the name, after whole parts: "open", "2013/races/open", "editions/2013/races/open"; the full name
  // too. nullptr if none or more than one race ends so.
  const Race* FindRaceByEnd(absl::string_view end) const;

  // Every race that was ever made, those that were taken out again too: their sheets are empty.
  const Race& race(int32_t number) const { return races_[static_cast<size_t>(number)]; }
  int32_t race_count() const { return static_cast<int32_t>(races_.size()); }

  // In the order of their names.
  const absl::btree_map<std::string, const Event*>& events() const { return events_by_name_; }
  const absl::btree_map<std::string, const Edition*>& editions() const { return editions_by_name_; }
  const absl::btree_map<std::string, const Race*>& races() const { return races_by_name_; }
  const absl::btree_map<std::string, const Course*>& courses() const { return courses_by_name_; }

  // Numbers of the races that are run on the course of that name.
  std::vector<int32_t> RacesOn(absl::string_view course) const;

 private:
  absl::Status SetEvent(const storage::Entry& entry);
  absl::Status SetEdition(const storage::Entry& entry);
  absl::Status SetRace(const storage::Entry& entry);
  absl::Status SetCourse(const storage::Entry& entry);
  absl::Status Remove(const storage::Entry& entry);

  std::deque<Event> events_;
  std::deque<Edition> editions_;
  std::deque<Race> races_;
  std::deque<Course> courses_;
  absl::btree_map<std::string, const Event*> events_by_name_;
  absl::btree_map<std::string, const Edition*> editions_by_name_;
  absl::btree_map<std::string, const Race*> races_by_name_;
  absl::btree_map<std::string, const Course*> courses_by_name_;
};

std::string EventName(absl::string_view event);
std::string EditionName(absl::string_view event, absl::string_view edition);
std::string RaceName(absl::string_view event, absl::string_view edition, absl::string_view race);
std::string CourseName(absl::string_view event, absl::string_view course);

// Event, edition and race as printed: "Boston Marathon 2013, Open".
std::string DisplayName(const Race& race);

// The course that the race is run on; empty where it names none.
std::string CourseOf(const Race& race);

// Whether `name` is that of `above` or of something below it.
bool IsUnder(absl::string_view name, absl::string_view above);

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_CALENDAR_H_
