// The states of verdicts of athletes whom somebody watches, so that a change can be told from what was.
#ifndef PALMARES_SERVICES_QUALIFICATION_VERDICT_STATES_H_
#define PALMARES_SERVICES_QUALIFICATION_VERDICT_STATES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "palmares/v1/qualification.pb.h"
#include "services/qualification/field_state.h"

namespace palmares::qualification {

// One verdict that changed.
struct VerdictFlip {
  int64_t athlete = 0;  // after merges
  v1::VerdictChange change;
};

// Used by one thread at a time. With nobody named it watches everybody, and keeps only the states of those who are in a
// field; for the others "not yet" stands for every state that is none.
class VerdictStates {
 public:
  // Athletes' numbers and standards' ids; empty: all.
  VerdictStates(std::vector<int64_t> athletes, std::vector<std::string> standards);

  // Takes the standards as they are; states under those no longer in use are forgotten. Under a Reader of the views.
  void TakeStandards(const StandardsView& standards);

  // Looks at the athlete on the views as they stand, as of a time: what it is in each standard's time zone decides
  // whether its windows are open. Changes are added to `flips` where it is not nullptr. Under a Reader of the views.
  void Look(const QualificationViews& views, int64_t athlete, absl::Time now, const std::string& cause,
            std::vector<VerdictFlip>* flips);

  // The state that is kept; nothing where none is.
  std::optional<Status> Find(int64_t athlete, const std::string& standard) const;

  // Whether the athlete is one of those watched; with the views' merges.
  bool Watches(int64_t athlete) const { return athletes_.empty() || athletes_.contains(athlete); }
  const absl::flat_hash_set<int64_t>& athletes() const { return athletes_; }
  const std::vector<AppliedStandard>& standards() const { return standards_; }

 private:
  using Key = std::pair<int64_t, std::string>;  // athlete, standard

  // Keeps the state; gives the one before, and whether they differ.
  std::pair<Status, bool> Exchange(const Key& key, Status state);

  absl::flat_hash_set<int64_t> athletes_;
  const std::vector<std::string> wanted_;
  std::vector<AppliedStandard> standards_;
  absl::flat_hash_map<Key, Status> states_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_VERDICT_STATES_H_
