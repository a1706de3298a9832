#include "services/athletics/result_score.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace palmares::athletics {
namespace {

constexpr int64_t kCentimetresPerMetre = 100;
constexpr int64_t kCentipoints = 100;
constexpr int64_t kMillimetresPerMetre = 1000;

constexpr std::array<absl::string_view, 6> kWindDisciplines = {"100m",  "200m",      "100mh",
                                                               "110mh", "long-jump", "triple-jump"};
constexpr std::array<absl::string_view, 11> kUpTo200 = {"50m",  "55m",  "60m",   "100m",  "200m",  "50mh",
                                                        "55mh", "60mh", "100mh", "110mh", "4x100m"};
constexpr std::array<absl::string_view, 5> kUpTo400 = {"300m", "400m", "300mh", "400mh", "4x400m"};

template <typename List>
bool Contains(const List& list, absl::string_view code) {
  return std::find(list.begin(), list.end(), code) != list.end();
}

int64_t WindAdjustment(const ScoreConditions& conditions, const ScoreRules& rules) {
  if (!conditions.wind_cm_s.has_value()) {
    return conditions.wind_was_not_measured ? -rules.no_wind_information_centipoints : 0;
  }
  const int64_t wind = *conditions.wind_cm_s;
  if (wind < 0) return -wind * rules.wind_centipoints_per_m_s / kCentimetresPerMetre;
  if (wind <= rules.free_tail_wind_cm_s) return 0;
  return -wind * rules.wind_centipoints_per_m_s / kCentimetresPerMetre;
}

int64_t DropAdjustment(const ScoreConditions& conditions, const ScoreRules& rules) {
  if (!conditions.drop_mm_per_km.has_value() || *conditions.drop_mm_per_km <= rules.free_drop_mm_per_km) return 0;
  return -*conditions.drop_mm_per_km * rules.drop_centipoints_per_m_km / kMillimetresPerMetre;
}

// Courses have a drop; tracks have none.
bool IsCourse(absl::string_view code) {
  return absl::EndsWith(code, "-road") || absl::EndsWith(code, "km-walk") || absl::StrContains(code, "marathon");
}

}  // namespace

bool BeyondTable(const ScoringTable& table, int64_t scored_mark) {
  const std::optional<int64_t> best = table.MarkFor(table.most_points());
  return best.has_value() && (table.lower_is_better() ? scored_mark < *best : scored_mark > *best);
}

bool WindChangesScore(absl::string_view code) { return Contains(kWindDisciplines, code); }

int64_t HandTimeAddition(absl::string_view code, const ScoreRules& rules) {
  const absl::string_view base = absl::StripSuffix(code, "-short");
  if (Contains(kUpTo200, base)) return rules.hand_time_up_to_200m_ms;
  if (Contains(kUpTo400, base)) return rules.hand_time_up_to_400m_ms;
  return 0;
}

ResultScore ScoreResult(const ScoringTable& table, int64_t mark, const ScoreConditions& conditions,
                        const ScoreRules& rules) {
  ResultScore score;
  score.scored_mark = mark;
  if (conditions.timing == Timing::kHand) score.scored_mark += HandTimeAddition(table.code(), rules);
  score.table_points = table.PointsFor(score.scored_mark);
  if (!conditions.short_track && WindChangesScore(table.code())) {
    score.adjustment_centipoints += WindAdjustment(conditions, rules);
  }
  if (IsCourse(table.code())) score.adjustment_centipoints += DropAdjustment(conditions, rules);
  if (score.table_points == 0) return score;
  const int64_t total = score.table_points + score.adjustment_centipoints / kCentipoints;
  score.points = static_cast<int>(std::max<int64_t>(0, total));
  return score;
}

}  // namespace palmares::athletics
