#include "services/qualification/line_history.h"

#include <optional>
#include <utility>

namespace palmares::qualification {

void LineSteps::Look(int64_t athlete) {
  steps_.erase(athlete);
  if (views_.athletes->Resolve(athlete) != athlete) return;
  if (!MayMeet(*standard_, *views_.athletes, *views_.results, athlete)) return;
  const AthleteFacts facts = GatherWithoutNames(*views_.athletes, *views_.results, athlete);
  std::set<athletics::Date> days;
  for (const Performance& performance : facts.performances) days.insert(performance.date);
  if (standard_->field.cutoff_decided) days.insert(*standard_->field.cutoff_decided);
  std::map<athletics::Date, std::vector<Entrant>> own;
  for (const athletics::Date day : days) {
    if (day > until_) break;
    std::vector<Entrant> entrants = EntrantsOf(*standard_, views_, athlete, day);
    if (own.empty() && entrants.empty()) continue;
    days_.insert(day);
    own[day] = std::move(entrants);
  }
  if (!own.empty()) steps_[athlete] = std::move(own);
}

bool LineSteps::Work(int64_t position, int64_t most) {
  return athletes_.Work(position, most, [this](int64_t athlete) { Look(athlete); });
}

Entrants LineSteps::At(athletics::Date day) const {
  Entrants entrants;
  for (const auto& [athlete, steps] : steps_) {
    const auto after = steps.upper_bound(day);
    if (after == steps.begin() || std::prev(after)->second.empty()) continue;
    entrants[athlete] = std::prev(after)->second;
  }
  return entrants;
}

}  // namespace palmares::qualification
