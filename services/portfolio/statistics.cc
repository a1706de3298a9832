#include "services/portfolio/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace palmares::portfolio {
namespace {

constexpr int kFewestPoints = 3;
constexpr double kNormal975 = 1.959963984540054;  // of the normal distribution

// Of 1 to 30 degrees of freedom.
constexpr std::array<double, 30> kStudent975 = {
    12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135,
    2.262157163,  2.228138852, 2.200985160, 2.178812830, 2.160368656, 2.144786688, 2.131449546, 2.119905299,
    2.109815578,  2.100922040, 2.093024054, 2.085963447, 2.079613845, 2.073873068, 2.068657610, 2.063898562,
    2.059538553,  2.055529439, 2.051830516, 2.048407142, 2.045229642, 2.042272456};

// Beyond them by the expansion of Cornish and Fisher.
double Expanded(int degrees) {
  const double z = kNormal975, n = degrees;
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
}

}  // namespace

double Median(std::vector<double> numbers) {
  if (numbers.empty()) return 0;
  std::sort(numbers.begin(), numbers.end());
  const size_t middle = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

double StudentT95(int degrees) {
  const auto index = static_cast<size_t>(degrees) - 1;
  return index < kStudent975.size() ? kStudent975[index] : Expanded(degrees);
}

std::optional<Slope> LeastSquares(absl::Span<const std::pair<double, double>> points) {
  if (points.size() < kFewestPoints) return std::nullopt;
  const auto n = static_cast<double>(points.size());
  double mean_x = 0, mean_y = 0;
  for (const auto& [x, y] : points) {
    mean_x += x / n;
    mean_y += y / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const auto& [x, y] : points) {
    xx += (x - mean_x) * (x - mean_x);
    xy += (x - mean_x) * (y - mean_y);
    yy += (y - mean_y) * (y - mean_y);
  }
  if (xx == 0) return std::nullopt;
  const double slope = xy / xx;
  const double residual = std::max(yy - slope * xy, 0.0);
  const double error = std::sqrt(residual / (n - 2) / xx);
  const double half = StudentT95(static_cast<int>(points.size()) - 2) * error;
  return Slope{slope, slope - half, slope + half};
}

}  // namespace palmares::portfolio
