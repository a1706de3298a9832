// Achievements that an athlete's own results tell: firsts, wins, round numbers of finishes. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_MILESTONES_H_
#define PALMARES_SERVICES_PORTFOLIO_MILESTONES_H_

#include <string>
#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

struct OwnMilestone {
  enum class Kind { kFirst, kWin, kFinishes };
  Kind kind{};
  size_t result = 0;
  int finishes = 0;  // kFinishes: how many
};

// Whether that many finishes are a milestone: 5, each full ten, and each full 25.
bool IsRoundNumber(int finishes);

// "tenth", "25th".
std::string Ordinal(int number);

// - the first finish in each discipline and division,
// - each win,
// - a round number of finishes of an event, in one discipline and division; heats and finals of an edition are one.
// Oldest first. `history` is all that the athlete ever did: else counts begin too late.
std::vector<OwnMilestone> OwnMilestones(PastResults history);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_MILESTONES_H_
