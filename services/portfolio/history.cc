#include "services/portfolio/history.h"

#include <algorithm>
#include <tuple>

#include "services/results/mark_facts.h"

namespace palmares::portfolio {

using results::RowFacts;
using results::RowRef;

namespace {

// A row with what its order and its bests depend on.
struct Candidate {
  RowRef row;
  RowFacts facts;
  athletics::Date date;
  const athletics::Discipline* discipline = nullptr;
};

bool Earlier(const Candidate& a, const Candidate& b) { return std::tie(a.date, a.row) < std::tie(b.date, b.row); }

}  // namespace

std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete) {
  return History(athletes, results, athlete, [&results](RowRef row, const RowFacts&) {
    const events::Race& race = results.calendar().race(row.race);
    return results::ListLegality(race, results.sheet(row.race), row.row) == athletics::Legality::kLegal;
  });
}

std::vector<HistoryLine> History(const identity::Athletes& athletes, const results::Results& results, int64_t athlete,
                                 IsListLegal is_legal) {
  std::vector<Candidate> candidates;
  for (int64_t member : athletes.Members(athlete)) {
    for (const RowRef& ref : results.OfAthlete(member)) {
      const results::RaceSheet& sheet = results.sheet(ref.race);
      if (!results::Counts(sheet.state)) continue;
      const RowFacts facts = sheet.Standing(ref.row);
      if (facts.outcome == athletics::Outcome::kWithdrawn) continue;
      const events::Race& race = results.calendar().race(ref.race);
      candidates.push_back({ref, facts, race.date, race.discipline});
    }
  }
  std::sort(candidates.begin(), candidates.end(), Earlier);
  results::OwnBestsSoFar bests;
  std::vector<HistoryLine> lines;
  lines.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    const results::OwnMark mark{candidate.row, candidate.discipline, candidate.facts.division, candidate.date.year(),
                                results::BestMark(candidate.facts)};
    const results::OwnBestThen then = bests.Take(mark, [&] { return is_legal(candidate.row, candidate.facts); });
    lines.push_back({candidate.row, then});
  }
  return lines;
}

}  // namespace palmares::portfolio
