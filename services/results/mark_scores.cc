#include "services/results/mark_scores.h"

#include <cmath>

#include "services/athletics/age_graded_run.h"
#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

constexpr int kAdult = 18;
constexpr double kPerMyriad = 100;  // of a per cent

// Trails, mountains and cross-country courses are too different from one another.
bool IsGraded(const athletics::Discipline& discipline) {
  const bool even = discipline.surface == athletics::Surface::kRoad || discipline.surface == athletics::Surface::kTrack;
  return even && athletics::CanBeAgeGraded(discipline);
}

}  // namespace

MarkScores::MarkScores(const events::Race& race, athletics::Sex sex, athletics::Division division,
                       absl::string_view age_grade_edition)
    : discipline_(race.discipline) {
  if (division != athletics::Division::kRunning) return;
  conditions_.short_track = race.data.course().short_track();
  conditions_.drop_mm_per_km = DropPerKilometre(race);
  conditions_.timing = TimingOf(race, athletics::Timing::kUnknown);
  wind_counts_ = athletics::WindChangesScore(discipline_->code) && !IsIndoors(race);
  points_ = athletics::BuiltInScoringTables().Find(discipline_->code, sex, conditions_.short_track);
  if (!IsGraded(*discipline_)) return;
  grades_ = athletics::BuiltInAgeGradeTable(athletics::AgeGradeSurfaceOf(*discipline_), sex, age_grade_edition);
}

int MarkScores::Points(int64_t mark, std::optional<int32_t> wind_cm_s, athletics::Timing of_row) const {
  if (points_ == nullptr || mark <= 0) return 0;
  athletics::ScoreConditions conditions = conditions_;
  conditions.timing = athletics::TimingOf(of_row, conditions.timing);
  if (wind_counts_) {
    if (wind_cm_s.has_value()) conditions.wind_cm_s = *wind_cm_s;
    conditions.wind_was_not_measured = !wind_cm_s.has_value();
  }
  return athletics::ScoreResult(*points_, mark, conditions).points;
}

int32_t MarkScores::AgeGrade(int32_t age, int64_t mark) const {
  if (grades_ == nullptr || age == 0 || mark <= 0) return 0;
  const absl::StatusOr<double> percent = athletics::AgeGrade(*grades_, age, discipline_->distance_mm, mark);
  return percent.ok() ? static_cast<int32_t>(std::llround(*percent * kPerMyriad)) : 0;
}

int32_t MarkScores::AgeGrade(const std::optional<athletics::AgeRange>& ages, int64_t mark) const {
  if (!ages.has_value()) return 0;
  const int32_t grade = AgeGrade(ages->min, mark);
  return ages->certain() || AgeGrade(ages->max, mark) == grade ? grade : 0;
}

std::optional<athletics::AgeRange> ShownAge(int32_t age, athletics::PartialDate birth, athletics::Date day) {
  if (age != 0) return athletics::AgeRange{age, age};
  athletics::PartialDate year;
  year.year = birth.year;
  const std::optional<athletics::AgeRange> ages = athletics::AgeOn(year, day);
  return ages.has_value() && ages->min >= kAdult ? ages : std::nullopt;
}

}  // namespace palmares::results
