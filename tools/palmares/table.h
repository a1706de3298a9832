// Rows of text with named columns, printed for people or as CSV. Pure but for writing to the stream given.
#ifndef PALMARES_TOOLS_PALMARES_TABLE_H_
#define PALMARES_TOOLS_PALMARES_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::tools {

// What a column holds, which says how it is set and what happens to it when the terminal is narrow.
enum class ColumnKind {
  kText,    // to the left; cut where there is too little room
  kNumber,  // to the right; never cut
  kCode,    // to the left; never cut: something to be copied
  kName,    // the same for a resource's name, "athletes/12": whole in CSV, without its collection in a table, "12"
};

// Where a column is shown.
enum class ColumnUse {
  kBoth,
  kCsvOnly,    // too long for a table, or only for programs
  kTableOnly,  // a short form of another
};

struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kText;
  ColumnUse use = ColumnUse::kBoth;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
};

// Columns that a text takes on a terminal: combining marks none, East Asian wide characters two.
int DisplayWidth(absl::string_view text);
// The text cut to so many columns, the last one an ellipsis where something was cut.
std::string CutTo(absl::string_view text, int width);

// Prints headers in capitals and rows, columns two spaces apart. With a width above 0 no line is longer: first text
// columns are cut, the widest first, then columns are left out from the right. Control characters are replaced.
void PrintTable(std::ostream& out, const Table& table, int width);

// A field as RFC 4180 wants it: quoted where it holds a comma, a quote or a line end.
std::string CsvField(absl::string_view text);
// Prints a header and rows, lines ended by LF.
void PrintCsv(std::ostream& out, const Table& table);
void PrintCsvHeader(std::ostream& out, const Table& table);
void PrintCsvRows(std::ostream& out, const Table& table);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_TABLE_H_
