// Rows of text with named columns, printed for people or as CSV. Pure but for writing to the stream given.
#ifndef PALMARES_TOOLS_PALMARES_TABLE_H_
#define PALMARES_TOOLS_PALMARES_TABLE_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace palmares::tools {

// What a column holds, which says how it is set and what happens to it when the terminal is narrow.
enum class ColumnKind {
  kText,    // to the left; cut where there is too little room
  kNumber,  // to the right; never cut
  kCode,    // to the left; never cut: something to be copied
  kKey,     // the same for what another command takes: of all columns left out last
  kName,    // a key that is a resource's name, "athletes/12": whole in CSV, without its collection in a table, "12"
};

// Where a column is shown.
enum class ColumnUse {
  kBoth,
  kCsvOnly,    // too long for a table, or only for programs
  kTableOnly,  // a short form of another
  kIfRoom,     // in both; the first that a narrow table is without
};

struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kText;
  ColumnUse use = ColumnUse::kBoth;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`
  // Indexes of rows that say more of the row above, for people: not in CSV, where a row is a thing by itself.
  absl::flat_hash_set<size_t> below = {};
};

// Columns that a text takes on a terminal: combining marks none, East Asian wide characters two.
int DisplayWidth(absl::string_view text);
// The text cut to so many columns, the last one an ellipsis where something was cut.
std::string CutTo(absl::string_view text, int width);

// Prints headers in capitals and rows, columns two spaces apart. With a width above 0 no line is longer: first texts
// are cut to a comfortable width, the widest first, then columns that are shown if there is room are left out, then
// texts are cut further, then columns are left out from the right, keys last of all. Control characters are replaced.
void PrintTable(std::ostream& out, const Table& table, int width);

// A field as RFC 4180 wants it: quoted where it holds a comma, a quote or a line end. Made safe to look at: control
// characters are replaced, and what a spreadsheet would run, because it begins with = + - @, is preceded by an
// apostrophe, as in the server's exports. Numbers with a sign ("-274", "+1:05.20") are as they are.
std::string CsvField(absl::string_view text);
// Prints a header and rows, lines ended by LF.
void PrintCsv(std::ostream& out, const Table& table);
void PrintCsvHeader(std::ostream& out, const Table& table);
void PrintCsvRows(std::ostream& out, const Table& table);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_TABLE_H_
