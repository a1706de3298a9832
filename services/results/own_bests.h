// The bests of a result's athlete: whether it was their personal best, or their best of the year, when it was made.
#ifndef PALMARES_SERVICES_RESULTS_OWN_BESTS_H_
#define PALMARES_SERVICES_RESULTS_OWN_BESTS_H_

#include <vector>

#include "absl/types/span.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::results {

// `rows_of_athlete`: all their rows, in any order, the result's own among them or not. A best is better than everything
// before it in the same discipline and division, on the official clock (chip where there is no other): an equal mark
// later is none. One among legal marks is said as such, whether it is one in all conditions too or not. Under a Reader.
std::vector<BestThen> OwnBests(const Results& results, RowRef row, absl::Span<const RowRef> rows_of_athlete);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_OWN_BESTS_H_
