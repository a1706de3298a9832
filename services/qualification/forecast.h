// A sober look ahead: what mark to expect from an athlete's next race, how likely it reaches a standard, and where a
// cut-off may fall.
//
// Method. The level is the mean of the logarithms of the athlete's marks of the last five years, each year back
// weighing 0.6 of the one after it, moved by the usual change for the age. Around it lie the residuals that 44,976
// pairs of Boston Marathon results of 2001 to 2009 left (the same name and sex with matching ages), by how many marks
// there were before; after a pause of more than a year they are 1.3 times as wide. The chance of a mark is read from
// that distribution, so it holds the bad days and hot years that these nine years had.
//
// What it is worth, on the years 2010 to 2013 that were held back (24,017 results; forecast_test.cc computes it again):
// 80 % intervals held 74 % of the marks (2010 89 %, 2011 89 %, 2012 42 %, a hot day, 2013 73 %); the chance
// of a Boston qualifying time had a Brier score of 0.189, "the same as last time" 0.290, the mean of the early years
// for everybody 0.244; the mean error was 8.8 %, for "the same as last time" 9.1 %. A weather forecast it is not.
// Fitted to marathons on one course: for other disciplines it is a guide at best.
#ifndef PALMARES_SERVICES_QUALIFICATION_FORECAST_H_
#define PALMARES_SERVICES_QUALIFICATION_FORECAST_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/needed.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// Pairs of results of one person that the method was fitted to.
inline constexpr int kFittedPairs = 44976;

struct PastMark {
  athletics::Date date;
  int64_t mark = 0;  // milliseconds
};

struct MarkForecast {
  int marks = 0;       // how many it rests on
  int64_t median = 0;  // milliseconds
  int64_t fast = 0;    // one in ten is faster
  int64_t slow = 0;    // one in ten is slower
  double level = 0;    // of the logarithm of the mark in milliseconds, with the change for the age
  double width = 1;    // factor on the residuals
};

// The next mark in a race on `on` (after all of the marks). `age` is that on the day, 0 where it is not known. Nothing
// where no mark lies within five years before it: too little to say.
std::optional<MarkForecast> ForecastMark(absl::Span<const PastMark> past, int age, athletics::Date on);

// The chance that one race ends in the limit or faster, 0.01 to 0.99: what lies outside cannot be told from these data.
double ChanceOfReaching(const MarkForecast& forecast, int64_t limit);

// How marks changed by year: a least-squares line through their logarithms.
struct Trend {
  double per_year = 0;        // -0.02: two per cent faster each year
  double standard_error = 0;  // of per_year; a trend within twice of it is none
};

// Nothing with fewer than three marks, or within less than half a year.
std::optional<Trend> TrendOf(absl::Span<const PastMark> past);

struct StandardForecast {
  NeededMark needed;
  MarkForecast mark;
  double chance = 0;  // that one race before the window closes meets the standard; several tries are not independent
  std::optional<Trend> trend;
};

// For the event's own discipline, where it is a race on foot and its window is open. The race is on `by`; without one
// on the day the window closes, at most half a year from `as_of`. Nothing where there is too little to say.
std::optional<StandardForecast> ForecastStandard(const Standard& standard, const Athlete& athlete,
                                                 absl::Span<const Performance> performances, int event,
                                                 athletics::Date as_of,
                                                 std::optional<athletics::Date> by = std::nullopt);

// The athlete's marks in the discipline up to the day, oldest first: finished, on foot, on sheets that stand; chip
// times where there are any.
std::vector<PastMark> PastMarksOf(absl::Span<const Performance> performances, const athletics::Discipline* discipline,
                                  athletics::Date as_of);

struct CutoffForecast {
  int64_t expected = 0;  // milliseconds under the standard
  int64_t least = 0;
  int64_t most = 0;
};

// The next cut-off from those before it, oldest first. Expected is half way between the last and the median; the
// interval adds the smallest and the largest change seen from one edition to the next to the last. Over Boston's
// cut-offs of 2012 to 2026, each foretold from at least four before it, the interval held 8 of 11 and the mean error
// was 148 s ("the same as last time": 167 s). Nothing with fewer than four. A change of the standards or of the field
// size is not foreseen.
std::optional<CutoffForecast> ForecastCutoff(absl::Span<const int64_t> cutoffs);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_FORECAST_H_
