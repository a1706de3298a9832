// The order of standings: by score, then by the series' rules for ties, each applied to those who are still equal.
#ifndef PALMARES_SERVICES_SERIES_STANDING_TIES_H_
#define PALMARES_SERVICES_SERIES_STANDING_TIES_H_

#include <vector>

#include "services/series/standings.h"

namespace palmares::series {

// Sorts the rows and gives ranks. Rows that no rule can part share a rank and keep their order.
void OrderAndRank(const SeriesRules& rules, std::vector<StandingRow>& rows);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_STANDING_TIES_H_
