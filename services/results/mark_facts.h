// What is known of a mark's conditions, from the race that it was run in: the facts that its legality is judged by.
#ifndef PALMARES_SERVICES_RESULTS_MARK_FACTS_H_
#define PALMARES_SERVICES_RESULTS_MARK_FACTS_H_

#include <cstdint>
#include <optional>

#include "services/athletics/legality.h"
#include "services/events/calendar.h"
#include "services/results/race_sheet.h"

namespace palmares::results {

// `wind_cm_s`: of the row, tail wind positive.
athletics::MarkFacts MarkFactsOf(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s);

// The wind of a row; nothing where none was given.
std::optional<int32_t> WindOf(const RaceSheet& sheet, int64_t row);

// Whether the row's mark is legal for World Athletics' lists; unknown where its facts contradict each other.
athletics::Legality ListLegality(const events::Race& race, const RaceSheet& sheet, int64_t row);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_MARK_FACTS_H_
