// What is signed of the results that a portfolio shows or rests on, and whether it still holds.
#ifndef PALMARES_SERVICES_PORTFOLIO_SIGNED_RESULTS_H_
#define PALMARES_SERVICES_PORTFOLIO_SIGNED_RESULTS_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "palmares/v1/histories.pb.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "services/portfolio/history_messages.h"
#include "services/portfolio/portfolio_content.h"
#include "services/portfolio/portfolios_view.h"
#include "services/results/results.h"

namespace palmares::portfolio {

using BestMarks = google::protobuf::RepeatedPtrField<v1::BestMark>;

// A digest of what an entry asserts of its result: marks, places, outcome, legality; not what moves by itself (size of
// the field, state of the sheet, points by a newer table) nor how it was called.
absl::StatusOr<std::string> AssertionDigest(const v1::HistoryEntry& entry);

// The records of the result that was signed last, as far as the sections tell of them: those that it was when it was
// made (`bests`), and those of them that stand today.
void SignRecords(const std::set<v1::PortfolioSelection::Section>& sections, const BestMarks& bests,
                 const BestMarks& standing, std::vector<SignedResult>* out);

// Results of others that the summary names: those behind the athlete's, and those that tell how good they were.
absl::Status SignOpponents(const results::Results& results, const v1::HistorySummary& summary,
                           std::vector<SignedResult>* out);

// Results that verdicts count and that are not among those selected: a standard looks at all that the athlete ran.
absl::Status SignVerdicts(const ContentSources& sources, const std::vector<HistoryLine>& history,
                          const v1::VerifiedContent& verified, std::vector<SignedResult>* out);

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

#endif  // PALMARES_SERVICES_PORTFOLIO_SIGNED_RESULTS_H_
