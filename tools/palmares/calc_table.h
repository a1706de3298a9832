// Rows of text with named columns, as the calculator reads and prints them.
#ifndef PALMARES_TOOLS_PALMARES_CALC_TABLE_H_
#define PALMARES_TOOLS_PALMARES_CALC_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::tools {

struct CalcTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
};

// Reads comma-separated values after RFC 4180: quoted fields may hold commas, quotes (doubled) and line ends; lines end
// in LF, CRLF or CR; a byte order mark is left out, empty lines are skipped. The first line names the columns.
// INVALID_ARGUMENT names the line where a row has more fields than columns or a quote stays open; shorter rows are
// filled with empty fields.
absl::StatusOr<CalcTable> ReadCsv(absl::string_view text);

enum class CalcOutput { kTable, kJson, kCsv };

// Prints the rows: aligned for people, `width` columns wide at most where it is above 0, long cells on several lines;
// as CSV, in which what was read is as it was; or as a JSON array of objects with the columns as keys and every value a
// string.
void PrintRows(std::ostream& out, const CalcTable& table, CalcOutput output, int width = 0);

// A text as a JSON string, with its quotes.
std::string JsonText(absl::string_view text);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_TABLE_H_
