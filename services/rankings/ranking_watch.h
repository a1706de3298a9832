// What changes in a list between two moments: the rows of its top, and those of watched athletes.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/open_list.h"
#include "services/rankings/world_ranking_list.h"

namespace palmares::rankings {

// When a list is looked at again: no more often than once in kBetweenLooks, and one that takes a pass over results no
// more often than once in kBetweenPasses, whether anything changed in it or not. Times are given by the caller.
class WatchPace {
 public:
  static constexpr absl::Duration kBetweenLooks = absl::Milliseconds(100);
  static constexpr absl::Duration kBetweenPasses = absl::Seconds(1);

  explicit WatchPace(bool takes_a_pass) : takes_a_pass_(takes_a_pass) {}

  // How long to wait before the next look.
  absl::Duration Wait(absl::Time now) const { return std::max(absl::ZeroDuration(), next_ - now); }
  // The list was looked at.
  void Looked(absl::Time now) { next_ = now + (takes_a_pass_ ? kBetweenPasses : kBetweenLooks); }

 private:
  const bool takes_a_pass_;
  absl::Time next_ = absl::InfinitePast();
};

// What is watched.
struct Watched {
  int32_t top = 0;                // this many ranks
  std::vector<int64_t> athletes;  // by number, before merges
};

// Where those who are watched stand at one position, with their rows. A line is here for as long as it is in the top,
// or the best of an athlete who is watched.
struct Sighting {
  // Whose line it is: an athlete's, after merges. In the top of a list of all performances, and for somebody without an
  // identity, it is that of the result of this name.
  using Key = std::pair<int64_t, std::string>;
  struct Place {
    int32_t rank = 0;  // 0: nowhere
    int32_t tied = 0;  // others who share it
    int64_t athlete = 0;
    int64_t order = 0;     // of a list's line; 0 in a world ranking
    results::RowRef line;  // the same
    v1::RankingRow row;    // as it is sent, but without its records, which cost a pass to find
  };
  absl::flat_hash_map<Key, Place> places;
  int64_t total = 0;
  int64_t position = 0;  // of the ledger
};

// Writes each row that is watched: some microseconds for each. DATA_LOSS where a name cannot be read.
absl::StatusOr<Sighting> Look(const OpenList& list, const Watched& watched, int64_t position);
Sighting Look(const OpenWorldRanking& list, const Watched& watched, int64_t position);

// The changes from one sighting to the list as it stands, in the order of the new ranks; who is out comes last. A row
// changed where its rank, how many share that, or anything that it says did. The result of a row is the cause where it
// was written or revised since; where one alone was, it is the cause also of the others' new ranks. In a world ranking,
// whose rows stand for several results, none is named.
absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenList& list,
                        v1::WatchRankingResponse& out);
absl::Status AddChanges(const Sighting& before, const Sighting& now, const OpenWorldRanking& list,
                        v1::WatchRankingResponse& out);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_WATCH_H_
