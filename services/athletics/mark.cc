#include "services/athletics/mark.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/fold.h"
#include "services/athletics/mark_rule.h"
#include "services/athletics/world_record.h"

namespace palmares::athletics {
namespace {

constexpr int64_t kTenThousandMetresMm = 10'000'000;

absl::Status BadMark(absl::string_view text, const Discipline& discipline, absl::string_view want) {
  constexpr size_t kLongestQuote = 40;
  return absl::InvalidArgumentError(
      absl::StrCat("mark \"", text.substr(0, kLongestQuote), "\" of ", discipline.code, ", want ", want));
}

absl::Status OutOfRange(absl::string_view text, MarkRange range, const Discipline& discipline) {
  return BadMark(text, discipline, absl::StrCat(FormatMarkRange(range, discipline), ", nobody makes another"));
}

// The distance that decides precision is what is run in all, of a relay too.
bool LongTrackRace(const Discipline& discipline) { return discipline.distance_mm > kTenThousandMetresMm; }

int64_t RoundUp(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

// How many digits show the milliseconds exactly.
int DigitsOf(int64_t milliseconds) {
  if (milliseconds % 1000 == 0) return 0;
  if (milliseconds % 100 == 0) return 1;
  return milliseconds % 10 == 0 ? 2 : 3;
}

// Where times are taken to a fraction of a second.
bool InStadium(const Discipline& discipline) {
  return OnTrack(discipline.surface) || discipline.surface == Surface::kField;
}

int UsualDecimals(const Discipline& discipline) {
  if (!InStadium(discipline)) return 0;
  return LongTrackRace(discipline) ? 1 : 2;
}

std::string FormatMillimetres(int64_t mark, const Discipline& discipline) {
  if (mark < 0) return absl::StrCat("-", FormatMillimetres(-mark, discipline));
  std::string metres = absl::StrCat(mark / 1000);
  const std::string fraction = absl::StrCat(absl::Dec(mark % 1000, absl::kZeroPad3));
  if (mark % 10 != 0) return absl::StrCat(metres, ".", fraction);
  if (discipline.surface != Surface::kField && mark % 1000 == 0) return metres;
  return absl::StrCat(metres, ".", fraction.substr(0, 2));
}

// 25 m/s, faster than any runner or wheelchair on the flat.
constexpr int64_t kMillimetresPerMillisecond = 25;
constexpr int64_t kLongestTimeMs = int64_t{9999} * 3'600'000;
constexpr int64_t kLongestMarkMm = 1'000'000'000'000;
constexpr int64_t kMostCombinedPoints = 9'999;

MarkRange PossibleTimes(const Discipline& discipline) {
  constexpr int64_t kShortestOffTrackMs = 60'000;
  constexpr int64_t kSprintMm = 400'000;
  if (discipline.distance_mm == 0) {
    return {InStadium(discipline) ? 1 : kShortestOffTrackMs, kLongestTimeMs};
  }
  const bool steep = discipline.surface == Surface::kMountain || discipline.surface == Surface::kTrail;
  const int64_t slowest = discipline.distance_mm * (steep || discipline.distance_mm > kTenThousandMetresMm ? 4 : 2);
  const std::optional<int64_t> record = WorldRecord(discipline, Sex::kMen);
  if (!record.has_value()) return {discipline.distance_mm / kMillimetresPerMillisecond, slowest};
  return {discipline.distance_mm < kSprintMm ? *record * 9 / 10 : *record / 2, slowest};
}

bool IsThrow(const Discipline& discipline) {
  return absl::StrContains(discipline.code, "throw") || absl::StrContains(discipline.code, "shot");
}

// Another reading of a text whose literal one is impossible: its last colon as the decimal sign ("3:53:17" is 3:53.17),
// or its decimal sign as a colon ("2.33" is 2:33, with two digits each way; more minutes would be decimal ones).
std::string OtherReading(absl::string_view text) {
  std::string other(absl::StripAsciiWhitespace(text));
  for (char& c : other) c = c == ';' ? ':' : c == ',' ? '.' : c;
  const size_t colon = other.rfind(':'), point = other.find('.');
  if (point == std::string::npos && colon != std::string::npos) {
    other[colon] = '.';
    return other;
  }
  const bool minutes = point <= 2 && other.size() == point + 3 && colon == std::string::npos;
  if (minutes) {
    other[point] = ':';
    return other;
  }
  // "1.00.0", "1.00.00": both signs are points.
  const size_t second = point == std::string::npos ? point : other.find('.', point + 1);
  if (second != std::string::npos && colon == std::string::npos) {
    other[point] = ':';
    return other;
  }
  return "";
}

absl::StatusOr<ParsedMark> ParseTimeMark(absl::string_view text, const Discipline& discipline) {
  const MarkRange range = PossibleTimes(discipline);
  absl::StatusOr<ParsedTime> time = ParseTime(text);
  bool reinterpreted = false;
  if (!time.ok() || !range.Contains(time->milliseconds)) {
    const std::string other = discipline.distance_mm > 0 ? OtherReading(text) : "";
    absl::StatusOr<ParsedTime> again = other.empty() ? time : ParseTime(other);
    if (!again.ok() || !range.Contains(again->milliseconds)) {
      return time.ok() ? OutOfRange(text, range, discipline) : time.status();
    }
    time = std::move(again);
    reinterpreted = true;
  }
  return ParsedMark{time->milliseconds, time->decimals, time->hand ? Timing::kHand : Timing::kUnknown, reinterpreted};
}

// A plain decimal number in thousandths, at most three decimals; -1 for anything else.
int64_t Thousandths(absl::string_view text, int* decimals) {
  int64_t value = 0;
  int digits = 0;
  *decimals = -1;
  for (const char c : text) {
    if ((c == '.' || c == ',') && *decimals < 0 && digits > 0) {
      *decimals = 0;
    } else if (absl::ascii_isdigit(c) && ++digits <= 12 && *decimals < 3) {
      value = value * 10 + (c - '0');
      if (*decimals >= 0) ++*decimals;
    } else {
      return -1;
    }
  }
  if (digits == 0) return -1;
  *decimals = std::max(*decimals, 0);
  for (int i = *decimals; i < 3; ++i) value *= 10;
  return value;
}

// "19-04.25", "19'4.25\"", "45'": feet and inches in millimetres, rounded down; -1 for anything else.
int64_t FeetAndInches(absl::string_view text, int* decimals) {
  const size_t sign = text.find_first_of("-'");
  if (sign == absl::string_view::npos || sign == 0) return -1;
  int feet_decimals = 0;
  const int64_t feet = Thousandths(text.substr(0, sign), &feet_decimals);
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(text.substr(sign + 1));
  if (!absl::ConsumeSuffix(&rest, "\"")) absl::ConsumeSuffix(&rest, "''");
  *decimals = 0;
  const int64_t inches = rest.empty() && text[sign] == '\'' ? 0 : Thousandths(rest, decimals);
  if (feet < 0 || feet_decimals > 0 || inches < 0 || inches >= 12'000) return -1;
  return (feet * 12 + inches) * 254 / 10'000;
}

// A race by time: metres, or kilometres where the text says so or the number is too small for metres.
int64_t CoveredMillimetres(absl::string_view text, int* decimals) {
  const bool km = absl::ConsumeSuffix(&text, "km");
  if (!km) absl::ConsumeSuffix(&text, "m");
  text = absl::StripAsciiWhitespace(text);
  const int64_t thousandths = Thousandths(text, decimals);
  constexpr int64_t kFewestMetres = 1'000;
  const bool kilometres = km || (thousandths >= 0 && thousandths < kFewestMetres * 1000);
  return kilometres ? thousandths * 1000 : thousandths;
}

absl::StatusOr<ParsedMark> ParseLengthMark(absl::string_view text, const Discipline& discipline) {
  const std::string folded = Fold(text);
  absl::string_view rest = folded;
  ParsedMark parsed;
  if (discipline.duration_s > 0) {
    parsed.mark = CoveredMillimetres(rest, &parsed.decimals);
  } else {
    parsed.mark = FeetAndInches(rest, &parsed.decimals);
    if (parsed.mark < 0) {
      absl::ConsumeSuffix(&rest, "m");
      parsed.mark = Thousandths(absl::StripAsciiWhitespace(rest), &parsed.decimals);
    }
  }
  if (parsed.mark < 0) return BadMark(text, discipline, "metres as 6.45 or feet and inches as 19-04.25");
  if (const MarkRange range = PossibleMarks(discipline); !range.Contains(parsed.mark)) {
    return OutOfRange(text, range, discipline);
  }
  return parsed;
}

absl::StatusOr<ParsedMark> ParsePoints(absl::string_view text, const Discipline& discipline) {
  const std::string folded = Fold(text);
  absl::string_view rest = folded;
  for (absl::string_view unit : {"points", "point", "punkte", "pts", "pkt", "p"}) {
    if (absl::ConsumeSuffix(&rest, unit)) break;
  }
  std::string digits;
  rest = absl::StripAsciiWhitespace(rest);
  for (size_t i = 0; i < rest.size(); ++i) {
    const bool thousands =
        (rest[i] == ',' || rest[i] == '\'' || rest[i] == ' ' || rest[i] == '.') && rest.size() == i + 4 && i > 0;
    if (!thousands) digits += rest[i];
  }
  int decimals = 0;
  const int64_t thousandths = Thousandths(digits, &decimals);
  if (thousandths < 0 || thousandths % 1000 != 0) return BadMark(text, discipline, "points as a whole number");
  const int64_t points = thousandths / 1000;
  if (const MarkRange range = PossibleMarks(discipline); !range.Contains(points)) {
    return OutOfRange(text, range, discipline);
  }
  return ParsedMark{points, 0, Timing::kUnknown, false};
}

constexpr std::pair<absl::string_view, Timing> kTimings[] = {{"", Timing::kUnknown},
                                                             {"hand", Timing::kHand},
                                                             {"automatic", Timing::kAutomatic},
                                                             {"transponder", Timing::kTransponder}};

}  // namespace

absl::string_view TimingCode(Timing timing) {
  for (const auto& [code, known] : kTimings) {
    if (known == timing) return code;
  }
  return "";
}

std::optional<Timing> FindTiming(absl::string_view code) {
  for (const auto& [known, timing] : kTimings) {
    if (absl::EqualsIgnoreCase(code, known)) return timing;
  }
  return std::nullopt;
}

MarkRange PossibleMarks(const Discipline& discipline) {
  if (discipline.unit == MarkUnit::kMilliseconds) return PossibleTimes(discipline);
  const std::optional<int64_t> record = WorldRecord(discipline, Sex::kMen);
  if (discipline.unit == MarkUnit::kPoints) {
    return {0, record.has_value() ? std::min(*record * 11 / 10, kMostCombinedPoints) : kMostCombinedPoints};
  }
  if (!record.has_value()) return {0, kLongestMarkMm};
  return {0, IsThrow(discipline) ? *record * 3 / 2 : *record * 11 / 10};
}

std::string FormatMarkRange(MarkRange range, const Discipline& discipline) {
  const std::string most = FormatMark(range.most, discipline);
  if (range.least <= 0) return absl::StrCat("at most ", most);
  return absl::StrCat(FormatMark(range.least, discipline), " to ", most);
}

absl::StatusOr<ParsedMark> ParseMark(absl::string_view text, const Discipline& discipline) {
  constexpr size_t kLongestMark = 60;
  if (text.size() > kLongestMark) return BadMark(text, discipline, "at most 60 characters");
  switch (discipline.unit) {
    case MarkUnit::kMilliseconds:
      return ParseTimeMark(text, discipline);
    case MarkUnit::kMillimetres:
      return ParseLengthMark(text, discipline);
    case MarkUnit::kPoints:
      return ParsePoints(text, discipline);
  }
  return BadMark(text, discipline, "a discipline with a known unit");
}

std::string FormatMark(int64_t mark, const Discipline& discipline) {
  switch (discipline.unit) {
    case MarkUnit::kMilliseconds:
      return FormatTime(mark, std::max(DigitsOf(mark), UsualDecimals(discipline)));
    case MarkUnit::kMillimetres:
      return FormatMillimetres(mark, discipline);
    case MarkUnit::kPoints:
      break;
  }
  return absl::StrCat(mark);
}

int64_t RoundOfficial(int64_t mark, const Discipline& discipline, Timing timing) {
  if (discipline.unit == MarkUnit::kPoints) return mark;
  if (discipline.unit == MarkUnit::kMillimetres) {
    const int64_t unit = discipline.duration_s > 0 ? 1000 : 10;
    return mark / unit * unit;
  }
  if (!InStadium(discipline) || timing == Timing::kTransponder) return RoundUp(mark, 1000);
  if (timing == Timing::kHand || LongTrackRace(discipline)) return RoundUp(mark, 100);
  return RoundUp(mark, 10);
}

int OfficialDecimals(const Discipline& discipline) {
  if (discipline.unit == MarkUnit::kMilliseconds) return UsualDecimals(discipline);
  return discipline.unit == MarkUnit::kMillimetres && discipline.duration_s == 0 ? 2 : 0;
}

absl::string_view RoundingRule(const Discipline& discipline, Timing timing) {
  if (discipline.unit == MarkUnit::kPoints) return "points are whole numbers";
  if (discipline.unit == MarkUnit::kMillimetres) {
    return discipline.duration_s > 0 ? "races by time: down to the whole metre"
                                     : "field: down to the whole centimetre (World Athletics technical rules 26, 32)";
  }
  if (timing == Timing::kTransponder) return "transponder: up to the next second (World Athletics technical rule 19)";
  if (!InStadium(discipline)) return "off the track: up to the next second (World Athletics technical rule 19)";
  if (timing == Timing::kHand) return "hand: up to the next 0.1 s (World Athletics technical rule 19)";
  if (LongTrackRace(discipline)) {
    return "automatic beyond 10,000 m: up to the next 0.1 s (World Athletics technical rule 19)";
  }
  return "automatic up to 10,000 m: up to the next 0.01 s (World Athletics technical rule 19)";
}

int64_t OfficialFromClock(int64_t mark, const Discipline& discipline, Timing timing) {
  return discipline.unit == MarkUnit::kMilliseconds ? RoundOfficial(mark, discipline, timing) : mark;
}

}  // namespace palmares::athletics
