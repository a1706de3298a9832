// How well an athlete matches what a sponsor looks for, and why. Pure: values in, values out.
//
// Each criterion that is asked for has an equal part of 100 points. An athlete who does not meet it gets none of it and
// is not found; one who does gets it as follows, and all of it where more is not better:
//   sex, division, countries, age-band, standards-met   all of it
//   disciplines   half, the rest by finished results in the two years: all of it with 8
//   levels        half, the rest by finishes at these levels, whenever: all of it with 4
//   points        half, the rest by how far the best lies between what was asked for and 1,400
//   improvement   half, the rest by per cent above what was asked for: all of it with 10
//   races         half, the rest by races a season above what was asked for: all of it with 10
//   followers     half, the rest by how many times more they are: all of it with 1,000 times
// So a score depends on nothing that was not asked for, and thereby on nothing that an athlete did not agree to be
// found by. It is rounded to a thousandth of a point; who asks for nothing finds everybody with 100.
#ifndef PALMARES_SERVICES_PROFILES_CANDIDATE_SCORE_H_
#define PALMARES_SERVICES_PROFILES_CANDIDATE_SCORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/profiles/candidate.h"

namespace palmares::profiles {

enum class Criterion : uint8_t {
  kDisciplines,
  kSex,
  kDivision,
  kCountries,
  kAgeBand,
  kPoints,
  kLevels,
  kStandardsMet,
  kImprovement,
  kRaces,
  kFollowers,
};

// In the words of Privacy.discovery_criteria: "disciplines", "age-band", "standards-met".
absl::string_view CriterionCode(Criterion criterion);

// Those that are asked for, in the order above.
std::vector<Criterion> Used(const Criteria& criteria);

inline constexpr size_t kMostCited = 10;  // results that a part names

// One criterion as the athlete meets it.
struct Part {
  Criterion criterion{};
  bool met = false;
  double share = 0;          // of what the criterion is worth: 0, or 0.5 to 1
  std::string text;          // English: "1,142 points at Berlin Marathon 2024"
  std::vector<int> results;  // that it is from, newest first, at most kMostCited
  bool verified = false;     // from official results; else said by the athlete
};

// One for each criterion that is asked for, in their order.
std::vector<Part> Judge(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);

bool MeetsAll(const std::vector<Part>& parts);

// In thousandths of a point, 0 to 100,000.
int64_t ScoreOf(const std::vector<Part>& parts);
// What one part adds.
int64_t ScoreOf(const Part& part, size_t parts);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CANDIDATE_SCORE_H_
