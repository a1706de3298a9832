// What one athlete or team gets from one race.
#ifndef PALMARES_SERVICES_SERIES_RACE_SCORES_H_
#define PALMARES_SERVICES_SERIES_RACE_SCORES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/series/standing_entries.h"

namespace palmares::series {

// A row that a score is made of.
struct ScoredRow {
  results::RowRef row;
  int64_t athlete = 0;
  int64_t score = 0;
  int64_t place = 0;
};

// One contestant's race. What has no score says why: "NO_MARK", "NOT_GRADED", "INCOMPLETE_TEAM".
struct RaceScore {
  size_t race = 0;  // index in the races of the standings
  std::vector<ScoredRow> rows;
  int64_t score = 0;
  int64_t place = 0;  // among athletes in the category, or among teams by their scores; 0: no score
  int64_t mark = 0;   // of a team the sum
  bool scored = false;
  bool counts = false;
  std::string why_not;  // it does not count: the above, or "BEYOND_BEST_K"
};

// The score of an entry by the rules; rows holds the entry itself.
RaceScore ScoreEntry(const Entry& entry, const events::Race& race, const SeriesRules& rules);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_RACE_SCORES_H_
