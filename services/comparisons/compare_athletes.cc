#include "services/comparisons/compare_athletes.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "services/athletics/points.h"

namespace palmares::comparisons {
namespace {

using athletics::Discipline;
using athletics::Outcome;
using results::RowFacts;
using results::RowRef;

bool Better(int64_t a, int64_t b, const Discipline& discipline) { return discipline.lower_is_better ? a < b : a > b; }

bool Finished(const RowFacts& facts) { return facts.outcome == Outcome::kFinished && facts.official_mark != 0; }

bool Started(const RowFacts& facts) {
  return facts.outcome != Outcome::kDidNotStart && facts.outcome != Outcome::kWithdrawn;
}

// The rows of an athlete that belong in the comparison.
template <typename Take>
void ForEachRow(const CompareQuery& query, const results::Results& results, const identity::Athletes& athletes,
                size_t index, Take take) {
  for (const int64_t member : athletes.Members(query.athletes[index])) {
    for (const RowRef& row : results.OfAthlete(member)) {
      const events::Race& race = results.calendar().race(row.race);
      const results::RaceSheet& sheet = results.sheet(row.race);
      if (!results::Counts(sheet.state)) continue;
      if (!query.disciplines.empty() && !query.disciplines.contains(race.discipline)) continue;
      if ((query.from.has_value() && race.date < *query.from) || (query.to.has_value() && race.date > *query.to))
        continue;
      take(race, Appearance{index, row, sheet.Facts(row.row)});
    }
  }
}

std::vector<Best> BestsOf(const CompareQuery& query, const results::Results& results,
                          const identity::Athletes& athletes, size_t index) {
  std::map<std::pair<std::string, athletics::Division>, Best> bests;
  ForEachRow(query, results, athletes, index, [&](const events::Race& race, const Appearance& appearance) {
    if (!Finished(appearance.facts)) return;
    Best& best = bests[{race.discipline->code, appearance.facts.division}];
    if (best.mark != 0 && !Better(appearance.facts.official_mark, best.mark, *race.discipline)) return;
    best = {race.discipline, appearance.row, appearance.facts.official_mark, 0};
    if (appearance.facts.division != athletics::Division::kRunning) return;
    const auto* table = athletics::BuiltInScoringTables().Find(race.discipline->code, appearance.facts.sex);
    if (table != nullptr) best.points = table->PointsFor(best.mark);
  });
  std::vector<Best> out;
  out.reserve(bests.size());
  for (auto& [key, best] : bests) out.push_back(best);
  return out;
}

// Each athlete once in a race; the better row where they are there twice.
void Add(std::vector<Appearance>& appearances, const Appearance& appearance, const Discipline& discipline) {
  for (Appearance& other : appearances) {
    if (other.athlete != appearance.athlete) continue;
    const bool better =
        Finished(appearance.facts) &&
        (!Finished(other.facts) || Better(appearance.facts.official_mark, other.facts.official_mark, discipline));
    if (better) other = appearance;
    return;
  }
  appearances.push_back(appearance);
}

std::vector<Meeting> MeetingsOf(const CompareQuery& query, const results::Results& results,
                                const identity::Athletes& athletes) {
  std::map<std::pair<int32_t, athletics::Division>, std::vector<Appearance>> races;
  for (size_t index = 0; index < query.athletes.size(); ++index) {
    ForEachRow(query, results, athletes, index, [&](const events::Race& race, const Appearance& appearance) {
      if (!Started(appearance.facts)) return;
      Add(races[{race.number, appearance.facts.division}], appearance, *race.discipline);
    });
  }
  std::vector<Meeting> meetings;
  for (auto& [key, appearances] : races) {
    if (appearances.size() < 2) continue;
    std::stable_sort(appearances.begin(), appearances.end(), [](const Appearance& a, const Appearance& b) {
      const auto place = [](const Appearance& of) {
        return of.facts.place > 0 ? of.facts.place : std::numeric_limits<int32_t>::max();
      };
      return place(a) < place(b);
    });
    meetings.push_back({key.first, std::move(appearances)});
  }
  std::stable_sort(meetings.begin(), meetings.end(), [&](const Meeting& a, const Meeting& b) {
    const events::Race& first = results.calendar().race(a.race);
    const events::Race& second = results.calendar().race(b.race);
    return std::tie(first.date, first.number) > std::tie(second.date, second.number);
  });
  return meetings;
}

}  // namespace

std::optional<int> Ahead(const RowFacts& a, const RowFacts& b, const Discipline& discipline) {
  if (!Finished(a) || !Finished(b)) return std::nullopt;
  if (a.sex == b.sex && a.place > 0 && b.place > 0) return (a.place > b.place) - (a.place < b.place);
  if (a.official_mark == b.official_mark) return 0;
  return Better(a.official_mark, b.official_mark, discipline) ? -1 : 1;
}

Comparison Compare(const CompareQuery& query, const results::Results& results, const identity::Athletes& athletes) {
  Comparison comparison;
  comparison.meetings = MeetingsOf(query, results, athletes);
  for (size_t first = 0; first < query.athletes.size(); ++first) {
    comparison.bests.push_back(BestsOf(query, results, athletes, first));
    for (size_t second = first + 1; second < query.athletes.size(); ++second) {
      comparison.pairs.push_back({first, second, 0, 0, 0});
    }
  }
  for (const Meeting& meeting : comparison.meetings) {
    const Discipline& discipline = *results.calendar().race(meeting.race).discipline;
    for (PairCount& pair : comparison.pairs) {
      const Appearance* first = nullptr;
      const Appearance* second = nullptr;
      for (const Appearance& appearance : meeting.appearances) {
        if (appearance.athlete == pair.first) first = &appearance;
        if (appearance.athlete == pair.second) second = &appearance;
      }
      if (first == nullptr || second == nullptr) continue;
      const std::optional<int> ahead = Ahead(first->facts, second->facts, discipline);
      if (!ahead.has_value()) continue;
      ++(*ahead < 0 ? pair.first_ahead : *ahead > 0 ? pair.second_ahead : pair.tied);
    }
  }
  return comparison;
}

}  // namespace palmares::comparisons
