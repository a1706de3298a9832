// The bests of an athlete: which of their marks were a personal best, or a best of the year, when they were made.
//
// A best is better than everything before it in the same discipline and division, on the official clock (chip where
// there is no other): an equal mark later is none.
#ifndef PALMARES_SERVICES_RESULTS_OWN_BESTS_H_
#define PALMARES_SERVICES_RESULTS_OWN_BESTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::results {

// A mark that may be a best.
struct OwnMark {
  RowRef row;
  const athletics::Discipline* discipline = nullptr;
  athletics::Division division = athletics::Division::kRunning;
  int64_t year = 0;
  int64_t mark = 0;  // BestMark; 0 is none and never a best
};

// What a mark was among some of the athlete's when it was made.
struct OwnBest {
  bool personal_best = false;
  bool season_best = false;                 // within its calendar year
  std::optional<RowRef> personal_before{};  // what was the personal best before; nothing for the first
  std::optional<RowRef> season_before{};
};
struct OwnBestThen {
  OwnBest all = {};    // in all conditions
  OwnBest legal = {};  // among marks that are legal for lists
};

// The best marks of an athlete up to a day.
class OwnBestsSoFar {
 public:
  // Oldest first: by day, and by row of one day. `is_legal` is asked only where it makes a difference.
  OwnBestThen Take(const OwnMark& mark, absl::FunctionRef<bool()> is_legal);

 private:
  struct Held {
    int64_t mark = 0;
    RowRef row;
  };
  struct Among {
    int64_t year = 0;
    Held personal, season;
  };
  struct Group {
    const athletics::Discipline* discipline = nullptr;
    athletics::Division division{};
    Among all, legal;
  };
  static bool WouldImprove(const OwnMark& mark, const Among& among);
  static OwnBest TakeAmong(const OwnMark& mark, Among& among);

  std::vector<Group> groups_;
};

// Personal before season's. One among legal marks is said as such, whether it is one in all conditions too or not.
std::vector<BestThen> SaidOnce(const OwnBestThen& bests);

// Those of a result. `rows_of_athlete`: all their rows, in any order, the result's own among them or not. Under a
// Reader.
std::vector<BestThen> OwnBests(const Results& results, RowRef row, absl::Span<const RowRef> rows_of_athlete);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_OWN_BESTS_H_
