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
  if (position_ < 0) {
    views_.touches->Activate();
    position_ = position;
  }
  if (position > position_) {
    const std::optional<TouchLog::Since> since = views_.touches->After(position_);
    if (since.has_value() && !since->everybody.has_value()) {
      for (const int64_t athlete : since->athletes) {
        pending_.insert(athlete);
        pending_.insert(views_.athletes->Resolve(athlete));
      }
    } else {
      next_ = 1;
      pending_.clear();
    }
    position_ = position;
  }
  for (; next_ <= views_.athletes->count() && most > 0; ++next_, --most) Look(next_);
  while (!pending_.empty() && most-- > 0) {
    const int64_t athlete = *pending_.begin();
    pending_.erase(pending_.begin());
    Look(athlete);
  }
  return pending_.empty() && next_ > views_.athletes->count();
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
