// Dates as results know them: a full calendar day for a race, and often only a year, or nothing, for a birth.
//
// All values are plain and immutable; every function is pure and thread-safe.
#ifndef PALMARES_SERVICES_ATHLETICS_DATE_H_
#define PALMARES_SERVICES_ATHLETICS_DATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace palmares::athletics {

// A day in the proleptic Gregorian calendar, without a time zone: the local date at the venue.
using Date = absl::CivilDay;

// Days since 1970-01-01, negative before it. The stored form of a Date.
int32_t DaysSince1970(Date date);
Date DateFromDaysSince1970(int32_t days);

// Reads "2013-04-15" (year 1000 to 9999). INVALID_ARGUMENT names the text and what is wanted.
absl::StatusOr<Date> ParseDate(absl::string_view text);
std::string FormatDate(Date date);

// The day `months` before (or after, when negative) `date`; a day that the month does not have is clamped to its last
// (31 August less 18 months is 28 or 29 February).
Date AddMonths(Date date, int months);

// A date of birth as far as it is known: nothing, a year, a year and month, or a full day.
struct PartialDate {
  int16_t year = 0;  // 0: unknown
  int8_t month = 0;  // 1..12; 0: unknown
  int8_t day = 0;    // 1..31; 0: unknown; never set without a month

  bool known() const { return year != 0; }
  bool full() const { return day != 0; }
  friend bool operator==(const PartialDate&, const PartialDate&) = default;
};

// Reads "1990", "1990-05" or "1990-05-17"; the empty text is the unknown date.
absl::StatusOr<PartialDate> ParsePartialDate(absl::string_view text);
std::string FormatPartialDate(PartialDate date);

// Stored form: year * 10000 + month * 100 + day; 0 is unknown.
int32_t PackPartialDate(PartialDate date);
PartialDate UnpackPartialDate(int32_t packed);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_DATE_H_
