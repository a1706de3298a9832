// Verdicts in words: one English sentence for a verdict, and one for each result.
#ifndef PALMARES_SERVICES_QUALIFICATION_EXPLAIN_H_
#define PALMARES_SERVICES_QUALIFICATION_EXPLAIN_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/needed.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// The whole verdict, for the athlete and for an official: the status, the result and its margin, the rule that decided,
// how the age was found, what was assumed, and what would do. `performances` and `athlete` are those that were
// evaluated.
std::string Explain(const Verdict& verdict, const Athlete& athlete, absl::Span<const Performance> performances);

// Why the result counts or does not, in one sentence without the race's name: "Done on 31 August 2024, before the
// window opened on 1 September 2024."
std::string ExplainResult(const Verdict& verdict, const Considered& considered,
                          absl::Span<const Performance> performances);

// Which rankings may let the athlete in though nothing is known of them; empty where none may.
std::string ExplainRankings(const Verdict& verdict, const Athlete& athlete);

// "A chip time of 2:50:26 or better in the Marathon on a certified course by 12 September 2025 would do." Says from
// which day on where that is still to come on the day given.
std::string ExplainNeeded(const Standard& standard, const NeededMark& needed, athletics::Date as_of);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_EXPLAIN_H_
