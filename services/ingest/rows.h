// Rows of cells to results, one by one. What concerns several rows is in divisions.h, places.h and validate.h.
#ifndef PALMARES_SERVICES_INGEST_ROWS_H_
#define PALMARES_SERVICES_INGEST_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"
#include "services/results/result.h"

namespace palmares::ingest {

// A row on its way from the table to the sheet.
struct Row {
  results::Result result;
  size_t table_row = 0;
  int64_t number = 0;          // as a person counts
  bool field_of_zero = false;  // its place is "7 / 0": not in the order of the others
  bool repeated = false;       // an exact copy of an earlier row
  bool says_runner = false;    // the file says that it is a runner's: by its division, category or place
  std::string errors;          // what is wrong, one after the other; empty: the row is good
};

// Adds an issue about the row; an error also marks it.
void AddRowIssue(Issue issue, Row* row, Report* report);

// Reads all rows that hold a competitor. Blank rows, repeated headers and lines of text are left out. The layout has no
// errors.
std::vector<Row> ReadRows(const Table& table, const Layout& layout, const ReadOptions& options, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_ROWS_H_
