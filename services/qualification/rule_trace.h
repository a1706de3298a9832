// The rules that were applied to a result, in their order, with what went in and what was wanted: for officials and for
// machines. Made on demand from a verdict, which holds numbers alone.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_TRACE_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_TRACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

enum class RuleState : uint8_t { kMet = 1, kNotMet = 2, kUnknown = 3 };  // the API's numbers

struct TracedInput {
  std::string field;   // "date", "course.net_drop_mm", "chip_mark"
  std::string value;   // in words: "2025-05-01", "12.5 m", "2:49:30"; empty where it is not known
  std::string source;  // the result or race that it is from; "request" for a mark that nobody ran; empty: the athlete
};

struct TracedRule {
  std::string rule;  // "WINDOW"; of one that is not met the code of the failure, "AFTER_WINDOW" (RuleCode)
  RuleState state = RuleState::kMet;
  std::vector<TracedInput> inputs;
  std::string wanted;  // "from 2024-09-01 to 2025-09-12"
  std::string text;    // an English sentence
};

// The rules that the standard has for such a result, up to the first that fails; all of them where none does. A fact
// that is not known and was taken to be as the standard wants leaves its rule met, with an empty value. `athlete` and
// `performances` are those that were evaluated.
std::vector<TracedRule> TraceRules(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
                                   absl::Span<const Performance> performances);

// Only the rule that decided, which must be one.
TracedRule TraceDecidingRule(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
                             absl::Span<const Performance> performances);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_TRACE_H_
