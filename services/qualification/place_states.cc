#include "services/qualification/place_states.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/qualification/places.h"
#include "services/qualification/verdict_messages.h"

namespace palmares::qualification {
namespace {

bool MeetsByResults(std::optional<Status> own) { return own == Status::kQualified || own == Status::kProvisional; }

bool IsIn(v1::VerdictState state) {
  return state == v1::VERDICT_STATE_QUALIFIED || state == v1::VERDICT_STATE_PROVISIONAL;
}

// Whether the field has no place for the athlete in the event of the verdict, which meets the standard.
bool IsLeftOut(const OrderedField& field, int64_t athlete, Verdict verdict) {
  const std::optional<Place> place = FindPlace(field, verdict.event, athlete);
  if (!place.has_value()) return false;
  ApplyPlace(*place, verdict);
  return verdict.rule == Rule::kQuota || verdict.rule == Rule::kCountryCap;
}

// The athlete's whole verdict, as their field leaves it.
v1::Verdict VerdictNow(const AppliedStandard& applied, const OrderedField& field, const QualificationViews& views,
                       int64_t athlete, absl::Time now) {
  const AthleteFacts facts = GatherFacts(*views.athletes, *views.results, athlete);
  Verdict verdict = Evaluate(*applied.standard, facts.athlete, facts.performances, AtInstant(*applied.standard, now));
  const std::optional<Place> place = FindPlace(field, verdict.event, athlete);
  if (place.has_value() && verdict.counting >= 0) ApplyPlace(*place, verdict);
  v1::Verdict out = ToProto(verdict, applied.revision, facts.athlete, facts.performances, 0);
  out.set_athlete(views.athletes->Name(athlete));
  return out;
}

// Those watched who meet the standard by their results and have no place.
absl::flat_hash_set<int64_t> OutsideOf(const AppliedStandard& applied, const OrderedField& field,
                                       const QualificationViews& views, const VerdictStates& states, absl::Time now) {
  absl::flat_hash_set<int64_t> outside;
  for (const auto& [athlete, entrants] : *field.snapshot->entrants) {
    if (!states.Watches(athlete) || !MeetsByResults(states.Find(athlete, applied.standard->id))) continue;
    // Of several events the verdict is about the one in which they stand best.
    const bool one = entrants.size() == 1;
    const bool left_out = std::any_of(entrants.begin(), entrants.end(), [&, who = athlete](const Entrant& entrant) {
      return IsLeftOut(field, who, entrant.candidate.verdict);
    });
    if (!left_out) continue;
    if (one || !IsIn(VerdictNow(applied, field, views, athlete, now).state())) outside.insert(athlete);
  }
  return outside;
}

}  // namespace

std::vector<AppliedStandard> PlaceStates::Limited(const std::vector<AppliedStandard>& standards) {
  std::vector<AppliedStandard> limited;
  for (const AppliedStandard& applied : standards) {
    bool any = false;
    for (size_t event = 0; event < applied.standard->events.size(); ++event) {
      any = any || LimitsPlaces(*applied.standard, static_cast<int>(event));
    }
    if (any) limited.push_back(applied);
  }
  if (limited.size() > kMostStandards) limited.clear();
  return limited;
}

void PlaceStates::Take(const AppliedStandard& applied, const std::shared_ptr<const OrderedField>& field,
                       const QualificationViews& views, const VerdictStates& states, const Change& change) {
  const std::string name = absl::StrCat("standards/", applied.standard->id);
  Known& known = known_[applied.standard->id];
  std::set<int64_t> told;  // by their own results
  if (change.flips != nullptr) {
    for (const VerdictFlip& flip : *change.flips) {
      if (flip.change.verdict().standard() == name) told.insert(flip.athlete);
    }
  }
  if (known.field == field && told.empty()) return;
  known.field = field;
  absl::flat_hash_set<int64_t> outside = OutsideOf(applied, *field, views, states, change.now);
  outside.swap(known.outside);  // now those before
  if (change.flips == nullptr) return;
  for (VerdictFlip& flip : *change.flips) {
    if (flip.change.verdict().standard() != name) continue;
    if (outside.contains(flip.athlete) && IsIn(flip.change.old_state())) {
      flip.change.set_old_state(v1::VERDICT_STATE_OUTSIDE_CUTOFF);
    }
    if (known.outside.contains(flip.athlete)) {
      *flip.change.mutable_verdict() = VerdictNow(applied, *field, views, flip.athlete, change.now);
    }
  }
  std::set<int64_t> moved;
  for (const int64_t athlete : outside) {
    if (!known.outside.contains(athlete)) moved.insert(athlete);
  }
  for (const int64_t athlete : known.outside) {
    if (!outside.contains(athlete)) moved.insert(athlete);
  }
  for (const int64_t athlete : moved) {
    const std::optional<Status> own = states.Find(athlete, applied.standard->id);
    if (told.count(athlete) > 0 || !MeetsByResults(own)) continue;
    VerdictFlip& flip = change.flips->emplace_back();
    flip.athlete = athlete;
    *flip.change.mutable_verdict() = VerdictNow(applied, *field, views, athlete, change.now);
    flip.change.set_old_state(outside.contains(athlete) ? v1::VERDICT_STATE_OUTSIDE_CUTOFF : StateOf(*own));
    flip.change.set_cause(change.cause);
  }
  std::erase_if(*change.flips,
                [](const VerdictFlip& flip) { return flip.change.old_state() == flip.change.verdict().state(); });
}

}  // namespace palmares::qualification
