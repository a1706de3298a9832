// An athlete's history: every result, with the bests it was at its time.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "services/identity/athletes.h"
#include "services/results/own_bests.h"
#include "services/results/results.h"

namespace palmares::portfolio {

struct HistoryLine {
  results::RowRef row;
  results::OwnBestThen bests = {};  // what it was among the athlete's own
};

// All results of public sheets, oldest first; rows that were taken off their sheet are none.
std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete);

// The same with what is known about the legality of marks: whether a row's is legal for lists.
using IsListLegal = absl::FunctionRef<bool(results::RowRef row, const results::RowFacts& facts)>;
std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete,
                                 IsListLegal is_legal);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_H_
