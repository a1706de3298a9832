// What a mark over one distance is worth over another.
//
// Methods, in this order; the answer names the one that was used:
// - equal points: where the scoring tables have both disciplines for the sex, the worst mark with the points of the
// given one. That is
//   how the tables are made: equal points are equally good performances;
// - Riegel's formula (P. S. Riegel, "Athletic Records and Human Endurance", American Scientist 69, 1981): t2 = t1 * (d2
// / d1)^k for
//   flat races over two distances of one kind, on one surface or on track and road. The exponent is data
//   (data/equivalence.csv); outside the times that the author studied (3.5 to 230 minutes) the answer says so.
#ifndef PALMARES_SERVICES_ATHLETICS_EQUIVALENT_H_
#define PALMARES_SERVICES_ATHLETICS_EQUIVALENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/discipline.h"
#include "services/athletics/points.h"

namespace palmares::athletics {

enum class EquivalentMethod : uint8_t { kEqualPoints = 1, kRiegel = 2 };

// "equal points", "Riegel".
absl::string_view EquivalentMethodName(EquivalentMethod method);

struct Equivalent {
  int64_t mark = 0;  // in the other discipline's unit
  EquivalentMethod method = EquivalentMethod::kEqualPoints;
  int points = 0;              // of the given mark; 0 by Riegel's formula
  double exponent = 0;         // of Riegel's formula; 0 by equal points
  bool outside_study = false;  // a time beyond those for which the exponent was found
};

// INVALID_ARGUMENT for a mark of 0 or less; FAILED_PRECONDITION where no method fits the two disciplines (a walk and a
// run, a field event without a table, a race by time, by Riegel's formula a trail and a road).
absl::StatusOr<Equivalent> EquivalentMark(const Discipline& from, const Discipline& to, Sex sex, int64_t mark,
                                          const ScoringTables& tables);

// By Riegel's formula alone, rounded up to a whole millisecond.
absl::StatusOr<Equivalent> RiegelEquivalent(const Discipline& from, const Discipline& to, int64_t mark);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_EQUIVALENT_H_
