// The World Athletics world ranking rules of one edition, as data: placing scores, event groups, windows and bonuses.
//
// An edition applies to rankings as of its first day and later, also for results from before it: the placing scores of
// 2026 were used for results of 2025 in a ranking of July 2026. Immutable; may be used from any thread.
#ifndef PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_RULES_H_
#define PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_RULES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"

namespace palmares::athletics {

// Placing scores of one competition category in one table.
struct PlacingScores {
  std::map<int, int> by_place;
  int got_through = 0;  // to the final, in a table of the round before it; 0 where the table has none
};

struct SimilarEvent {
  std::string code;
  std::string final_table;  // its own placing table; empty: the group's
};

// What is ranked together: a main event and the similar ones that may stand in for it.
struct EventGroup {
  std::string name;  // "1500m"
  std::string main;  // the main event's discipline code
  int counted = 5;   // results that are averaged
  int min_main = 3;  // of them in the main event
  int window_months = 12;
  std::string final_table;
  std::string before_final_table;               // the round before the final; empty: it gets none
  std::string before_final_table_championship;  // another one in category OW; empty: the same
  std::vector<SimilarEvent> similar;
  std::string edition;  // whose rules these are, where not of the edition it is in; else empty
};

struct RecordBonus {
  int broken = 0;
  int equalled = 0;
};

struct WorldRankingRules {
  std::string edition;
  Date from;
  std::map<std::string, std::map<std::string, PlacingScores>> placing;  // by table, then category
  std::vector<EventGroup> groups;
  int area_years = 3;
  RecordBonus main_bonus;
  RecordBonus similar_bonus;
  std::string
      demoted_category;  // of an earlier edition of OW in a window of more than 12 months; empty: it does not count

  // The group that ranks the discipline of this code as its main event; null where there is none.
  const EventGroup* FindGroup(absl::string_view main_code) const;
  // Whether any placing table knows the category: "OW", "DF", "GW", "GL", "A" to "F".
  bool KnowsCategory(absl::string_view category) const;
};

// Reads an edition in the form of data/world_ranking_2026.csv. INVALID_ARGUMENT names the line and what is wrong.
absl::StatusOr<WorldRankingRules> ParseWorldRankingRules(absl::string_view text);

// The edition compiled in that applies on a day (2025, 2026). NOT_FOUND before the first of them. Groups that are not
// in the rules of an edition (those of 2026 are for track and field alone) are taken from the one before it.
absl::StatusOr<const WorldRankingRules*> BuiltInWorldRankingRules(Date as_of);

// A world record and the day it was set, in the discipline's unit.
struct DatedRecord {
  Date date;
  int64_t mark = 0;
};

// The records compiled in of a discipline and sex, oldest first: the one standing on 9 August 2024 and later ones as
// far as known.
std::vector<DatedRecord> WorldRecordProgression(absl::string_view code, Sex sex);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_WORLD_RANKING_RULES_H_
