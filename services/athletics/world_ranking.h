// The world ranking score of one athlete, after World Athletics' rules, with the reason for each result that does not
// count.
//
// Rules, with the numbers from WorldRankingRules:
// - performance score = result score + placing score. The placing score comes from the table of the final, or of the
// round before it:
//   the score for getting through where the athlete ran the final, else that of the place over the whole round;
// - the ranking score is the average of the best results of the event group in the window, rounded down, with a minimum
// number in the
//   main event, plus a bonus for each world record in the window;
// - the window ends on the ranking's day and begins that many months before it; a day that the month lacks is its last
// one;
// - area senior championships count longer: for three calendar years, the latest edition;
// - of two editions of the Olympic Games and World Championships (OW), or of the Diamond League final (DF), the later
// one counts; in a
//   window of more than 12 months an earlier OW counts as an area championship;
// - equal scores: the higher result score first, then the later date. Found in 7 of 7 published cases that tell the
// rule; World
//   Athletics does not publish one, and where the result scores are equal too its own choice varies;
// - results that are not legal for records count all the same (their result score is already lowered), split times do
// not.
//
// Pure functions on values.
#ifndef PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_H_
#define PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/points.h"
#include "services/athletics/world_ranking_rules.h"

namespace palmares::athletics {

// What is known of a world record in a result: kFromRecords lets the records compiled in decide.
enum class RecordClaim : uint8_t { kFromRecords = 0, kNone = 1, kBroken = 2, kEqualled = 3 };

// One result of the athlete, of any discipline.
struct RankingResult {
  Date date;
  std::string competition;                // tells rounds of one competition together
  std::string discipline;                 // code: "1500m-short"; a result of another group is left out with that reason
  std::string category;                   // "OW", "DF", "GW", "GL", "A" ... "F"; empty: none, and it does not count
  std::string round;                      // "F", "F2", "SF1", "H3", "Q"; empty: a final
  int place = 0;                          // 0: not given
  bool got_through = false;               // the list says so ("2 Q"); a final in the same competition says it too
  int64_t mark = 0;                       // in the discipline's unit; 0: none (DNF, DNS, DQ, NM)
  std::optional<int> result_score;        // as published; else it is computed from the mark
  std::optional<int64_t> wind_cm_s;       // for the computed score, and for records
  bool wind_was_not_measured = false;     // for the computed score
  std::optional<int64_t> drop_mm_per_km;  // of a road course, for the computed score
  bool hand_timed = false;
  bool split_time = false;
  std::optional<bool> area_championship;  // else: category GL
  RecordClaim record = RecordClaim::kFromRecords;
};

// Why a result does not count.
enum class Exclusion : uint8_t {
  kNone = 0,  // it counts
  kOtherEvent,
  kNoMark,
  kSplitTime,
  kNoCategory,
  kNoPoints,
  kOutsideWindow,
  kLaterEdition,
  kRepeatedRound,
  kTooManySimilar,
  kBeyondBest,
};

// How one result stands.
struct RankedResult {
  size_t input = 0;      // index in the list given
  int table_points = 0;  // 0 where the result score was given as published
  int wind_adjustment = 0;
  int downhill_adjustment = 0;
  int result_score = 0;
  int placing_score = 0;
  int performance_score = 0;
  bool main_event = false;
  bool counts = false;
  bool next = false;  // would count next if one that counts fell away
  int record_bonus = 0;
  Exclusion exclusion = Exclusion::kNone;
  std::string reason;  // why it does not count; how its place was read where that is not plain
};

struct WorldRankingScore {
  std::string edition;  // of the rules; with the one that the group is taken from, where that is another
  Date window_first;    // first and last day of the window
  Date window_last;
  int needed = 0;       // results that are averaged
  int needed_main = 0;  // at least so many of them in the main event
  bool ranked = false;  // false: too few results
  int score = 0;        // average + bonus; 0 where not ranked
  int average = 0;
  int record_bonus = 0;
  std::string why_not;  // "3 of 5 results" where not ranked
  std::vector<RankedResult>
      results;  // those that count, best first; then the others of the group, best first; then the rest
};

// Scores the athlete in the group of `main_code` as of a day. NOT_FOUND where the edition ranks no such discipline;
// INVALID_ARGUMENT where a result has an unknown category or round, or its score can neither be read nor computed.
absl::StatusOr<WorldRankingScore> ScoreWorldRanking(const std::vector<RankingResult>& results,
                                                    absl::string_view main_code, Sex sex, Date as_of,
                                                    const WorldRankingRules& rules, const ScoringTables& tables);

// Which of two athletes stands first: the higher score, then the higher best performance score, then the second best,
// and so on. Negative, 0 (they share the rank) or positive, as comparisons are.
int CompareWorldRanking(const WorldRankingScore& a, const WorldRankingScore& b);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_H_
