// An athlete's history: every result, with the bests it was at its time.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_H_

#include <cstdint>
#include <vector>

#include "services/identity/athletes.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// Better than everything before it, on the official clock (chip where there is no other).
struct BestFlags {
  bool personal_best = false;
  bool season_best = false;  // within its calendar year
};

struct HistoryLine {
  results::RowRef row;
  BestFlags all = {};    // in all conditions
  BestFlags legal = {};  // among marks that are legal for lists
};

// All results of public sheets, oldest first. A best is one among results of the same discipline and division; an equal
// mark later is not a new best.
std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
