// What became of a competitor. A result without a mark still counts as history.
//
// The numbers are written to disk: never change or reuse one.
#ifndef PALMARES_SERVICES_ATHLETICS_OUTCOME_H_
#define PALMARES_SERVICES_ATHLETICS_OUTCOME_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

enum class Outcome : uint8_t {
  kFinished = 0,
  kDidNotFinish = 1,   // DNF
  kDidNotStart = 2,    // DNS
  kDisqualified = 3,   // DQ, with the rule where it is given
  kNoMark = 4,         // NM: took part, no valid mark (also NH, no height)
  kOverTimeLimit = 5,  // OTL
  kWithdrawn = 6,      // taken off the sheet by a revision; kept as history of the sheet, never as a performance
};

// "finished", "DNF", "DNS", "DQ", "NM", "OTL", "withdrawn".
absl::string_view OutcomeCode(Outcome outcome);

struct ParsedOutcome {
  Outcome outcome = Outcome::kFinished;
  std::string rule;  // of a disqualification, as given: "162.7"; empty where none is given
};

// Reads the markers that files put where a time or place would stand, any case: "DNF", "dnf", "Abandon", "AB", "DNS",
// "DQ", "DSQ", "DQ R 162.7", "DQ (TR17.3.1)", "NM", "NH", "OTL", "Overtime" ... Nothing for a text that is no such
// marker.
std::optional<ParsedOutcome> ParseOutcome(absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_OUTCOME_H_
