// The days and times of a standard that somebody may want to be told of.
#ifndef PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_
#define PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_

#include <vector>

#include "absl/time/time.h"
#include "palmares/v1/qualification.pb.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

struct StandardDeadline {
  v1::Deadline::Kind kind{};
  absl::Time time;
};

// When its window and its applications open and close; those that it says. In the order of the API's kinds.
std::vector<StandardDeadline> DeadlinesOf(const Standard& standard);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_
