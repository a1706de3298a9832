#include "services/series/series_rules_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::series {
namespace {

using qualification::TableReader;

void CheckCategories(TableReader& file, const SeriesRules& rules) {
  if (rules.categories.empty()) file.Problem("category", "at least one [[category]] with a name");
  std::set<std::string> names;
  for (const Category& category : rules.categories) {
    if (!category.name.empty() && !names.insert(category.name).second) {
      file.problems()->Add(file.Line("category"), "category.name", absl::StrCat("\"", category.name, "\" twice"),
                           "each name once");
    }
  }
}

void CheckCarried(TableReader& file, const SeriesRules& rules) {
  const int line = file.Line("carried");
  for (const Carried& carried : rules.carried) {
    const Category* category = rules.FindCategory(carried.category);
    if (category == nullptr) {
      file.problems()->Add(line, "carried.category", absl::StrCat("\"", carried.category, "\""),
                           "the name of one of the categories");
      continue;
    }
    const bool team = category->members > 0;
    if (team ? !carried.club.empty() && carried.athlete.empty() : !carried.athlete.empty() && carried.club.empty()) {
      continue;
    }
    file.problems()->Add(line, "carried", absl::StrCat("\"", carried.athlete, carried.club, "\""),
                         team ? "a club, since the category has teams" : "an athlete, since the category has no teams");
  }
}

}  // namespace

void CheckSeriesRules(TableReader& file, const SeriesRules& rules) {
  CheckCategories(file, rules);
  CheckCarried(file, rules);
  const bool by_points = rules.scoring == Scoring::kPoints;
  if (by_points && rules.points_by_place.empty())
    file.Problem("points", "[points] with by_place, since score is points");
  if (!by_points && file.Has("points")) file.Problem("points", "none, since score is not points");
  const std::set<TieRule> ties(rules.ties.begin(), rules.ties.end());
  if (ties.size() != rules.ties.size()) file.Problem("ties", "each rule once");
}

}  // namespace palmares::series
