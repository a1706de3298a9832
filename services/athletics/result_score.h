// The World Athletics result score: table points, adjusted for the conditions of the race.
//
// Rules (World Athletics ranking rules, table 2.1 and section 2.2):
// - wind, in the 100 m, 200 m, sprint hurdles, long and triple jump outdoors: a head wind adds 6 points for each m/s; a
// tail wind up to
//   +2.0 m/s changes nothing; above it 6 points are taken off for each m/s of the whole wind; 30 points are taken off
//   where the wind is not known;
// - what is added or taken off counts in whole points, what is left of a point is dropped in either direction, so that
//   +2.1 m/s cost 12 points and not 13: 29,480 published scores show it for head winds, those of wind-assisted marks
//   for tail winds (9.67 with +4.1 m/s lost 24 points, not 24.6). The rules do not say it of drops, which are taken
//   alike;
// - road: a net drop above 1 m/km takes off 6 points for each m/km of the whole drop;
// - hand times are first made comparable: +0.24 s up to 200 m and 110 m hurdles, +0.14 s for 300 m to 400 m hurdles.
//
// The adjustments are numbers of ScoreRules, not of the code: another edition may have others.
#ifndef PALMARES_SERVICES_ATHLETICS_RESULT_SCORE_H_
#define PALMARES_SERVICES_ATHLETICS_RESULT_SCORE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "services/athletics/mark.h"
#include "services/athletics/points.h"

namespace palmares::athletics {

// Numbers of the adjustments, in hundredths of a point, centimetres per second and milliseconds.
struct ScoreRules {
  int64_t wind_centipoints_per_m_s = 600;
  int64_t free_tail_wind_cm_s = 200;
  int64_t no_wind_information_centipoints = 3000;
  int64_t drop_centipoints_per_m_km = 600;
  int64_t free_drop_mm_per_km = 1000;
  int64_t hand_time_up_to_200m_ms = 240;
  int64_t hand_time_up_to_400m_ms = 140;
};

// What is known about how a mark was made. Nothing known changes nothing.
struct ScoreConditions {
  std::optional<int64_t> wind_cm_s;       // along the running direction, tail wind positive
  bool wind_was_not_measured = false;     // the list says so ("NWI"); with a wind given it is ignored
  std::optional<int64_t> drop_mm_per_km;  // net: start height less finish height, per km of the course
  Timing timing = Timing::kUnknown;
  bool short_track = false;
};

struct ResultScore {
  int table_points = 0;
  int64_t scored_mark = 0;             // the mark that was looked up: after a hand time was made comparable
  int64_t adjustment_centipoints = 0;  // what the conditions add or take off
  int points = 0;  // with the adjustment in whole points, never below 0; 0 where the table gives none
};

// The score of a mark by the table. Wind and drop count only where the table's discipline has them.
ResultScore ScoreResult(const ScoringTable& table, int64_t mark, const ScoreConditions& conditions,
                        const ScoreRules& rules = ScoreRules());

// Whether the mark that was looked up is better than the best of the table, which is worth its most points: 9.45 over
// 100 m, where the table of 2025 ends at 9.46. ScoreResult takes it for the best; a calculator refuses it, since nobody
// has come near the end of any table.
bool BeyondTable(const ScoringTable& table, int64_t scored_mark);

// Whether wind changes the score in the discipline of this code: "100m", "110mh", "long-jump" ...
bool WindChangesScore(absl::string_view code);

// A hand time made comparable with automatic ones: the addition by the distance of the discipline of this code; 0
// beyond 400 m, on the road and in the field.
int64_t HandTimeAddition(absl::string_view code, const ScoreRules& rules = ScoreRules());

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_RESULT_SCORE_H_
