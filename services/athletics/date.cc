#include "services/athletics/date.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::athletics {
namespace {

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int ToInt(absl::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

absl::Status WantDate(absl::string_view text, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat("date \"", text, "\", want ", want));
}

}  // namespace

int32_t DaysSince1970(Date date) { return static_cast<int32_t>(date - Date(1970, 1, 1)); }

Date DateFromDaysSince1970(int32_t days) { return Date(1970, 1, 1) + days; }

absl::StatusOr<Date> ParseDate(absl::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && AllDigits(text.substr(0, 4)) &&
                      AllDigits(text.substr(5, 2)) && AllDigits(text.substr(8, 2));
  if (!shaped || text[0] == '0') return WantDate(text, "YYYY-MM-DD");
  const int year = ToInt(text.substr(0, 4)), month = ToInt(text.substr(5, 2)), day = ToInt(text.substr(8, 2));
  const Date date(year, month, day);
  if (date.month() != month || date.day() != day) return WantDate(text, "a day of the calendar");
  return date;
}

std::string FormatDate(Date date) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(date.year()), date.month(), date.day());
}

Date AddMonths(Date date, int months) {
  const absl::CivilMonth month = absl::CivilMonth(date) + months;
  const Date last = Date(month + 1) - 1;
  return std::min(Date(month) + (date.day() - 1), last);
}

absl::StatusOr<PartialDate> ParsePartialDate(absl::string_view text) {
  if (text.empty()) return PartialDate{};
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) {
    return WantDate(text, "YYYY, YYYY-MM or YYYY-MM-DD");
  }
  std::string padded(text);
  if (padded.size() == 4) padded += "-01";
  if (padded.size() == 7) padded += "-01";
  absl::StatusOr<Date> date = ParseDate(padded);
  if (!date.ok()) return WantDate(text, "YYYY, YYYY-MM or YYYY-MM-DD, a day of the calendar");
  PartialDate partial;
  partial.year = static_cast<int16_t>(date->year());
  if (text.size() >= 7) partial.month = static_cast<int8_t>(date->month());
  if (text.size() == 10) partial.day = static_cast<int8_t>(date->day());
  return partial;
}

std::string FormatPartialDate(PartialDate date) {
  if (!date.known()) return "";
  if (date.month == 0) return absl::StrFormat("%04d", date.year);
  if (date.day == 0) return absl::StrFormat("%04d-%02d", date.year, date.month);
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

int32_t PackPartialDate(PartialDate date) { return date.year * 10000 + date.month * 100 + date.day; }

PartialDate UnpackPartialDate(int32_t packed) {
  return {static_cast<int16_t>(packed / 10000), static_cast<int8_t>(packed / 100 % 100),
          static_cast<int8_t>(packed % 100)};
}

}  // namespace palmares::athletics
