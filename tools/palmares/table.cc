#include "tools/palmares/table.h"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/rpc/csv_text.h"
#include "tools/palmares/printable.h"

namespace palmares::tools {
namespace {

constexpr int kGap = 2;             // spaces between columns
constexpr int kNarrowestText = 10;  // a text column is not cut below this; rather a column is left out
constexpr int kPleasantText = 20;   // nor below this, while a column can be spared

struct ShownColumn {
  size_t index;  // in the table
  const Column* of;
  bool number;
  bool may_be_cut;
  bool is_key;
  bool is_empty;  // no row has anything in it
  int width;
};

// What the columns take when texts are cut to `text_width` at the most.
int Total(const std::vector<ShownColumn>& shown, int text_width) {
  int total = shown.empty() ? 0 : kGap * (static_cast<int>(shown.size()) - 1);
  for (const ShownColumn& column : shown) {
    total += column.may_be_cut ? std::min(column.width, text_width) : column.width;
  }
  return total;
}

// The cell as people see it. Commands take names without their collection.
std::string CellText(const Column& column, const std::string& cell) {
  const size_t slash = column.kind == ColumnKind::kName ? cell.find('/') : std::string::npos;
  return Printable(slash == std::string::npos ? cell : cell.substr(slash + 1));
}

std::vector<ShownColumn> ShownColumns(const Table& table) {
  std::vector<ShownColumn> shown;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.use == ColumnUse::kCsvOnly) continue;
    int width = DisplayWidth(column.name);
    bool is_empty = true;
    for (const std::vector<std::string>& row : table.rows) {
      width = std::max(width, DisplayWidth(CellText(column, row[i])));
      is_empty = is_empty && row[i].empty();
    }
    const bool may_be_cut = column.kind == ColumnKind::kText || column.kind == ColumnKind::kSentence;
    const bool is_key = column.kind == ColumnKind::kKey || column.kind == ColumnKind::kName;
    shown.push_back({i, &column, column.kind == ColumnKind::kNumber, may_be_cut, is_key, is_empty, width});
  }
  return shown;
}

// Leaves out columns that may be, from the right, until the others fit with texts of that width or one is left.
template <typename Spared>
void LeaveOut(std::vector<ShownColumn>& shown, int width, int text_width, Spared spared) {
  for (size_t i = shown.size(); i-- > 0 && shown.size() > 1 && Total(shown, text_width) > width;) {
    if (spared(shown[i])) shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// Cuts the widest text by one column at a time, so that several share what is missing.
void CutTexts(std::vector<ShownColumn>& shown, int width) {
  while (!shown.empty() && Total(shown, INT_MAX) > width) {
    auto widest = shown.end();
    for (auto column = shown.begin(); column != shown.end(); ++column) {
      if (!column->may_be_cut || column->width <= kNarrowestText) continue;
      if (widest == shown.end() || column->width > widest->width) widest = column;
    }
    if (widest == shown.end()) {
      shown[0].width = width;  // the only one left
      return;
    }
    --widest->width;
  }
}

void Fit(std::vector<ShownColumn>& shown, int width) {
  LeaveOut(shown, width, kPleasantText, [](const ShownColumn& column) { return column.of->use == ColumnUse::kIfRoom; });
  LeaveOut(shown, width, kNarrowestText, [](const ShownColumn& column) { return !column.is_key; });
  LeaveOut(shown, width, kNarrowestText, [](const ShownColumn&) { return true; });
  CutTexts(shown, width);
}

// A cell in the lines that it takes.
std::vector<std::string> CellLines(const ShownColumn& column, const std::string& cell) {
  std::string text = CellText(*column.of, cell);
  if (DisplayWidth(text) <= column.width) return {std::move(text)};
  if (column.of->kind == ColumnKind::kText) return {CutTo(text, column.width)};
  return BrokenInto(text, column.width);
}

void PrintLine(std::ostream& out, const std::vector<ShownColumn>& shown,
               const std::vector<std::vector<std::string>>& cells, size_t number) {
  std::string line;
  for (size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const std::string cell = number < cells[i].size() ? cells[i][number] : "";
    const std::string filling(static_cast<size_t>(std::max(0, shown[i].width - DisplayWidth(cell))), ' ');
    absl::StrAppend(&line, shown[i].number ? filling : "", cell, shown[i].number ? "" : filling);
  }
  out << absl::StripTrailingAsciiWhitespace(line) << '\n';
}

void PrintRow(std::ostream& out, const std::vector<ShownColumn>& shown, const std::vector<std::string>& row) {
  std::vector<std::vector<std::string>> cells;
  cells.reserve(shown.size());
  size_t lines = 1;
  for (const ShownColumn& column : shown) {
    cells.push_back(CellLines(column, row[column.index]));
    lines = std::max(lines, cells.back().size());
  }
  for (size_t i = 0; i < lines; ++i) PrintLine(out, shown, cells, i);
}

void PrintHeaders(std::ostream& out, const std::vector<ShownColumn>& shown) {
  std::vector<std::vector<std::string>> headers;
  headers.reserve(shown.size());
  for (const ShownColumn& column : shown) {
    const std::string words = absl::StrReplaceAll(column.of->name, {{"_", " "}});
    headers.push_back({CutTo(absl::AsciiStrToUpper(words), column.width)});
  }
  PrintLine(out, shown, headers, 0);
}

// Those of `all` that hold something and are not in `shown`.
std::vector<std::string> LeftOut(const std::vector<ShownColumn>& all, const std::vector<ShownColumn>& shown) {
  std::vector<std::string> names;
  auto next = shown.begin();
  for (const ShownColumn& column : all) {
    if (next != shown.end() && next->index == column.index) {
      ++next;
    } else if (!column.is_empty) {
      names.push_back(absl::StrReplaceAll(column.of->name, {{"_", " "}}));
    }
  }
  return names;
}

// Digits after a sign, and what stands between them in marks, gaps and percentages, calculate nothing, nor does a sign
// alone ("=" where a rank has not moved).
bool IsSignedNumber(absl::string_view text) {
  if (text.empty() || absl::string_view("=+-@").find(text[0]) == absl::string_view::npos) return false;
  if (text.size() == 1) return true;
  return (text[0] == '+' || text[0] == '-') && text.find_first_not_of("0123456789.:,%", 1) == absl::string_view::npos;
}

void PrintCsvLine(std::ostream& out, const Table& table, const std::vector<std::string>& cells) {
  bool first = true;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (table.columns[i].use == ColumnUse::kTableOnly) continue;
    if (!first) out << ',';
    first = false;
    out << CsvField(cells[i]);
  }
  out << '\n';
}

std::vector<std::string> Names(const Table& table) {
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

}  // namespace

std::vector<std::string> PrintTable(std::ostream& out, const Table& table, int width) {
  const std::vector<ShownColumn> all = ShownColumns(table);
  std::vector<ShownColumn> shown = all;
  if (width > 0) Fit(shown, width);
  PrintHeaders(out, shown);
  for (const std::vector<std::string>& row : table.rows) PrintRow(out, shown, row);
  return LeftOut(all, shown);
}

std::string LeftOutText(const std::vector<std::string>& left_out) {
  if (left_out.empty()) return "";
  return absl::StrCat("No room for ", absl::StrJoin(left_out, ", "), ": a wider terminal or --output csv shows more.");
}

std::string CsvField(absl::string_view text) {
  const bool guarded = rpc::RunsAsFormula(text) && !IsSignedNumber(text);
  return rpc::QuotedCsvField(absl::StrCat(guarded ? "'" : "", PrintableLines(text)));
}

void PrintCsvHeader(std::ostream& out, const Table& table) { PrintCsvLine(out, table, Names(table)); }

void PrintCsvRows(std::ostream& out, const Table& table) {
  for (size_t i = 0; i < table.rows.size(); ++i) {
    if (!table.below.contains(i)) PrintCsvLine(out, table, table.rows[i]);
  }
}

void PrintCsv(std::ostream& out, const Table& table) {
  PrintCsvHeader(out, table);
  PrintCsvRows(out, table);
}

}  // namespace palmares::tools
