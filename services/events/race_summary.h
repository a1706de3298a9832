// What the calendar shows of a race's results. The calendar lies below the results and knows nothing of them: whoever
// assembles the server supplies this.
#ifndef PALMARES_SERVICES_EVENTS_RACE_SUMMARY_H_
#define PALMARES_SERVICES_EVENTS_RACE_SUMMARY_H_

#include <functional>

#include "palmares/v1/races.pb.h"

namespace palmares::events {

struct Race;

// Fills the sheet's state, revision and counts. Called under a Reader.
using RaceSummaries = std::function<void(const Race& race, v1::Race* out)>;

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_RACE_SUMMARY_H_
