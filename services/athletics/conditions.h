// What the wind and the slope of a race can be. A calculator refuses other numbers: they are slips of the pen, and
// their answers would be nonsense.
#ifndef PALMARES_SERVICES_ATHLETICS_CONDITIONS_H_
#define PALMARES_SERVICES_ATHLETICS_CONDITIONS_H_

#include <cstdint>

namespace palmares::athletics {

// Wind along the running direction, either way: 20 m/s is a gale (Beaufort 8, 17.2 to 20.7 m/s), against which walking
// is hard.
inline constexpr int64_t kStrongestWindCmS = 2'000;

// Net drop or climb of a course: 350 m/km, as steep as the steepest street there is (Baldwin Street, Dunedin, 34.8 %).
inline constexpr int64_t kSteepestMmPerKm = 350'000;

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_CONDITIONS_H_
