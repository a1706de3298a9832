// Whether one person can have run two races of one day.
//
// A person runs a heat and a final, or 5 km and 10 km at one meeting, but hardly two races of one day at two places,
// and not two half marathons. Days are the races' own dates, each at its venue: the day before and the day after are
// other days. Pure and thread-safe.
#ifndef PALMARES_SERVICES_IDENTITY_SAME_DAY_H_
#define PALMARES_SERVICES_IDENTITY_SAME_DAY_H_

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"

namespace palmares::identity {

// What is known of a race beside its day. Empty: not known. Texts are compared after folding.
struct RaceSetting {
  absl::string_view event;    // "events/boston-marathon"
  absl::string_view edition;  // "events/boston-marathon/editions/2013"
  absl::string_view country;  // of the venue; likewise the next two
  absl::string_view region;
  absl::string_view city;
  bool long_race = false;  // see IsLongRace
};

// The setting of a race, by its number. Called from any thread that may read the races.
using RaceSettings = std::function<RaceSetting(int32_t race)>;

enum class SameDay : uint8_t {
  kPossible = 0,
  kElsewhere = 1,  // another edition, and the places are not known to agree
  kBothLong = 2,   // whatever the places
};

// Of two races of one day. Editions of one event are at one place where their cities do not say otherwise; those of two
// events only where both say the same city, and neither another country or region. Symmetric.
SameDay CompareSettings(const RaceSetting& a, const RaceSetting& b);

// A half marathon or longer (from 21 km on, as some say it), or a race of two hours or more: one that leaves nobody the
// strength, and mostly not the hours, for another of its kind on the day. No relays, of which everybody runs a part.
bool IsLongRace(const athletics::Discipline& discipline);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_SAME_DAY_H_
