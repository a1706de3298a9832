// What marks of a race are worth: World Athletics points and age grades.
#ifndef PALMARES_SERVICES_RESULTS_MARK_SCORES_H_
#define PALMARES_SERVICES_RESULTS_MARK_SCORES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/category.h"
#include "services/athletics/points.h"
#include "services/athletics/result_score.h"
#include "services/events/calendar.h"

namespace palmares::results {

// Made for one race, sex and division, for which the tables are looked up once. On foot alone: nobody else has tables.
// Immutable; it keeps nothing of the race but the discipline, which lives as long as the program.
class MarkScores {
 public:
  // An empty edition of the age factors is the latest.
  MarkScores(const events::Race& race, athletics::Sex sex, athletics::Division division,
             absl::string_view age_grade_edition = "");

  // Points of the table, adjusted for wind, drop and hand timing (athletics::ScoreResult); 0 where there are none.
  // `of_row` is how the row says that it was timed; unknown: as the race.
  int Points(int64_t mark, std::optional<int32_t> wind_cm_s, athletics::Timing of_row) const;
  // Whether points follow the wind, so that it has to be read.
  bool wind_counts() const { return wind_counts_; }

  // Age grade in hundredths of a per cent; 0 where the table has none for the age, or where the age is not known.
  // Graded are flat races on the road and on the track.
  int32_t AgeGrade(int32_t age, int64_t mark) const;
  // The same of somebody whose age is known within a range: 0 where its ends have different grades.
  int32_t AgeGrade(const std::optional<athletics::AgeRange>& ages, int64_t mark) const;

 private:
  const athletics::Discipline* discipline_;
  const athletics::ScoringTable* points_ = nullptr;
  const athletics::AgeGradeTable* grades_ = nullptr;
  athletics::ScoreConditions conditions_;
  bool wind_counts_ = false;
};

// An age on race day as everybody may know it: the one that the sheet gives (0: none), else the two that a year of
// birth leaves; nothing of who may have been under 18 then.
std::optional<athletics::AgeRange> ShownAge(int32_t age, athletics::PartialDate birth, athletics::Date day);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_MARK_SCORES_H_
