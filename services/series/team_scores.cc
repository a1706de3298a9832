#include "services/series/team_scores.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace palmares::series {
namespace {

bool Better(int64_t a, int64_t b, const SeriesRules& rules) { return LowerIsBetter(rules.scoring) ? a < b : a > b; }

// The members of each club that have a score, best first; equal ones by their places.
std::map<std::string, std::vector<RaceScore>> MembersOf(const RaceEntries& race, const SeriesRules& rules) {
  std::map<std::string, std::vector<RaceScore>> members;
  for (const Entry& entry : race.entries) {
    if (entry.club_key.empty() || entry.athlete == 0) continue;
    RaceScore score = ScoreEntry(entry, *race.race, rules);
    if (score.scored) members[entry.club_key].push_back(std::move(score));
  }
  for (auto& [club, scores] : members) {
    std::stable_sort(scores.begin(), scores.end(),
                     [&](const RaceScore& a, const RaceScore& b) { return Better(a.score, b.score, rules); });
  }
  return members;
}

}  // namespace

std::map<std::string, RaceScore> ScoreTeams(const RaceEntries& race, int members, const SeriesRules& rules) {
  std::map<std::string, RaceScore> teams;
  std::vector<int64_t> scores;
  for (const auto& [club, athletes] : MembersOf(race, rules)) {
    RaceScore& team = teams[club];
    team.scored = static_cast<int>(athletes.size()) >= members;
    if (!team.scored) team.why_not = "INCOMPLETE_TEAM";
    for (size_t i = 0; i < athletes.size() && i < static_cast<size_t>(members); ++i) {
      team.rows.push_back(athletes[i].rows.front());
      if (!team.scored) continue;
      team.score += athletes[i].score;
      team.mark += athletes[i].mark;
    }
    if (team.scored) scores.push_back(team.score);
  }
  for (auto& [club, team] : teams) {
    if (!team.scored) continue;
    team.place = 1 + std::count_if(scores.begin(), scores.end(),
                                   [&rules, score = team.score](int64_t other) { return Better(other, score, rules); });
  }
  return teams;
}

}  // namespace palmares::series
