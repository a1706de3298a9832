// The statistics that summaries need. Pure functions.
#ifndef PALMARES_SERVICES_PORTFOLIO_STATISTICS_H_
#define PALMARES_SERVICES_PORTFOLIO_STATISTICS_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace palmares::portfolio {

// The middle number, or the mean of the two in the middle; 0 of none.
double Median(std::vector<double> numbers);

// The number that |t| stays below in 95 per cent, Student's distribution. To six digits; `degrees` at least 1.
double StudentT95(int degrees);

// A straight line through points by ordinary least squares: its slope, and the slope's 95 per cent interval by
// Student's distribution with two degrees of freedom less than there are points.
struct Slope {
  double slope = 0;
  double low = 0;
  double high = 0;
};
// Nothing of fewer than three points, or where all have one x.
std::optional<Slope> LeastSquares(absl::Span<const std::pair<double, double>> points);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_STATISTICS_H_
