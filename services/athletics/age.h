// Ages, and what stays uncertain when a birth date is only partly known.
#ifndef PALMARES_SERVICES_ATHLETICS_AGE_H_
#define PALMARES_SERVICES_ATHLETICS_AGE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/athletics/date.h"

namespace palmares::athletics {

// The years of age that somebody may have on a day, inclusive. Equal ends: the age is certain.
struct AgeRange {
  int min = 0;
  int max = 0;
  bool certain() const { return min == max; }
  friend bool operator==(const AgeRange&, const AgeRange&) = default;
};

// Age on `day` of somebody born on `birth`; a range of two where only the year is known. Nothing when the year is
// unknown. Somebody born on 29 February has their birthday on 1 March in other years.
std::optional<AgeRange> AgeOn(PartialDate birth, Date day);

// Age on `day` of somebody who was `age` years old on `observed` and whose birth date is not known: the whole years
// between the days, or one more or less where a birthday may lie between them.
AgeRange AgeFromObservation(int age, Date observed, Date day);

// The dates of birth that an age on a day leaves possible, first and last.
struct BirthRange {
  Date first;
  Date last;
};
BirthRange BirthFromObservation(int age, Date observed);

// An age band. `max` is kNoUpperAge for open ones ("80+").
inline constexpr int kNoUpperAge = 200;
struct AgeBand {
  int min = 0;
  int max = kNoUpperAge;
  bool Contains(int age) const { return age >= min && age <= max; }
  friend bool operator==(const AgeBand&, const AgeBand&) = default;
};

// Reads the labels that people and files use: "35-39", "M40", "W45" (five years, masters), "80+", "18 and under",
// "U20", "U23", "20-34", "V50", "SEN", "W 35", "M35-39". Nothing for a text that is no age band.
std::optional<AgeBand> ParseAgeBand(absl::string_view text);
// "35-39", "80+", "0-17".
std::string FormatAgeBand(AgeBand band);

// Whether the label is one of those that go by the age on 31 December of the year: "U18", "U20", "WU23", "under 20".
bool IsYearEndAgeBand(absl::string_view text);

// Whether a label that gives its band by the first of five years gives one that groups of five years begin at: "M35",
// but not "M33", which is most likely a slip. True for every other label, "33-37" too. `band` is what ParseAgeBand says
// of the label.
bool IsGroupByFives(absl::string_view label, AgeBand band);

// The age group in a competition of World Athletics: "U18" (16 and 17 years on 31 December of the year), "U20" (18,
// 19), "U23" (20 to 22), "senior", or a masters' band "M35", "M40" ... from the 35th birthday on, which `age_on_day`
// tells
// ("W35" is printed by the caller's sex). World Athletics has no group below U18; younger athletes are in the groups of
// two years that national federations go on with, by the age on 31 December too: "U16" (14, 15), "U14" (12, 13), "U12"
// (10, 11) and so on. Schemes that count otherwise (UK Athletics: U13, U15 and U17 by the age on 31 August) give their
// own bands. As a label (ParseAgeBand) "U18" takes everybody younger in: nobody is too young for a list.
std::string WorldAthleticsCategory(int age_on_31_december, int age_on_day);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_AGE_H_
