// How somebody paces, from the splits of their results. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_PACING_H_
#define PALMARES_SERVICES_PORTFOLIO_PACING_H_

#include <optional>
#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

// How one race was paced.
struct RacePacing {
  double second_half_percent = 0;  // second half against the first; positive is slower
  double variation_percent = 0;    // of the paces of its intervals
};

// Nothing where the race has no split at half its distance: one within a thousandth of it, the nearest where there are
// several. A split a little off is taken as the half itself.
//
// Intervals go from the start over each split with a known distance to the finish; a split that is not later than the
// one before it, or not before the finish, is left out. The variation is the standard deviation of their paces, each
// weighted by its length, in per cent of the pace over the whole distance. Times are on one clock: the chip's, or the
// official one where there is no chip.
std::optional<RacePacing> PaceOf(const PastResult& result);

struct Pacing {
  double second_half_percent = 0;  // median of the races
  int negative_splits = 0;         // races with a faster second half
  double variation_percent = 0;    // median
  std::vector<size_t> results;     // races with a split at half their distance, newest first
};

// Nothing where no race has such a split.
std::optional<Pacing> PacingOf(PastResults results);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PACING_H_
