// The days that a partly known date may mean.
#ifndef PALMARES_SERVICES_PROFILES_PARTIAL_DAYS_H_
#define PALMARES_SERVICES_PROFILES_PARTIAL_DAYS_H_

#include <optional>

#include "services/athletics/date.h"

namespace palmares::profiles {

struct PartialDays {
  athletics::PartialDate date;
  athletics::Date first, last;  // inclusive
};

// Nothing for the unknown date.
inline std::optional<PartialDays> DaysOf(athletics::PartialDate date) {
  if (!date.known()) return std::nullopt;
  const bool has_month = date.month != 0;
  const athletics::Date first(date.year, has_month ? date.month : 1, date.full() ? date.day : 1);
  if (date.full()) return PartialDays{date, first, first};
  return PartialDays{date, first, athletics::AddMonths(first, has_month ? 1 : 12) - 1};
}

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_PARTIAL_DAYS_H_
