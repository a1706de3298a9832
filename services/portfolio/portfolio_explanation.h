// What a portfolio asserts, by whom, as of when, out of what, and whether it still holds: one English text for server
// and client.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_EXPLANATION_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_EXPLANATION_H_

#include <string>
#include <vector>

#include "palmares/v1/portfolios.pb.h"
#include "services/portfolio/portfolio_credential.h"

namespace palmares::portfolio {

// Says of a part that it is one, and what was selected of the athlete's results. `state`: as the server knows it;
// unspecified where it was not asked.
std::string Explain(const VerifiedPortfolio& portfolio, v1::Portfolio::State state,
                    const std::vector<v1::Correction>& corrections);

// What an authentic one discloses, and how much it withholds: sections, selection and counts.
void FillAsserted(const VerifiedPortfolio& portfolio, v1::VerifyPortfolioResponse* out);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_EXPLANATION_H_
