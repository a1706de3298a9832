// What changes in a list between two moments: its top, and the ranks of watched athletes.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/open_list.h"

namespace palmares::rankings {

// When a list is looked at again: one that takes a pass over results no more often than once in kBetweenPasses, whether
// anything changed in it or not. Times are given by the caller.
class WatchPace {
 public:
  static constexpr absl::Duration kBetweenPasses = absl::Seconds(1);

  explicit WatchPace(bool takes_a_pass) : takes_a_pass_(takes_a_pass) {}

  // How long to wait before the next look.
  absl::Duration Wait(absl::Time now) const { return std::max(absl::ZeroDuration(), next_ - now); }
  // The list was looked at.
  void Looked(absl::Time now) { next_ = takes_a_pass_ ? now + kBetweenPasses : now; }

 private:
  const bool takes_a_pass_;
  absl::Time next_ = absl::InfinitePast();
};

// What is watched.
struct Watched {
  int32_t top = 0;                // this many ranks
  std::vector<int64_t> athletes;  // by number, before merges
};

// Where those who are watched stand at one position. An athlete has a line here for as long as they are in the top, or
// in the list and watched.
struct Sighting {
  struct Place {
    int32_t rank = 0;
    int64_t order = 0;
    results::RowRef row;
  };
  absl::flat_hash_map<int64_t, Place> places;  // by athlete after merges
  int64_t total = 0;
};

Sighting Look(const OpenList& list, const Watched& watched);

// The changes from one sighting to the list as it stands, in the order of the new ranks; who is out comes last. Where
// exactly one result is new among them, it is the cause of all.
absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenList& list,
                        v1::WatchRankingResponse& out);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_
