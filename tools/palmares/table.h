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
  kText,      // to the left; cut where there is too little room, with an ellipsis
  kSentence,  // to the left; on several lines where there is too little room, since its end matters too
  kNumber,    // to the right; never cut
  kCode,      // to the left; never cut: something to be copied
  kKey,       // the same for what another command takes: of all columns left out last
  kName,      // a key that is a resource's name, "athletes/12": whole in CSV, without its collection in a table, "12"
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

// Prints headers in capitals and rows, columns two spaces apart. With a width above 0 no line is longer: first texts
// are cut to a comfortable width, the widest first, then columns that are shown if there is room are left out, then
// texts are cut further, then columns are left out from the right, keys last of all. What is never cut and alone is too
// wide is set on several lines. Control characters are replaced. Answers the names of the columns that hold something
// and were left out, from left to right; who prints says so.
std::vector<std::string> PrintTable(std::ostream& out, const Table& table, int width);
// "No room for gun, chip: a wider terminal or --output csv shows more." of such names; empty where there are none.
std::string LeftOutText(const std::vector<std::string>& left_out);

// A field as RFC 4180 wants it: quoted where it holds a comma, a quote or a line end. Made safe to look at, by the
// rules of the server's exports (services/rpc/csv_text.h): control characters are replaced, by U+FFFD, and what a
// spreadsheet would run is preceded by an apostrophe. Numbers with a sign ("-274", "+1:05.20") and signs alone are as
// they are.
std::string CsvField(absl::string_view text);
// Prints a header and rows, lines ended by LF.
void PrintCsv(std::ostream& out, const Table& table);
void PrintCsvHeader(std::ostream& out, const Table& table);
void PrintCsvRows(std::ostream& out, const Table& table);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_TABLE_H_
