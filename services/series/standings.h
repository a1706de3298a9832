// Standings of a series in one category: a function of the results as they stand, computed when they are asked for.
//
// Cost: one pass over the rows of the series' races.
#ifndef PALMARES_SERVICES_SERIES_STANDINGS_H_
#define PALMARES_SERVICES_SERIES_STANDINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/series/race_scores.h"

namespace palmares::series {

struct StandingRow {
  int64_t rank = 0;       // ties share it, the next is skipped
  int64_t athlete = 0;    // of a team 0
  std::string club_key;   // of a team; ClubsView::KeyOf
  std::string club_text;  // as a sheet prints it; the first row of the first race that has one
  int64_t score = 0;      // with what was carried over
  int64_t carried = 0;
  std::optional<TieRule> tie_break;  // that put the row before or after others of the same score
  std::vector<RaceScore> races;      // in the order of the series
};

struct Standings {
  std::vector<const events::Race*> races;  // that have a public sheet
  std::vector<StandingRow> rows;           // in their order; equal ones by athlete's number or club's key
};

// `up_to`: only races until this day; nothing for all. A series that carries over from another one takes that one's
// standings whole, whatever the day; a chain of more than eight series is cut off there.
Standings ComputeStandings(const Series& series, const Category& category, const Views& views,
                           std::optional<athletics::Date> up_to = std::nullopt);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_STANDINGS_H_
