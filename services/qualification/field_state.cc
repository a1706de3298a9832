#include "services/qualification/field_state.h"

#include <algorithm>
#include <utility>

namespace palmares::qualification {
namespace {

bool BelongsInAField(const Verdict& verdict) {
  return verdict.Best() != nullptr &&
         (verdict.status == Status::kQualified || verdict.status == Status::kProvisional ||
          verdict.status == Status::kOutsideCutoff || verdict.status == Status::kUncertain);
}

Verdict WithoutOthers(const Verdict& verdict) {
  Verdict trimmed = verdict;
  trimmed.considered = {*verdict.Best()};
  trimmed.counting = verdict.counting >= 0 ? 0 : -1;
  trimmed.nearest = verdict.counting >= 0 ? -1 : 0;
  return trimmed;
}

Entrant EntrantOf(const QualificationViews& views, int64_t athlete, const AthleteFacts& facts, const Verdict& verdict) {
  Entrant entrant;
  entrant.athlete = athlete;
  entrant.sex = facts.athlete.sex;
  entrant.discipline = verdict.standard->events[static_cast<size_t>(verdict.event)].discipline;
  if (const int at = verdict.Best()->performance; at >= 0) {
    const auto index = static_cast<size_t>(at);
    entrant.has_result = true;
    entrant.row = facts.rows[index];
    entrant.date = facts.performances[index].date;
    entrant.discipline = facts.performances[index].discipline;
    if (facts.performances[index].sex != athletics::Sex::kUnknown) entrant.sex = facts.performances[index].sex;
  }
  entrant.candidate = {views.athletes->Name(athlete), facts.athlete.country, WithoutOthers(verdict)};
  return entrant;
}

}  // namespace

std::vector<Entrant> EntrantsOf(const Standard& standard, const QualificationViews& views, int64_t athlete,
                                const AnswerDay& as_of) {
  std::vector<Entrant> entrants;
  if (!MayMeet(standard, *views.athletes, *views.results, athlete)) return entrants;
  const AthleteFacts facts = GatherWithoutNames(*views.athletes, *views.results, athlete);
  for (const Verdict& verdict : EvaluateEvents(standard, facts.athlete, facts.performances, as_of)) {
    if (BelongsInAField(verdict)) entrants.push_back(EntrantOf(views, athlete, facts, verdict));
  }
  return entrants;
}

std::vector<Entrant> EntrantsOf(const Standard& standard, const QualificationViews& views, int64_t athlete,
                                athletics::Date as_of) {
  return EntrantsOf(standard, views, athlete, OnDay(as_of));
}

void FieldState::Look(int64_t athlete) {
  std::vector<Entrant> entrants;
  if (views_.athletes->Resolve(athlete) == athlete) entrants = EntrantsOf(*standard_, views_, athlete, as_of_);
  if (entrants.empty() && !entrants_->contains(athlete)) return;
  if (entrants_.use_count() > 1) entrants_ = std::make_shared<Entrants>(*entrants_);  // a snapshot has the old one
  if (entrants.empty()) {
    entrants_->erase(athlete);
  } else {
    (*entrants_)[athlete] = std::move(entrants);
  }
}

bool FieldState::Work(int64_t position, int64_t most) {
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

std::shared_ptr<const FieldSnapshot> FieldState::Snapshot() {
  if (snapshot_ == nullptr || snapshot_->position != position_) {
    snapshot_ = std::make_shared<const FieldSnapshot>(
        FieldSnapshot{position_, as_of_.day, standard_, revision_, std::shared_ptr<const Entrants>(entrants_)});
  }
  return snapshot_;
}

}  // namespace palmares::qualification
