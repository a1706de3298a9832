#include "services/qualification/deadlines.h"

namespace palmares::qualification {

std::vector<StandardDeadline> DeadlinesOf(const Standard& standard) {
  std::vector<StandardDeadline> deadlines;
  const auto add = [&](v1::Deadline::Kind kind, std::optional<absl::CivilSecond> at) {
    if (at) deadlines.push_back({kind, absl::FromCivil(*at, standard.zone)});
  };
  std::optional<absl::CivilSecond> closes = standard.window.closes;
  if (const auto last = LastDay(standard, -1); !closes && last) closes = absl::CivilSecond(*last + 1) - 1;
  add(v1::Deadline::KIND_WINDOW_OPENS, standard.window.opens);
  add(v1::Deadline::KIND_WINDOW_CLOSES, closes);
  add(v1::Deadline::KIND_APPLICATIONS_OPEN, standard.registration.opens);
  add(v1::Deadline::KIND_APPLICATIONS_CLOSE, standard.registration.closes);
  return deadlines;
}

}  // namespace palmares::qualification
