// What a signed portfolio rests on: the results that it shows, those of others that it names, and those of other races
// that decide whether a result was a record.
#ifndef PALMARES_SERVICES_PORTFOLIO_GROUNDS_H_
#define PALMARES_SERVICES_PORTFOLIO_GROUNDS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "services/events/calendar.h"
#include "services/portfolio/portfolios_view.h"

namespace palmares::portfolio {

// Of the digest of what is asserted of an own result; that of any other ground has its letter before.
inline constexpr size_t kDigestBytes = 16;

// Kept in the ledger as the first byte of a digest that is longer than those of own results: never renumbered.
enum class Ground : char {
  kOwn = '\0',           // the athlete's result itself
  kOpponent = 'o',       // a result of somebody else
  kRecord = 'r',         // which race and course records a result set
  kEveryRecord = 'R',    // the same, with season lists and countries
  kStandingRecord = 'S'  // which of them stood on the day of the signature
};

Ground GroundOf(const SignedResult& result);
inline bool IsOfRecords(Ground ground) { return ground != Ground::kOwn && ground != Ground::kOpponent; }

// What is asserted, as it is signed.
std::string GroundDigest(Ground ground, absl::string_view asserted);

// Whether another race's results decide what is signed of a result of `own`. It may be more than do: of any day, so
// that a race whose day is corrected is among them before and after.
bool RestsOn(const SignedResult& result, const events::Race& own, const events::Race& race);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_GROUNDS_H_
