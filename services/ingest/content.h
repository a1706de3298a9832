// What a column looks like by its values, for files whose headers do not say it.
#ifndef PALMARES_SERVICES_INGEST_CONTENT_H_
#define PALMARES_SERVICES_INGEST_CONTENT_H_

#include <cstddef>

#include "services/ingest/field.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// Shares of the values that are not missing, from 0 to 1, over at the most the first 2,000 rows.
struct ContentShares {
  size_t values = 0;
  double time = 0;      // "2:10:22", "59:51"
  double whole = 0;     // whole numbers
  double rising = 0;    // whole numbers that are the one before plus 0 or 1
  double distinct = 0;  // different values
  double year = 0;      // 1900 to 2025
  double age = 0;       // 5 to 99
  double sex = 0;       // a sex in any form
  double country = 0;   // a country
  double band = 0;      // an age group
  double place_of = 0;  // "3 / 32"
  double words = 0;     // two words or more, or a comma, mostly letters
  double empty = 0;     // of all rows: missing
};

ContentShares LookAtColumn(const Table& table, size_t first_row, size_t column);

// The field that the values suggest, with how sure it is; kIgnore when nothing does. Times are told apart from paces by
// the caller, which sees all columns.
HeaderMeaning GuessField(const ContentShares& shares);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_CONTENT_H_
