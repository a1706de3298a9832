// Comparisons over the API; their methods are RankingService's. Each runs under the caller's Reader and fills
// everything but position.
#ifndef PALMARES_SERVICES_COMPARISONS_COMPARISON_MESSAGES_H_
#define PALMARES_SERVICES_COMPARISONS_COMPARISON_MESSAGES_H_

#include "absl/status/status.h"
#include "palmares/v1/comparisons.pb.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::comparisons {

struct Views {
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
};

absl::Status AnswerCompareAthletes(const rpc::Call& call, const Views& views, const v1::CompareAthletesRequest& request,
                                   v1::CompareAthletesResponse* response);
absl::Status AnswerFieldStrength(const Views& views, const v1::GetFieldStrengthRequest& request,
                                 v1::FieldStrength* response);
absl::Status AnswerCompareCourses(const Views& views, const v1::CompareCoursesRequest& request,
                                  v1::CompareCoursesResponse* response);

}  // namespace palmares::comparisons

#endif  // PALMARES_SERVICES_COMPARISONS_COMPARISON_MESSAGES_H_
