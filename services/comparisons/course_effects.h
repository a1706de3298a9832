// How much slower or faster courses are than each other, from pairs of results: the arithmetic, without races.
//
// Method: for an athlete who ran two courses, the mean of the logarithms of the ratios of their times is one
// observation of that pair of courses. The difference of the pair is the median of its observations, which single bad
// days and breakthroughs do not move; its uncertainty is the distribution-free 95 per cent interval of a median (order
// statistics). A pair that fewer than kFewestAthletes ran says nothing. The effects are the least-squares fit to all
// pairs, weighted by their uncertainties; courses are compared only as far as pairs connect them.
#ifndef PALMARES_SERVICES_COMPARISONS_COURSE_EFFECTS_H_
#define PALMARES_SERVICES_COMPARISONS_COURSE_EFFECTS_H_

#include <optional>
#include <vector>

namespace palmares::comparisons {

inline constexpr int kFewestAthletes = 20;
inline constexpr double kTwoSided95 = 1.959964;  // standard deviations of the 95 per cent interval

// Two courses that athletes ran both of, a < b. `differences`: one for each athlete, log(time on a) − log(time on b).
struct CoursePair {
  int a = 0;
  int b = 0;
  std::vector<double> differences;
};

// In logarithms of time; positive is slower.
struct Effect {
  double value = 0;
  double deviation = 0;  // standard deviation
};

// The effects of `courses` courses against the one of index `reference`, or, where that is not set, against the mean of
// those that are connected with each other (of several such groups the largest, of equal ones that of the lowest
// index). Nothing for a course that is not connected.
std::vector<std::optional<Effect>> FitEffects(int courses, const std::vector<CoursePair>& pairs,
                                              std::optional<int> reference);

// The median, and the longer side of its 95 per cent interval over 1.96, never 0. Of at least kFewestAthletes numbers.
Effect MedianOf(std::vector<double> values);

}  // namespace palmares::comparisons

#endif  // PALMARES_SERVICES_COMPARISONS_COURSE_EFFECTS_H_
