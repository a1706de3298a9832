// How old an athlete can have been on a day, from everything that is known of their birth.
#ifndef PALMARES_SERVICES_QUALIFICATION_AGE_ON_DAY_H_
#define PALMARES_SERVICES_QUALIFICATION_AGE_ON_DAY_H_

#include <cstdint>
#include <optional>

#include "services/athletics/age.h"
#include "services/athletics/date.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

// What the knowledge of a birth rests on.
enum class AgeBasis : uint8_t {
  kUnknown = 0,
  kBirthDate = 1,     // the full date of birth
  kBirthYear = 2,     // a year, or year and month, perhaps narrowed by ages on result sheets
  kObservedAges = 3,  // ages on result sheets alone
  kContradictory = 4  // these do not fit together; the birth counts where it is known, else the widest span of the ages
};

// The days on which the athlete can have been born, first and last, inclusive.
struct BirthSpan {
  AgeBasis basis = AgeBasis::kUnknown;
  athletics::Date first;
  athletics::Date last;
};

BirthSpan BirthSpanOf(const Athlete& athlete);

// The ages possible on the day; nothing where nothing is known of the birth. Never below 0.
std::optional<athletics::AgeRange> AgeRangeOn(const BirthSpan& birth, athletics::Date day);

// The day on which a standard counts the age for a mark made on `performed`. Nothing where the standard counts it by
// its event and the event has no day.
std::optional<athletics::Date> AgeDay(const Standard& standard, athletics::Date performed);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_AGE_ON_DAY_H_
