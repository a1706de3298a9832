// The answers of the calculator, one query at a time. Each names in its errors the field of the query that is wrong:
// `queries[3].mark`. Everything is computed by services/athletics, as `palmares calc` does.
#ifndef PALMARES_SERVICES_RULES_CALCULATIONS_H_
#define PALMARES_SERVICES_RULES_CALCULATIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/rules.pb.h"

namespace palmares::rules {

// FAILED_PRECONDITION with reason NO_TABLE where the edition has no table for the discipline and sex.
absl::StatusOr<v1::CalculatePointsResponse::Answer> AnswerPoints(const v1::CalculatePointsRequest::Query& query,
                                                                 absl::string_view path);

// `rules`: name of an age-grading edition; empty for the newest of the discipline's surface. FAILED_PRECONDITION with
// reason NO_TABLE where it does not grade the discipline, sex, age or distance.
absl::StatusOr<v1::CalculateAgeGradesResponse::Answer> AnswerAgeGrade(const v1::CalculateAgeGradesRequest::Query& query,
                                                                      absl::string_view rules, absl::string_view path);

// Fills equivalents, method and rules.
absl::Status AnswerEquivalents(const v1::CalculateEquivalentsRequest& request, v1::CalculateEquivalentsResponse* out);

}  // namespace palmares::rules

#endif  // PALMARES_SERVICES_RULES_CALCULATIONS_H_
