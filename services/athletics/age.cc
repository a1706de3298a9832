#include "services/athletics/age.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace palmares::athletics {
namespace {

int CompletedYears(Date birth, Date day) {
  int years = static_cast<int>(day.year() - birth.year());
  // Date(year, 2, 29) becomes 1 March where the year has no such day, which is when that birthday is kept.
  if (Date(day.year(), birth.month(), birth.day()) > day) --years;
  return years;
}

// The first and last day that a partly known birth may stand for.
BirthRange DaysOf(PartialDate birth) {
  if (birth.full()) {
    const Date day(birth.year, birth.month, birth.day);
    return {day, day};
  }
  if (birth.month != 0) {
    const absl::CivilMonth month(birth.year, birth.month);
    return {Date(month), Date(month + 1) - 1};
  }
  return {Date(birth.year, 1, 1), Date(birth.year, 12, 31)};
}

// The last day on which somebody can be born who has completed `age` years on `day`.
Date LastBirth(int age, Date day) {
  const Date birth(day.year() - age, day.month(), day.day());
  // Seen on 29 February, the same day in a year without one would be 1 March, whose birthday is still to come.
  return birth.month() == day.month() ? birth : birth - 1;
}

}  // namespace

std::optional<AgeRange> AgeOn(PartialDate birth, Date day) {
  if (!birth.known()) return std::nullopt;
  const BirthRange days = DaysOf(birth);
  return AgeRange{CompletedYears(days.last, day), CompletedYears(days.first, day)};
}

BirthRange BirthFromObservation(int age, Date observed) {
  return {LastBirth(age + 1, observed) + 1, LastBirth(age, observed)};
}

AgeRange AgeFromObservation(int age, Date observed, Date day) {
  const BirthRange birth = BirthFromObservation(age, observed);
  return {CompletedYears(birth.last, day), CompletedYears(birth.first, day)};
}

std::string WorldAthleticsCategory(int age_on_31_december, int age_on_day) {
  constexpr int kMastersFrom = 35, kBandYears = 5, kYouthYears = 2;
  if (age_on_day >= kMastersFrom) return absl::StrCat("M", age_on_day / kBandYears * kBandYears);
  if (age_on_31_december < 20) {
    const int youngest = std::max(0, age_on_31_december) / kYouthYears * kYouthYears;
    return absl::StrCat("U", youngest + kYouthYears);
  }
  if (age_on_31_december < 23) return "U23";
  return "senior";
}

}  // namespace palmares::athletics
