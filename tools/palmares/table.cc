#include "tools/palmares/table.h"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/palmares/text.h"

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
  int width;
};

// The next code point and how many bytes it takes; broken UTF-8 counts byte by byte.
uint32_t CodePoint(absl::string_view text, size_t* bytes) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  *bytes = std::min(length, text.size());
  if (length == 1) return first;
  uint32_t point = first & (0xFF >> (length + 1));
  for (size_t i = 1; i < *bytes; ++i) point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  return point;
}

bool Within(uint32_t point, uint32_t low, uint32_t high) { return point >= low && point <= high; }

// The blocks that names are written in; a full table would be Unicode's, and change with it.
int PointWidth(uint32_t point) {
  if (Within(point, 0x0300, 0x036F) || Within(point, 0x200B, 0x200F) || Within(point, 0xFE00, 0xFE0F)) return 0;
  if (Within(point, 0x1100, 0x115F) || Within(point, 0x2E80, 0xA4CF) || Within(point, 0xAC00, 0xD7A3) ||
      Within(point, 0xF900, 0xFAFF) || Within(point, 0xFE30, 0xFE6F) || Within(point, 0xFF00, 0xFF60) ||
      Within(point, 0x1F300, 0x1FAFF) || Within(point, 0x20000, 0x3FFFD)) {
    return 2;
  }
  return 1;
}

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
    for (const std::vector<std::string>& row : table.rows)
      width = std::max(width, DisplayWidth(CellText(column, row[i])));
    const bool is_key = column.kind == ColumnKind::kKey || column.kind == ColumnKind::kName;
    shown.push_back({i, &column, column.kind == ColumnKind::kNumber, column.kind == ColumnKind::kText, is_key, width});
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

void PrintLine(std::ostream& out, const std::vector<ShownColumn>& shown, const std::vector<std::string>& cells) {
  std::string line;
  for (const ShownColumn& column : shown) {
    if (&column != &shown.front()) line.append(kGap, ' ');
    const std::string cell = CutTo(CellText(*column.of, cells[column.index]), column.width);
    const std::string filling(static_cast<size_t>(std::max(0, column.width - DisplayWidth(cell))), ' ');
    absl::StrAppend(&line, column.number ? filling : "", cell, column.number ? "" : filling);
  }
  out << absl::StripTrailingAsciiWhitespace(line) << '\n';
}

// Digits after a sign, and what stands between them in marks, gaps and percentages, calculate nothing, nor does a sign
// alone ("=" where a rank has not moved).
bool RunsAsFormula(absl::string_view text) {
  if (text.size() < 2 || absl::string_view("=+-@\t\r").find(text[0]) == absl::string_view::npos) return false;
  if (text[0] != '+' && text[0] != '-') return true;
  return text.find_first_not_of("0123456789.:,%", 1) != absl::string_view::npos;
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

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) width += PointWidth(CodePoint(text, &bytes));
  return width;
}

std::string CutTo(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string cut;
  int used = 0;
  for (size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) {
    used += PointWidth(CodePoint(text, &bytes));
    if (used > width - 1) break;
    absl::StrAppend(&cut, text.substr(0, bytes));
  }
  return width > 0 ? absl::StrCat(cut, "…") : "";
}

void PrintTable(std::ostream& out, const Table& table, int width) {
  std::vector<ShownColumn> shown = ShownColumns(table);
  if (width > 0) Fit(shown, width);
  std::vector<std::string> headers = Names(table);
  for (std::string& header : headers) {
    header = absl::AsciiStrToUpper(absl::StrReplaceAll(header, {{"_", " "}}));
  }
  PrintLine(out, shown, headers);
  for (const std::vector<std::string>& row : table.rows) PrintLine(out, shown, row);
}

std::string CsvField(absl::string_view text) {
  std::string safe = absl::StrCat(RunsAsFormula(text) ? "'" : "", PrintableLines(text));
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  return absl::StrCat("\"", absl::StrReplaceAll(safe, {{"\"", "\"\""}}), "\"");
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
