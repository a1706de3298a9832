// Starts, wins and podiums by level of competition. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_LEVELS_H_
#define PALMARES_SERVICES_PORTFOLIO_LEVELS_H_

#include <string>
#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

// What a race is counted under whose organizer says no level: it is not known to be any.
inline constexpr char kUnknownLevel[] = "unknown";

struct LevelCount {
  std::string level;
  int starts = 0;
  int wins = 0;
  int podiums = 0;
  std::vector<size_t> start_results, podium_results;  // newest first
};

// The highest level first: world, area, national, regional, local; then others by name; the unknown one last. Levels
// without a start are left out.
std::vector<LevelCount> CountLevels(PastResults results);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_LEVELS_H_
