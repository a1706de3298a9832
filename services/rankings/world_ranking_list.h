// The world ranking over the results that stand: each athlete's score by World Athletics' rules, and the list of them.
//
// What the rules need is read from the catalogue and the sheets: the competition's category from the race, else from
// its edition; the round from the race; the place within the athlete's category, as on the sheet; wind from the row,
// drop from the course; a short track from the discipline or the course, where the sport has a discipline of its own
// for it: 60 m are 60 m. A sprint without a measured wind counts as the rules say (−30 points); on a short track or
// indoors none is measured and none is missed. The results of the competitions that can still count on the day are
// looked at, whatever their discipline; earlier ones are not part of a ranking. One way computes the score of an
// athlete asked for and of each athlete of the list.
//
// A result that no scoring table has points for (a woman's over 110 m hurdles) counts for nobody; the list says how
// many those are.
//
// Cost of a list: one pass over the rows of the races that have a category, some microseconds for each athlete with
// enough results. A list of more rows than a bound is refused. Lists are kept until the next change.
#ifndef PALMARES_SERVICES_RANKINGS_WORLD_RANKING_LIST_H_
#define PALMARES_SERVICES_RANKINGS_WORLD_RANKING_LIST_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/world_ranking.h"
#include "services/identity/athletes.h"
#include "services/identity/visibility.h"
#include "services/rankings/row_records.h"
#include "services/results/results.h"

namespace palmares::rankings {

struct WorldRankingQuery {
  const athletics::Discipline* discipline = nullptr;  // main event of a group of the rules; required
  athletics::Sex sex = athletics::Sex::kUnknown;      // men or women
  athletics::Date as_of;
  const athletics::WorldRankingRules* rules = nullptr;  // required
  std::string country;  // of the athlete's latest result that counts; three letters; empty: the world
  std::string area;     // the same, of World Athletics: "EUR"
};

// One athlete's score and the rows it is made of.
struct AthleteWorldRanking {
  int64_t athlete = 0;
  athletics::WorldRankingScore score;
  std::vector<athletics::RankingResult> results;  // as the rules took them
  std::vector<results::RowRef> rows;              // of the results, by RankedResult::input
};

struct WorldRankingLine {
  int64_t rank = 0;  // ties share it, the next is skipped
  AthleteWorldRanking ranking;
};
using WorldRankingLines = std::vector<WorldRankingLine>;

struct WorldRankingList {
  WorldRankingLines lines;                          // the highest score first; equal ones in the order of their numbers
  absl::flat_hash_map<int64_t, size_t> by_athlete;  // where their line is
  int64_t without_table = 0;                        // results of the group without a scoring table

  // nullptr for somebody who is not in the list.
  const WorldRankingLine* Find(int64_t athlete) const {
    const auto found = by_athlete.find(athlete);
    return found == by_athlete.end() ? nullptr : &lines[found->second];
  }
};

// A list that is open to be read, at one position: under a Reader, which holds `now` still.
struct OpenWorldRanking {
  WorldRankingQuery query;
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  std::shared_ptr<const WorldRankingList> list;
  identity::PeopleNow now;
  RowRecords* records = nullptr;  // of lists of now
};

// The competition category that counts for a race: its own, else its edition's.
const std::string& CompetitionCategory(const events::Race& race);

// The first day whose results can count on the day of the query: of the window, or of the years that area championships
// count for.
athletics::Date FirstDayThatCounts(const WorldRankingQuery& query);

// The last day on which a result that counts now still can: the end of its window, for area championships of their
// years.
athletics::Date LastDayThatCounts(const athletics::RankingResult& result, const athletics::EventGroup& group,
                                  const athletics::WorldRankingRules& rules);

// `athlete`: after merges. NOT_FOUND where the rules rank no such discipline.
absl::StatusOr<AthleteWorldRanking> ScoreAthlete(const WorldRankingQuery& query, const results::Results& results,
                                                 const identity::Athletes& athletes, int64_t athlete);

// Athletes with enough results. RESOURCE_EXHAUSTED where more than `most_rows` rows would be looked at.
absl::StatusOr<WorldRankingList> ComputeWorldRanking(const WorldRankingQuery& query, const results::Results& results,
                                                     const identity::Athletes& athletes, int64_t most_rows);

// Keeps the lists of the newest position that were asked for. Thread-safe; used under a Reader.
class WorldRankings {
 public:
  // All must outlive it.
  WorldRankings(const results::Results* results, const identity::Athletes* athletes, RowRecords* records,
                int64_t most_rows)
      : results_(*results), athletes_(*athletes), records_(*records), most_rows_(most_rows) {}

  // RESOURCE_EXHAUSTED as ComputeWorldRanking.
  absl::StatusOr<OpenWorldRanking> Open(const WorldRankingQuery& query, int64_t position);

  const results::Results& results() const { return results_; }
  const identity::Athletes& athletes() const { return athletes_; }

 private:
  OpenWorldRanking Opened(const WorldRankingQuery& query, std::shared_ptr<const WorldRankingList> list) const {
    return {query, &results_, &athletes_, std::move(list), {&results_, &athletes_}, &records_};
  }

  const results::Results& results_;
  const identity::Athletes& athletes_;
  RowRecords& records_;
  const int64_t most_rows_;
  absl::Mutex mutex_;
  int64_t position_ ABSL_GUARDED_BY(mutex_) = -1;
  std::map<std::string, std::shared_ptr<const WorldRankingList>> lists_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_WORLD_RANKING_LIST_H_
