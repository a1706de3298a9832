// What changes in a list between two moments: its top, and the ranks of watched athletes.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/open_list.h"

namespace palmares::rankings {

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
