// How season bests changed over the years, against what age lets expect. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_AGE_TREND_H_
#define PALMARES_SERVICES_PORTFOLIO_AGE_TREND_H_

#include <optional>
#include <string>
#include <vector>

#include "services/portfolio/past_result.h"

namespace palmares::portfolio {

// Fewer seasons say too little.
inline constexpr int kFewestSeasons = 4;

// Per cent a year; negative is a smaller mark: faster, in races.
struct AgeTrend {
  double change = 0;
  double low = 0;  // 95 per cent interval of the change
  double high = 0;
  std::optional<double> expected;  // nothing where an age is not known, or no age factors are for the discipline
  std::vector<size_t> results;     // the season bests that it rests on, newest first
  std::string method;              // English
};

// The change is the slope b of the natural logarithms of the season bests over their calendar years by least squares,
// as 100 × (exp(b) - 1); its interval is that of the slope by Student's distribution, n - 2 degrees of freedom. The
// expected change is the same of the marks that age factors let expect at the ages on these days, 1 / factor, so that
// both have the same years. For an age that is known as one of two the mean of their
// factors is taken.
//
// `season_bests`: indexes of the best of each calendar year in one discipline and division, in order. Nothing of fewer
// than kFewestSeasons.
std::optional<AgeTrend> AgeTrendOf(PastResults results, const std::vector<size_t>& season_bests);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_AGE_TREND_H_
