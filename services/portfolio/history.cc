#include "services/portfolio/history.h"

#include <algorithm>
#include <tuple>

#include "services/results/mark_facts.h"

namespace palmares::portfolio {

using results::RowFacts;
using results::RowRef;

namespace {

// A line with what its order and its bests depend on.
struct Candidate {
  HistoryLine line;
  RowFacts facts;
  athletics::Date date;
  const athletics::Discipline* discipline = nullptr;
};

bool Earlier(const Candidate& a, const Candidate& b) {
  return std::tie(a.date, a.line.row) < std::tie(b.date, b.line.row);
}

// The best marks of a discipline and division so far: of all time and of the year of the last one.
class BestsSoFar {
 public:
  BestsSoFar(const athletics::Discipline* discipline, athletics::Division division)
      : discipline_(discipline), division_(division) {}

  bool Concerns(const Candidate& candidate) const {
    return candidate.discipline == discipline_ && candidate.facts.division == division_;
  }
  // Whether the mark would be a best of any kind.
  bool WouldImprove(int64_t mark, int64_t year) const {
    return year != year_ || Beats(mark, season_) || Beats(mark, personal_);
  }
  void Take(const Candidate& candidate, int64_t mark, BestFlags& flags) {
    if (candidate.date.year() != year_) season_ = {};
    year_ = candidate.date.year();
    flags.personal_best = Replace(candidate.line.row, mark, personal_, flags.personal_before);
    flags.season_best = Replace(candidate.line.row, mark, season_, flags.season_before);
  }

 private:
  struct Best {
    int64_t mark = 0;
    RowRef row;
  };
  bool Beats(int64_t mark, const Best& best) const {
    return best.mark == 0 || (discipline_->lower_is_better ? mark < best.mark : mark > best.mark);
  }
  bool Replace(RowRef row, int64_t mark, Best& best, std::optional<RowRef>& before) const {
    if (!Beats(mark, best)) return false;
    if (best.mark != 0) before = best.row;
    best = {mark, row};
    return true;
  }

  const athletics::Discipline* discipline_;
  athletics::Division division_;
  int64_t year_ = 0;
  Best personal_, season_;
};

// Few disciplines are one athlete's, so they are looked for one by one.
BestsSoFar& Of(const Candidate& candidate, std::vector<BestsSoFar>& bests) {
  const auto found =
      std::find_if(bests.begin(), bests.end(), [&](const BestsSoFar& one) { return one.Concerns(candidate); });
  if (found != bests.end()) return *found;
  return bests.emplace_back(candidate.discipline, candidate.facts.division);
}

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
      candidates.push_back({{ref}, facts, race.date, race.discipline});
    }
  }
  std::sort(candidates.begin(), candidates.end(), Earlier);
  std::vector<BestsSoFar> all, legal;
  std::vector<HistoryLine> lines;
  lines.reserve(candidates.size());
  for (Candidate& candidate : candidates) {
    const int64_t mark = results::BestMark(candidate.facts);
    if (mark != 0) {
      Of(candidate, all).Take(candidate, mark, candidate.line.all);
      BestsSoFar& among_legal = Of(candidate, legal);
      const bool asks = among_legal.WouldImprove(mark, candidate.date.year());
      if (asks && is_legal(candidate.line.row, candidate.facts)) {
        among_legal.Take(candidate, mark, candidate.line.legal);
      }
    }
    lines.push_back(candidate.line);
  }
  return lines;
}

}  // namespace palmares::portfolio
