// What speaks for and against a row being an athlete's, and what is decided from it: the values that linking takes and
// gives.
#ifndef PALMARES_SERVICES_IDENTITY_EVIDENCE_H_
#define PALMARES_SERVICES_IDENTITY_EVIDENCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"

namespace palmares::identity {

inline constexpr int32_t kNoRace = -1;

// One row of one race, as far as it tells who the person is. Views must outlive the call only. Empty, 0 and nothing
// mean not given. Texts are compared after folding, so the same spelling convention (three-letter country codes) is all
// that is wanted.
struct Appearance {
  absl::string_view name;  // as displayed; read only where the next two are empty
  absl::string_view family_name;
  absl::string_view given_name;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::PartialDate birth;
  int age = 0;                                 // on race day; used where `birth` is not known
  std::optional<athletics::AgeBand> age_band;  // used where neither is known
  std::optional<athletics::Date> race_date;    // without it an age tells nothing
  absl::string_view country;
  absl::string_view region;
  absl::string_view city;
  absl::string_view club;
  absl::string_view external_id_namespace;  // who gave the id: "utmb", "world-athletics"
  absl::string_view external_id;
  absl::string_view bib;
  int32_t race = kNoRace;  // rows of one race are different people; kNoRace: the row stands alone
  bool started = true;     // who entered and did not start may have run elsewhere on the day
  uint16_t level = 0;      // of the mark, see mark_level.h; 0: none that compares
};

// The numbers of the next two may be written to disk: never change or reuse one.
enum class Field : uint8_t {
  kFamilyName = 0,
  kGivenName = 1,
  kSuffix = 2,
  kBirth = 3,  // date, year, age or age group, whichever is known
  kSex = 4,
  kCountry = 5,
  kRegion = 6,
  kCity = 7,
  kClub = 8,
  kBib = 9,
  kExternalId = 10,
  kPopulation = 11,  // how many athletes there are to be confused with
  kSameDay = 12,     // a race of the athlete's on the day of the row's that one person hardly runs beside it
  kMark = 13,        // how good the mark is beside the athlete's of the years around; only what speaks against them
};
inline constexpr int kFieldCount = 14;

enum class Agreement : uint8_t {
  kNotGiven = 0,  // on one side at least
  kSame = 1,
  kSimilar = 2,  // as one mistyped; of dates of birth: one digit, or day and month swapped
  kNickname = 3,
  kInitial = 4,
  kShortForm = 5,
  kPartial = 6,     // one name has words that the other lacks
  kCompatible = 7,  // of births: both can be true
  kNearMiss = 8,    // of births: a year apart at the most
  kDifferent = 9,
  kElsewhere = 10,  // of races of one day: at different places, as far as is known
  kBothLong = 11,   // of races of one day: each a half marathon or longer
};

// "family name", "date of birth or age" ...; "same", "similar" ...
absl::string_view FieldName(Field field);
absl::string_view AgreementName(Agreement agreement);

// One line of an explanation. Weights are thousandths of bits: +10,000 makes it 1,024 times as likely that both are one
// person.
struct FieldEvidence {
  Field field;
  Agreement agreement;
  int32_t weight;
  // Of kSameDay: the athlete's other race; of kMark: that of their nearest mark. Of several the lowest number.
  int32_t race = kNoRace;
};

// Why a candidate is not linked although its weight would do.
enum class Obstacle : uint8_t {
  kNone = 0,
  kCloseCompetitor = 1,   // another athlete, or another row of the race, fits about as well
  kTwinOrSibling = 2,     // same family name, but another given name
  kOtherExternalId = 3,   // the same source knows the athlete under another id
  kAgeContradiction = 4,  // the dates of birth, or ages, are not one person's
  kAlreadyInRace = 5,     // the athlete has a row in this race
  kNameVariant = 6,       // the name is written in another way, and neither birth date, town, club nor id speaks for it
  kOtherFamilyName = 7,   // another family name, by marriage perhaps, without the same birth date and town or club
  kOtherSex = 8,          // husband and wife, or one row that is wrong
  kElsewhereThatDay = 9,  // ran at another place on the day, and neither an id nor the full date of birth is the same
  kTwoLongRaces = 10,     // ran another half marathon or longer on the day
};
absl::string_view ObstacleName(Obstacle obstacle);

struct Candidate {
  int64_t athlete = 0;
  int32_t weight = 0;  // sum of the evidence, thousandths of bits
  Obstacle obstacle = Obstacle::kNone;
  std::vector<FieldEvidence> evidence;  // without the fields that are not given
};

// The numbers may be written to disk: never change or reuse one.
enum class Verdict : uint8_t {
  kNew = 0,     // nobody known: a new athlete
  kLinked = 1,  // certain: candidates.front()
  kReview = 2,  // likely: a new athlete for now, and candidates for a human to choose from
};

struct Decision {
  Verdict verdict = Verdict::kNew;
  // Best first (equal weights: lower athlete first). kLinked: the athlete, alone. kReview: at least one. kNew: empty.
  std::vector<Candidate> candidates;
  // Of kLinked: other athletes that the row fits with certainty too, and that are compatible with the first: most
  // likely one person who was created twice. For a merge, or a proposal to merge, as the caller's policy is.
  std::vector<Candidate> same_person;
  // The row names nobody ("Anonymous"): it is always new, and never found again.
  bool placeholder = false;
};

// How certain a decision must be. The defaults favour precision: a wrong merge is worse than a duplicate. They are
// where labelled data reached a precision of 0.995 from names and age groups alone, and 0.999 with dates of birth or
// towns.
struct Policy {
  int32_t link_weight = 1'750;     // link from here on
  int32_t review_weight = -2'500;  // propose from here on
  int32_t margin = 5'000;          // by which the best must lead the next, unless both are the same person
  int max_candidates = 5;          // in a review
};

// "family name same +12.3, city similar +5.1, population -13.0; total +18.2 bits".
std::string Explain(const Candidate& candidate);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_EVIDENCE_H_
