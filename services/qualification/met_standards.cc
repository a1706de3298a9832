#include "services/qualification/met_standards.h"

#include <algorithm>
#include <optional>

#include "services/qualification/athlete_facts.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {
namespace {

// A day on which all that is known of the standard has come to pass.
athletics::Date DayOfJudgement(const Standard& standard, athletics::Date newest) {
  if (standard.event_day.has_value()) newest = std::max(newest, *standard.event_day);
  if (standard.field.cutoff_decided.has_value()) newest = std::max(newest, *standard.field.cutoff_decided);
  return newest;
}

// The index of the earliest performance that counts in any of the standard's events.
std::optional<size_t> FirstThatCounts(const Standard& standard, const AthleteFacts& facts) {
  std::optional<size_t> first;
  const athletics::Date day = DayOfJudgement(standard, facts.performances.back().date);
  for (const Verdict& verdict : EvaluateEvents(standard, facts.athlete, facts.performances, day)) {
    for (const Considered& considered : verdict.considered) {
      if (considered.answer != Answer::kCounts || considered.performance < 0) continue;
      const auto index = static_cast<size_t>(considered.performance);
      if (!first.has_value() || facts.performances[index].date < facts.performances[*first].date) first = index;
    }
  }
  return first;
}

}  // namespace

std::vector<MetStandard> MetStandards(const QualificationViews& views, int64_t athlete) {
  std::vector<MetStandard> met;
  const AthleteFacts facts = GatherWithoutNames(*views.athletes, *views.results, athlete);
  if (facts.performances.empty()) return met;
  for (const auto& [id, loaded] : views.standards->standards()) {
    if (loaded.retired || !MayMeet(*loaded.standard, *views.athletes, *views.results, athlete)) continue;
    const std::optional<size_t> first = FirstThatCounts(*loaded.standard, facts);
    if (first.has_value()) met.push_back({loaded.standard, facts.rows[*first]});
  }
  return met;
}

}  // namespace palmares::qualification
