#include "services/athletics/replaceable_tables.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/legality.h"
#include "services/athletics/points.h"
#include "services/athletics/world_ranking_rules.h"

namespace palmares::athletics {
namespace {

constexpr absl::string_view kAgeGrades = "age_grade_";
constexpr absl::string_view kScoringTables = "scoring_";
constexpr absl::string_view kLegalityLimits = "legality_";
constexpr absl::string_view kRankingRules = "world_ranking_";

// Of a line that names a discipline by its code, perhaps one "-short" for a short track.
absl::StatusOr<const Discipline*> DisciplineAt(const data::DataLine& line, size_t index) {
  const absl::string_view code = index < line.values.size() ? line.values[index] : "";
  absl::StatusOr<const Discipline*> found = FindDiscipline(code);
  if (!found.ok()) found = FindDiscipline(absl::StripSuffix(code, "-short"));
  if (!found.ok()) {
    return data::DataError(line, absl::StrCat("discipline: \"", code, "\", want one that is known, such as 1500m"));
  }
  return found;
}

absl::Status CheckScoring(absl::string_view text) {
  const absl::StatusOr<ScoringTables> tables = ParseScoringTables(text);
  if (!tables.ok()) return tables.status();
  for (const data::DataLine& line : data::SplitDataFile(text)) {
    if (line.values[0] != "table") continue;
    const absl::StatusOr<const Discipline*> discipline = DisciplineAt(line, 2);
    if (!discipline.ok()) return discipline.status();
    const absl::string_view unit = (*discipline)->unit == MarkUnit::kMilliseconds  ? "s"
                                   : (*discipline)->unit == MarkUnit::kMillimetres ? "m"
                                                                                   : "p";
    if (line.values[4] == unit) continue;
    return data::DataError(line, absl::StrCat("unit: \"", line.values[4], "\", want ", unit, " for ", line.values[2]));
  }
  return absl::OkStatus();
}

absl::Status CheckWorldRanking(absl::string_view name, absl::string_view text) {
  const absl::StatusOr<WorldRankingRules> rules = ParseWorldRankingRules(text);
  if (!rules.ok()) return rules.status();
  // The editions follow each other as their names do.
  if (absl::StrCat(kRankingRules, rules->from.year(), ".csv") != name) {
    return absl::InvalidArgumentError(absl::StrCat("its edition line says from ", FormatDate(rules->from),
                                                   " on, want a day of the year of the name"));
  }
  for (const data::DataLine& line : data::SplitDataFile(text)) {
    if (line.values[0] != "group" && line.values[0] != "similar") continue;
    absl::Status status = DisciplineAt(line, line.values[0] == "group" ? 2 : 1).status();
    if (!status.ok()) return status;
  }
  return rules->groups.empty() ? absl::InvalidArgumentError("no group line") : absl::OkStatus();
}

absl::Status CheckLegality(absl::string_view name, absl::string_view text) {
  const absl::StatusOr<LegalityRules> rules = ParseLegalityRules(text);
  if (!rules.ok()) return rules.status();
  const absl::StatusOr<LegalityRules> replaced = ParseLegalityRules(data::Embedded(name));
  if (!replaced.ok()) return replaced.status();
  for (const auto& [purpose, limits] : *replaced) {
    if (rules->contains(purpose)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("no limits for ", PurposeCode(purpose), ", want those of each purpose"));
  }
  return absl::OkStatus();
}

std::string NameOf(const AgeGradeTable& table) {
  return absl::StrCat(kAgeGrades, table.surface() == AgeGradeSurface::kRoad ? "road_" : "track_", table.edition(),
                      table.sex() == Sex::kMen ? "_men.csv" : "_women.csv");
}

absl::Status CheckAgeGrades(absl::string_view name, absl::string_view text) {
  const absl::StatusOr<AgeGradeTable> table = ParseAgeGradeTable(text);
  if (!table.ok()) return table.status();
  if (NameOf(*table) == name) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("its edition line is that of ", NameOf(*table), ", want the edition, surface and sex of the name"));
}

}  // namespace

std::vector<std::string> ReplaceableTables() {
  std::vector<std::string> names;
  for (const data::EmbeddedFile& file : data::AllEmbedded()) {
    for (const absl::string_view kind : {kAgeGrades, kScoringTables, kLegalityLimits, kRankingRules}) {
      if (absl::StartsWith(file.name, kind)) names.emplace_back(file.name);
    }
  }
  return names;
}

absl::Status CheckTable(absl::string_view name, absl::string_view text) {
  if (data::Embedded(name).empty()) return absl::NotFoundError("no table of that name is compiled in");
  if (absl::StartsWith(name, kAgeGrades)) return CheckAgeGrades(name, text);
  if (absl::StartsWith(name, kScoringTables)) return CheckScoring(text);
  if (absl::StartsWith(name, kLegalityLimits)) return CheckLegality(name, text);
  if (absl::StartsWith(name, kRankingRules)) return CheckWorldRanking(name, text);
  return absl::NotFoundError("the table of that name cannot be replaced");
}

}  // namespace palmares::athletics
