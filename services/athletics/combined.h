// Points of the events of decathlon, heptathlon and their short-track forms: the formulae of 2001, still in force.
//
// points = whole part of A * (B - t)^C on the track (t in seconds) or A * (m - B)^C in the field (m in centimetres for
// jumps, metres for throws); none for a mark on the wrong side of B. Hand times are first made comparable
// (HandTimeAddition()). Pure functions.
#ifndef PALMARES_SERVICES_ATHLETICS_COMBINED_H_
#define PALMARES_SERVICES_ATHLETICS_COMBINED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"

namespace palmares::athletics {

// Points of a mark in milliseconds or millimetres, in the event of this code ("110mh", "long-jump"). NOT_FOUND where
// the sex has no such event in a combined competition; INVALID_ARGUMENT for a mark of 0 or less.
absl::StatusOr<int> CombinedEventPoints(absl::string_view code, Sex sex, int64_t mark);

// The worst mark, in hundredths of a second or whole centimetres, that is worth at least `points`.
absl::StatusOr<int64_t> MarkForCombinedEventPoints(absl::string_view code, Sex sex, int points);

// The events of "decathlon" (M), "heptathlon" (W), "heptathlon-short" (M) or "pentathlon-short" (W) in their order;
// empty for others.
std::vector<std::string> CombinedEvents(absl::string_view competition, Sex sex);

struct CombinedTotal {
  std::vector<int> points;  // by event
  int total = 0;
};

// Points of a whole competition. `marks` in the events' order, 0 for one without a mark. INVALID_ARGUMENT for another
// number of marks.
absl::StatusOr<CombinedTotal> ScoreCombined(absl::string_view competition, Sex sex, const std::vector<int64_t>& marks);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_COMBINED_H_
