// Legs of relays: as they are stored and as text. Pure functions on values.
#ifndef PALMARES_SERVICES_RESULTS_RELAY_LEGS_H_
#define PALMARES_SERVICES_RESULTS_RELAY_LEGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/results/result.h"

namespace palmares::results {

// Of one team.
inline constexpr size_t kMostRelayLegs = 64;

// On disk, one text for a row: legs := leg*; leg := name:bytes bib:bytes split_mark:varint. Empty for no legs.
std::string PackRelayLegs(const std::vector<RelayLeg>& legs);
// The legs up to the first that is not whole.
std::vector<RelayLeg> UnpackRelayLegs(absl::string_view packed);

// "58.24", with as many digits as the time has.
std::string FormatLegTime(int64_t milliseconds);

// "Ada Quick 1:58.24, -, 12 Cy Slow": bib, name and time of each leg, as far as they are known; "-" for nothing.
std::string FormatRelayLegs(const std::vector<RelayLeg>& legs);

// Whether a leg took longer than the team, or every leg has a time and these come to more than the team's mark, but for
// a second for each leg: times that are not those of the legs, but from the start, or of another team. False where the
// mark is 0.
bool RelayLegsExceed(const std::vector<RelayLeg>& legs, int64_t mark);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RELAY_LEGS_H_
