#include "services/rankings/season_ranks.h"

#include <algorithm>

namespace palmares::rankings {

std::optional<SeasonRank> SeasonRanks::Of(const StandingKey& key, const std::string& country, int64_t mark) const {
  const int64_t order = OrderOfMark(*key.discipline, mark);
  if (country.empty()) {
    const std::shared_ptr<const Board> board = boards_.Get(key);
    return SeasonRank{board->CountBetter(order) + 1, board->size()};
  }
  const std::shared_ptr<const Orders> orders = OfCountry(key, country);
  if (orders == nullptr) return std::nullopt;
  const auto better = std::lower_bound(orders->begin(), orders->end(), order) - orders->begin();
  return SeasonRank{better + 1, static_cast<int64_t>(orders->size())};
}

SeasonRanks::Version SeasonRanks::VersionOf(const RacesOfList& races) const {
  int64_t newest = 0;
  for (const int32_t race : races.races) newest = std::max(newest, results_.ChangedAt(race));
  return {newest, races.races.size(), athletes_.merged_at()};
}

std::shared_ptr<const SeasonRanks::Orders> SeasonRanks::OfCountry(const StandingKey& key,
                                                                  const std::string& country) const {
  const int64_t position = results_.position();
  const ListKey list(key, country);
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(list);
    if (kept != kept_.end() && kept->second.checked_at == position) return kept->second.orders;
  }
  Query query = QueryOf(key);
  query.country = country;
  const RacesOfList races = RacesOf(query, results_);
  if (races.rows > kMostRows) return nullptr;
  const Version version = VersionOf(races);
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(list);
    if (kept != kept_.end() && kept->second.version == version) {
      kept->second.checked_at = position;
      return kept->second.orders;
    }
  }
  auto orders = std::make_shared<Orders>();
  for (const Line& line : Select(query, races, results_, athletes_)) orders->push_back(line.order);
  std::sort(orders->begin(), orders->end());
  absl::MutexLock lock(&mutex_);
  if (lines_ > kMostKept) {
    kept_.clear();
    lines_ = 0;
  }
  Kept& kept = kept_[list];
  lines_ +=
      static_cast<int64_t>(orders->size()) - static_cast<int64_t>(kept.orders == nullptr ? 0 : kept.orders->size());
  kept = {version, position, orders};
  return orders;
}

}  // namespace palmares::rankings
