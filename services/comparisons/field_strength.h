// How strong a race's field is, by what its athletes had done before the day.
//
// Method: for each runner who started, the highest World Athletics points of their results in the 12 months before the
// race day, in disciplines like the race's: both run or both walked, the same obstacles, from 0.4 to 2.5 times the
// distance. The strength is the mean of the best ten (or as many as are asked for, or known). The percentile compares
// it with the races of the discipline in the five years up to the day, newest first until 100,000 starters were looked
// at; a race of whose starters nothing is known is left out.
#ifndef PALMARES_SERVICES_COMPARISONS_FIELD_STRENGTH_H_
#define PALMARES_SERVICES_COMPARISONS_FIELD_STRENGTH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/category.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::comparisons {

struct FieldQuery {
  int32_t race = 0;
  athletics::Sex sex = athletics::Sex::kUnknown;  // unknown: all
  int top = 10;
};

struct StrongStarter {
  int64_t athlete = 0;
  results::RowRef row;  // the result that counts for them
  int64_t mark = 0;
  int points = 0;
};

struct FieldStrength {
  std::optional<double> score;  // where something is known of a starter
  int starters = 0;
  int known = 0;
  std::vector<StrongStarter> strongest;  // best first; equal ones by athlete
};

FieldStrength StrengthOf(const FieldQuery& query, const results::Results& results, const identity::Athletes& athletes);

// Per cent of the other races that are weaker than `score`, and how many there are.
struct FieldPercentile {
  std::optional<double> percentile;  // where there is a race to compare with
  int races = 0;
};
FieldPercentile PercentileOf(const FieldQuery& query, double score, const results::Results& results,
                             const identity::Athletes& athletes);

// The method in a sentence, for people.
std::string FieldStrengthMethod(const FieldQuery& query, const FieldPercentile& percentile);

}  // namespace palmares::comparisons

#endif  // PALMARES_SERVICES_COMPARISONS_FIELD_STRENGTH_H_
