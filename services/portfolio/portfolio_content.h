// Freezing what a portfolio shows, and telling later whether it still holds.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CONTENT_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CONTENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "services/identity/athletes.h"
#include "services/portfolio/history_messages.h"
#include "services/portfolio/portfolios_view.h"
#include "services/results/results.h"

namespace palmares::portfolio {

using Names = google::protobuf::RepeatedPtrField<std::string>;

// Where content comes from; all of it outlives its user. The functions are called under a Reader with the athlete's
// number after merges.
struct ContentSources {
  const identity::Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  const HistoryMessages* history = nullptr;
  // Verdicts of these standards. NOT_FOUND for an unknown one.
  std::function<absl::StatusOr<std::vector<v1::Verdict>>(int64_t athlete, const Names& standards, athletics::Date day)>
      verdicts;
  // These goals, or all that are listed in the profile where none is named. NOT_FOUND for an unknown one.
  std::function<absl::StatusOr<std::vector<v1::Goal>>(int64_t athlete, const Names& goals)> goals;
  // What the athlete wrote; empty where nothing.
  std::function<absl::StatusOr<v1::Profile>(int64_t athlete)> profile;
};

struct FrozenContent {
  v1::PortfolioContent content;
  std::vector<SignedResult> results;  // that the content shows or rests on: opponents' among them
};

// INVALID_ARGUMENT for a title that is empty, above 200 bytes, or that would mislead who reads it (text_check.h).
// `want`: what it is.
absl::Status CheckTitle(const std::string& title, const std::string& field, const std::string& want);

// INVALID_ARGUMENT, below `field`, for a selection that nobody can have: unknown sections, disciplines or days.
absl::Status CheckSelection(const v1::PortfolioSelection& selection, const std::string& field);

// What the selection shows now. Under a Reader. INVALID_ARGUMENT or NOT_FOUND names the field of the selection;
// FAILED_PRECONDITION with reason NOTHING_SELECTED where nothing is left. `day` is today's.
absl::StatusOr<FrozenContent> Freeze(const ContentSources& sources, int64_t athlete,
                                     const v1::PortfolioSelection& selection, athletics::Date day);

// A digest of what an entry asserts of its result: marks, places, outcome, legality; not what moves by itself (size of
// the field, state of the sheet, points by a newer table) nor how it was called.
absl::StatusOr<std::string> AssertionDigest(const v1::HistoryEntry& entry);

// The results that do not stand any more as they were signed: corrected, disqualified, moved, taken off or another
// athlete's now; opponents' results, and records that were none, or did not stand on the day of the signature, after a
// correction of another result. Under a Reader.
struct Corrected {
  const SignedResult* signed_result = nullptr;
  v1::HistoryEntry now;  // empty where it is not the athlete's result, or no public one, any more, and of opponents
  std::string text;      // English: what else was corrected; empty where the entry tells it
};
absl::StatusOr<std::vector<Corrected>> FindCorrected(const ContentSources& sources, int64_t athlete,
                                                     const PortfolioVersion& version);
// The same, and no more than whether there is any.
absl::StatusOr<bool> IsSuperseded(const ContentSources& sources, const Portfolio& portfolio,
                                  const PortfolioVersion& version);

// English: "2:10:22 became 2:10:23", "was disqualified (TR16.8)".
std::string DescribeCorrection(const v1::HistoryEntry& before, const v1::HistoryEntry& now);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CONTENT_H_
