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

// Why the result counts or does not, in one sentence without the race's name: "Run on 2024-08-31, before the window
// opened on 2024-09-01."
std::string ExplainResult(const Verdict& verdict, const Considered& considered,
                          absl::Span<const Performance> performances);

// Which rankings may let the athlete in though nothing is known of them; empty where none may.
std::string ExplainRankings(const Verdict& verdict, const Athlete& athlete);

// "A chip time of 2:50:26 or faster in the marathon on a certified course, by 2025-09-12."
std::string ExplainNeeded(const Standard& standard, const NeededMark& needed);

// A difference of marks without its sign: "5:30", "56 s", "0.05 s", "0.12 m", "30 points".
std::string FormatGap(int64_t difference, const athletics::Discipline& discipline);

// A length to the millimetre, without zeros that say nothing: "139.244 m", "457.2 m", "-12 m".
std::string FormatMetres(int64_t millimetres);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_EXPLAIN_H_
