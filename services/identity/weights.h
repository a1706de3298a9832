// The weights of evidence, in thousandths of bits (see FieldEvidence): a dated table, so that a change of a number is a
// new edition.
//
// Each follows Fellegi and Sunter, "A Theory for Record Linkage" (1969): the logarithm of how often the agreement is
// seen between rows of one person, over how often between rows of two. Agreement on a rare value tells more, so what
// agreement is worth comes from the frequency of the value among the athletes known; the numbers here are what is taken
// off for a lesser agreement, and what disagreement costs.
#ifndef PALMARES_SERVICES_IDENTITY_WEIGHTS_H_
#define PALMARES_SERVICES_IDENTITY_WEIGHTS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace palmares::identity {

struct Weights {
  absl::string_view edition;

  // Names. The first group is added to the rarity of the name that agrees.
  int32_t name_extra_words = -500;  // one side has a second given name that the other lacks
  int32_t name_typing_error = -2'000;
  int32_t name_per_error = -1'500;   // each
  int32_t name_both_known = -2'000;  // mistyped, but either spelling is a name that others bear
  int32_t name_sound = -4'500;
  int32_t nickname = -3'000;
  int32_t short_form = -4'000;
  int32_t name_in_part = -3'000;
  int32_t swapped = -1'000;  // given and family name in each other's place
  int32_t initial = 1'500;   // these stand by themselves
  int32_t other_middle_name = -4'000;
  int32_t given_different = -7'000;
  int32_t family_different = -8'000;
  int32_t suffix_same = 1'000;
  int32_t suffix_different = -6'000;  // father and son
  int32_t max_name_rarity = 18'000;
  // A pseudonym stands for a whole name, and a whole name that one athlete alone bears is rarer than its share among
  // the athletes known says. As much as links it with the same year of birth, sex and country where nobody else bears
  // it, and leaves it to a human where somebody does: on two years of Berlin one in 600 of such links would be wrong,
  // of the others one in 20.
  int32_t pseudonym = 2'700;

  // Births. Agreement counts by how few people are born in the time that both leave open.
  int32_t birth_years = 50;  // over which athletes' births spread
  int32_t birth_date_typing_error = 5'000;
  int32_t birth_date_different = -5'000;
  int32_t birth_near_miss = -2'500;  // a year apart
  int32_t birth_far_miss = -7'000;   // up to three years apart

  int32_t sex_same = 500;  // the given name tells it already
  int32_t sex_different = -9'000;
  int32_t country_share = 250;  // thousandths of the country's rarity: most names tell their country already
  int32_t max_country = 1'500;
  int32_t country_different = -7'000;
  int32_t max_city = 9'000;
  int32_t city_typing_error = -2'000;
  int32_t city_different = -2'000;
  int32_t max_region = 4'000;
  int32_t region_share_in_city = 250;  // thousandths, where the city agrees and tells it already
  int32_t region_different = -2'500;
  int32_t club_share = 800;
  int32_t max_club = 8'000;
  int32_t club_different = -700;
  int32_t bib_same = 2'000;

  // A race of the athlete's on the same day, at another place or as long: people are where they are. Who ran both after
  // all is a question to a human. A little more than a policy's margin, so that a namesake who did not run that day is
  // preferred; not more, so that a rare name alone is still proposed.
  int32_t same_day_conflict = -5'200;

  // Marks of one person within three years are alike: of pairs of a runner's rows at Boston 2001 to 2013 (126,034, by
  // name, sex, town and age) the times are further apart than 2^0.6, 2^0.8 and 2^1 in 0.62, 0.10 and 0.02 per cent; of
  // those of two runners of one sex and age in 7.2, 1.9 and 0.4 (718,643). That is 3.5, 4.2 and 4.6 bits, and one more
  // where the nearest of several marks is taken. Less than half is counted: people pace friends, come back from
  // injuries and run courses that are nothing like Boston. Marks that are alike count for nothing: most of two
  // strangers are.
  bool compare_marks = true;      // false: marks are no evidence
  int32_t mark_far = -1'000;      // from 600 thousandths of the logarithm on (mark_level.h): half as long again
  int32_t mark_further = -1'500;  // from 800 on
  int32_t mark_twice = -2'000;    // from 1,000 on

  // Neither full birth date, town nor club agrees. Names are not spread evenly: among people of one country and age
  // many more share a name than its rarity among all says.
  int32_t name_alone = -4'000;

  int32_t external_id = 40'000;
  int32_t returning = -1'000;        // how likely a row's person is known at all
  int32_t least_population = 1'000;  // athletes to be confused with, however few are known
};

inline constexpr Weights kWeights2026{.edition = "2026-11"};

// log2(value) in thousandths, in integers only, so that it is the same on every machine. value >= 1.
int32_t Log2Thousandths(uint64_t value);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_WEIGHTS_H_
