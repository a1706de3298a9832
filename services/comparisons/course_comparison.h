// How fast courses are, from athletes who ran several of them; see course_effects.h for the arithmetic.
//
// Two results of an athlete make a pair where they lie at most two years apart, so that age hardly tells; what training
// and age do is taken to go both ways about as often. Times are compared on one clock, from the gun or from the
// runner's own crossing of the start line, never one with the other: how long a start takes is no matter of the course.
// Runners only.
#ifndef PALMARES_SERVICES_COMPARISONS_COURSE_COMPARISON_H_
#define PALMARES_SERVICES_COMPARISONS_COURSE_COMPARISON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::comparisons {

struct CourseQuery {
  // Each the name of an event, an edition or a race: whatever lies in it was run on the course; or of a kept course. No
  // race lies in two of them.
  std::vector<std::string> courses;
  std::string reference;  // the same; empty: the mean of the courses, of a single one everything else its athletes ran
  const athletics::Discipline* discipline = nullptr;  // required, raced against the clock
  std::optional<athletics::Date> from;
  std::optional<athletics::Date> to;
  // Gun or chip; nothing: the one that more pairs of results have, chip where both have as many.
  std::optional<results::Clock> clock;
};

struct CourseFigures {
  bool enough = false;
  double effect_percent = 0;  // how much slower times are; negative is faster
  double low_percent = 0;     // 95 per cent interval
  double high_percent = 0;
  int athletes = 0;    // who ran it and others
  int pairs = 0;       // of results
  std::string reason;  // why there is not enough
};

struct CourseFiguresOnClock {
  results::Clock clock = results::Clock::kChip;  // of the times, gun or chip
  std::vector<CourseFigures> courses;            // in the order of the query's
};

// A runner's time on the clock, gun or chip, in milliseconds; 0 where the row has none. An official time is one of the
// race's own clock, unless it may have been taken from the other.
int64_t TimeOnClock(const events::Race& race, const results::RowFacts& facts, results::Clock clock);

// Whether the race was run on the course: lies in the event, edition or race of that name, or has the kept course.
bool RunOn(const events::Race& race, const std::string& course);

// RESOURCE_EXHAUSTED with what to do where more than three million results would be read.
absl::StatusOr<CourseFiguresOnClock> CompareCourses(const CourseQuery& query, const results::Results& results,
                                                    const identity::Athletes& athletes);

// The method in a few sentences, for people.
std::string CourseMethod(results::Clock clock);

}  // namespace palmares::comparisons

#endif  // PALMARES_SERVICES_COMPARISONS_COURSE_COMPARISON_H_
