// The days and times of a standard that somebody may want to be told of.
#ifndef PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_
#define PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "palmares/v1/qualification.pb.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

struct StandardDeadline {
  v1::Deadline::Kind kind{};
  absl::Time time;
  std::string concerns;  // what has a window of its own: "half marathon"; empty: the standard's window or applications
  int window = -1;       // index into Standard::windows of the first one that says so; -1: the standard's own
};

// When its window and its applications open and close; those that it says. In the order of the API's kinds. Then the
// same of windows of single marks and paths, where they differ from the standard's.
std::vector<StandardDeadline> DeadlinesOf(const Standard& standard);

// A time in which results count or applications are taken. An end that is not known or does not exist has no value.
struct StandardSpan {
  bool applications = false;  // else results
  Window window;              // both ends inclusive
  std::string concerns;       // as in StandardDeadline
  int index = -1;             // into Standard::windows, of the first that says so; -1: the standard's own
};

// The times of the same deadlines: results, applications, then windows of single marks and paths that are not the
// standard's. Those without any end are left out.
std::vector<StandardSpan> SpansOf(const Standard& standard);

// From when on a verdict may be another one though nothing changed: after the last second of each window, and with the
// day on which the cut-off is decided, in the standard's time zone.
std::set<absl::Time> TurningTimes(const Standard& standard);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_DEADLINES_H_
