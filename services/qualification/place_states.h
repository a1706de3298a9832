// Whom of those watched the places of a field keep out, so that it can be told who is moved by somebody else's result.
#ifndef PALMARES_SERVICES_QUALIFICATION_PLACE_STATES_H_
#define PALMARES_SERVICES_QUALIFICATION_PLACE_STATES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/qualification/ordered_field.h"
#include "services/qualification/verdict_states.h"

namespace palmares::qualification {

// Used by one thread at a time.
class PlaceStates {
 public:
  // Fields are kept for all callers together (fields.h), so one watch may use a part of them.
  static constexpr size_t kMostStandards = 12;

  // The standards with limited places; none where they are more than kMostStandards.
  static std::vector<AppliedStandard> Limited(const std::vector<AppliedStandard>& standards);

  // What has changed since the last look, and what it is called that changed it.
  struct Change {
    absl::Time now;
    std::string cause;
    std::vector<VerdictFlip>* flips = nullptr;  // nullptr: nothing is told
  };

  // Takes the field as it is, of which `states` has the athletes' own states. Flips of their own results that are in
  // `change` are put right: who meets the standard without a place is outside. Then those are added whom another's
  // result moved. Under a Reader of the views.
  void Take(const AppliedStandard& applied, const std::shared_ptr<const OrderedField>& field,
            const QualificationViews& views, const VerdictStates& states, const Change& change);

 private:
  struct Known {
    std::shared_ptr<const OrderedField> field;
    absl::flat_hash_set<int64_t> outside;  // athletes
  };
  absl::flat_hash_map<std::string, Known> known_;  // by standard
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_PLACE_STATES_H_
