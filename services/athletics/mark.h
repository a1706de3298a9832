// Marks: performances as exact integers in their discipline's unit (milliseconds, millimetres or points). Never a float.
#ifndef PALMARES_SERVICES_ATHLETICS_MARK_H_
#define PALMARES_SERVICES_ATHLETICS_MARK_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

// How a time was taken, which decides how it is rounded and compared.
enum class Timing : uint8_t { kUnknown = 0, kHand = 1, kAutomatic = 2, kTransponder = 3 };

// A time as written: its value and how finely it was given.
struct ParsedTime {
  int64_t milliseconds = 0;
  int decimals = 0;  // digits after the decimal sign, 0..3
};

// Reads one clock time: "2:10:22", "13:01.00", "9.58", "59.8h" (hand), "2;33", "27,33", "26:30:00" (over a day), padded forms.
// Minutes and seconds below a larger unit are at most 59; one that is not is an error, never carried. INVALID_ARGUMENT says
// what is wrong and what is wanted.
absl::StatusOr<ParsedTime> ParseTime(absl::string_view text);

// Prints as the sport does, for the discipline: whole seconds for road times ("2:10:22", "59:51"), hundredths on the track
// ("13:01.00", "9.58"), metres with two decimals in the field, points as they are. A finer value than the discipline records is
// printed with the digits it has.
std::string FormatMark(int64_t mark, const Discipline& discipline);

// Prints a time without a discipline: "2:10:22", "2:10:22.4", with `decimals` digits (rounded up, as the sport rounds times).
std::string FormatTime(int64_t milliseconds, int decimals = 0);

// The official time after rounding by the rule for the discipline and timing: always up, never to the nearest. Road and
// transponder to the next whole second, hand on the track to 0.1 s, automatic up to 10,000 m to 0.01 s and beyond to 0.1 s.
int64_t RoundOfficial(int64_t milliseconds, const Discipline& discipline, Timing timing);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_MARK_H_
