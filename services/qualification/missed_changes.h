// The verdicts that changed while a caller was away: by each entry, and as windows closed and cut-offs were decided.
#ifndef PALMARES_SERVICES_QUALIFICATION_MISSED_CHANGES_H_
#define PALMARES_SERVICES_QUALIFICATION_MISSED_CHANGES_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/qualification/past_views.h"
#include "services/qualification/verdict_states.h"

namespace palmares::qualification {

// When verdicts may change though nothing else does, after the first time and up to the last.
std::set<absl::Time> TurningTimesBetween(const std::vector<AppliedStandard>& standards, absl::Time after,
                                         absl::Time until);

// As large as the live views while it lives. Used by one thread.
class MissedChanges {
 public:
  // Asked now and then; an error ends the work with it.
  using GoOn = std::function<absl::Status()>;
  // What changed with the entry at the position, or at a time after it.
  using Tell = std::function<absl::Status(const std::vector<VerdictFlip>& flips, int64_t position, int64_t time_us)>;

  // The ledger must outlive it. Athletes and standards as VerdictStates takes them.
  MissedChanges(const storage::Ledger* ledger, std::vector<int64_t> athletes, std::vector<std::string> standards,
                GoOn go_on, Tell tell);

  // Takes everything as known up to the position and the time.
  absl::Status StartFrom(int64_t position, absl::Time time);
  // The standards watched, as they are where it has come to.
  const std::vector<AppliedStandard>& standards() const { return states_.standards(); }

  // Tells what changed up to the position and the time.
  absl::Status TellUpTo(int64_t position, absl::Time time);

 private:
  absl::Status LookAtAll(absl::Time time, std::vector<VerdictFlip>* flips);
  absl::Status PassTime(absl::Time until);
  absl::Status Step(const storage::Entry& entry);

  const storage::Ledger& ledger_;
  const GoOn go_on_;
  const Tell tell_;
  PastViews past_;
  const QualificationViews views_;
  VerdictStates states_;
  absl::Time time_;               // that the states are of
  bool knows_everybody_ = false;  // the states of everybody are known, not only of those touched
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_MISSED_CHANGES_H_
