// The rules of issue.h about a row that is stated without a file, as a correction states it: the same that a file's
// rows are checked by. Pure functions on values.
#ifndef PALMARES_SERVICES_INGEST_ROW_RULES_H_
#define PALMARES_SERVICES_INGEST_ROW_RULES_H_

#include <vector>

#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/ingest/issue.h"
#include "services/results/result.h"

namespace palmares::ingest {

// What is wrong or doubtful about a row by itself: a missing name or mark, an impossible speed, a mark as written that
// is another, clocks, splits, age and birth, record, wind, sex. `column` of an issue is the path of the field in the
// API's ResultRow. Rows that were taken off the sheet state nothing.
std::vector<Issue> CheckRow(const results::Result& row, const athletics::Discipline& discipline,
                            athletics::Date race_date);

// What is doubtful about what a change makes of a row: a birth date over a year from the one before.
std::vector<Issue> CheckChange(const results::Result& before, const results::Result& after, athletics::Date race_date);

// The first error of `now` that was not among `before` already: what a change would make wrong. nullptr where there is
// none.
const Issue* FirstNewError(const std::vector<Issue>& before, const std::vector<Issue>& now);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_ROW_RULES_H_
