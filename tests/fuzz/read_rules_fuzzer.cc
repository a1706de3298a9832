// Any text as a file of rules: a standard, a series, legality, the world ranking, points or age grades. What a person
// got wrong is told with its line; what is accepted can be used.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/legality.h"
#include "services/athletics/points.h"
#include "services/athletics/world_ranking_rules.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/verdict.h"
#include "services/series/series_rules.h"

namespace {

using palmares::qualification::Standard;

// A standard that was accepted has an answer for somebody who never ran.
void Use(const Standard& standard) {
  palmares::qualification::Athlete athlete;
  athlete.sex = standard.entries.empty() ? palmares::athletics::Sex::kMen : standard.entries.front().sex;
  const auto verdict = palmares::qualification::Evaluate(
      standard, athlete, {}, palmares::qualification::OnDay(palmares::athletics::Date(2026, 1, 1)));
  if (verdict.event < 0 || static_cast<size_t>(verdict.event) >= standard.events.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace palmares;  // NOLINT(google-build-using-namespace): every library is called once
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<qualification::RuleProblem> problems;
  const auto standard = qualification::ParseStandard(text, "any.toml", &problems);
  if (standard.ok() != problems.empty()) std::abort();
  if (standard.ok()) Use(*standard);
  (void)series::ParseSeriesRules(text, "any.toml").ok();
  (void)athletics::ParseLegalityRules(text).ok();
  (void)athletics::ParseWorldRankingRules(text).ok();
  (void)athletics::ParseScoringTables(text).ok();
  (void)athletics::ParseAgeGradeTable(text).ok();
  return 0;
}
