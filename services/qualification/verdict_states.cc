#include "services/qualification/verdict_states.h"

#include <algorithm>

#include "services/qualification/verdict_messages.h"

namespace palmares::qualification {
namespace {

bool IsInAField(Status status) {
  return status == Status::kQualified || status == Status::kProvisional || status == Status::kOutsideCutoff ||
         status == Status::kUncertain;
}

}  // namespace

VerdictStates::VerdictStates(std::vector<int64_t> athletes, std::vector<std::string> standards)
    : athletes_(athletes.begin(), athletes.end()), wanted_(std::move(standards)) {}

void VerdictStates::TakeStandards(const StandardsView& standards) {
  standards_.clear();
  absl::flat_hash_set<std::string> ids;
  for (const auto& [id, loaded] : standards.standards()) {
    const bool wanted = wanted_.empty() || std::find(wanted_.begin(), wanted_.end(), id) != wanted_.end();
    if (!wanted || loaded.retired) continue;
    standards_.push_back({loaded.standard, static_cast<int64_t>(loaded.revisions.size())});
    ids.insert(id);
  }
  absl::erase_if(states_, [&](const auto& state) { return !ids.contains(state.first.second); });
}

std::pair<Status, bool> VerdictStates::Exchange(const Key& key, Status state) {
  const bool everybody = athletes_.empty();
  const auto found = states_.find(key);
  if (found == states_.end()) {
    if (everybody && !IsInAField(state)) return {state, false};
    states_.emplace(key, state);
    return {Status::kNotYet, state != Status::kNotYet};
  }
  const Status before = found->second;
  if (everybody && !IsInAField(state)) {
    states_.erase(found);
  } else {
    found->second = state;
  }
  return {before, before != state};
}

std::optional<Status> VerdictStates::Find(int64_t athlete, const std::string& standard) const {
  const auto found = states_.find(Key(athlete, standard));
  return found == states_.end() ? std::nullopt : std::optional(found->second);
}

void VerdictStates::Look(const QualificationViews& views, int64_t athlete, absl::Time now, const std::string& cause,
                         std::vector<VerdictFlip>* flips) {
  if (!Watches(athlete)) return;
  const bool exists = views.athletes->Exists(athlete) && views.athletes->Resolve(athlete) == athlete;
  AthleteFacts facts;
  bool gathered = false;
  for (const AppliedStandard& applied : standards_) {
    const Key key(athlete, applied.standard->id);
    const bool known = states_.contains(key);
    const bool may = exists && MayMeet(*applied.standard, *views.athletes, *views.results, athlete);
    if (athletes_.empty() && !may && !known) continue;
    if (exists && !gathered) {
      facts = GatherFacts(*views.athletes, *views.results, athlete);
      gathered = true;
    }
    const Verdict verdict =
        Evaluate(*applied.standard, facts.athlete, facts.performances, AtInstant(*applied.standard, now));
    const auto [before, differs] = Exchange(key, verdict.status);
    if (!differs || flips == nullptr) continue;
    VerdictFlip& flip = flips->emplace_back();
    flip.athlete = athlete;
    *flip.change.mutable_verdict() = ToProto(verdict, applied.revision, facts.athlete, facts.performances, 0);
    flip.change.mutable_verdict()->set_athlete(views.athletes->Name(athlete));
    flip.change.set_old_state(StateOf(before));
    flip.change.set_cause(cause);
  }
}

}  // namespace palmares::qualification
