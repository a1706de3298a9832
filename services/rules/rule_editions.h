// The dated editions of rules and tables that are compiled in, by name.
#ifndef PALMARES_SERVICES_RULES_RULE_EDITIONS_H_
#define PALMARES_SERVICES_RULES_RULE_EDITIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/date.h"

namespace palmares::rules {

struct RuleEdition {
  std::string name;          // "rules/world-ranking-2026"
  std::string kind;          // "scoring", "age-grading", "world-ranking", "combined-events", "legality", "equivalents"
  std::string display_name;  // "World rankings 2026"
  std::optional<athletics::Date> from;  // first and last day that it is for; not set: not bounded
  std::optional<athletics::Date> to;
  std::string source_uri;
  std::string content_sha256;  // 32 bytes, over its data files in order
};

// Newest first; those of one day in the order of their names. Made once; lives as long as the program.
const std::vector<RuleEdition>& RuleEditions();

// By name, with or without "rules/". NOT_FOUND names the kind's editions.
absl::StatusOr<const RuleEdition*> FindRuleEdition(absl::string_view kind, absl::string_view name);

// Names of the editions that calculations use.
std::string ScoringEditionName();
std::string AgeGradeEditionName(athletics::AgeGradeSurface surface, absl::string_view edition);
std::string WorldRankingEditionName(absl::string_view display_name);  // of WorldRankingRules::edition

}  // namespace palmares::rules

#endif  // PALMARES_SERVICES_RULES_RULE_EDITIONS_H_
