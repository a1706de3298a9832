#include "services/ingest/dates.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::PartialDate;

constexpr std::array<absl::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};

// The three parts of "17.05.1990", as texts; empty when there are not three. A time behind a blank or "T" is dropped.
std::vector<absl::string_view> DateParts(absl::string_view text) {
  std::vector<absl::string_view> parts;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const bool part_ends = i == text.size() || absl::StrContains(absl::string_view("./- T,"), text.substr(i, 1));
    if (!part_ends) continue;
    if (i > begin) parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
    if (parts.size() == 3) break;
  }
  return parts.size() == 3 ? parts : std::vector<absl::string_view>();
}

std::optional<int32_t> MonthNumber(absl::string_view text) {
  if (const auto whole = ParseWhole(text)) return whole;
  if (text.size() < 3) return std::nullopt;
  const std::string lower = absl::AsciiStrToLower(text.substr(0, 3));
  const auto found = std::find(kMonths.begin(), kMonths.end(), lower);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<int32_t>(found - kMonths.begin()) + 1;
}

std::optional<PartialDate> Made(std::optional<int32_t> year, std::optional<int32_t> month, std::optional<int32_t> day) {
  if (!year || !month || !day || *year < 1850 || *year > 2100) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  if (civil.month() != *month || civil.day() != *day) return std::nullopt;
  return PartialDate{static_cast<int16_t>(*year), static_cast<int8_t>(*month), static_cast<int8_t>(*day)};
}

}  // namespace

DateOrder FindDateOrder(const std::vector<absl::string_view>& dates) {
  bool any = false;
  for (const absl::string_view date : dates) {
    if (!absl::StrContains(date, '/')) continue;
    const std::vector<absl::string_view> parts = DateParts(date);
    if (parts.empty() || parts[0].size() == 4) continue;
    any = true;
    const auto first = ParseWhole(parts[0]);
    const auto second = ParseWhole(parts[1]);
    if (first && *first > 12) return DateOrder::kDayFirst;
    if (second && *second > 12) return DateOrder::kMonthFirst;
  }
  return any ? DateOrder::kAmbiguous : DateOrder::kDayFirst;
}

std::optional<PartialDate> ParseBirthDate(absl::string_view text, DateOrder order) {
  if (text.size() == 4) return ParseBirthYear(text, 2100);
  const std::vector<absl::string_view> parts = DateParts(text);
  if (parts.empty()) return std::nullopt;
  if (parts[0].size() == 4) return Made(ParseWhole(parts[0]), MonthNumber(parts[1]), ParseWhole(parts[2]));
  if (parts[2].size() != 4) return std::nullopt;
  if (!absl::StrContains(text, '/')) return Made(ParseWhole(parts[2]), MonthNumber(parts[1]), ParseWhole(parts[0]));
  switch (order) {
    case DateOrder::kDayFirst:
      return Made(ParseWhole(parts[2]), ParseWhole(parts[1]), ParseWhole(parts[0]));
    case DateOrder::kMonthFirst:
      return Made(ParseWhole(parts[2]), ParseWhole(parts[0]), ParseWhole(parts[1]));
    case DateOrder::kAmbiguous:
      return ParseBirthYear(parts[2], 2100);
  }
  return std::nullopt;
}

std::optional<PartialDate> ParseBirthYear(absl::string_view text, int race_year) {
  const auto year = ParseWhole(text);
  if (!year) return std::nullopt;
  int full = *year;
  if (text.size() == 2) {
    full += 2000;
    while (full > race_year - 3) full -= 100;
  }
  if (full < 1850 || full > race_year) return std::nullopt;
  return PartialDate{static_cast<int16_t>(full), 0, 0};
}

}  // namespace palmares::ingest
