// Bests among the results of one discipline and division. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_SEASON_BESTS_H_
#define PALMARES_SERVICES_PORTFOLIO_SEASON_BESTS_H_

#include <optional>
#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

// Of equal marks the earliest is the best.
struct DisciplineBests {
  std::optional<size_t> legal;       // the best mark that is legal for lists
  std::optional<size_t> all;         // in all conditions
  std::vector<size_t> progression;   // each that was better than all before it, in all conditions; oldest first
  std::vector<size_t> season_bests;  // of each calendar year, in all conditions; oldest first
  std::optional<size_t> points;      // the most World Athletics points
  std::optional<size_t> age_grade;   // the highest
};

// `group`: indexes of results of one discipline and division, in order.
DisciplineBests BestsOf(PastResults results, const std::vector<size_t>& group);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SEASON_BESTS_H_
