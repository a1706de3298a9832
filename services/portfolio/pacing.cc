#include "services/portfolio/pacing.h"

#include <cmath>
#include <cstdlib>

#include "services/portfolio/statistics.h"

namespace palmares::portfolio {
namespace {

constexpr int64_t kHalfTolerance = 1000;  // a thousandth of it
constexpr double kPerCentOfPace = 100;

// The splits that make sense, and the finish.
std::vector<PassedSplit> Course(const PastResult& result) {
  const PassedSplit finish{result.discipline->distance_mm, result.split_clock_mark};
  std::vector<PassedSplit> course;
  PassedSplit last;
  for (const PassedSplit& split : result.splits) {
    const bool forward = split.distance_mm > last.distance_mm && split.mark > last.mark;
    if (!forward || split.distance_mm >= finish.distance_mm || split.mark >= finish.mark) continue;
    course.push_back(split);
    last = split;
  }
  course.push_back(finish);
  return course;
}

// The time at half the distance; 0 where there is no split there.
int64_t HalfMark(const std::vector<PassedSplit>& course) {
  const int64_t distance = course.back().distance_mm;
  int64_t mark = 0, nearest = 0;
  for (const PassedSplit& split : course) {
    const int64_t twice_off = std::abs(2 * split.distance_mm - distance);
    if (twice_off * kHalfTolerance > distance || (mark != 0 && twice_off >= nearest)) continue;
    nearest = twice_off;
    mark = split.mark;
  }
  return mark;
}

double VariationPercent(const std::vector<PassedSplit>& course) {
  const auto distance = static_cast<double>(course.back().distance_mm);
  const double mean = static_cast<double>(course.back().mark) / distance;
  double squares = 0;
  PassedSplit last;
  for (const PassedSplit& split : course) {
    const auto length = static_cast<double>(split.distance_mm - last.distance_mm);
    const double pace = static_cast<double>(split.mark - last.mark) / length;
    squares += length * (pace - mean) * (pace - mean);
    last = split;
  }
  return kPerCentOfPace * std::sqrt(squares / distance) / mean;
}

}  // namespace

std::optional<RacePacing> PaceOf(const PastResult& result) {
  const bool is_race = result.discipline->distance_mm > 0 && result.discipline->lower_is_better;
  if (!is_race || result.split_clock_mark <= 0) return std::nullopt;
  const std::vector<PassedSplit> course = Course(result);
  const int64_t first = HalfMark(course);
  if (first == 0) return std::nullopt;
  const int64_t second = result.split_clock_mark - first;
  return RacePacing{kPerCentOfPace * static_cast<double>(second - first) / static_cast<double>(first),
                    VariationPercent(course)};
}

std::optional<Pacing> PacingOf(PastResults results) {
  Pacing pacing;
  std::vector<double> halves, variations;
  for (size_t i = results.size(); i-- > 0;) {
    const std::optional<RacePacing> race = PaceOf(results[i]);
    if (!race.has_value()) continue;
    pacing.results.push_back(i);
    if (race->second_half_percent < 0) ++pacing.negative_splits;
    halves.push_back(race->second_half_percent);
    variations.push_back(race->variation_percent);
  }
  if (pacing.results.empty()) return std::nullopt;
  pacing.second_half_percent = Median(halves);
  pacing.variation_percent = Median(variations);
  return pacing;
}

}  // namespace palmares::portfolio
