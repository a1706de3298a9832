#include "services/qualification/sentence_parts.h"

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "services/athletics/mark.h"

namespace palmares::qualification {
namespace {

constexpr int64_t kMinuteInMilliseconds = 60'000;

// Of thousandths, as many digits as are exact, two at the least: ".50", ".239".
std::string Fraction(int64_t thousandths) {
  return thousandths % 10 == 0 ? absl::StrFormat(".%02d", thousandths / 10) : absl::StrFormat(".%03d", thousandths);
}

}  // namespace

std::string DayInWords(athletics::Date day) {
  constexpr std::array<absl::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                         "May",       "June",     "July",     "August",
                                                         "September", "October",  "November", "December"};
  return absl::StrCat(day.day(), " ", kMonths[static_cast<size_t>(day.month() - 1)], " ", day.year());
}

std::string MarkInWords(int64_t mark, const athletics::Discipline& discipline) {
  std::string text = athletics::FormatMark(mark, discipline);
  switch (discipline.unit) {
    case athletics::MarkUnit::kMilliseconds:
      return mark < kMinuteInMilliseconds ? absl::StrCat(text, " s") : text;
    case athletics::MarkUnit::kMillimetres:
      return absl::StrCat(text, " m");
    case athletics::MarkUnit::kPoints:
      return CountInWords(mark, "point");
  }
  return text;
}

std::string CountInWords(int64_t count, absl::string_view one) {
  return absl::StrCat(count, " ", one, count == 1 ? "" : "s");
}

std::string AnyOf(const std::vector<std::string>& texts) {
  if (texts.size() < 2) return absl::StrJoin(texts, "");
  return absl::StrCat(absl::StrJoin(absl::MakeConstSpan(texts).first(texts.size() - 1), ", "), " or ", texts.back());
}

std::string AgeLimitInWords(const Eligibility& allowed) {
  if (allowed.min_age && allowed.max_age) return absl::StrCat(*allowed.min_age, " to ", *allowed.max_age);
  if (allowed.min_age) return absl::StrCat(*allowed.min_age, " or over");
  return allowed.max_age ? absl::StrCat(*allowed.max_age, " or under") : "";
}

std::string FormatMetres(int64_t millimetres) {
  const int64_t size = std::abs(millimetres);
  std::string text = absl::StrFormat("%s%d.%03d", millimetres < 0 ? "-" : "", size / 1000, size % 1000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(text, " m");
}

std::string FormatPercent(int64_t permille) {
  return absl::StrCat(permille / 10, permille % 10 == 0 ? "" : absl::StrCat(".", permille % 10), " %");
}

std::string FormatWind(int64_t cm_s) {
  return absl::StrFormat("%+.*f m/s", cm_s % 10 == 0 ? 1 : 2, static_cast<double>(cm_s) / 100.0);
}

std::string FormatGap(int64_t difference, const athletics::Discipline& discipline) {
  const int64_t gap = std::abs(difference);
  switch (discipline.unit) {
    case athletics::MarkUnit::kMillimetres:
      return absl::StrCat(gap / 1000, Fraction(gap % 1000), " m");
    case athletics::MarkUnit::kPoints:
      return absl::StrCat(gap, gap == 1 ? " point" : " points");
    case athletics::MarkUnit::kMilliseconds:
      break;
  }
  const std::string fraction = gap % 1000 == 0 ? "" : Fraction(gap % 1000);
  if (gap < 60000) return absl::StrCat(gap / 1000, fraction, " s");
  const int64_t minutes = gap / 60000;
  std::string text = minutes < 60 ? absl::StrCat(minutes) : absl::StrFormat("%d:%02d", minutes / 60, minutes % 60);
  absl::StrAppendFormat(&text, ":%02d", gap % 60000 / 1000);
  return text + fraction;
}

}  // namespace palmares::qualification
