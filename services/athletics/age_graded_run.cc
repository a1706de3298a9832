#include "services/athletics/age_graded_run.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace palmares::athletics {

bool CanBeAgeGraded(const Discipline& discipline) {
  return discipline.hurdles == 0 && !discipline.steeplechase && !discipline.walk && discipline.relay_legs == 0 &&
         discipline.distance_mm > 0 && discipline.unit == MarkUnit::kMilliseconds;
}

AgeGradeSurface AgeGradeSurfaceOf(const Discipline& discipline) {
  return discipline.surface == Surface::kRoad ? AgeGradeSurface::kRoad : AgeGradeSurface::kTrack;
}

absl::StatusOr<const AgeGradeTable*> AgeGradeTableFor(const Discipline& discipline, Sex sex,
                                                      absl::string_view edition) {
  if (!CanBeAgeGraded(discipline)) {
    return absl::FailedPreconditionError(
        absl::StrCat("no age grade for ", discipline.code, ": the tables grade flat runs over a distance"));
  }
  const AgeGradeSurface surface = AgeGradeSurfaceOf(discipline);
  const AgeGradeTable* table = BuiltInAgeGradeTable(surface, sex, edition);
  if (table != nullptr) return table;
  return absl::FailedPreconditionError(
      absl::StrCat("no age-grading table for ", discipline.code, ", sex \"", SexCode(sex), "\"",
                   edition.empty() ? "" : absl::StrCat(", edition ", edition), ": there are ones for M and W of ",
                   absl::StrJoin(AgeGradeEditions(surface), ", ")));
}

absl::StatusOr<int64_t> AgeGradeEquivalent(const Discipline& from, const Discipline& to, Sex sex, int age,
                                           int64_t time_ms) {
  const auto from_table = AgeGradeTableFor(from, sex);
  if (!from_table.ok()) return from_table.status();
  const auto to_table = AgeGradeTableFor(to, sex);
  if (!to_table.ok()) return to_table.status();
  const auto grade = AgeGrade(**from_table, age, from.distance_mm, time_ms);
  if (!grade.ok()) return grade.status();
  return TimeForAgeGrade(**to_table, age, to.distance_mm, *grade);
}

}  // namespace palmares::athletics
