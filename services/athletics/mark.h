// Marks: performances as exact integers in their discipline's unit (milliseconds, millimetres or points). Never a
// float.
#ifndef PALMARES_SERVICES_ATHLETICS_MARK_H_
#define PALMARES_SERVICES_ATHLETICS_MARK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

// How a time was taken, which decides how it is rounded and compared.
enum class Timing : uint8_t { kUnknown = 0, kHand = 1, kAutomatic = 2, kTransponder = 3 };

// "hand", "automatic", "transponder"; empty for unknown.
absl::string_view TimingCode(Timing timing);
// By its code, in any case; nothing for another text, unknown for none.
std::optional<Timing> FindTiming(absl::string_view code);
// How a mark was timed: as its row says, else as its race was.
constexpr Timing TimingOf(Timing of_row, Timing of_race) { return of_row != Timing::kUnknown ? of_row : of_race; }

// A time as written: its value and how finely it was given.
struct ParsedTime {
  int64_t milliseconds = 0;
  int decimals = 0;   // digits after the decimal sign, 0..3
  bool hand = false;  // marked as taken by hand ("59.8h")
};

// Reads one clock time: "2:10:22", "13:01.00", "9.58", "59.8h" (hand), "2;33", "27,33", "26:30:00" (over a day),
// "2h10:22", "2h10'22", padded forms. Minutes and seconds below a larger unit are at most 59; one that is not is an
// error, never carried. Digits finer than a millisecond round up, as the sport rounds times. INVALID_ARGUMENT says what
// is wrong and what is wanted. A plain time neither allocates nor copies.
absl::StatusOr<ParsedTime> ParseTime(absl::string_view text);

// Reads a time given in minutes as a decimal number, of which some exports of road races consist ("130.37" is 2:10:22):
// the only whole second that rounds to it, in milliseconds. `column_decimals` is how many digits the column has where a
// spreadsheet dropped the zeros at the end ("141.2" of a column with two is 141.20). INVALID_ARGUMENT when no whole
// second, or more than one, rounds to the number.
absl::StatusOr<int64_t> ParseDecimalMinutes(absl::string_view text, int column_decimals = 0);

// A mark as written, read by what the discipline allows.
struct ParsedMark {
  int64_t mark = 0;                  // in the discipline's unit
  int decimals = 0;                  // digits after the decimal sign of seconds, metres or inches
  Timing timing = Timing::kUnknown;  // kHand where the text says so
  bool reinterpreted = false;        // the literal reading was impossible for the discipline, so another one was taken
};

// The marks of a discipline that somebody can make, both ends included, in its unit. On purpose wide: what lies outside
// is a slip of the pen, not a matter of opinion.
// - The fastest time is the men's world record (world_record.h) less a tenth up to 400 m, and half of it from there on,
//   because wheelchairs and hand-cycles share the discipline; where none is known 25 m/s. Sprints of 8.5 s over 100 m
//   are out, as in athlib, whose bound is 11 m/s.
// - The slowest is 0.5 m/s on the flat up to 10 km, athlib's bound for all races; 0.25 m/s beyond and on mountains.
// - A race without a distance takes at least a minute off the track.
// - A distance is at most a tenth above the men's record, of throws a half, since implements differ in weight.
// - Points are at most a tenth above the record, and 9,999, athlib's bound. The ends of World Athletics' scoring tables
//   lie within all of these.
struct MarkRange {
  int64_t least = 0;
  int64_t most = 0;
  constexpr bool Contains(int64_t mark) const { return mark >= least && mark <= most; }
};
MarkRange PossibleMarks(const Discipline& discipline);

// The range as a message says what is wanted: "8.622 to 3:20.00", "at most 2.695".
std::string FormatMarkRange(MarkRange range, const Discipline& discipline);

// Reads a mark of the discipline. A time is read literally if somebody can run the distance in it (PossibleMarks); if
// not, and exactly one of the common slips makes it possible, that is taken and `reinterpreted` set: "3:53:17" for
// 1500 m is 3:53.17, "2.33" for 800 m is 2:33, "52:03" for 400 m is 52.03. In metres: "6.45m", "6,45", "19-04.25" and
// "19'4.25\"" (feet and inches, rounded down to a millimetre); in races by time "21330", "21330 m", "245.123 km";
// points "8847", "7,291", "8847.0". INVALID_ARGUMENT for a text that is no mark, and for one that nobody can reach,
// with the range of those that somebody can. A plain time neither allocates nor copies.
absl::StatusOr<ParsedMark> ParseMark(absl::string_view text, const Discipline& discipline);

// Prints as the sport does, for the discipline: whole seconds for road times ("2:10:22", "59:51"), hundredths on the
// track
// ("13:01.00", "9.58"), tenths there beyond 10,000 m ("1:17:25.6"), metres with two decimals in the field ("8.95"),
// whole metres in races by time ("21330"), points as they are. A finer value than the discipline records is printed
// with the digits it has.
std::string FormatMark(int64_t mark, const Discipline& discipline);

// Prints a time without a discipline: "2:10:22", "2:10:22.4", with `decimals` digits (rounded up, as the sport rounds
// times).
std::string FormatTime(int64_t milliseconds, int decimals = 0);

// The official time after rounding by the rule for the discipline and timing: always up, never to the nearest. Road and
// transponder to the next whole second, hand on the track to 0.1 s, automatic up to 10,000 m to 0.01 s and beyond to
// 0.1 s. An unknown timing on the track counts as automatic. Marks in millimetres are rounded down: to the centimetre
// in the field, to the metre in races by time. World Athletics technical rules 19, 26, 27, 32.
int64_t RoundOfficial(int64_t mark, const Discipline& discipline, Timing timing);

// The official mark that a reading of the race's clock makes: a time rounded by RoundOfficial, on the road to the next
// whole second. Distances and points are taken as they are read.
int64_t OfficialFromClock(int64_t mark, const Discipline& discipline, Timing timing);

// The reading that decides between equal official marks: the gun's, where it lies within the second that was rounded up
// to the official mark; 0 where it does not, or was not given.
constexpr int64_t FinerReading(int64_t official_mark, int64_t gun_mark) {
  const bool rounded = gun_mark != 0 && gun_mark <= official_mark && official_mark - gun_mark < 1000;
  return rounded ? gun_mark : 0;
}

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_MARK_H_
