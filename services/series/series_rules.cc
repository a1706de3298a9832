#include "services/series/series_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/category_sex.h"
#include "services/qualification/rule_reader.h"
#include "services/series/series_rules_check.h"

namespace palmares::series {
namespace {

using qualification::Problems;
using qualification::TableReader;

constexpr int64_t kMostResults = 1000;
constexpr int64_t kMostMembers = 100;
constexpr double kThousandths = 1000;
constexpr double kMostPoints = 1e9;
constexpr std::array<std::pair<absl::string_view, TieRule>, 5> kTieRules = {{{"countback", TieRule::kCountback},
                                                                             {"best-result", TieRule::kBestResult},
                                                                             {"head-to-head", TieRule::kHeadToHead},
                                                                             {"latest", TieRule::kLatest},
                                                                             {"time", TieRule::kTime}}};

void ReadTies(TableReader& file, SeriesRules& rules) {
  for (const std::string& text : file.Texts("ties")) {
    const auto* found =
        std::find_if(kTieRules.begin(), kTieRules.end(), [&text](const auto& rule) { return rule.first == text; });
    if (found != kTieRules.end()) {
      rules.ties.push_back(found->second);
    } else {
      file.problems()->Add(file.Line("ties"), "ties", absl::StrCat("\"", text, "\""),
                           "countback, best-result, head-to-head, latest or time");
    }
  }
}

void ReadPoints(TableReader& file, SeriesRules& rules, Problems* problems) {
  const toml::table* table = file.Table("points");
  if (table == nullptr) return;
  TableReader points(*table, "points", problems);
  const toml::node* node = points.Find("by_place");
  const toml::array* places = node == nullptr ? nullptr : node->as_array();
  if (places == nullptr || places->empty())
    points.Problem("by_place", "a list of points, of the first place and so on");
  for (size_t i = 0; places != nullptr && i < places->size(); ++i) {
    const std::optional<double> value = places->get(i)->value<double>();
    if (places->get(i)->is_number() && value.has_value() && *value >= 0 && *value <= kMostPoints) {
      rules.points_by_place.push_back(std::llround(*value * kThousandths));
      continue;
    }
    problems->Add(qualification::LineOf(*places->get(i)), absl::StrCat("points.by_place[", i + 1, "]"),
                  qualification::ShowNode(*places->get(i)), "a number from 0 to 1000000000");
  }
  rules.points_of_others = points.Thousandths("other").value_or(0);
  rules.mean_of_tied = points.Word<bool>("tied", {{"same", false}, {"mean", true}}, false);
  points.Finish();
}

// The label names a band of the scheme, and no other sex than the category's. Rules that were taken before these were
// asked for are still read.
void CheckAgeGroup(TableReader& table, const std::string& label, const Category& category) {
  constexpr char kWanted[] = "an age group such as 40-44, M40 (by fives), U20 or 80+";
  if (!category.ages.has_value()) return table.Problem("age_group", kWanted);
  if (!athletics::IsGroupByFives(label, *category.ages)) {
    return table.Problem("age_group", kWanted, qualification::Binds::kNewFiles);
  }
  const athletics::Sex sex = athletics::SexOfCategory(label);
  if (sex == athletics::Sex::kUnknown || !category.sex.has_value() || sex == *category.sex) return;
  table.Problem("age_group",
                absl::StrCat("an age group of the category's sex, ", athletics::SexCode(*category.sex),
                             ", or one without a sex: 40-44"),
                qualification::Binds::kNewFiles);
}

Category ReadCategory(TableReader& table) {
  Category category;
  category.name = table.NeedText("name", "the category's name in quotes");
  category.sex = table.Word<std::optional<athletics::Sex>>(
      "sex", {{"M", athletics::Sex::kMen}, {"W", athletics::Sex::kWomen}, {"X", athletics::Sex::kX}}, std::nullopt);
  if (const std::string ages = table.Text("age_group"); !ages.empty()) {
    category.ages = athletics::ParseAgeBand(ages);
    CheckAgeGroup(table, ages, category);
  }
  category.age_at_first_race = table.Word<bool>("age_at", {{"race", false}, {"first-race", true}}, false);
  if (category.age_at_first_race && !table.Has("age_group"))
    table.Problem("age_at", "none where there is no age_group");
  category.members = static_cast<int>(table.Integer("members", 1, kMostMembers).value_or(0));
  table.Finish();
  return category;
}

Carried ReadCarried(TableReader& table) {
  Carried carried;
  carried.category = table.NeedText("category", "the name of a category");
  carried.athlete = table.Text("athlete");
  carried.club = table.Text("club");
  if (!carried.athlete.empty() && !absl::StartsWith(carried.athlete, "athletes/")) {
    table.Problem("athlete", "athletes/{athlete}");
  }
  if (!table.Has("score")) table.Problem("score", "points, or seconds where times count");
  carried.score = table.Thousandths("score").value_or(0);
  table.Finish();
  return carried;
}

void ReadCarriedFrom(TableReader& file, SeriesRules& rules, Problems* problems) {
  const toml::table* table = file.Table("carried_from");
  if (table == nullptr) return;
  TableReader from(*table, "carried_from", problems);
  rules.carried_from = from.NeedText("series", "series/{series}");
  if (!rules.carried_from.empty() && !absl::StartsWith(rules.carried_from, "series/")) {
    from.Problem("series", "series/{series}");
  }
  rules.carried_per_cent = from.Integer("per_cent", 1, 100).value_or(100);
  from.Finish();
}

void ReadScoring(TableReader& file, SeriesRules& rules) {
  if (!file.Has("score")) file.Problem("score", "one of points, places, time, age-grade, world-athletics");
  rules.scoring = file.Word<Scoring>("score",
                                     {{"points", Scoring::kPoints},
                                      {"places", Scoring::kPlaces},
                                      {"time", Scoring::kTime},
                                      {"age-grade", Scoring::kAgeGrade},
                                      {"world-athletics", Scoring::kWorldAthletics}},
                                     Scoring::kPoints);
  rules.clock = file.Word<results::Clock>(
      "clock",
      {{"official", results::Clock::kOfficial}, {"gun", results::Clock::kGun}, {"chip", results::Clock::kChip}},
      results::Clock::kOfficial);
  rules.division = file.Word<athletics::Division>("division",
                                                  {{"running", athletics::Division::kRunning},
                                                   {"wheelchair", athletics::Division::kWheelchair},
                                                   {"handcycle", athletics::Division::kHandcycle},
                                                   {"para", athletics::Division::kOtherPara}},
                                                  athletics::Division::kRunning);
  rules.best = static_cast<int>(file.Integer("best", 1, kMostResults).value_or(0));
  const std::optional<int64_t> least = file.Integer("least", 0, kMostResults);
  // The lowest sum of fewer results would win.
  const int usual = LowerIsBetter(rules.scoring) ? rules.best : 1;
  rules.least = static_cast<int>(least.value_or(usual));
  if (LowerIsBetter(rules.scoring)) {
    if (rules.best == 0) {
      file.Problem("best", "the number of results that count, since the lowest sum wins");
    } else if (rules.least < rules.best) {
      file.Problem("least", absl::StrCat("at least ", rules.best, ", as many as count, since the lowest sum wins"));
    }
  }
}

}  // namespace

absl::string_view TieRuleCode(TieRule rule) {
  const auto* found =
      std::find_if(kTieRules.begin(), kTieRules.end(), [rule](const auto& known) { return known.second == rule; });
  return found == kTieRules.end() ? "" : found->first;
}

const Category* SeriesRules::FindCategory(absl::string_view name) const {
  const auto found = std::find_if(categories.begin(), categories.end(),
                                  [name](const Category& category) { return category.name == name; });
  return found == categories.end() ? nullptr : &*found;
}

int64_t SeriesRules::PointsOfPlace(int64_t place) const {
  return place <= static_cast<int64_t>(points_by_place.size()) ? points_by_place[static_cast<size_t>(place) - 1]
                                                               : points_of_others;
}

namespace {

SeriesRules ReadRules(absl::string_view toml, Problems& problems) {
  SeriesRules rules;
  const toml::parse_result parsed = toml::parse(std::string_view(toml.data(), toml.size()));
  if (!parsed) {
    problems.Add(static_cast<int>(parsed.error().source().begin.line), "the file", "not TOML",
                 std::string(parsed.error().description()));
  } else {
    TableReader file(parsed.table(), "", &problems);
    ReadScoring(file, rules);
    ReadTies(file, rules);
    ReadPoints(file, rules, &problems);
    for (const auto& [table, path] : file.Tables("category")) {
      TableReader reader(*table, path, &problems);
      rules.categories.push_back(ReadCategory(reader));
    }
    for (const auto& [table, path] : file.Tables("carried")) {
      TableReader reader(*table, path, &problems);
      rules.carried.push_back(ReadCarried(reader));
    }
    ReadCarriedFrom(file, rules, &problems);
    file.Finish();
    CheckSeriesRules(file, rules);
  }
  return rules;
}

absl::Status Refusal(const std::vector<qualification::RuleProblem>& problems) {
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrJoin(problems, "\n", [](std::string* out, const qualification::RuleProblem& problem) {
        out->append(qualification::FormatProblem(problem));
      }));
}

}  // namespace

absl::StatusOr<SeriesRules> ParseSeriesRules(absl::string_view toml, absl::string_view file_name) {
  Problems problems(file_name);
  SeriesRules rules = ReadRules(toml, problems);
  if (absl::Status status = Refusal(problems.Take()); !status.ok()) return status;
  return rules;
}

absl::StatusOr<SeriesRules> ParseStoredSeriesRules(absl::string_view toml, absl::string_view file_name) {
  Problems problems(file_name);
  SeriesRules rules = ReadRules(toml, problems);
  std::vector<qualification::RuleProblem> binding = problems.Take();
  std::erase_if(binding, [](const auto& problem) { return problem.binds == qualification::Binds::kNewFiles; });
  if (absl::Status status = Refusal(binding); !status.ok()) return status;
  return rules;
}

}  // namespace palmares::series
