#include "services/ingest/table_lines.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

bool IsRepeatedHeader(const Table& table, const Layout& layout, size_t row) {
  if (!layout.header_row || table.columns(row) < 2) return false;
  for (size_t i = 0; i < layout.columns.size(); ++i) {
    if (table.cell(row, i) != table.cell(*layout.header_row, i)) return false;
  }
  return true;
}

}  // namespace

bool HoldsCompetitor(const Table& table, const Layout& layout, size_t row, Report* report) {
  size_t filled = 0;
  const size_t columns = table.columns(row);
  for (size_t i = 0; i < columns && filled < 2; ++i) filled += table.cell(row, i).empty() ? 0 : 1;
  if (filled == 0) return false;
  if (IsRepeatedHeader(table, layout, row)) {
    AddIssue(MakeIssue(IssueCode::kRepeatedHeader, table.number(row), "", "", "the header again", ""), report);
    return false;
  }
  if (filled == 1 && layout.columns.size() >= 4) {
    std::string text;
    for (size_t i = 0; i < columns; ++i) absl::StrAppend(&text, table.cell(row, i));
    AddIssue(MakeIssue(IssueCode::kTextLine, table.number(row), "", text, "a line of text, not a competitor", ""),
             report);
    return false;
  }
  return true;
}

void CheckLength(const Table& table, const Layout& layout, Row* row, Report* report) {
  const size_t expected = layout.columns.size();
  const size_t columns = table.columns(row->table_row);
  for (size_t i = expected; i < columns; ++i) {
    const absl::string_view extra = table.cell(row->table_row, i);
    if (extra.empty()) continue;
    AddRowIssue(MakeIssue(IssueCode::kExtraCells, row->number, absl::StrCat("column ", i + 1), extra,
                          absl::StrCat("the row has ", columns, " cells, the header ", expected),
                          "as many cells as the header; a cell with the delimiter in it needs quotes"),
                row, report);
    return;
  }
  if (columns < expected) {
    AddRowIssue(MakeIssue(IssueCode::kFewCells, row->number, "", "",
                          absl::StrCat("the row has ", columns, " cells, the header ", expected), ""),
                row, report);
  }
}

NameOrder FindNameOrderOf(const Table& table, const Layout& layout, const ReadOptions& options) {
  if (options.name_order.has_value()) return *options.name_order;
  const Column* column = layout.Find(Field::kName);
  const bool of_teams = options.discipline != nullptr && options.discipline->relay_legs > 0;
  if (column == nullptr || of_teams) return NameOrder::kAsWritten;
  std::vector<absl::string_view> names;
  for (size_t row = layout.first_row; row < table.rows(); ++row) {
    absl::string_view name = Trimmed(table.cell(row, column->index));
    if (!IsMissing(name)) names.push_back(name);
  }
  return FindNameOrder(names);
}

}  // namespace palmares::ingest
