// An athlete's history: every result, with the bests it was at its time.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/identity/athletes.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// Better than everything before it, on the official clock (chip where there is no other).
struct BestFlags {
  bool personal_best = false;
  bool season_best = false;                          // within its calendar year
  std::optional<results::RowRef> personal_before{};  // what was the personal best before; nothing for the first
  std::optional<results::RowRef> season_before{};
};

struct HistoryLine {
  results::RowRef row;
  BestFlags all = {};    // in all conditions
  BestFlags legal = {};  // among marks that are legal for lists
};

// All results of public sheets, oldest first; rows that were taken off their sheet are none. A best is one among
// results of the same discipline and division; an equal mark later is not a new best.
std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete);

// The same with what is known about the legality of marks: whether a row's is legal for lists.
using IsListLegal = absl::FunctionRef<bool(results::RowRef row, const results::RowFacts& facts)>;
std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete,
                                 IsListLegal is_legal);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
