#include "services/qualification/standard.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace palmares::qualification {
namespace {

int OrderOfKind(PathKind kind) {
  switch (kind) {
    case PathKind::kChampion:
      return 0;
    case PathKind::kPlace:
      return 1;
    case PathKind::kMark:
      return 2;
    case PathKind::kRanking:
      return 3;
    case PathKind::kFinishes:
      return 4;
  }
  return 5;
}

bool ShareACategory(const PlacePath& a, const PlacePath& b) {
  return a.sexes.empty() || b.sexes.empty() ||
         std::any_of(a.sexes.begin(), a.sexes.end(), [&](athletics::Sex sex) { return IsFor(b, sex); });
}

}  // namespace

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

std::pair<int, int> OrderOfWay(const Standard& standard, int path) {
  if (path < 0) return {OrderOfKind(PathKind::kMark), 0};
  const PlacePath& way = standard.paths[static_cast<size_t>(path)];
  const auto end = standard.paths.begin() + path;
  const auto before = std::count_if(standard.paths.begin(), end, [&](const PlacePath& other) {
    return other.kind == way.kind && other.event == way.event && ShareACategory(other, way);
  });
  return {OrderOfKind(way.kind), static_cast<int>(before)};
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
