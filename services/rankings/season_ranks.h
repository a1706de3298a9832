// Where a mark stands in the lists of a calendar year: of the world, and of a country.
#ifndef PALMARES_SERVICES_RANKINGS_SEASON_RANKS_H_
#define PALMARES_SERVICES_RANKINGS_SEASON_RANKS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/rankings/boards.h"

namespace palmares::rankings {

struct SeasonRank {
  int64_t rank = 0;  // of equal marks one
  int64_t total_size = 0;
};

// The world's lists are the standing boards. A country's is made when it is first asked for, by a pass over the rows of
// its races, some tens of nanoseconds each, and kept until one of them changes; beyond kMostKept lines all are dropped.
// Thread-safe; called under a Reader.
class SeasonRanks {
 public:
  static constexpr int64_t kMostKept = 4'000'000;  // lines of 8 bytes
  static constexpr int64_t kMostRows = 2'000'000;  // that one pass looks at

  // All outlive it.
  SeasonRanks(const Boards* boards, const results::Results* results, const identity::Athletes* athletes)
      : boards_(*boards), results_(*results), athletes_(*athletes) {}

  // `country`: three-letter code; empty: the world. Nothing where a country's list would be picked from more
  // rows than kMostRows.
  std::optional<SeasonRank> Of(const StandingKey& key, const std::string& country, int64_t mark) const;

 private:
  using Orders = std::vector<int64_t>;
  using ListKey = std::pair<StandingKey, std::string>;
  using Version = std::tuple<int64_t, size_t, int64_t>;  // newest change of a race, their number, newest merge
  struct Kept {
    Version version;
    int64_t checked_at = 0;  // position at which the version was right
    std::shared_ptr<const Orders> orders;
  };
  // The orders of a country's list, sorted; nullptr where it would take too long.
  std::shared_ptr<const Orders> OfCountry(const StandingKey& key, const std::string& country) const;
  Version VersionOf(const RacesOfList& races) const;

  const Boards& boards_;
  const results::Results& results_;
  const identity::Athletes& athletes_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<ListKey, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  mutable int64_t lines_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_SEASON_RANKS_H_
