// How regularly somebody races, and how even their marks are. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_CONSISTENCY_H_
#define PALMARES_SERVICES_PORTFOLIO_CONSISTENCY_H_

#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

// The years that the spread looks back over.
inline constexpr int kSpreadYears = 3;

struct Consistency {
  int starts = 0;  // results of who stood on the start line
  int finishes = 0;
  double finish_rate_percent = 0;  // of the starts
  double races_per_season = 0;     // starts over the calendar years with any
  // Sample standard deviation (divided by n - 1) of the marks in per cent of their mean. Of several disciplines and
  // divisions each mark is measured in per cent of its own one's mean, and the squares are divided by the sum of all
  // their n - 1. Those with one mark say nothing. 0 where nothing is said.
  double spread_percent = 0;
  int wins = 0;
  int podiums = 0;
  std::vector<size_t> start_results, podium_results;  // newest first
  std::vector<size_t> spread_results;                 // what the spread is from, newest first
};

// `end`: the last of the days that the spread looks back over: marks after the day three years before it count.
Consistency ConsistencyOf(PastResults results, athletics::Date end);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_CONSISTENCY_H_
