// When somebody was born, as far as a row tells: a stretch of days. Pure and thread-safe.
#ifndef PALMARES_SERVICES_IDENTITY_BIRTH_H_
#define PALMARES_SERVICES_IDENTITY_BIRTH_H_

#include <cstdint>

#include "services/identity/evidence.h"
#include "services/identity/weights.h"

namespace palmares::identity {

// First and last possible day of birth, in days since 1970. Nothing is known where `first` is after `last`; a stretch
// of more than sixty years only bounds it: nobody runs before they are born.
struct BirthDays {
  static constexpr int32_t kBound = 60 * 366;
  int32_t first = 0;
  int32_t last = -1;
  bool empty() const { return first > last; }
  bool known() const { return !empty() && last - first < kBound; }
  bool exact() const { return first == last; }
  friend bool operator==(const BirthDays&, const BirthDays&) = default;
};

// From the date of birth as far as it is given, else from the age, else from the age group on the day of the race. An
// age group without upper end at 80 or over is taken for unknown: that is where registrations with a made-up year
// (1900) end up. So are ages of less than 1 and more than 120. Who is of unknown age on a day was between 8 and 120.
BirthDays BirthOf(const Appearance& appearance);

struct BirthComparison {
  Agreement agreement = Agreement::kNotGiven;
  int32_t weight = 0;
  bool contradiction = false;  // more than three years apart, and not two full dates, of which one may be mistyped
};
BirthComparison CompareBirths(BirthDays a, BirthDays b, const Weights& weights);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_BIRTH_H_
