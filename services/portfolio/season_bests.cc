#include "services/portfolio/season_bests.h"

namespace palmares::portfolio {
namespace {

// Takes the newcomer where it is better than what was kept.
bool Keep(PastResults results, size_t newcomer, std::optional<size_t>& best) {
  const PastResult& result = results[newcomer];
  if (best.has_value() && !Better(result.mark, results[*best].mark, *result.discipline)) return false;
  best = newcomer;
  return true;
}

template <typename Number>
void KeepMost(PastResults results, size_t newcomer, Number PastResult::*number, std::optional<size_t>& most) {
  const Number own = results[newcomer].*number;
  if (own > 0 && (!most.has_value() || own > results[*most].*number)) most = newcomer;
}

}  // namespace

DisciplineBests BestsOf(PastResults results, const std::vector<size_t>& group) {
  DisciplineBests bests;
  for (const size_t i : group) {
    const PastResult& result = results[i];
    if (result.mark == 0) continue;
    if (Keep(results, i, bests.all)) bests.progression.push_back(i);
    if (result.legal) Keep(results, i, bests.legal);
    KeepMost(results, i, &PastResult::points, bests.points);
    KeepMost(results, i, &PastResult::age_grade, bests.age_grade);
    const bool new_season =
        bests.season_bests.empty() || results[bests.season_bests.back()].date.year() != result.date.year();
    if (new_season) {
      bests.season_bests.push_back(i);
    } else if (Better(result.mark, results[bests.season_bests.back()].mark, *result.discipline)) {
      bests.season_bests.back() = i;
    }
  }
  return bests;
}

}  // namespace palmares::portfolio
