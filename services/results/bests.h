// Records and bests: of a race over its editions, of a course, of a country, and of a season's world list, as far as
// Palmares keeps them; in all conditions, and among marks that are legal for lists.
//
// Best marks of each race are found once and kept until its sheet changes, so that a record is a pass over races and
// not over rows. A function of the results as they stand: a correction, a sanction or an undoing moves records at once.
#ifndef PALMARES_SERVICES_RESULTS_BESTS_H_
#define PALMARES_SERVICES_RESULTS_BESTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "services/results/field_sizes.h"
#include "services/results/results.h"

namespace palmares::results {

// The mark that bests go by: official, or chip where the sheet has no official one; 0 for who did not finish.
int64_t BestMark(const RowFacts& facts);

// The last two are the athlete's own: own_bests.h.
enum class BestKind : uint8_t { kRaceRecord, kCourseRecord, kSeasonLead, kNationalBest, kPersonalBest, kSeasonBest };

// A best and the results that were as good.
struct Best {
  int64_t mark = 0;
  RowRef row;
};

// A result that was the best until then, on the day it was made; of several on one day the best.
struct BestThen {
  BestKind kind{};
  bool legal = false;                // among legal marks; else in all conditions only
  std::optional<RowRef> superseded;  // the best before; nothing for the first
};

// A best that stands or stood.
struct RecordLine {
  Best best;
  athletics::Sex sex{};
  athletics::Division division{};
  std::optional<athletics::Date> fallen;  // when it was beaten
};

class Bests {
 public:
  explicit Bests(const Results* results) : results_(*results) {}

  // What the result was when it was made: bests of its race's earlier editions, its course, its season and its country.
  // Under a Reader; any number of threads.
  std::vector<BestThen> Of(RowRef row) const;
  // Those of them that stand: better than a best before, of which there was one, and than everything since. An equal
  // mark later takes nothing away. `day`: what was after it takes nothing away either.
  std::vector<BestThen> StandingOf(RowRef row, std::optional<athletics::Date> day = std::nullopt) const;

  // Records over races of one discipline, which are given in order of their days: for each sex and division those that
  // were the best when they were made, oldest first.
  std::vector<RecordLine> Progression(const std::vector<const events::Race*>& races, bool legal) const;

  // Best marks of a group of one race's finishers.
  struct Pair {
    std::optional<Best> all, legal;
  };
  using Key = std::tuple<athletics::Sex, athletics::Division, std::string>;  // country; empty: all
  // Those of each group of the race.
  void OfEachGroup(int32_t race, absl::FunctionRef<void(const Key&, const Pair&)> take) const;

  // The race in all its editions: same event, same id, same discipline; in order of their days.
  std::vector<const events::Race*> EditionsOf(const events::Race& race) const;
  // The races on the course of that name, in order of their days.
  std::vector<const events::Race*> RacesOn(absl::string_view course) const;

 private:
  struct OfRace {
    SheetVersion version;
    absl::flat_hash_map<Key, Pair> bests;
  };
  std::shared_ptr<const OfRace> Found(int32_t race) const;
  std::shared_ptr<const OfRace> Find(int32_t number, const SheetVersion& version) const;
  bool IsBeatenInItsRace(RowRef row, int64_t mark, const Key& key) const;
  // Those of the race, its course and its season.
  void AddWorldBests(RowRef row, int64_t mark, bool legal, const Key& everybody, std::vector<BestThen>& bests) const;
  // Whether a later race, up to the day where there is one, had a better mark of who the best is among.
  bool IsBeatenSince(RowRef row, const BestThen& best, std::optional<athletics::Date> day) const;
  // The races that the kind of best is a best of.
  std::vector<const events::Race*> RacesOf(BestKind kind, const events::Race& race) const;
  // In no order; `year` 0 for all.
  std::vector<const events::Race*> RacesIn(const athletics::Discipline& discipline, int64_t year) const;
  std::optional<BestThen> Judge(RowRef row, int64_t mark, bool is_legal, const Key& key, BestKind kind,
                                const std::vector<const events::Race*>& races) const;

  const Results& results_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<int32_t, std::shared_ptr<const OfRace>> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_BESTS_H_
