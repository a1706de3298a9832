// Freezing what a portfolio shows; signed_results.h tells later whether it still holds.
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

// What becomes of results, standards and goals that a selection names and that are not there: refused when it is made;
// left out of one that was made before, so that the rest is shown on.
enum class Missing : uint8_t { kRefused, kLeftOut };

// What the selection shows now. Under a Reader. INVALID_ARGUMENT or NOT_FOUND names the field of the selection;
// FAILED_PRECONDITION with reason NOTHING_SELECTED where nothing is left. `day` is today's.
absl::StatusOr<FrozenContent> Freeze(const ContentSources& sources, int64_t athlete,
                                     const v1::PortfolioSelection& selection, athletics::Date day,
                                     Missing missing = Missing::kRefused);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CONTENT_H_
