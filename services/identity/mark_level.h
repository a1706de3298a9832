// How good a mark is on one scale for many distances, so that somebody's marks can be compared over time.
#ifndef PALMARES_SERVICES_IDENTITY_MARK_LEVEL_H_
#define PALMARES_SERVICES_IDENTITY_MARK_LEVEL_H_

#include <cstdint>

#include "services/athletics/discipline.h"

namespace palmares::identity {

// The time over 10 km on the road that the mark is worth by Riegel's formula (athletics/equivalent.h), as the logarithm
// to the base 2 of its milliseconds, in thousandths: a thousand more is twice as slow. 0 where marks do not compare:
// off road and track, walks, hurdles, relays, below 3 km and beyond the marathon, and marks of 0. Thread-safe.
uint16_t MarkLevelOf(const athletics::Discipline& discipline, int64_t mark);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_MARK_LEVEL_H_
