// Whether a corrected place contradicts the times: by the rule that a file's places are checked by (ingest/places.h).
#ifndef PALMARES_SERVICES_RESULTS_PLACE_CONTRADICTION_H_
#define PALMARES_SERVICES_RESULTS_PLACE_CONTRADICTION_H_

#include <cstdint>
#include <optional>

#include "services/events/calendar.h"
#include "services/ingest/issue.h"
#include "services/results/race_sheet.h"

namespace palmares::results {

// PLACE_CONTRADICTS_TIME of a row whose place is corrected, on the sheet as it is afterwards: an error, or a warning
// where it is a slip among many rows. A sheet whose other places do not go by the race's clock either is not judged.
std::optional<ingest::Issue> PlaceContradiction(const RaceSheet& sheet, const events::Race& race, int64_t row);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_PLACE_CONTRADICTION_H_
