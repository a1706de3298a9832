// What is contested, and how the sport times, rounds, orders and checks it.
//
// A discipline is identified by its code, the sport's short form in lower case: "100m", "110mh", "3000msc", "4x400m",
// "mile", "5km-road", "10miles-road", "half-marathon", "marathon", "35km-walk", "1500m-short", "10km-cross", "24h". Any
// road distance is a discipline: "7.5km-road", "5miles-road", and so is any other distance, relay or whole number of
// minutes or hours that makes sense; it is made when it is first asked for. The table of the known ones is compiled in:
// data/disciplines.inc.
//
// Every function here may be called from any thread.
#ifndef PALMARES_SERVICES_ATHLETICS_DISCIPLINE_H_
#define PALMARES_SERVICES_ATHLETICS_DISCIPLINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::athletics {

enum class Surface : uint8_t {
  kTrack = 1,
  kShortTrack = 2,
  kRoad = 3,
  kCrossCountry = 4,
  kMountain = 5,
  kTrail = 6,
  kField = 7
};

constexpr bool OnTrack(Surface surface) { return surface == Surface::kTrack || surface == Surface::kShortTrack; }

// What an integer mark of the discipline counts.
enum class MarkUnit : uint8_t { kMilliseconds = 1, kMillimetres = 2, kPoints = 3 };

struct Discipline {
  std::string code;  // "marathon"
  std::string name;  // "Marathon"
  Surface surface;
  MarkUnit unit;            // of its marks; milliseconds wherever a distance is raced
  int64_t distance_mm = 0;  // 0 where the discipline has none (by time, field)
  int64_t duration_s = 0;   // of a race by time (1 h, 6 h, 24 h ...); 0 otherwise
  int hurdles = 0;          // 0, or their number; steeplechase sets `steeplechase`
  bool steeplechase = false;
  bool walk = false;
  int relay_legs = 0;  // 0 for individual disciplines
  bool wind_matters =
      false;  // legality depends on the wind: straight sprints and hurdles up to 200 m, horizontal jumps
  bool lower_is_better = true;  // false where a mark is a distance or points
};

// Finds a discipline by its code or by any form that people and files use ("5k", "10,000m", "Half Marathon", "3000mSC",
// "Girls 800 Sprint Medley", World Athletics' codes and names). Surface words in the text decide where it would be
// ambiguous; a bare "5k" is the road race, a bare "5000" the track race; "21k" and "42k" are the half marathon and the
// marathon. World Athletics' short codes are tried last, where nothing else is meant: "3KSC", "HMAR", but "10K" is the
// road race. Words that say who competes ("Girls", "U20", "T54", "Cerebral Palsy") are left out. A throw may weigh its
// implement ("SP7.26K", "JT800", "ST2.1") and is then a discipline of its own; "T26" is a race of 26 minutes, unless
// the number is one of a para class; "H1" to "H9" and "L1" to "L9" are a meeting's own events. NOT_FOUND names the text
// and the nearest known forms, and for a leg of a relay what is wanted; RESOURCE_EXHAUSTED when 20,000 unknown
// distances were made already. The reference lives as long as the program. A code is one look-up in a hash table.
absl::StatusOr<const Discipline*> FindDiscipline(absl::string_view text);

// The discipline that a title describes ("Girls 1600 Meter Run", "Half Marathon"), read as FindDiscipline reads it but
// for weights of implements and World Athletics' short codes. It is not kept, so that no file, whatever is in it, uses
// up what can be made. Nothing for a text with a word that has no place in the name of a discipline.
std::optional<Discipline> ReadDiscipline(absl::string_view text);

// Finds a discipline by World Athletics' own short code, any case: "10K" is there the 10,000 metres on the track,
// "10RR" the road race. Where such codes tell para classes or age groups apart ("400T53", "XJ"), the discipline alone
// is found. NOT_FOUND names the code.
absl::StatusOr<const Discipline*> FindDisciplineByWorldAthleticsCode(absl::string_view code);

// All compiled-in disciplines, in the sport's usual order.
const std::vector<const Discipline*>& AllDisciplines();

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_DISCIPLINE_H_
