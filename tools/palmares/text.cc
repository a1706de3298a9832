#include "tools/palmares/text.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace palmares::tools {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

constexpr std::array<std::pair<v1::Outcome, const char*>, 7> kOutcomes = {{
    {v1::OUTCOME_FINISHED, "finished"},
    {v1::OUTCOME_DID_NOT_FINISH, "DNF"},
    {v1::OUTCOME_DID_NOT_START, "DNS"},
    {v1::OUTCOME_DISQUALIFIED, "DQ"},
    {v1::OUTCOME_NO_MARK, "NM"},
    {v1::OUTCOME_OVER_TIME_LIMIT, "OTL"},
    {v1::OUTCOME_WITHDRAWN, "withdrawn"},
}};

// Every enum's zero is PREFIX_UNSPECIFIED.
std::string CodeOf(const EnumDescriptor* type, const EnumValueDescriptor* value) {
  absl::string_view prefix = type->FindValueByNumber(0)->name();
  if (!absl::ConsumeSuffix(&prefix, "UNSPECIFIED") || value->number() == 0) return "";
  absl::string_view name = value->name();
  absl::ConsumePrefix(&name, prefix);
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

bool Digits(absl::string_view text, size_t least, size_t most, int* value) {
  return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, value);
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string EnumCode(const EnumDescriptor* type, int value) {
  const EnumValueDescriptor* found = type->FindValueByNumber(value);
  return found == nullptr ? absl::StrCat(value) : CodeOf(type, found);
}

absl::StatusOr<int> ParseEnumCode(const EnumDescriptor* type, absl::string_view text) {
  std::vector<std::string> codes;
  for (int i = 0; i < type->value_count(); ++i) {
    const EnumValueDescriptor* value = type->value(i);
    if (value->number() == 0) continue;
    codes.push_back(CodeOf(type, value));
    if (absl::EqualsIgnoreCase(codes.back(), text)) return value->number();
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want one of ", absl::StrJoin(codes, ", ")));
}

std::string SexCode(v1::Sex sex) {
  switch (sex) {
    case v1::SEX_MEN:
      return "M";
    case v1::SEX_WOMEN:
      return "W";
    case v1::SEX_X:
      return "X";
    default:
      return "";
  }
}

absl::StatusOr<v1::Sex> ParseSex(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  if (lower == "m" || lower == "men") return v1::SEX_MEN;
  if (lower == "w" || lower == "women") return v1::SEX_WOMEN;
  if (lower == "x") return v1::SEX_X;
  return absl::InvalidArgumentError(absl::StrCat("sex: \"", text, "\", want M, W or X"));
}

std::string OutcomeCode(v1::Outcome outcome) {
  for (const auto& [value, code] : kOutcomes) {
    if (value == outcome) return code;
  }
  return "";
}

absl::StatusOr<v1::Outcome> ParseOutcome(absl::string_view text) {
  for (const auto& [value, code] : kOutcomes) {
    if (absl::EqualsIgnoreCase(code, text)) return value;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("outcome: \"", text, "\", want finished, DNF, DNS, DQ, NM, OTL or withdrawn"));
}

std::string FormatDate(const v1::Date& date) {
  if (date.year() == 0) return "";
  if (date.month() == 0) return absl::StrFormat("%04d", date.year());
  if (date.day() == 0) return absl::StrFormat("%04d-%02d", date.year(), date.month());
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

absl::StatusOr<v1::Date> ParseDate(absl::string_view text, absl::string_view what) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '-');
  int year = 0;
  int month = 0;
  int day = 0;
  bool good = parts.size() <= 3 && Digits(parts[0], 4, 4, &year) && year > 0;
  if (good && parts.size() > 1) good = Digits(parts[1], 2, 2, &month) && month >= 1 && month <= 12;
  if (good && parts.size() > 2) {
    good = Digits(parts[2], 2, 2, &day) && day >= 1 && absl::CivilDay(year, month, day).month() == month;
  }
  if (!good) return absl::InvalidArgumentError(absl::StrCat(what, ": \"", text, "\", want a date as 2013-04-15"));
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

absl::StatusOr<v1::Date> ParseDay(absl::string_view text, absl::string_view what) {
  absl::StatusOr<v1::Date> date = ParseDate(text, what);
  if (date.ok() && date->day() == 0) {
    return absl::InvalidArgumentError(absl::StrCat(what, ": \"", text, "\", want a whole date as 2013-04-15"));
  }
  return date;
}

std::string FormatTimestamp(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

absl::StatusOr<int64_t> ParseMilliseconds(absl::string_view text) {
  const absl::Status wanted =
      absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want a time as 2:10:22, 13:01.00 or 9.58"));
  const std::pair<absl::string_view, absl::string_view> halves = absl::StrSplit(text, absl::MaxSplits('.', 1));
  if (absl::StrContains(text, '.') && halves.second.empty()) return wanted;
  const std::vector<absl::string_view> parts = absl::StrSplit(halves.first, ':');
  if (parts.size() > 3) return wanted;
  int64_t seconds = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    int part = 0;
    // Below a larger unit there are two digits and at most 59.
    if (!Digits(parts[i], i == 0 ? 1 : 2, i == 0 ? 5 : 2, &part) || (i > 0 && part > 59)) return wanted;
    seconds = seconds * 60 + part;
  }
  int fraction = 0;
  const std::string digits =
      absl::StrCat(halves.second, std::string(3 - std::min<size_t>(3, halves.second.size()), '0'));
  if (!Digits(digits, 3, 3, &fraction)) return wanted;
  return seconds * 1000 + fraction;
}

std::string MarkText(const v1::Mark& mark) {
  constexpr size_t kDecimals = 2;
  std::string text = mark.text();
  const size_t point = text.find('.');
  if (mark.unit() != v1::UNIT_MILLIMETRES || point == std::string::npos) return text;
  return text.substr(0, point + 1 + kDecimals);
}

std::string HandMarkText(const v1::Mark& mark) {
  std::string text = MarkText(mark);
  const size_t point = text.find('.');
  if (mark.unit() == v1::UNIT_MILLIMETRES || mark.unit() == v1::UNIT_POINTS || point == std::string::npos) return text;
  // An official time by hand is whole tenths; one that is not shows what it is.
  while (text.back() == '0' && text.size() > point + 2) text.pop_back();
  return absl::StrCat(text, "h");
}

std::string GapSeconds(const v1::MarkGap& gap) {
  if (gap.unit() == v1::UNIT_MILLIMETRES || gap.unit() == v1::UNIT_POINTS) return "";
  const int64_t size = std::llabs(gap.value());
  std::string text = absl::StrCat(gap.value() < 0 ? "-" : "", size / 1000);
  if (size % 1000 == 0) return text;
  absl::StrAppendFormat(&text, ".%03d", size % 1000);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string FormatDown(double number, int decimals) {
  constexpr double kNoise = 1e-6;  // 98.2 * 10 is a little less or more than 982
  const double scale = std::pow(10, decimals);
  const double steps = std::floor(number * scale + kNoise);
  return absl::StrFormat("%.*f", decimals, steps == 0 ? 0.0 : steps / scale);  // no "-0.0"
}

std::string FormatUp(double number, int decimals) {
  const std::string down = FormatDown(-number, decimals);
  if (absl::StartsWith(down, "-")) return down.substr(1);
  return down.find_first_not_of("0.") == std::string::npos ? down : absl::StrCat("-", down);
}

std::string NumberOrEmpty(int64_t number) { return number == 0 ? "" : absl::StrCat(number); }

std::string Counted(int64_t count, absl::string_view one, absl::string_view many) {
  return absl::StrCat(count, " ", count == 1 ? one : many);
}

std::string FormatBytes(int64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return absl::StrCat(bytes, " B");
  double amount = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  for (; amount >= 1000 && unit + 1 < kUnits.size(); ++unit) amount /= 1000;
  return absl::StrFormat("%.1f %s", amount, kUnits.at(unit));
}

std::string Nearest(absl::string_view text, const std::vector<std::string>& candidates) {
  std::string best;
  size_t fewest = 1 + text.size() / 3;  // more edits than that is another word
  for (const std::string& candidate : candidates) {
    const size_t edits = absl::StartsWith(candidate, text) && text.size() > 1 ? 1 : EditDistance(text, candidate);
    if (edits < fewest || (edits == fewest && best.empty())) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

void AddLine(std::string& text, absl::string_view label, absl::string_view value, int label_width) {
  if (!value.empty()) absl::StrAppendFormat(&text, "  %-*s %s\n", label_width, label, Printable(value));
}

}  // namespace palmares::tools
