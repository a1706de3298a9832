#include "services/portfolio/levels.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace palmares::portfolio {
namespace {

// Where a level stands in the list.
std::pair<size_t, std::string> OrderOf(const std::string& level) {
  static constexpr const char* kHighestFirst[] = {"world", "area", "national", "regional", "local"};
  const auto* const found = std::find(std::begin(kHighestFirst), std::end(kHighestFirst), level);
  const auto order = static_cast<size_t>(found - std::begin(kHighestFirst));
  return {level == kUnknownLevel ? order + 1 : order, level};
}

}  // namespace

std::vector<LevelCount> CountLevels(PastResults results) {
  std::map<std::pair<size_t, std::string>, LevelCount> levels;
  for (size_t i = results.size(); i-- > 0;) {
    const PastResult& result = results[i];
    if (!IsStart(result)) continue;
    const std::string level(result.level.empty() ? kUnknownLevel : result.level);
    LevelCount& count = levels[OrderOf(level)];
    count.level = level;
    ++count.starts;
    count.start_results.push_back(i);
    if (IsWin(result)) ++count.wins;
    if (!IsPodium(result)) continue;
    ++count.podiums;
    count.podium_results.push_back(i);
  }
  std::vector<LevelCount> counts;
  counts.reserve(levels.size());
  for (auto& [order, count] : levels) counts.push_back(std::move(count));
  return counts;
}

}  // namespace palmares::portfolio
