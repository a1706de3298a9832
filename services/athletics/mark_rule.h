// The rules behind RoundOfficial and FormatMark, in words and numbers. Implemented in mark.cc beside them.
#ifndef PALMARES_SERVICES_ATHLETICS_MARK_RULE_H_
#define PALMARES_SERVICES_ATHLETICS_MARK_RULE_H_

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"

namespace palmares::athletics {

// Digits after the decimal sign of the discipline's official mark when it is timed automatically; 2 for metres in the
// field, 0 for metres in races by time and points.
int OfficialDecimals(const Discipline& discipline);

// The rule by which RoundOfficial rounds: "automatic up to 10,000 m: up to the next 0.01 s (World Athletics technical
// rule 19)".
absl::string_view RoundingRule(const Discipline& discipline, Timing timing);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_MARK_RULE_H_
