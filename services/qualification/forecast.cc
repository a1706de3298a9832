#include "services/qualification/forecast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "services/qualification/age_on_day.h"

namespace palmares::qualification {
namespace {

constexpr double kDaysPerYear = 365.25;
constexpr double kYearsBack = 5.5;  // five races a year apart, whatever their days
constexpr double kWeightPerYear = 0.6;
constexpr double kLongPause = 1.5;  // years; Boston's own spacing is one
constexpr double kPauseWidth = 1.3;

// The residuals of the fit, by marks before (1, 2, 3 or more), at these probabilities.
constexpr std::array<double, 13> kProbability = {.01, .05, .10, .20, .30, .40, .50, .60, .70, .80, .90, .95, .99};
using Residuals = std::array<double, 13>;
constexpr std::array<Residuals, 3> kResiduals = {{
    {-.244, -.145, -.103, -.061, -.034, -.015, .002, .019, .040, .068, .112, .156, .271},
    {-.210, -.129, -.091, -.051, -.026, -.007, .013, .032, .055, .087, .131, .178, .277},
    {-.188, -.122, -.091, -.056, -.035, -.018, -.002, .016, .037, .069, .123, .175, .292},
}};

// The median change of the logarithm to the next mark, by age; linear between these ages.
struct AgeDrift {
  int age;
  double drift;
};
constexpr std::array<AgeDrift, 6> kDrift = {
    {{25, -.019}, {35, -.012}, {45, -.008}, {55, -.003}, {65, .002}, {75, .020}}};
constexpr int kUsualAge = 40;

double DriftAt(int age) {
  if (age <= 0) age = kUsualAge;
  if (age <= kDrift.front().age) return kDrift.front().drift;
  for (size_t i = 1; i < kDrift.size(); ++i) {
    if (age > kDrift[i].age) continue;
    const double part = double(age - kDrift[i - 1].age) / (kDrift[i].age - kDrift[i - 1].age);
    return kDrift[i - 1].drift + part * (kDrift[i].drift - kDrift[i - 1].drift);
  }
  return kDrift.back().drift;
}

const Residuals& ResidualsFor(int marks) { return kResiduals[static_cast<size_t>(std::min(marks, 3) - 1)]; }

// The mark at the residual of the given place in the tables.
int64_t MarkAt(const MarkForecast& forecast, size_t place) {
  return std::llround(std::exp(forecast.level + forecast.width * ResidualsFor(forecast.marks)[place]));
}

double FractionalYearsBetween(athletics::Date from, athletics::Date to) {
  return static_cast<double>(to - from) / kDaysPerYear;
}

bool IsRace(const athletics::Discipline& discipline) {
  return discipline.unit == athletics::MarkUnit::kMilliseconds && discipline.lower_is_better;
}

}  // namespace

std::optional<MarkForecast> ForecastMark(absl::Span<const PastMark> past, int age, athletics::Date on) {
  double weights = 0, sum = 0, newest = kYearsBack;
  MarkForecast forecast;
  for (const PastMark& each : past) {
    const double years = FractionalYearsBetween(each.date, on);
    if (each.mark <= 0 || years < 0 || years > kYearsBack) continue;
    const double weight = std::pow(kWeightPerYear, years);
    weights += weight;
    sum += weight * std::log(static_cast<double>(each.mark));
    newest = std::min(newest, years);
    ++forecast.marks;
  }
  if (forecast.marks == 0) return std::nullopt;
  forecast.level = sum / weights + DriftAt(age);
  forecast.width = newest > kLongPause ? kPauseWidth : 1.0;
  forecast.fast = MarkAt(forecast, 2);
  forecast.median = MarkAt(forecast, 6);
  forecast.slow = MarkAt(forecast, 10);
  return forecast;
}

double ChanceOfReaching(const MarkForecast& forecast, int64_t limit) {
  if (limit <= 0) return kProbability.front();
  const Residuals& residuals = ResidualsFor(forecast.marks);
  const double z = (std::log(static_cast<double>(limit)) - forecast.level) / forecast.width;
  if (z <= residuals.front()) return kProbability.front();
  const auto* const above = std::upper_bound(residuals.begin(), residuals.end(), z);
  if (above == residuals.end()) return kProbability.back();
  const auto place = static_cast<size_t>(std::distance(residuals.begin(), above));
  const double part = (z - residuals[place - 1]) / (residuals[place] - residuals[place - 1]);
  return kProbability[place - 1] + part * (kProbability[place] - kProbability[place - 1]);
}

std::optional<Trend> TrendOf(absl::Span<const PastMark> past) {
  if (past.size() < 3) return std::nullopt;
  const auto count = static_cast<double>(past.size());
  double mean_x = 0, mean_y = 0;
  for (const PastMark& each : past) {
    mean_x += FractionalYearsBetween(past[0].date, each.date) / count;
    mean_y += std::log(static_cast<double>(each.mark)) / count;
  }
  double xx = 0, xy = 0, widest = 0;
  for (const PastMark& each : past) {
    const double x = FractionalYearsBetween(past[0].date, each.date) - mean_x;
    xx += x * x;
    xy += x * (std::log(static_cast<double>(each.mark)) - mean_y);
    widest = std::max(widest, std::abs(x));
  }
  if (widest < 0.25) return std::nullopt;
  Trend trend;
  trend.per_year = xy / xx;
  double rest = 0;
  for (const PastMark& each : past) {
    const double x = FractionalYearsBetween(past[0].date, each.date) - mean_x;
    const double residual = std::log(static_cast<double>(each.mark)) - mean_y - trend.per_year * x;
    rest += residual * residual;
  }
  trend.standard_error = std::sqrt(rest / (count - 2) / xx);
  return trend;
}

std::vector<PastMark> PastMarksOf(absl::Span<const Performance> performances, const athletics::Discipline* discipline,
                                  athletics::Date as_of) {
  std::vector<PastMark> past;
  for (const Performance& each : performances) {
    const bool counts = each.discipline == discipline && each.division == athletics::Division::kRunning &&
                        each.outcome == athletics::Outcome::kFinished && each.sheet != SheetState::kAnnulled &&
                        each.date <= as_of;
    const int64_t mark = each.chip_mark > 0 ? each.chip_mark : std::max(each.official_mark, each.gun_mark);
    if (counts && mark > 0) past.push_back({each.date, mark});
  }
  return past;
}

std::optional<StandardForecast> ForecastStandard(const Standard& standard, const Athlete& athlete,
                                                 absl::Span<const Performance> performances, int event,
                                                 athletics::Date as_of, std::optional<athletics::Date> by) {
  const athletics::Discipline* discipline = standard.events[static_cast<size_t>(event)].discipline;
  const std::vector<NeededMark> needed = NeededMarks(standard, athlete, event, as_of);
  if (needed.empty() || needed.front().discipline != discipline || !IsRace(*discipline)) return std::nullopt;
  const std::vector<PastMark> past = PastMarksOf(performances, discipline, as_of);
  const athletics::Date later = athletics::AddMonths(as_of, 6);
  const athletics::Date closes = needed.front().by.value_or(later);
  const athletics::Date on = std::min(closes, by.value_or(later));
  const std::optional<athletics::AgeRange> age = AgeRangeOn(BirthSpanOf(athlete), on);
  const std::optional<MarkForecast> mark = ForecastMark(past, age ? age->max : 0, on);
  if (!mark) return std::nullopt;
  return StandardForecast{needed.front(), *mark, ChanceOfReaching(*mark, needed.front().mark), TrendOf(past)};
}

std::optional<CutoffForecast> ForecastCutoff(absl::Span<const int64_t> cutoffs) {
  if (cutoffs.size() < 4) return std::nullopt;
  int64_t fall = 0, rise = 0;
  for (size_t i = 1; i < cutoffs.size(); ++i) {
    fall = std::min(fall, cutoffs[i] - cutoffs[i - 1]);
    rise = std::max(rise, cutoffs[i] - cutoffs[i - 1]);
  }
  std::vector<int64_t> sorted(cutoffs.begin(), cutoffs.end());
  std::sort(sorted.begin(), sorted.end());
  const int64_t median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  const int64_t last = cutoffs.back();
  return CutoffForecast{(last + median) / 2, std::max<int64_t>(0, last + fall), last + rise};
}

}  // namespace palmares::qualification
