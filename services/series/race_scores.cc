#include "services/series/race_scores.h"

#include <cmath>
#include <optional>

#include "services/athletics/age_grade.h"
#include "services/athletics/age_graded_run.h"
#include "services/athletics/points.h"

namespace palmares::series {
namespace {

constexpr int64_t kThousandths = 1000;

std::optional<int64_t> AgeGradeOf(const Entry& entry, const athletics::Discipline& discipline) {
  if (entry.age == 0) return std::nullopt;
  const auto table = athletics::AgeGradeTableFor(discipline, entry.sex);
  if (!table.ok()) return std::nullopt;
  const auto grade = athletics::AgeGrade(**table, entry.age, discipline.distance_mm, entry.mark);
  if (!grade.ok()) return std::nullopt;
  return std::llround(*grade * static_cast<double>(kThousandths));
}

std::optional<int64_t> TablePointsOf(const Entry& entry, const athletics::Discipline& discipline) {
  const athletics::ScoringTable* table = athletics::BuiltInScoringTables().Find(discipline.code, entry.sex);
  if (table == nullptr) return std::nullopt;
  return table->PointsFor(entry.mark) * kThousandths;
}

int64_t PlacePoints(const Entry& entry, const SeriesRules& rules) {
  if (!rules.mean_of_tied) return rules.PointsOfPlace(entry.place);
  int64_t sum = 0;
  for (int64_t place = entry.place; place < entry.place + entry.tied; ++place) sum += rules.PointsOfPlace(place);
  return sum / entry.tied;
}

std::optional<int64_t> ScoreOf(const Entry& entry, const athletics::Discipline& discipline, const SeriesRules& rules) {
  switch (rules.scoring) {
    case Scoring::kPoints:
      return PlacePoints(entry, rules);
    case Scoring::kPlaces:
      return entry.place * kThousandths;
    case Scoring::kTime:
      return entry.mark;
    case Scoring::kAgeGrade:
      return AgeGradeOf(entry, discipline);
    case Scoring::kWorldAthletics:
      return TablePointsOf(entry, discipline);
  }
  return std::nullopt;
}

}  // namespace

RaceScore ScoreEntry(const Entry& entry, const events::Race& race, const SeriesRules& rules) {
  RaceScore score;
  score.rows.push_back({entry.row, entry.athlete, 0, entry.place});
  if (entry.mark == 0) {
    score.why_not = "NO_MARK";
    return score;
  }
  const std::optional<int64_t> value = ScoreOf(entry, *race.discipline, rules);
  if (!value.has_value()) {
    score.why_not = "NOT_GRADED";
    return score;
  }
  score.scored = true;
  score.score = *value;
  score.place = entry.place;
  score.mark = entry.mark;
  score.rows.front().score = *value;
  return score;
}

}  // namespace palmares::series
