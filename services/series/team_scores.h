// Teams: the best so many of a club in a race, their scores added up.
#ifndef PALMARES_SERVICES_SERIES_TEAM_SCORES_H_
#define PALMARES_SERVICES_SERIES_TEAM_SCORES_H_

#include <map>
#include <string>

#include "services/series/race_scores.h"

namespace palmares::series {

// The score of every club that had somebody with a score in the race, by its key. Those with fewer than `members` have
// none: INCOMPLETE_TEAM. A team's place is by its score; equal scores share it.
std::map<std::string, RaceScore> ScoreTeams(const RaceEntries& race, int members, const SeriesRules& rules);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_TEAM_SCORES_H_
