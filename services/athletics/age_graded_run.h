// Which age-grading table a discipline goes by, and what a run is worth over another distance by equal age grades.
#ifndef PALMARES_SERVICES_ATHLETICS_AGE_GRADED_RUN_H_
#define PALMARES_SERVICES_ATHLETICS_AGE_GRADED_RUN_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/category.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

// The tables grade flat runs over a distance and nothing else: no hurdles, steeplechase, walks, relays, races by time.
bool CanBeAgeGraded(const Discipline& discipline);

// Road tables for road races, track tables for all others.
AgeGradeSurface AgeGradeSurfaceOf(const Discipline& discipline);

// The built-in table of the discipline's surface; the latest edition where none is named. FAILED_PRECONDITION where
// there is none: the discipline is not graded, the sex has no table, the surface no such edition. It names them.
absl::StatusOr<const AgeGradeTable*> AgeGradeTableFor(const Discipline& discipline, Sex sex,
                                                      absl::string_view edition = "");

// The slowest time over the other discipline that has the age grade of the given time. Errors as of AgeGradeTableFor
// and AgeGrade.
absl::StatusOr<int64_t> AgeGradeEquivalent(const Discipline& from, const Discipline& to, Sex sex, int age,
                                           int64_t time_ms);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_AGE_GRADED_RUN_H_
