#include "services/qualification/standard.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace palmares::qualification {

std::optional<athletics::Date> Window::FirstDay() const {
  if (!opens) return std::nullopt;
  return athletics::Date(*opens);
}

std::optional<athletics::Date> Window::LastDay() const {
  if (!closes) return std::nullopt;
  return athletics::Date(*closes);
}

bool EntryBefore(const Entry& a, const Entry& b) {
  if (a.discipline != b.discipline) return std::less<>()(a.discipline, b.discipline);
  return std::tie(a.division, a.sex, a.tier, a.band.min) < std::tie(b.division, b.sex, b.tier, b.band.min);
}

bool IsFor(const PlacePath& path, athletics::Sex sex) {
  return path.sexes.empty() || sex == athletics::Sex::kUnknown ||
         std::find(path.sexes.begin(), path.sexes.end(), sex) != path.sexes.end();
}

const Window& WindowAt(const Standard& standard, int window) {
  return window < 0 ? standard.window : standard.windows[static_cast<size_t>(window)];
}

std::optional<athletics::Date> LastDay(const Standard& standard, int window) {
  if (const auto last = WindowAt(standard, window).LastDay()) return last;
  if (standard.event_day) return *standard.event_day - 1;
  return std::nullopt;
}

bool Reaches(int64_t mark, int64_t limit, const athletics::Discipline& discipline, bool strictly) {
  if (mark == limit) return !strictly;
  return discipline.lower_is_better ? mark < limit : mark > limit;
}

athletics::Date DayAt(const Standard& standard, absl::Time instant) { return absl::ToCivilDay(instant, standard.zone); }

AnswerDay OnDay(athletics::Date day) { return {day, day, std::nullopt}; }

AnswerDay AtInstant(const Standard& standard, absl::Time instant) {
  return {DayAt(standard, instant), NewestDay(instant), absl::ToCivilSecond(instant, standard.zone)};
}

athletics::Date NewestDay(absl::Time instant) {
  static const absl::TimeZone first_on_earth = absl::FixedTimeZone(14 * 60 * 60);  // seconds ahead of UTC
  return absl::ToCivilDay(instant, first_on_earth);
}

absl::string_view AgeReferenceCode(AgeReference reference) {
  switch (reference) {
    case AgeReference::kEventDay:
      return "event-day";
    case AgeReference::kPerformanceDay:
      return "performance-day";
    case AgeReference::kEndOfEventYear:
      return "end-of-event-year";
    case AgeReference::kEndOfPerformanceYear:
      return "end-of-performance-year";
  }
  return "";
}

absl::string_view ClockCode(Clock clock) {
  switch (clock) {
    case Clock::kOfficial:
      return "official";
    case Clock::kGun:
      return "gun";
    case Clock::kChip:
      return "chip";
  }
  return "";
}

absl::string_view SelectionCode(Selection selection) {
  switch (selection) {
    case Selection::kEverybody:
      return "everybody";
    case Selection::kLargestMargin:
      return "largest-margin";
    case Selection::kBestMark:
      return "best-mark";
    case Selection::kFirstCome:
      return "first-come";
  }
  return "";
}

absl::string_view PathKindCode(PathKind kind) {
  switch (kind) {
    case PathKind::kMark:
      return "mark";
    case PathKind::kPlace:
      return "place";
    case PathKind::kChampion:
      return "champion";
    case PathKind::kRanking:
      return "ranking";
    case PathKind::kFinishes:
      return "finishes";
  }
  return "";
}

}  // namespace palmares::qualification
