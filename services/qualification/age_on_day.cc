#include "services/qualification/age_on_day.h"

#include <algorithm>
#include <tuple>

namespace palmares::qualification {
namespace {

// Years completed on `day` by somebody born on `born`: a birthday counts from its day on, 29 February from 1 March in
// other years.
int YearsBetween(athletics::Date born, athletics::Date day) {
  const bool before_birthday = std::tuple(day.month(), day.day()) < std::tuple(born.month(), born.day());
  return static_cast<int>(day.year() - born.year()) - (before_birthday ? 1 : 0);
}

std::optional<BirthSpan> FromBirth(athletics::PartialDate birth) {
  if (!birth.known()) return std::nullopt;
  if (birth.full()) {
    const athletics::Date day(birth.year, birth.month, birth.day);
    return BirthSpan{AgeBasis::kBirthDate, day, day};
  }
  const int first_month = birth.month == 0 ? 1 : birth.month;
  const int last_month = birth.month == 0 ? 12 : birth.month;
  const athletics::Date first(birth.year, first_month, 1);
  const athletics::Date last = athletics::Date(absl::CivilMonth(birth.year, last_month) + 1) - 1;
  return BirthSpan{AgeBasis::kBirthYear, first, last};
}

// The narrowest and the widest span that the observed ages allow.
struct ObservedSpans {
  athletics::BirthRange narrow;
  athletics::BirthRange wide;
};

std::optional<ObservedSpans> FromObservations(const std::vector<AgeObservation>& ages) {
  std::optional<ObservedSpans> spans;
  for (const AgeObservation& seen : ages) {
    const athletics::BirthRange range = athletics::BirthFromObservation(seen.age, seen.date);
    if (!spans) {
      spans = ObservedSpans{range, range};
      continue;
    }
    spans->narrow = {std::max(spans->narrow.first, range.first), std::min(spans->narrow.last, range.last)};
    spans->wide = {std::min(spans->wide.first, range.first), std::max(spans->wide.last, range.last)};
  }
  return spans;
}

}  // namespace

BirthSpan BirthSpanOf(const Athlete& athlete) {
  const std::optional<BirthSpan> birth = FromBirth(athlete.birth);
  if (birth && birth->basis == AgeBasis::kBirthDate) return *birth;
  const std::optional<ObservedSpans> seen = FromObservations(athlete.ages);
  if (!seen) return birth.value_or(BirthSpan{});
  const athletics::Date first = birth ? std::max(birth->first, seen->narrow.first) : seen->narrow.first;
  const athletics::Date last = birth ? std::min(birth->last, seen->narrow.last) : seen->narrow.last;
  if (first <= last) return {birth ? AgeBasis::kBirthYear : AgeBasis::kObservedAges, first, last};
  if (birth) return {AgeBasis::kContradictory, birth->first, birth->last};
  return {AgeBasis::kContradictory, seen->wide.first, seen->wide.last};
}

std::optional<athletics::AgeRange> AgeRangeOn(const BirthSpan& birth, athletics::Date day) {
  if (birth.basis == AgeBasis::kUnknown) return std::nullopt;
  return athletics::AgeRange{std::max(0, YearsBetween(birth.last, day)), std::max(0, YearsBetween(birth.first, day))};
}

std::optional<athletics::Date> AgeDay(const Standard& standard, athletics::Date performed) {
  switch (standard.age_reference) {
    case AgeReference::kPerformanceDay:
      return performed;
    case AgeReference::kEndOfPerformanceYear:
      return athletics::Date(performed.year(), 12, 31);
    case AgeReference::kEventDay:
      return standard.event_day;
    case AgeReference::kEndOfEventYear:
      if (!standard.event_day) return std::nullopt;
      return athletics::Date(standard.event_day->year(), 12, 31);
  }
  return std::nullopt;
}

}  // namespace palmares::qualification
