// Import manifests: one edition of an event, its races, and the files that hold their results. TOML, read strictly: a
// key that means nothing is an error, and so is a value of another kind. Values are converted to the API's units
// exactly.
//
//   [event]     id, name, country, timezone; city, region, website, organizer
//   [edition]   id, date; name, end_date, city, competition_category
//   [[race]]    id, discipline; name, round, places_by, timing (hand, automatic, transponder), date, start, time_limit,
//               sex, division, level, mixed, competition_category, course (or kept_course, the id of one that the event
//               keeps), results, format, encoding, delimiter, table (or sheet), header_row, no_header, name_order,
//               state, mapping (the id of a saved one), timing_system (chooses a saved one), columns, units
//   course      certified, certificate, valid_from, valid_to, net_drop_m, separation_pct, measured_distance_m, climb_m,
//               altitude_m, short_track, indoor, pacemakers
#ifndef PALMARES_TOOLS_PALMARES_MANIFEST_H_
#define PALMARES_TOOLS_PALMARES_MANIFEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/events.pb.h"
#include "palmares/v1/imports.pb.h"

namespace palmares::tools {

struct ManifestRace {
  v1::Race race;
  std::string results;      // path of the file as it can be opened; empty when the race has none
  v1::ImportHeader header;  // how to read it; says nothing of dry runs and the like
};

struct Manifest {
  v1::Event event;
  v1::Edition edition;
  std::vector<ManifestRace> races;
};

// Reads a manifest's text. `path` is for messages, and relative paths of results begin at its directory.
// INVALID_ARGUMENT has a line "FILE:LINE: key: value, what is wanted" for each mistake.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text, const std::string& path);

// Reads the file first. NOT_FOUND when there is none.
absl::StatusOr<Manifest> ReadManifest(const std::string& path);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_MANIFEST_H_
