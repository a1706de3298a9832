#include "services/access/grants.h"

#include <algorithm>

#include "storage/stored.pb.h"

namespace palmares::access {

Rights RightsOf(Relation relation) {
  switch (relation) {
    case Relation::kCoach:
    case Relation::kClubManager:
      return {Right::kReadHistory, Right::kReadGoals};
    case Relation::kSponsor:
      return {Right::kReadHistory, Right::kReadProfile};
    case Relation::kGuardian:
      return Rights::All();
    case Relation::kManager:
      return {Right::kReadProfile, Right::kWriteProfile, Right::kMakePortfolios};
    case Relation::kUnspecified:
      break;
  }
  return {};
}

bool MayActFor(const Caller& caller, absl::string_view athlete, Right right, const std::vector<const Grant*>& grants,
               int64_t now_us) {
  if (caller.role == Role::kOperator) return true;
  const bool named = std::find(caller.resources.begin(), caller.resources.end(), athlete) != caller.resources.end();
  if (named && caller.role == Role::kAthlete) return true;
  // More than every coach may is the athlete's to grant, not in a token of an operator's.
  if (named && caller.role == Role::kCoach && RightsOf(Relation::kCoach).Has(right)) return true;
  const auto lets = [&](const Grant* grant) {
    // A club's grant is its managers': their tokens name the club.
    const bool holds = grant->holder == caller.actor() || std::find(caller.resources.begin(), caller.resources.end(),
                                                                    grant->holder) != caller.resources.end();
    return holds && grant->InForce(now_us) && grant->Effective().Has(right);
  };
  return caller.role != Role::kAnonymous && std::any_of(grants.begin(), grants.end(), lets);
}

absl::Status Grants::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kGrantSet) {
    stored::v1::Grant body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a grant");
    const Key key(body.athlete(), body.id());
    Grant& grant = grants_[key];
    grant.id = body.id();
    grant.athlete = body.athlete();
    grant.holder = body.holder();
    grant.relation = static_cast<Relation>(body.relation());
    grant.rights = {};
    for (const int right : body.rights()) grant.rights.Add(static_cast<Right>(right));
    if (grant.create_time_us == 0) grant.create_time_us = entry.time_us;
    grant.expire_time_us = body.expire_time_us();
    grant.waiting = body.waiting();
    grant.position = entry.position;
    of_holder_[grant.holder].insert(key);
  } else if (entry.change.kind == storage::EntryKind::kGrantRevoked) {
    stored::v1::GrantRevoked body;
    const bool parsed = body.ParseFromString(entry.change.body);
    const auto found = grants_.find(Key(body.athlete(), body.id()));
    if (!parsed || found == grants_.end()) return absl::DataLossError("a revocation of no grant");
    found->second.revoke_time_us = entry.time_us;
    found->second.position = entry.position;
  }
  return absl::OkStatus();
}

const Grant* Grants::Find(int64_t athlete, absl::string_view id) const {
  const auto found = grants_.find(Key(athlete, std::string(id)));
  return found == grants_.end() ? nullptr : &found->second;
}

std::vector<const Grant*> Grants::Of(int64_t athlete) const {
  std::vector<const Grant*> own;
  for (auto it = grants_.lower_bound(Key(athlete, "")); it != grants_.end() && it->first.first == athlete; ++it) {
    own.push_back(&it->second);
  }
  return own;
}

std::vector<const Grant*> Grants::HeldBy(absl::string_view holder) const {
  std::vector<const Grant*> held;
  const auto found = of_holder_.find(holder);
  if (found == of_holder_.end()) return held;
  for (const Key& key : found->second) held.push_back(&grants_.find(key)->second);
  return held;
}

}  // namespace palmares::access
