#include "services/portfolio/history.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "services/results/mark_facts.h"

namespace palmares::portfolio {

using results::RowFacts;
using results::RowRef;

namespace {

// Discipline, division, year (0 for all time), legal marks alone.
using Key = std::tuple<const athletics::Discipline*, athletics::Division, int64_t, bool>;

// Best marks so far.
class BestsSoFar {
 public:
  bool Improves(const Key& key, int64_t mark) {
    const auto [best, first] = bests_.try_emplace(key, mark);
    const bool lower = std::get<0>(key)->lower_is_better;
    const bool better = first || (lower ? mark < best->second : mark > best->second);
    if (better) best->second = mark;
    return better;
  }

 private:
  std::map<Key, int64_t> bests_;
};

}  // namespace

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
  BestsSoFar bests;
  for (HistoryLine& line : lines) {
    const results::RaceSheet& sheet = results.sheet(line.row.race);
    const RowFacts facts = sheet.Facts(line.row.row);
    const int64_t mark = results::BestMark(facts);
    if (mark == 0) continue;
    const events::Race& race = race_of(line);
    const bool is_legal = results::ListLegality(race, sheet, line.row.row) == athletics::Legality::kLegal;
    for (const bool legal : {false, true}) {
      if (legal && !is_legal) continue;
      BestFlags& flags = legal ? line.legal : line.all;
      flags.personal_best = bests.Improves({race.discipline, facts.division, 0, legal}, mark);
      flags.season_best = bests.Improves({race.discipline, facts.division, race.date.year(), legal}, mark);
    }
  }
  return lines;
}

}  // namespace palmares::portfolio
