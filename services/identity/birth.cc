#include "services/identity/birth.h"

#include <algorithm>
#include <array>

#include "absl/time/civil_time.h"
#include "services/identity/similarity.h"

namespace palmares::identity {
namespace {

using athletics::Date;

constexpr int32_t kYear = 366;
constexpr int kOldest = 120;
constexpr int kYoungest = 8;  // in a race that does not say ages

BirthDays Between(Date first, Date last) { return {athletics::DaysSince1970(first), athletics::DaysSince1970(last)}; }

BirthDays FromDate(athletics::PartialDate birth) {
  if (birth.month == 0) return Between(Date(birth.year, 1, 1), Date(birth.year, 12, 31));
  const absl::CivilMonth month(birth.year, birth.month);
  if (birth.day == 0) return Between(Date(month), Date(month + 1) - 1);
  const Date day(birth.year, birth.month, birth.day);
  return Between(day, day);
}

// Born so as to be `min` to `max` years old on the day.
BirthDays FromAge(int min, int max, Date day) {
  return Between(Date(day.year() - max - 1, day.month(), day.day()) + 1,
                 Date(day.year() - min, day.month(), day.day()));
}

std::array<char, 8> Digits(int32_t days) {
  const Date date = athletics::DateFromDaysSince1970(days);
  int64_t number = int64_t{date.year()} * 10'000 + int64_t{date.month()} * 100 + date.day();
  std::array<char, 8> digits{};
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return digits;
}

bool DayAndMonthSwapped(int32_t a, int32_t b) {
  const Date first = athletics::DateFromDaysSince1970(a), second = athletics::DateFromDaysSince1970(b);
  return first.year() == second.year() && first.month() == second.day() && first.day() == second.month();
}

bool OneTypingError(int32_t a, int32_t b) {
  const std::array<char, 8> x = Digits(a), y = Digits(b);
  return EditDistance({x.data(), x.size()}, {y.data(), y.size()}, 1) <= 1 || DayAndMonthSwapped(a, b);
}

BirthComparison CompareDates(BirthDays a, BirthDays b, const Weights& weights) {
  if (OneTypingError(a.first, b.first)) return {Agreement::kSimilar, weights.birth_date_typing_error, false};
  return {Agreement::kDifferent, weights.birth_date_different, false};
}

}  // namespace

BirthDays BirthOf(const Appearance& appearance) {
  if (appearance.birth.known()) return FromDate(appearance.birth);
  if (!appearance.race_date.has_value()) return {};
  const Date day = *appearance.race_date;
  if (appearance.age > 0 && appearance.age <= kOldest) return FromAge(appearance.age, appearance.age, day);
  const BirthDays bound = FromAge(kYoungest, kOldest, day);
  if (!appearance.age_band.has_value()) return bound;
  const athletics::AgeBand band = *appearance.age_band;
  if (band.min < 0 || band.min > band.max || (band.min >= 80 && band.max > kOldest)) return bound;
  return FromAge(band.min, std::min(band.max, kOldest), day);
}

BirthComparison CompareBirths(BirthDays a, BirthDays b, const Weights& weights) {
  if (a.empty() || b.empty()) return {};
  const int32_t gap = std::max(a.first - b.last, b.first - a.last);
  if (gap <= 0 && !(a.known() && b.known())) return {};
  if (gap <= 0) {
    const int64_t open = static_cast<int64_t>(a.last - a.first) + (b.last - b.first) + 2;
    const int64_t all = static_cast<int64_t>(weights.birth_years) * 365;
    const bool same = a.exact() && b.exact();
    const int32_t weight = open >= all ? 0 : Log2Thousandths(static_cast<uint64_t>(all * 16 / open)) - 4000;
    return {same ? Agreement::kSame : Agreement::kCompatible, std::max(0, weight), false};
  }
  if (a.exact() && b.exact()) return CompareDates(a, b, weights);
  if (gap <= kYear) return {Agreement::kNearMiss, weights.birth_near_miss, false};
  return {Agreement::kDifferent, weights.birth_far_miss, gap > 3 * kYear};
}

}  // namespace palmares::identity
