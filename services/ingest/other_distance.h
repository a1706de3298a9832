// Whether a field of times fits another distance than the race's: the commonest mistake in a manifest after the unit.
#ifndef PALMARES_SERVICES_INGEST_OTHER_DISTANCE_H_
#define PALMARES_SERVICES_INGEST_OTHER_DISTANCE_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"

namespace palmares::ingest {

// The code of the distance, of those run most on the race's surface, that a field's fastest runner covers in that time:
// no faster than the record and at most 60 % slower. Empty where there is none, or where the race is no plain run.
absl::string_view DistanceOfFastest(int64_t milliseconds, const athletics::Discipline& race);

// Warns, with the distance that the times fit where there is one,
// - where at least 20 finishers are all far too slow for the race's distance (from 1.9 times the record on), or half of
//   them too fast for anybody on foot, and the times fit another one;
// - where at least 3 finishers all took 4.55 times the record or longer. A few can be slow for many reasons, and they
//   are to be left alone: the fastest of small age groups in marathons take up to 2.8 times the record, of children by
//   themselves or of a few walkers up to 4.5 times. What remains is slower than a walk (5 km in 58 minutes, 10 km in
//   two hours), and the fastest marathon there has been is found among the times of a 10 km race. A few finishers of
//   half that distance are not: their times could be walkers'.
void CheckDistance(const Layout& layout, const ReadOptions& options, const std::vector<Row>& rows, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_OTHER_DISTANCE_H_
