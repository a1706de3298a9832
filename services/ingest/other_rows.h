// A file that has only some of a sheet's rows.
#ifndef PALMARES_SERVICES_INGEST_OTHER_ROWS_H_
#define PALMARES_SERVICES_INGEST_OTHER_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/events/calendar.h"
#include "services/results/result.h"
#include "services/results/results.h"

namespace palmares::ingest {

// What tells which row of an earlier sheet a new row continues: its bib, or its name where it has none.
std::string RowKey(const results::Result& row);
// The same, but of rows without a bib with the mark too: two people may have one name.
std::string ExactRowKey(const results::Result& row);

// Puts the rows of the race's sheet that the new one does not have behind its own, as they stand. Split points of both
// are there afterwards. Places of each kind stay as they were, unless the new sheet states none: then they are worked
// out anew.
absl::Status AddOtherRows(const results::Results& results, const events::Race& race, results::Sheet& sheet);

// A result of the race's earlier sheet that the new one does not have. It stays on the sheet's record as a withdrawn
// row, so that its name and its history can be read, and a later sheet that has it again continues it.
struct WithdrawnRow {
  int64_t number = 0;  // of the result
  results::Result row;
  results::Link link;  // whose it was
};

// The row as it is written then: with what it last said, in no place, and with the splits that the new sheet has too.
results::Result AsWithdrawn(results::Result row, const std::vector<results::SplitPoint>& before,
                            const std::vector<results::SplitPoint>& now);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_OTHER_ROWS_H_
