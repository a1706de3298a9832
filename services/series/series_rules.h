// The rules of a series: how its races make standings. Data that an organizer writes as TOML; Series.rules_text in
// proto/palmares/v1/series.proto shows the form and says what each field means.
//
// Pure: no view, no clock.
#ifndef PALMARES_SERVICES_SERIES_SERIES_RULES_H_
#define PALMARES_SERVICES_SERIES_SERIES_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/results/race_sheet.h"

namespace palmares::series {

// What a result gives.
enum class Scoring : uint8_t {
  kPoints = 1,          // by place, in thousandths
  kPlaces = 2,          // the place itself, in thousandths; the lowest sum wins
  kTime = 3,            // the mark, in milliseconds; the lowest sum wins
  kAgeGrade = 4,        // in thousandths of a per cent
  kWorldAthletics = 5,  // points of the scoring tables, in thousandths
};

inline bool LowerIsBetter(Scoring scoring) { return scoring == Scoring::kPlaces || scoring == Scoring::kTime; }

// What decides between equal scores, in the order given. All compare the results that count, but kLatest and
// kHeadToHead, which look at all.
enum class TieRule : uint8_t {
  kCountback = 1,   // most first places, then second places, and so on
  kBestResult = 2,  // the best single score, then the second best, and so on
  kHeadToHead = 3,  // ahead of the others who are tied more often than behind them
  kLatest = 4,      // the better place in the last race, then in the one before it; not to have run it is worse
  kTime = 5,        // the lower sum of times
};
absl::string_view TieRuleCode(TieRule rule);  // "countback"

struct Category {
  std::string name;                        // "M 40-44"
  std::optional<athletics::Sex> sex;       // not set: all
  std::optional<athletics::AgeBand> ages;  // not set: all
  bool age_at_first_race = false;          // the age at the athlete's first race of the series decides for all of them
  int members = 0;                         // of a team; 0: athletes are ranked
};

// Score carried over, as the rules give it.
struct Carried {
  std::string category;
  std::string athlete;  // "athletes/1042"; or
  std::string club;     // a name of the club
  int64_t score = 0;
};

struct SeriesRules {
  Scoring scoring = Scoring::kPoints;
  results::Clock clock = results::Clock::kOfficial;
  athletics::Division division = athletics::Division::kRunning;
  int best = 0;   // results that count; 0: all
  int least = 1;  // results that a place in the standings wants; 0: a carried score is enough
  std::vector<TieRule> ties;

  std::vector<int64_t> points_by_place;  // in thousandths, of places 1, 2, 3 …
  int64_t points_of_others = 0;          // of every later place
  bool mean_of_tied = false;  // equal places share the points of the places they take; else all get the first's

  std::vector<Category> categories;
  std::vector<Carried> carried;
  std::string carried_from;      // "series/winter"; empty: none
  int64_t carried_per_cent = 0;  // of the score there

  const Category* FindCategory(absl::string_view name) const;
  int64_t PointsOfPlace(int64_t place) const;
};

// INVALID_ARGUMENT lists every problem, each as `FILE:LINE: field is VALUE, want …`.
absl::StatusOr<SeriesRules> ParseSeriesRules(absl::string_view toml, absl::string_view file_name);

// Reads rules that were taken before, by this version or an earlier one: without the checks that came later.
absl::StatusOr<SeriesRules> ParseStoredSeriesRules(absl::string_view toml, absl::string_view file_name);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_RULES_H_
