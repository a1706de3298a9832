#include "services/ingest/units.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/characters.h"
#include "services/athletics/mark.h"

namespace palmares::ingest {
namespace {

using athletics::MarkUnit;

struct UnitNames {
  absl::string_view name;
  Unit unit;
};
// The first name of a unit is the one it is printed by.
constexpr std::array<UnitNames, 29> kUnitNames = {{{"clock", Unit::kClock},
                                                   {"hh:mm:ss", Unit::kClock},
                                                   {"h:mm:ss", Unit::kClock},
                                                   {"mm:ss", Unit::kClock},
                                                   {"m:ss", Unit::kClock},
                                                   {"hh:mm:ss.sss", Unit::kClock},
                                                   {"mm:ss.hh", Unit::kClock},
                                                   {"hh:mm", Unit::kHoursMinutes},
                                                   {"h:mm", Unit::kHoursMinutes},
                                                   {"mm:ss:hh", Unit::kMinutesSecondsHundredths},
                                                   {"h.mm.ss", Unit::kDottedClock},
                                                   {"hh.mm.ss", Unit::kDottedClock},
                                                   {"mm.ss", Unit::kMinutesDotSeconds},
                                                   {"m.ss", Unit::kMinutesDotSeconds},
                                                   {"decimal-minutes", Unit::kDecimalMinutes},
                                                   {"minutes", Unit::kDecimalMinutes},
                                                   {"decimal-hours", Unit::kDecimalHours},
                                                   {"hours", Unit::kDecimalHours},
                                                   {"seconds", Unit::kSeconds},
                                                   {"s", Unit::kSeconds},
                                                   {"decimal-seconds", Unit::kSeconds},
                                                   {"milliseconds", Unit::kMilliseconds},
                                                   {"ms", Unit::kMilliseconds},
                                                   {"metres", Unit::kMetres},
                                                   {"meters", Unit::kMetres},
                                                   {"m", Unit::kMetres},
                                                   {"kilometres", Unit::kKilometres},
                                                   {"km", Unit::kKilometres},
                                                   {"points", Unit::kPoints}}};

// A number with decimals as an integer and the count of its decimals: "130.37" is 13037, 2.
struct Decimal {
  int64_t digits = 0;
  int decimals = 0;
};

// At the most 15 digits. A comma is a decimal sign.
std::optional<Decimal> ParseDecimal(absl::string_view text) {
  Decimal decimal;
  bool point = false;
  size_t count = 0;
  for (const char c : text) {
    if ((c == '.' || c == ',') && !point && count > 0) {
      point = true;
      continue;
    }
    if (!athletics::IsDigit(c) || ++count > 15) return std::nullopt;
    decimal.digits = decimal.digits * 10 + (c - '0');
    if (point) ++decimal.decimals;
  }
  if (count == 0) return std::nullopt;
  return decimal;
}

int64_t PowerOfTen(int exponent) {
  int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// number * factor, rounded to the nearest integer; exact where the decimals allow.
int64_t Scaled(Decimal decimal, int64_t factor) {
  const int64_t power = PowerOfTen(decimal.decimals);
  const auto product = static_cast<__int128>(decimal.digits) * factor;
  return static_cast<int64_t>((product + power / 2) / power);
}

absl::Status Unreadable(absl::string_view text, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" cannot be read; want ", wanted));
}

absl::StatusOr<int64_t> ParseScaled(absl::string_view text, int64_t factor, absl::string_view wanted) {
  const auto decimal = ParseDecimal(text);
  if (!decimal || decimal->digits > int64_t{1'000'000'000'000}) return Unreadable(text, wanted);
  return Scaled(*decimal, factor);
}

// Minutes that were whole seconds once have one in the interval that they stand for; it is the mark. Where there is
// none the minutes themselves are taken.
absl::StatusOr<int64_t> ParseMinutes(absl::string_view text) {
  if (auto second = athletics::ParseDecimalMinutes(text, 2); second.ok()) return second;
  return ParseScaled(text, 60'000, "minutes such as 130.37");
}

// Parts of at the most nine digits between `separator`s; the last may have decimals when `decimals` is given.
std::vector<int64_t> Parts(absl::string_view text, char separator) {
  std::vector<int64_t> parts;
  int64_t part = 0;
  int digits = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && athletics::IsDigit(text[i])) {
      part = part * 10 + (text[i] - '0');
      if (++digits > 9) return {};
    } else if (i == text.size() || text[i] == separator) {
      if (digits == 0) return {};
      parts.push_back(part);
      part = 0;
      digits = 0;
    } else {
      return {};
    }
  }
  return parts;
}

absl::StatusOr<int64_t> ParseParts(absl::string_view text, char separator, const std::vector<int64_t>& factors,
                                   absl::string_view wanted) {
  const std::vector<int64_t> parts = Parts(text, separator);
  if (parts.size() > factors.size() || parts.size() < 2) return Unreadable(text, wanted);
  int64_t sum = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t factor = factors.size() - parts.size() + i;
    if (i > 0 && parts[i] * factors[factor] >= factors[factor - 1]) return Unreadable(text, wanted);
    sum += parts[i] * factors[factor];
  }
  return sum;
}

absl::StatusOr<int64_t> ParseMinutesDotSeconds(absl::string_view text) {
  std::string dotted(text);
  std::replace(dotted.begin(), dotted.end(), ',', '.');
  return ParseParts(dotted, '.', {60'000, 1000}, "minutes and seconds such as 41.54");
}

absl::StatusOr<int64_t> ParseClock(absl::string_view text) {
  auto parsed = athletics::ParseTime(text);
  if (!parsed.ok()) return parsed.status();
  return parsed->milliseconds;
}

// What the marks of a column look like.
struct Shapes {
  int64_t three_parts = 0;  // 2:10:22
  int64_t two_parts = 0;    // 59:51
  int64_t two_dots = 0;     // 2.10.22
  int64_t decimals = 0;     // 130.37
  int64_t integers = 0;     // 7822
  int64_t other = 0;
  int64_t two_decimals = 0;       // of the decimals: exactly two
  int64_t fractions_over_59 = 0;  // of those: .60 and more
};

Shapes CountShapes(const std::vector<absl::string_view>& marks) {
  Shapes shapes;
  for (const absl::string_view mark : marks) {
    const auto colons =
        std::count_if(mark.begin(), mark.end(), [](char c) { return c == ':' || c == ';' || c == '\''; });
    const auto dots = std::count_if(mark.begin(), mark.end(), [](char c) { return c == '.' || c == ','; });
    const auto decimal = ParseDecimal(mark);
    if (colons >= 2) {
      ++shapes.three_parts;
    } else if (colons == 1) {
      ++shapes.two_parts;
    } else if (dots == 2) {
      ++shapes.two_dots;
    } else if (decimal && decimal->decimals == 0) {
      ++shapes.integers;
    } else if (decimal) {
      ++shapes.decimals;
      if (decimal->decimals == 2) {
        ++shapes.two_decimals;
        if (decimal->digits % 100 >= 60) ++shapes.fractions_over_59;
      }
    } else {
      ++shapes.other;
    }
  }
  return shapes;
}

struct Spread {
  int64_t fastest = 0;  // but for one in fifty, which may be slips
  int64_t median = 0;
};

// The marks in the unit; nothing when fewer than half can be read in it.
std::optional<Spread> SpreadIn(const std::vector<absl::string_view>& marks, Unit unit) {
  std::vector<int64_t> values;
  values.reserve(marks.size());
  for (const absl::string_view mark : marks) {
    if (auto value = ParseInUnit(mark, unit); value.ok()) values.push_back(*value);
  }
  if (values.empty() || values.size() * 2 < marks.size()) return std::nullopt;
  const auto nth = [&values](size_t n) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(n);
    std::nth_element(values.begin(), at, values.end());
    return *at;
  };
  return Spread{nth(values.size() / 50), nth(values.size() / 2)};
}

std::vector<Unit> UnitsByShape(const Shapes& shapes) {
  const int64_t colons = shapes.three_parts + shapes.two_parts;
  const int64_t numbers = shapes.decimals + shapes.integers;
  if (colons > 0 && colons >= numbers && colons >= shapes.two_dots) {
    if (shapes.three_parts == 0) return {Unit::kClock, Unit::kHoursMinutes};
    return {Unit::kClock, Unit::kMinutesSecondsHundredths};
  }
  // A few minutes among seconds, as in "53.22", "1:00.60".
  if (colons > 0) return {Unit::kClock};
  if (shapes.two_dots > numbers) return {Unit::kDottedClock};
  if (numbers == 0) return {};
  // Integers alone may be anything; decimals are no milliseconds.
  if (shapes.decimals == 0) return {Unit::kSeconds, Unit::kMilliseconds, Unit::kDecimalMinutes};
  std::vector<Unit> units = {Unit::kSeconds, Unit::kDecimalMinutes, Unit::kDecimalHours};
  if (shapes.two_decimals == shapes.decimals && shapes.fractions_over_59 == 0)
    units.push_back(Unit::kMinutesDotSeconds);
  return units;
}

bool Contains(const std::vector<Unit>& units, Unit unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

UnitFinding FindTimeUnit(const std::vector<absl::string_view>& marks, int64_t distance_mm) {
  const Shapes shapes = CountShapes(marks);
  UnitFinding finding;
  bool readable = false;
  for (const Unit unit : UnitsByShape(shapes)) {
    const auto spread = SpreadIn(marks, unit);
    if (!spread) continue;
    readable = true;
    if (IsPlausibleTime(spread->median, distance_mm)) {
      finding.candidates.push_back(unit);
    } else {
      finding.misfits.push_back({unit, spread->fastest});
    }
  }
  // Nothing that can be read at all: not the unit is the question. Each mark gets its error as a clock time.
  if (!readable) return {{Unit::kClock}, {}, ""};
  if (distance_mm == 0 && shapes.three_parts > 0 && Contains(finding.candidates, Unit::kClock))
    finding.candidates = {Unit::kClock};
  constexpr int64_t kEnough = 20;
  if (Contains(finding.candidates, Unit::kMinutesDotSeconds) && shapes.two_decimals >= kEnough) {
    // Were these decimal minutes, two in five would have a fraction of .60 or more.
    finding.candidates = {Unit::kMinutesDotSeconds};
    finding.reason = absl::StrCat("none of ", shapes.two_decimals, " fractions is over .59");
  } else if (finding.candidates.size() == 1 && finding.candidates.front() == Unit::kDecimalMinutes &&
             shapes.fractions_over_59 > 0) {
    finding.reason = absl::StrCat(shapes.fractions_over_59, " of ", shapes.two_decimals, " fractions are over .59");
  } else if (finding.candidates.size() == 1 && distance_mm > 0) {
    finding.reason = "the only unit that is possible for the distance";
  }
  return finding;
}

}  // namespace

absl::string_view UnitName(Unit unit) {
  for (const UnitNames& names : kUnitNames) {
    if (names.unit == unit) return names.name;
  }
  return "";
}

std::optional<Unit> ParseUnit(absl::string_view name) {
  std::string folded = absl::AsciiStrToLower(absl::StripAsciiWhitespace(name));
  std::replace(folded.begin(), folded.end(), ' ', '-');
  std::replace(folded.begin(), folded.end(), '_', '-');
  for (const UnitNames& names : kUnitNames) {
    if (folded == names.name) return names.unit;
  }
  return std::nullopt;
}

absl::StatusOr<int64_t> ParseInUnit(absl::string_view text, Unit unit) {
  switch (unit) {
    case Unit::kClock:
      return ParseClock(text);
    case Unit::kHoursMinutes:
      return ParseParts(text, ':', {3'600'000, 60'000}, "hours and minutes such as 2:10");
    case Unit::kMinutesSecondsHundredths:
      return ParseParts(text, ':', {60'000, 1000, 10}, "minutes, seconds and hundredths such as 35:14:00");
    case Unit::kDottedClock:
      return ParseParts(text, '.', {3'600'000, 60'000, 1000}, "hours, minutes and seconds such as 2.10.22");
    case Unit::kMinutesDotSeconds:
      return ParseMinutesDotSeconds(text);
    case Unit::kDecimalMinutes:
      return ParseMinutes(text);
    case Unit::kDecimalHours:
      return ParseScaled(text, 3'600'000, "hours such as 2.173");
    case Unit::kSeconds:
      return ParseScaled(text, 1000, "seconds such as 7822");
    case Unit::kMilliseconds:
      return ParseScaled(text, 1, "milliseconds such as 7822000");
    case Unit::kMetres:
      return ParseScaled(absl::StripSuffix(absl::StripSuffix(text, "m"), " "), 1000, "metres such as 8.95");
    case Unit::kKilometres:
      return ParseScaled(absl::StripSuffix(absl::StripSuffix(text, "km"), " "), 1'000'000, "kilometres such as 240.5");
    case Unit::kPoints:
      return ParseScaled(text, 1, "points such as 8812");
  }
  return absl::InternalError("no such unit");
}

bool IsPlausibleTime(int64_t milliseconds, int64_t distance_mm) {
  if (milliseconds <= 0) return false;
  if (distance_mm <= 0) return true;
  // Millimetres per millisecond are metres per second.
  const double speed = static_cast<double>(distance_mm) / static_cast<double>(milliseconds);
  return speed >= 0.4 && speed <= 13;
}

UnitFinding FindUnit(const std::vector<absl::string_view>& marks, MarkUnit unit, int64_t distance_mm) {
  switch (unit) {
    case MarkUnit::kMilliseconds:
      return FindTimeUnit(marks, distance_mm);
    case MarkUnit::kMillimetres:
      return {{Unit::kMetres}, {}, ""};  // what is no mark in metres, or feet and inches, is found out row by row
    case MarkUnit::kPoints:
      return {{Unit::kPoints}, {}, ""};
  }
  return {};
}

}  // namespace palmares::ingest
