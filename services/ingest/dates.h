// Dates of birth in the forms that files use.
#ifndef PALMARES_SERVICES_INGEST_DATES_H_
#define PALMARES_SERVICES_INGEST_DATES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/date.h"

namespace palmares::ingest {

// The order of day and month in "05/17/1990" and "17/05/1990". Found from the whole column.
enum class DateOrder : uint8_t { kDayFirst = 1, kMonthFirst = 2, kAmbiguous = 3 };

// The order that the dates with slashes have. kAmbiguous when no part is over 12, kDayFirst when there are none.
DateOrder FindDateOrder(const std::vector<absl::string_view>& dates);

// Reads "1990-05-17", "1990/05/17", "17.05.1990", "17 MAY 1990", "1990" and, by the order, "05/17/1990". In an
// ambiguous column only the year is taken. Nothing for another text or a date that does not exist.
std::optional<athletics::PartialDate> ParseBirthDate(absl::string_view text, DateOrder order);

// Reads a year of birth, "1990" or "90": two digits are the last such year that is at least three years before
// `race_year`.
std::optional<athletics::PartialDate> ParseBirthYear(absl::string_view text, int race_year);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_DATES_H_
