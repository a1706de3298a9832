// Clock times as text, without a discipline.
#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/athletics/characters.h"
#include "services/athletics/fold.h"
#include "services/athletics/mark.h"

namespace palmares::athletics {
namespace {

constexpr int64_t kMillisecondsPerSecond = 1000;
constexpr int64_t kSecondsPerMinute = 60, kSecondsPerHour = 3600;
constexpr int64_t kMostHours = 9999;  // more than a year: six-day races stay far below

absl::Status BadTime(absl::string_view text, absl::string_view want) {
  constexpr size_t kLongestQuote = 40;
  return absl::InvalidArgumentError(absl::StrCat("time \"", text.substr(0, kLongestQuote), "\", want ", want));
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The numbers between the separators of one time, as they are read from left to right.
struct Fields {
  std::array<int64_t, 3> value = {};
  std::array<int, 3> digits = {};
  int count = 1;
};

// Reads "d", "d:d" or "d:d:d" (with ';' for ':') up to the first other character.
const char* ScanFields(const char* at, const char* end, Fields* fields) {
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    const int last = fields->count - 1;
    if (digit <= 9) {
      fields->value[last] = fields->value[last] * 10 + digit;
      if (++fields->digits[last] > 9) return at;  // the caller refuses so long a number
    } else if ((*at == ':' || *at == ';') && fields->count < 3) {
      ++fields->count;
    } else {
      break;
    }
  }
  return at;
}

// Reads the digits after a decimal sign as milliseconds, rounded up beyond the third.
const char* ScanFraction(const char* at, const char* end, int64_t* milliseconds, int* digits) {
  bool more = false;
  for (; at != end && IsDigit(*at); ++at, ++*digits) {
    if (*digits < 3) {
      *milliseconds = *milliseconds * 10 + (*at - '0');
    } else {
      more |= *at != '0';
    }
  }
  for (int i = *digits; i < 3; ++i) *milliseconds *= 10;
  *milliseconds += more ? 1 : 0;
  return at;
}

// What is wrong with the fields, or nullptr.
const char* Complaint(const Fields& fields, int decimals) {
  const int last = fields.count - 1;
  for (int i = 0; i <= last; ++i) {
    const bool fraction_alone = last == 0 && decimals > 0;  // ".58"
    if (fields.digits[i] == 0 && !fraction_alone)
      return "a number on both sides of each separator, as h:mm:ss or m:ss.hh";
    if (i > 0 && fields.digits[i] > 2) return "at most two digits of minutes and of seconds";
  }
  if (fields.count > 1 && fields.value[last] > 59) return "seconds below 60";
  if (fields.count > 2 && fields.value[1] > 59) return "minutes below 60";
  return nullptr;
}

int64_t Seconds(const Fields& fields) {
  int64_t seconds = 0;
  for (int i = 0; i < fields.count; ++i) seconds = seconds * kSecondsPerMinute + fields.value[i];
  return seconds;
}

// The separator that a unit of time stands for, 0 for any other word.
char SeparatorOf(absl::string_view unit) {
  for (absl::string_view word : {"h", "hr", "hrs", "std", "hour", "hours", "m", "mn", "min", "mins", "'"}) {
    if (unit == word) return ':';
  }
  for (absl::string_view word : {"s", "sec", "secs", "sek", "\""}) {
    if (unit == word) return '.';
  }
  return 0;
}

// Rewrites "2h10'22", "2 h 10 min 22,5 s", "5'32\"", "3'53\"17" with colons and a point; empty when the text is no such
// form.
std::string FromUnits(absl::string_view text) {
  const std::string folded = absl::StrReplaceAll(Fold(text), {{"''", "\""}});
  std::string plain;
  for (size_t i = 0; i < folded.size();) {
    const char c = folded[i];
    if (IsDigit(c) || c == '.' || c == ',' || c == ':') {
      plain += c;
      ++i;
      continue;
    }
    if (c == ' ') {
      ++i;
      continue;
    }
    const size_t from = i++;
    while (i < folded.size() && absl::ascii_isalpha(c) && absl::ascii_isalpha(folded[i])) ++i;
    const char separator = SeparatorOf(absl::string_view(folded).substr(from, i - from));
    if (separator == 0 || plain.empty() || !IsDigit(plain.back())) return "";
    plain += separator;
  }
  if (!plain.empty() && plain.back() == '.') plain.pop_back();
  // "2h", "10'": what is missing may be minutes or seconds.
  return !plain.empty() && IsDigit(plain.back()) ? plain : std::string();
}

absl::StatusOr<ParsedTime> ParsePlain(absl::string_view text, absl::string_view original) {
  const char* const end = text.data() + text.size();
  Fields fields;
  const char* at = ScanFields(text.data(), end, &fields);
  ParsedTime time;
  int64_t fraction = 0;
  if (at != end && (*at == '.' || *at == ',')) {
    at = ScanFraction(at + 1, end, &fraction, &time.decimals);
  }
  if (at != end && (*at == 'h' || *at == 'H') && at + 1 == end && (fields.count > 1 || time.decimals > 0)) {
    time.hand = true;
    ++at;
  }
  if (at != end) return BadTime(original, "h:mm:ss, m:ss.hh or s.hh");
  if (const char* complaint = Complaint(fields, time.decimals)) return BadTime(original, complaint);
  const int64_t seconds = Seconds(fields);
  if (seconds >= kMostHours * kSecondsPerHour) return BadTime(original, "fewer than 9999 hours");
  time.milliseconds = seconds * kMillisecondsPerSecond + fraction;
  if (time.decimals > 3) time.decimals = 3;
  return time;
}

}  // namespace

absl::StatusOr<ParsedTime> ParseTime(absl::string_view text) {
  const absl::string_view original = text;
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  if (text.empty()) return BadTime(original, "h:mm:ss, m:ss.hh or s.hh");
  absl::StatusOr<ParsedTime> time = ParsePlain(text, original);
  if (time.ok() || text.size() > 40) return time;
  const std::string rewritten = FromUnits(text);
  if (rewritten.empty()) return time;
  return ParsePlain(rewritten, original);
}

absl::StatusOr<int64_t> ParseDecimalMinutes(absl::string_view text, int column_decimals) {
  const absl::string_view original = text;
  text = absl::StripAsciiWhitespace(text);
  constexpr int kMostDigits = 9;  // in all, so that no product below leaves 64 bits
  int64_t number = 0, scale = 1;
  int digits = 0, decimals = 0;
  bool point = false, wrong = false;
  for (const char c : text) {
    if (IsDigit(c) && digits < kMostDigits) {
      number = number * 10 + (c - '0');
      ++digits;
      if (point) ++decimals;
    } else if ((c == '.' || c == ',') && !point && digits > 0) {
      point = true;
    } else {
      wrong = true;
    }
  }
  if (wrong || digits == 0 || (point && decimals == 0))
    return BadTime(original, "minutes as a decimal number, as 130.37");
  for (; decimals < column_decimals && digits < kMostDigits; ++decimals, ++digits) number *= 10;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  // The number stands for [number - 1/2, number + 1/2] / scale minutes; whole seconds in it, in half units to stay with
  // integers.
  const int64_t from = (2 * number - 1) * 30, to = (2 * number + 1) * 30;
  const int64_t first = from <= 0 ? 0 : (from + scale - 1) / scale, last = to / scale;
  if (first > last) return BadTime(original, "a number of minutes that some whole second rounds to");
  if (first < last) return BadTime(original, "more digits: several whole seconds round to this number of minutes");
  return first * kMillisecondsPerSecond;
}

std::string FormatTime(int64_t milliseconds, int decimals) {
  if (milliseconds < 0) return absl::StrCat("-", FormatTime(-milliseconds, decimals));
  int64_t unit = kMillisecondsPerSecond;
  for (int i = 0; i < decimals && unit > 1; ++i) unit /= 10;
  const int64_t rounded = (milliseconds + unit - 1) / unit * unit;
  const int64_t seconds = rounded / kMillisecondsPerSecond;
  const int64_t h = seconds / kSecondsPerHour, m = seconds / kSecondsPerMinute % 60, s = seconds % 60;
  std::string text;
  if (h > 0) {
    absl::StrAppend(&text, h, ":", absl::Dec(m, absl::kZeroPad2), ":", absl::Dec(s, absl::kZeroPad2));
  } else if (m > 0) {
    absl::StrAppend(&text, m, ":", absl::Dec(s, absl::kZeroPad2));
  } else {
    absl::StrAppend(&text, s);
  }
  if (unit == kMillisecondsPerSecond) return text;
  const std::string fraction = absl::StrCat(absl::Dec(rounded % kMillisecondsPerSecond, absl::kZeroPad3));
  return absl::StrCat(text, ".", fraction.substr(0, unit == 100 ? 1 : unit == 10 ? 2 : 3));
}

}  // namespace palmares::athletics
