#include "services/portfolio/consistency.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace palmares::portfolio {
namespace {

constexpr int kMonthsOfYear = 12;
constexpr double kPerCent = 100;

void AddSpread(PastResults results, athletics::Date end, Consistency& consistency) {
  const athletics::Date before = athletics::AddMonths(end, -kSpreadYears * kMonthsOfYear);
  std::map<std::pair<std::string, athletics::Division>, std::vector<size_t>> groups;
  for (size_t i = 0; i < results.size(); ++i) {
    const PastResult& result = results[i];
    if (result.mark == 0 || result.date <= before || result.date > end) continue;
    groups[{result.discipline->code, result.division}].push_back(i);
  }
  double squares = 0;
  size_t freedom = 0;
  for (const auto& [key, group] : groups) {
    if (group.size() < 2) continue;
    double mean = 0;
    for (const size_t i : group) mean += static_cast<double>(results[i].mark) / static_cast<double>(group.size());
    for (const size_t i : group) {
      const double relative = static_cast<double>(results[i].mark) / mean - 1;
      squares += relative * relative;
    }
    freedom += group.size() - 1;
    consistency.spread_results.insert(consistency.spread_results.end(), group.begin(), group.end());
  }
  std::sort(consistency.spread_results.begin(), consistency.spread_results.end(), std::greater<>());
  if (freedom > 0) consistency.spread_percent = kPerCent * std::sqrt(squares / static_cast<double>(freedom));
}

}  // namespace

Consistency ConsistencyOf(PastResults results, athletics::Date end) {
  Consistency consistency;
  std::set<int64_t> seasons;
  for (size_t i = results.size(); i-- > 0;) {
    const PastResult& result = results[i];
    if (!IsStart(result)) continue;
    ++consistency.starts;
    consistency.start_results.push_back(i);
    seasons.insert(result.date.year());
    if (IsFinish(result)) ++consistency.finishes;
    if (IsWin(result)) ++consistency.wins;
    if (!IsPodium(result)) continue;
    ++consistency.podiums;
    consistency.podium_results.push_back(i);
  }
  if (consistency.starts == 0) return consistency;
  consistency.finish_rate_percent = kPerCent * consistency.finishes / consistency.starts;
  consistency.races_per_season = static_cast<double>(consistency.starts) / static_cast<double>(seasons.size());
  AddSpread(results, end, consistency);
  return consistency;
}

}  // namespace palmares::portfolio
