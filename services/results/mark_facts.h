// What is known of a mark's conditions, from the race that it was run in: the facts that its legality is judged by.
#ifndef PALMARES_SERVICES_RESULTS_MARK_FACTS_H_
#define PALMARES_SERVICES_RESULTS_MARK_FACTS_H_

#include <cstdint>
#include <optional>

#include "services/athletics/legality.h"
#include "services/athletics/result_score.h"
#include "services/events/calendar.h"
#include "services/results/race_sheet.h"

namespace palmares::results {

// Whether the race was indoors, where no wind is measured; short tracks are, but for a few.
bool IsIndoors(const events::Race& race);

// How far the course falls, in millimetres a kilometre; nothing where that is not known.
std::optional<int64_t> DropPerKilometre(const events::Race& race);

// How a row's mark was timed: as the row says (`of_row`), else as its race was. All that asks goes through this.
athletics::Timing TimingOf(const events::Race& race, athletics::Timing of_row);

// `wind_cm_s`: of the row, tail wind positive. `of_row`: its own timing; unknown where it says none.
athletics::MarkFacts MarkFactsOf(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                                 athletics::Timing of_row);

// The wind of a row; nothing where none was given.
std::optional<int32_t> WindOf(const RaceSheet& sheet, int64_t row);

// What changes the score of the row's mark: its wind, which was not measured where wind matters and none was given, the
// course's drop, how it was timed, a short track.
athletics::ScoreConditions ScoreConditionsOf(const events::Race& race, const RaceSheet& sheet, int64_t row);

// The World Athletics points of the row's mark (one of those in `facts`) with its conditions, by the tables compiled
// in; 0 where they have none for it, and for divisions that do not go on foot.
int PointsOf(const events::Race& race, const RaceSheet& sheet, int64_t row, const RowFacts& facts, int64_t mark);

// Whether the row's mark is legal for World Athletics' lists; unknown where its facts contradict each other.
athletics::Legality ListLegality(const events::Race& race, const RaceSheet& sheet, int64_t row);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_MARK_FACTS_H_
