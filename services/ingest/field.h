// What a column of a result file can hold, and the names that files give it.
//
// | name in a manifest | meaning                                                                       |
// | ------------------ | ----------------------------------------------------------------------------- |
// | bib                | race number                                                                   |
// | name               | whole name, in any order                                                      |
// | family_name        | family name                                                                   |
// | given_name         | given name                                                                    |
// | sex                | M, W, X in any common form                                                    |
// | division           | running, wheelchair, handcycle, para, or a para class such as T46; a header   |
// |                    | "Division" over age groups is category, and categories may name divisions      |
// |                    | too (category_divisions.h)                                                    |
// | age                | whole years on race day                                                       |
// | birth_date         | 1990-05-17, 17.05.1990 ...                                                    |
// | birth_year         | 1990, or 90                                                                   |
// | category           | age group or class                                                            |
// | nationality        | the country that the competitor is a citizen of, or competes for              |
// | country            | country where no nationality is given                                         |
// | region             | state, province                                                               |
// | city               | city, residence                                                               |
// | club               | club, team                                                                    |
// | external_id        | the source's own id of the person                                             |
// | athlete            | an athlete's id in this system                                                |
// | official_time      | the mark, on the official clock (also distances and points)                   |
// | gun_time           | from the gun to the finish                                                    |
// | chip_time          | from the start line to the finish                                             |
// | place              | overall; "3 / 32" gives the size of the field too                             |
// | sex_place          | within the sex                                                                |
// | category_place     | within the category                                                           |
// | qualification      | Q, q, qR, YC, L ...: who advances, cautions, protests                         |
// | timing             | hand, automatic, transponder, where a row differs from its race               |
// | private            | yes where the competitor is not to be named (private_rows.h)                  |
// | wind               | metres a second, tail wind positive                                           |
// | outcome            | DNF, DNS, DQ ... in a column of its own                                       |
// | split              | time at a point on the way; "split 10km" where the header does not say it      |
// | leg_name              | name of a relay's runner; "leg_name 2" where the header does not say which leg   |
// | leg_bib               | bib of a relay's runner                                                       |
// | leg_time              | time of a leg by itself                                                       |
// | pace               | time for a kilometre or mile: not stored                                      |
// | ignore             | left out                                                                      |
#ifndef PALMARES_SERVICES_INGEST_FIELD_H_
#define PALMARES_SERVICES_INGEST_FIELD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

enum class Field : uint8_t {
  kIgnore = 0,
  kBib,
  kName,
  kFamilyName,
  kGivenName,
  kSex,
  kDivision,
  kAge,
  kBirthDate,
  kBirthYear,
  kCategory,
  kNationality,
  kCountry,
  kRegion,
  kCity,
  kClub,
  kExternalId,
  kAthlete,
  kOfficialTime,
  kGunTime,
  kChipTime,
  kPlace,
  kSexPlace,
  kCategoryPlace,
  kWind,
  kOutcome,
  kSplit,
  kPace,
  kQualification,
  kTiming,
  kLegName,
  kLegBib,
  kLegTime,
  kPrivate,
};
inline constexpr int kFieldCount = 34;

inline bool IsOfLeg(Field field) {
  return field == Field::kLegName || field == Field::kLegBib || field == Field::kLegTime;
}

// Whether at most one column of a file can be read as it.
inline bool IsOfOneColumn(Field field) {
  return field != Field::kIgnore && field != Field::kSplit && field != Field::kPace && !IsOfLeg(field);
}

// "chip_time".
absl::string_view FieldName(Field field);

// Reads a name from the table above (any case; blanks, "_" and "-" are alike), or a header that means a field in any of
// the languages known ("net_time" is chip_time). Nothing for another text.
std::optional<Field> ParseField(absl::string_view name);

// A header's meaning.
struct HeaderMeaning {
  Field field = Field::kIgnore;
  int confidence_percent = 0;
};
// What a header means by its name. Nothing when it is not known.
std::optional<HeaderMeaning> FindHeaderMeaning(absl::string_view header);

// The known header that an unknown one is most like: "chip tmie" is like "chiptime". Nothing when none differs in at
// most one letter (two in headers of seven letters and more) or in two that changed places.
struct NearMiss {
  std::string header;  // folded
  Field field = Field::kIgnore;
};
std::optional<NearMiss> FindNearMiss(absl::string_view header);

// A point on the way that a header names: "5k", "t_05k", "10 km", "half", "Halbmarathon", "5 miles", "split 10km".
struct SplitMeaning {
  int64_t distance_mm = 0;
};
// `race_distance_mm` 0: not known ("half" is then half a marathon). Nothing when the header names no distance.
std::optional<SplitMeaning> FindSplitMeaning(absl::string_view header, int64_t race_distance_mm);

// A leg of a relay that a header names: "leg 1", "Leg1 Name", "runner 2 time", "leg_bib 3".
struct LegMeaning {
  int leg = 0;                 // from 1
  std::optional<Field> field;  // nothing: the values tell, "leg 1" alone may be a name or a time
};
// Nothing when the header names no leg, or one beyond what a team may have (results::kMostRelayLegs).
std::optional<LegMeaning> FindLegMeaning(absl::string_view header);

// Lower case, without accents, blanks and punctuation: "Échelon (Net)" is "echelonnet". Headers compare by it.
std::string FoldHeader(absl::string_view header);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_FIELD_H_
