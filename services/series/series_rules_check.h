// What must hold between the fields of a series' rules. Private to the reader of series' rules.
#ifndef PALMARES_SERVICES_SERIES_SERIES_RULES_CHECK_H_
#define PALMARES_SERVICES_SERIES_SERIES_RULES_CHECK_H_

#include "services/qualification/rule_reader.h"
#include "services/series/series_rules.h"

namespace palmares::series {

// Reports what contradicts itself: points without a table of points, a carried score of a category that is not there …
void CheckSeriesRules(qualification::TableReader& file, const SeriesRules& rules);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_RULES_CHECK_H_
