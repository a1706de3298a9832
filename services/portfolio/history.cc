#include "services/portfolio/history.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace palmares::portfolio {

using results::RowFacts;
using results::RowRef;

int64_t BestMark(const RowFacts& facts) {
  if (facts.outcome != athletics::Outcome::kFinished) return 0;
  return facts.official_mark != 0 ? facts.official_mark : facts.chip_mark;
}

std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete) {
  std::vector<HistoryLine> lines;
  for (int64_t member : athletes.Members(athlete)) {
    for (const RowRef& ref : results.OfAthlete(member)) {
      if (results::Counts(results.sheet(ref.race).state)) lines.push_back({ref});
    }
  }
  const auto race_of = [&results](const HistoryLine& line) -> const events::Race& {
    return results.calendar().race(line.row.race);
  };
  std::sort(lines.begin(), lines.end(), [&](const HistoryLine& a, const HistoryLine& b) {
    return std::make_tuple(race_of(a).date, a.row.race, a.row.row) <
           std::make_tuple(race_of(b).date, b.row.race, b.row.row);
  });
  using Key = std::tuple<const athletics::Discipline*, athletics::Division, int64_t>;  // year, or 0 for all time
  std::map<Key, int64_t> bests;
  const auto improves = [&bests](const Key& key, int64_t mark) {
    const auto [best, first] = bests.try_emplace(key, mark);
    const bool lower = std::get<0>(key)->lower_is_better;
    const bool better = first || (lower ? mark < best->second : mark > best->second);
    if (better) best->second = mark;
    return better;
  };
  for (HistoryLine& line : lines) {
    const RowFacts facts = results.sheet(line.row.race).Standing(line.row.row);
    const int64_t mark = BestMark(facts);
    if (mark == 0) continue;
    const events::Race& race = race_of(line);
    line.personal_best = improves({race.discipline, facts.division, 0}, mark);
    line.season_best = improves({race.discipline, facts.division, race.date.year()}, mark);
  }
  return lines;
}

}  // namespace palmares::portfolio
