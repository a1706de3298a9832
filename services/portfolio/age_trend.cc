#include "services/portfolio/age_trend.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/age_graded_run.h"
#include "services/portfolio/statistics.h"

namespace palmares::portfolio {
namespace {

using Points = std::vector<std::pair<double, double>>;

double YearlyPercent(double slope) { return 100 * std::expm1(slope); }

// What the age makes of the open class's mark, as a logarithm; nothing where no factor is known.
std::optional<double> ExpectedLogarithm(const athletics::AgeGradeTable& table, const PastResult& result) {
  if (!result.ages.has_value()) return std::nullopt;
  double factors = 0;
  for (const int age : {result.ages->min, result.ages->max}) {
    const auto standard = table.Standard(age, result.discipline->distance_mm);
    if (!standard.ok()) return std::nullopt;
    factors += standard->factor / 2;
  }
  return -std::log(factors);
}

// The slope that the table lets expect of these results.
std::optional<double> ExpectedSlope(const athletics::AgeGradeTable& table, PastResults results,
                                    const std::vector<size_t>& season_bests) {
  Points points;
  for (const size_t i : season_bests) {
    const std::optional<double> expected = ExpectedLogarithm(table, results[i]);
    if (!expected.has_value()) return std::nullopt;
    points.emplace_back(static_cast<double>(results[i].date.year()), *expected);
  }
  const std::optional<Slope> slope = LeastSquares(points);
  return slope.has_value() ? std::optional(slope->slope) : std::nullopt;
}

const athletics::AgeGradeTable* TableFor(PastResults results, const std::vector<size_t>& season_bests) {
  const PastResult& first = results[season_bests.front()];
  const bool even =
      first.discipline->surface == athletics::Surface::kRoad || first.discipline->surface == athletics::Surface::kTrack;
  if (!even || first.division != athletics::Division::kRunning) return nullptr;
  const auto table = athletics::AgeGradeTableFor(*first.discipline, first.sex);
  return table.ok() ? *table : nullptr;
}

}  // namespace

std::optional<AgeTrend> AgeTrendOf(PastResults results, const std::vector<size_t>& season_bests) {
  if (season_bests.size() < kFewestSeasons) return std::nullopt;
  Points points;
  for (const size_t i : season_bests) {
    points.emplace_back(static_cast<double>(results[i].date.year()), std::log(static_cast<double>(results[i].mark)));
  }
  const std::optional<Slope> slope = LeastSquares(points);
  if (!slope.has_value()) return std::nullopt;
  AgeTrend trend;
  trend.change = YearlyPercent(slope->slope);
  trend.low = YearlyPercent(slope->low);
  trend.high = YearlyPercent(slope->high);
  trend.results = {season_bests.rbegin(), season_bests.rend()};
  trend.method = absl::StrCat("least squares on the logarithms of ", points.size(), " season bests");
  const athletics::AgeGradeTable* table = TableFor(results, season_bests);
  const auto expected = table == nullptr ? std::optional<double>() : ExpectedSlope(*table, results, season_bests);
  if (!expected.has_value()) {
    absl::StrAppend(&trend.method, "; no age factors, or an age that is not known");
    return trend;
  }
  trend.expected = YearlyPercent(*expected);
  absl::StrAppend(&trend.method, "; the same on the age factors of ", table->edition());
  return trend;
}

}  // namespace palmares::portfolio
