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

// Warns where at least 20 finishers are all far too slow for the race's distance, or half of them too fast for anybody
// on foot, and the times fit another one.
void CheckDistance(const Layout& layout, const ReadOptions& options, const std::vector<Row>& rows, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_OTHER_DISTANCE_H_
