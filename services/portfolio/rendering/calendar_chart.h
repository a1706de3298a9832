// When somebody raced: a row for each season, a column for each month, a sign for each result: a diamond for a win, a
// dot for another finish, a cross for any other outcome.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_CALENDAR_CHART_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_CALENDAR_CHART_H_

#include <array>
#include <map>

#include "google/protobuf/repeated_field.h"
#include "palmares/v1/histories.pb.h"
#include "services/portfolio/rendering/chart.h"
#include "services/portfolio/rendering/words.h"

namespace palmares::portfolio {

// Starts in each month, 1 to 12, of each season, newest first; 0 for those whose month is not known.
using SeasonCalendar = std::map<int, std::array<int, 13>, std::greater<>>;

// Results of who did not start are left out, and those without a year.
SeasonCalendar CountStarts(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results);

// `results` has a start with a year at least.
Markup DrawCalendar(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results, const ChartText& text,
                    const Language& words);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_CALENDAR_CHART_H_
