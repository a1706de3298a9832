#include "services/series/standings.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/series/standing_ties.h"
#include "services/series/team_scores.h"

namespace palmares::series {
namespace {

constexpr int kLongestChain = 8;
constexpr int64_t kPerCent = 100;

// Athletes by number, teams by key.
using Contestant = std::pair<int64_t, std::string>;
using Rows = std::map<Contestant, StandingRow>;

StandingRow& RowOf(const Contestant& who, Rows& rows) {
  StandingRow& row = rows[who];
  row.athlete = who.first;
  row.club_key = who.second;
  return row;
}

void AddAthletes(const RaceEntries& race, size_t index, const SeriesRules& rules, Rows& rows) {
  for (const Entry& entry : race.entries) {
    if (entry.athlete == 0) continue;
    RaceScore score = ScoreEntry(entry, *race.race, rules);
    score.race = index;
    RowOf({entry.athlete, ""}, rows).races.push_back(std::move(score));
  }
}

void AddTeams(const RaceEntries& race, size_t index, int members, const Views& views, const SeriesRules& rules,
              Rows& rows) {
  for (auto& [club, score] : ScoreTeams(race, members, rules)) {
    StandingRow& row = RowOf({0, club}, rows);
    if (row.club_text.empty()) {
      const results::RowRef first = score.rows.front().row;
      const results::RaceSheet::Address address = views.results->sheet(first.race).Find(first.row);
      row.club_text = std::string(address.facts->club(address.row));
    }
    score.race = index;
    row.races.push_back(std::move(score));
  }
}

// Marks the best results as those that count, and adds them up. Says whether there are enough of them.
bool TakeBest(const SeriesRules& rules, StandingRow& row) {
  std::vector<RaceScore*> scored;
  for (RaceScore& race : row.races) {
    if (race.scored) scored.push_back(&race);
  }
  std::stable_sort(scored.begin(), scored.end(), [&](const RaceScore* a, const RaceScore* b) {
    return LowerIsBetter(rules.scoring) ? a->score < b->score : a->score > b->score;
  });
  for (size_t i = 0; i < scored.size(); ++i) {
    if (rules.best > 0 && i >= static_cast<size_t>(rules.best)) {
      scored[i]->why_not = "BEYOND_BEST_K";
      continue;
    }
    scored[i]->counts = true;
    row.score += scored[i]->score;
  }
  return static_cast<int>(scored.size()) >= rules.least;
}

Standings Compute(const Series& series, const Category& category, const Views& views,
                  std::optional<athletics::Date> up_to, int depth);

void AddCarried(const Series& series, const Category& category, const Views& views, int depth, Rows& rows) {
  for (const Carried& carried : series.rules->carried) {
    if (carried.category != category.name) continue;
    const bool team = category.members > 0;
    const int64_t athlete = team ? 0 : views.athletes->Resolve(views.athletes->Find(carried.athlete));
    if (!team && athlete == 0) continue;
    StandingRow& row = RowOf({athlete, team ? views.clubs->KeyOf(carried.club) : ""}, rows);
    if (row.club_text.empty()) row.club_text = carried.club;
    row.carried += carried.score;
  }
  const Series* earlier = views.series->Find(series.rules->carried_from);
  const Category* same = earlier == nullptr ? nullptr : earlier->rules->FindCategory(category.name);
  if (same == nullptr || depth >= kLongestChain || (same->members > 0) != (category.members > 0)) return;
  for (const StandingRow& before : Compute(*earlier, *same, views, std::nullopt, depth + 1).rows) {
    StandingRow& row = RowOf({before.athlete, before.club_key}, rows);
    if (row.club_text.empty()) row.club_text = before.club_text;
    row.carried += before.score * series.rules->carried_per_cent / kPerCent;
  }
}

Standings Compute(const Series& series, const Category& category, const Views& views,
                  std::optional<athletics::Date> up_to, int depth) {
  const SeriesRules& rules = *series.rules;
  Standings standings;
  Rows rows;
  for (const RaceEntries& race : CollectEntries(series, category, views, up_to)) {
    const size_t index = standings.races.size();
    standings.races.push_back(race.race);
    if (category.members > 0) {
      AddTeams(race, index, category.members, views, rules, rows);
    } else {
      AddAthletes(race, index, rules, rows);
    }
  }
  AddCarried(series, category, views, depth, rows);
  for (auto& [who, row] : rows) {
    if (!TakeBest(rules, row)) continue;
    row.score += row.carried;
    standings.rows.push_back(std::move(row));
  }
  OrderAndRank(rules, standings.rows);
  return standings;
}

}  // namespace

Standings ComputeStandings(const Series& series, const Category& category, const Views& views,
                           std::optional<athletics::Date> up_to) {
  return Compute(series, category, views, up_to, 0);
}

}  // namespace palmares::series
