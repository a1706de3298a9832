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
    if (!BelongsInAField(verdict)) continue;
    entrants.push_back(EntrantOf(views, athlete, facts, verdict));
    for (const Verdict& later : LaterWays(verdict)) {
      entrants.push_back(EntrantOf(views, athlete, facts, later));
      entrants.back().candidate.later_way = true;
    }
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
  return athletes_.Work(position, most, [this](int64_t athlete) { Look(athlete); });
}

std::shared_ptr<const FieldSnapshot> FieldState::Snapshot() {
  if (snapshot_ == nullptr || snapshot_->position != athletes_.position()) {
    snapshot_ = std::make_shared<const FieldSnapshot>(FieldSnapshot{
        athletes_.position(), as_of_.day, standard_, revision_, std::shared_ptr<const Entrants>(entrants_)});
  }
  return snapshot_;
}

}  // namespace palmares::qualification
