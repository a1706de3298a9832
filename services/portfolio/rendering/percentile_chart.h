// How many of the finishers were behind, race by race: each race a dot on a stem, over the years.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_PERCENTILE_CHART_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_PERCENTILE_CHART_H_

#include <vector>

#include "google/protobuf/repeated_field.h"
#include "palmares/v1/histories.pb.h"
#include "services/portfolio/rendering/chart.h"

namespace palmares::portfolio {

// The results that have a place among others and a day, oldest first. They live as long as `results`.
std::vector<const v1::HistoryEntry*> RacesWithPercentile(
    const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results);

// `races` is not empty.
Markup DrawPercentiles(const std::vector<const v1::HistoryEntry*>& races, const ChartText& text);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_PERCENTILE_CHART_H_
