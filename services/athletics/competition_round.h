// The round of a competition that a result is from, read from the code in a list of results. Pure functions on values.
#ifndef PALMARES_SERVICES_ATHLETICS_COMPETITION_ROUND_H_
#define PALMARES_SERVICES_ATHLETICS_COMPETITION_ROUND_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

// In the order in which they are run: a greater one is nearer the final.
enum class RoundKind : uint8_t {
  kOther = 0,
  kHeat = 1,
  kQualification = 2,
  kQuarterFinal = 3,
  kSemiFinal = 4,
  kFinal = 5
};

struct Round {
  RoundKind kind = RoundKind::kOther;
  bool numbered = false;  // "SF2": a place in it is a place in one race, not over the round
};

// Reads "F", "F2", "SF1", "QF", "Q", "H3", "R1" and the like, and the words "final", "semi-final-1", "quarter-final",
// "qualification", "heat-3", "round-1", in either case; no text is a final, an unknown one kOther.
Round RoundOf(absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_COMPETITION_ROUND_H_
