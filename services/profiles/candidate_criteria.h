// What a sponsor asks for, read from the API's message.
#ifndef PALMARES_SERVICES_PROFILES_CANDIDATE_CRITERIA_H_
#define PALMARES_SERVICES_PROFILES_CANDIDATE_CRITERIA_H_

#include "absl/status/statusor.h"
#include "palmares/v1/profiles.pb.h"
#include "services/profiles/candidate.h"
#include "services/profiles/candidate_facts.h"
#include "services/qualification/standards_view.h"

namespace palmares::profiles {

struct AskedFor {
  Criteria criteria;
  Standards standards;  // of criteria.standards, in their order
};

// INVALID_ARGUMENT names the field that makes no sense; NOT_FOUND a standard that is not there. Under a Reader.
absl::StatusOr<AskedFor> ReadCriteria(const v1::CandidateCriteria& asked,
                                      const qualification::StandardsView& standards);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CANDIDATE_CRITERIA_H_
