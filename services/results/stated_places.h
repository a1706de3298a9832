// Places that a correction states, which go before those that follow from the sheet.
#ifndef PALMARES_SERVICES_RESULTS_STATED_PLACES_H_
#define PALMARES_SERVICES_RESULTS_STATED_PLACES_H_

#include <cstdint>

#include "services/results/race_sheet.h"
#include "services/results/result.h"

namespace palmares::results {

// Whether the row's places are those of its mark, whatever is stated: it was appended, or its mark, outcome or whom it
// is placed among are not those that its sheet was published with.
bool FollowsFromMark(const RaceSheet& sheet, PlaceRule rule, int64_t row, const Result& after);

// What a correction of the row from `before` to `after`, as they stand among the others, leaves stated: places that it
// changes, and those stated earlier; none where they follow from the mark. Places are told in the
// numbers of the published sheet, so that they move with those of the others (place_order.h): a place that is another's
// too is shared with them, and nobody else moves.
Places StatedBy(const RaceSheet& sheet, PlaceRule rule, int64_t row, const Result& before, const Result& after);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_STATED_PLACES_H_
