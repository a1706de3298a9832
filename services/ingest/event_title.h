// What the name of an event and the titles over a table say of the race whose results they are.
#ifndef PALMARES_SERVICES_INGEST_EVENT_TITLE_H_
#define PALMARES_SERVICES_INGEST_EVENT_TITLE_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/discipline.h"

namespace palmares::ingest {

// The sex that the name of an event tells, kWomen of "Event 3 Girls 100 Meter Hurdles"; kUnknown where it tells none,
// or two. "Mixed" is one for relays; in a race by oneself it says that both run, each in their own right.
athletics::Sex SexOfTitle(absl::string_view name);

// The discipline that the name of an event tells: "Event 9  Girls 1600 Meter Run", "Boys 4x800 Meter Relay", "Men 100".
// Words before and behind it that are no part of one are passed over ("Boys 13-14 100 Meter Dash Section 2"), if the
// discipline has a unit. Nothing where none is told.
std::optional<athletics::Discipline> DisciplineOfEvent(absl::string_view name);

// Whether the title has a word for running on the flat beside the distance: "Girls 100 Meter Dash".
bool SaysFlatRun(absl::string_view title);

// A distance of a road or trail race that a line of text mentions: "10K", "half marathon".
struct MentionedDistance {
  athletics::Discipline discipline;
  // The line is clearly the title of that race, and says nothing else: "Half Marathon Results 2014", "Distance: 10 km",
  // and in the first title also "James Joyce Ramble 10K". Not "CAPE COD MARATHON", which may be what the whole
  // event is called, "Loop: 5 km", or "Half Marathon and 10K".
  bool is_title = false;
};

// The distances from 3 km on, in kilometres, miles or by name, in the order in which the line mentions them.
std::vector<MentionedDistance> MentionedDistances(absl::string_view line, bool first_title);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_EVENT_TITLE_H_
