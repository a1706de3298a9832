// The best opponents that somebody was ahead of.
//
// How good an opponent was is told by the most World Athletics points of their results before the day, whatever the
// discipline, on foot. For each race it is found once what its finishers had done before, some microseconds each, and
// kept until an earlier race changes; the races that were not asked for longest are dropped beyond kMostKept finishers.
#ifndef PALMARES_SERVICES_PORTFOLIO_OPPONENTS_H_
#define PALMARES_SERVICES_PORTFOLIO_OPPONENTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::portfolio {

struct BeatenOpponent {
  int64_t athlete = 0;       // after merges
  results::RowRef own;       // the athlete's own result
  results::RowRef opponent;  // of the same race, sex and division, behind it
  int points = 0;            // the opponent's best before the day
  results::RowRef best;      // the result that had them
};

class Opponents {
 public:
  static constexpr int64_t kMostKept = 2'000'000;  // finishers, some 32 bytes each

  // Both must outlive it.
  Opponents(const results::Results* results, const identity::Athletes* athletes)
      : results_(*results), athletes_(*athletes) {}

  // Best first, each once and in the race before which they had most points (of equal ones the newest), at most `most`.
  // Behind is who finished at a worse place overall, or where places are not given with a worse official mark. `rows`
  // are the athlete's own. Under a Reader; any number of threads.
  std::vector<BeatenOpponent> Beaten(int64_t athlete, const std::vector<results::RowRef>& rows, size_t most) const;

 private:
  struct Known {
    int32_t points = 0;
    int32_t row = 0;
    int64_t athlete = 0;  // as the row names them
    results::RowRef best;
  };
  using Group = std::pair<athletics::Sex, athletics::Division>;
  // What the earlier races were: the newest change to one, their number, and the newest merge.
  using Version = std::tuple<int64_t, int32_t, int64_t>;
  struct OfRace {
    Version version;
    std::map<Group, std::vector<Known>> groups;  // who had points before the day, most first
    int64_t size = 0;
  };
  struct Kept {
    std::shared_ptr<const OfRace> race;
    int64_t checked_at = 0;  // position at which the version was right
    int64_t last_use = 0;
  };

  std::shared_ptr<const OfRace> Found(int32_t race) const;
  std::shared_ptr<const OfRace> Find(int32_t race, const Version& version) const;
  Version VersionOf(int32_t race) const;
  void MakeRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsBehind(results::RowRef own, const results::RowFacts& facts, const Known& other) const;

  const results::Results& results_;
  const identity::Athletes& athletes_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<int32_t, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  mutable int64_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable int64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_OPPONENTS_H_
