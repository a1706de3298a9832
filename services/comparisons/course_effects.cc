#include "services/comparisons/course_effects.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace palmares::comparisons {
namespace {

constexpr double kLeastDeviation = 1e-6;

using Matrix = std::vector<std::vector<double>>;

// The inverse of a symmetric positive definite matrix (Gauss-Jordan with pivoting). Small: at most 21 rows.
Matrix Invert(Matrix m) {
  const size_t n = m.size();
  Matrix inverse(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; ++i) inverse[i][i] = 1;
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column + 1; row < n; ++row) {
      if (std::abs(m[row][column]) > std::abs(m[pivot][column])) pivot = row;
    }
    std::swap(m[column], m[pivot]);
    std::swap(inverse[column], inverse[pivot]);
    const double scale = m[column][column];
    for (size_t k = 0; k < n; ++k) {
      m[column][k] /= scale;
      inverse[column][k] /= scale;
    }
    for (size_t row = 0; row < n; ++row) {
      if (row == column) continue;
      const double factor = m[row][column];
      for (size_t k = 0; k < n; ++k) {
        m[row][k] -= factor * m[column][k];
        inverse[row][k] -= factor * inverse[column][k];
      }
    }
  }
  return inverse;
}

struct Edge {
  size_t a = 0;
  size_t b = 0;
  Effect difference;
};

// The courses connected with one.
std::vector<size_t> Connected(size_t start, size_t courses, const std::vector<Edge>& edges) {
  std::vector<bool> reached(courses, false);
  std::vector<size_t> found = {start};
  reached[start] = true;
  for (size_t i = 0; i < found.size(); ++i) {
    for (const Edge& edge : edges) {
      const size_t other = edge.a == found[i] ? edge.b : edge.a;
      if ((edge.a != found[i] && edge.b != found[i]) || reached[other]) continue;
      reached[other] = true;
      found.push_back(other);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<size_t> Largest(size_t courses, const std::vector<Edge>& edges) {
  std::vector<size_t> largest;
  for (size_t start = 0; start < courses; ++start) {
    std::vector<size_t> group = Connected(start, courses, edges);
    if (group.size() > largest.size()) largest = std::move(group);
  }
  return largest;
}

}  // namespace

Effect MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  const double median = n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  const double half = kTwoSided95 * std::sqrt(static_cast<double>(n)) / 2;
  const double low = std::floor(static_cast<double>(n) / 2 - half);
  const auto first = static_cast<size_t>(std::max(0.0, low));
  const size_t last = n - 1 - first;
  return {median, std::max(kLeastDeviation, std::max(values[last] - median, median - values[first]) / kTwoSided95)};
}

std::vector<std::optional<Effect>> FitEffects(int courses, const std::vector<CoursePair>& pairs,
                                              std::optional<int> reference) {
  const auto count = static_cast<size_t>(courses);
  std::vector<Edge> edges;
  for (const CoursePair& pair : pairs) {
    if (pair.differences.size() < kFewestAthletes) continue;
    edges.push_back({static_cast<size_t>(pair.a), static_cast<size_t>(pair.b), MedianOf(pair.differences)});
  }
  std::vector<std::optional<Effect>> effects(count);
  const std::vector<size_t> group =
      reference.has_value() ? Connected(static_cast<size_t>(*reference), count, edges) : Largest(count, edges);
  if (group.size() < 2) return effects;
  // One course of the group is held at 0; the others' equations are those of the weighted differences.
  const size_t base = reference.has_value() ? static_cast<size_t>(*reference) : group.front();
  std::vector<size_t> row_of(count, count);
  size_t rows = 0;
  for (const size_t course : group) {
    if (course != base) row_of[course] = rows++;
  }
  Matrix normal(rows, std::vector<double>(rows, 0));
  std::vector<double> right(rows, 0);
  for (const Edge& edge : edges) {
    if (!std::binary_search(group.begin(), group.end(), edge.a)) continue;
    const double weight = 1 / (edge.difference.deviation * edge.difference.deviation);
    const size_t a = row_of[edge.a];
    const size_t b = row_of[edge.b];
    if (a < rows) {
      normal[a][a] += weight;
      right[a] += weight * edge.difference.value;
    }
    if (b < rows) {
      normal[b][b] += weight;
      right[b] -= weight * edge.difference.value;
    }
    if (a < rows && b < rows) {
      normal[a][b] -= weight;
      normal[b][a] -= weight;
    }
  }
  const Matrix covariance = Invert(std::move(normal));
  std::vector<double> value(rows, 0);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t k = 0; k < rows; ++k) value[i] += covariance[i][k] * right[k];
  }
  // Against the mean of the group: its own share of the mean is taken off, with all covariances.
  const double share = reference.has_value() ? 0 : 1 / static_cast<double>(group.size());
  double mean = 0, mean_variance = 0;
  std::vector<double> with_mean(rows, 0);
  for (size_t i = 0; i < rows; ++i) {
    mean += share * value[i];
    for (size_t k = 0; k < rows; ++k) {
      with_mean[i] += share * covariance[i][k];
      mean_variance += share * share * covariance[i][k];
    }
  }
  for (const size_t course : group) {
    const size_t i = row_of[course];
    if (i == count) {
      effects[course] = Effect{-mean, std::sqrt(mean_variance)};
      continue;
    }
    const double variance = covariance[i][i] - 2 * with_mean[i] + mean_variance;
    effects[course] = Effect{value[i] - mean, std::sqrt(std::max(0.0, variance))};
  }
  return effects;
}

}  // namespace palmares::comparisons
