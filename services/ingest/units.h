// Units of the marks in a column: how they are named, read, and found out from the whole column.
//
// | name            | example    | meaning                                                            |
// | --------------- | ---------- | ------------------------------------------------------------------ |
// | clock           | 2:10:22    | h:mm:ss, m:ss, with decimals; a number alone is seconds            |
// | hh:mm           | 2:10       | hours and minutes                                                  |
// | mm:ss:hh        | 35:14:00   | minutes, seconds, hundredths                                       |
// | h.mm.ss         | 2.10.22    | hours, minutes, seconds with dots                                  |
// | mm.ss           | 41.54      | minutes and seconds with a dot                                     |
// | decimal-minutes | 130.37     | minutes and hundredths; the whole second in the interval is taken  |
// | decimal-hours   | 2.173      | hours                                                              |
// | seconds         | 7822       | seconds, with decimals                                             |
// | milliseconds    | 7822000    | milliseconds                                                       |
// | metres          | 8.95       | metres (field marks)                                               |
// | kilometres      | 240.5      | kilometres (races by time)                                         |
// | points          | 8812       | points                                                             |
// In a manifest "hh:mm:ss", "h:mm:ss", "mm:ss" and "m:ss" are further names of clock, and "minutes" of decimal-minutes.
#ifndef PALMARES_SERVICES_INGEST_UNITS_H_
#define PALMARES_SERVICES_INGEST_UNITS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"

namespace palmares::ingest {

enum class Unit : uint8_t {
  kClock = 1,
  kHoursMinutes,
  kMinutesSecondsHundredths,
  kDottedClock,
  kMinutesDotSeconds,
  kDecimalMinutes,
  kDecimalHours,
  kSeconds,
  kMilliseconds,
  kMetres,
  kKilometres,
  kPoints,
};

// "decimal-minutes".
absl::string_view UnitName(Unit unit);
// Reads a name from the table above, any case. Nothing for another text.
std::optional<Unit> ParseUnit(absl::string_view name);

// Reads a mark in the unit, as milliseconds, millimetres or points. A decimal comma is a decimal point.
// INVALID_ARGUMENT says what is wrong and what is wanted.
absl::StatusOr<int64_t> ParseInUnit(absl::string_view text, Unit unit);

// A unit that a column can be read in, but that does not fit the distance.
struct Misfit {
  Unit unit;
  int64_t fastest = 0;  // the fastest of the field in it, in milliseconds
};

// What was found out about a column.
struct UnitFinding {
  std::vector<Unit> candidates;  // one: the unit; none: nothing fits; several: ambiguous
  std::vector<Misfit> misfits;   // of times
  std::string reason;            // why, for the report
};

// Finds the unit of a column from all its marks (no empty cells, no DNF). A unit fits when the median mark, over
// `distance_mm`, is between 0.4 m/s (a mountain ultra at its slowest) and 13 m/s (a wheelchair racer going downhill);
// units are a factor of 60 apart, so that at the most one of a kind does. "41.54" is minutes and seconds when at least
// 20 marks of the column have no fraction of 60 or more, decimal minutes when one has. `unit` is the discipline's;
// `distance_mm` 0: not known.
UnitFinding FindUnit(const std::vector<absl::string_view>& marks, athletics::MarkUnit unit, int64_t distance_mm);

// True where a mark over the distance is possible, for anything on legs or wheels; also when the distance is not known.
bool IsPlausibleTime(int64_t milliseconds, int64_t distance_mm);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_UNITS_H_
