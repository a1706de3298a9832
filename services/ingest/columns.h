// What each column of a table means.
#ifndef PALMARES_SERVICES_INGEST_COLUMNS_H_
#define PALMARES_SERVICES_INGEST_COLUMNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/ingest/field.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"
#include "services/ingest/units.h"

namespace palmares::ingest {

struct Column {
  size_t index = 0;    // in the table
  std::string header;  // as in the file; "column 3" where it has none
  Field field = Field::kIgnore;
  ColumnSource source = ColumnSource::kIgnored;
  int confidence_percent = 0;
  std::optional<Unit> unit;  // of times and marks; declared, or found out
  int64_t distance_mm = 0;   // of a split
  int leg = 0;               // of a relay, from 1; 0: of none
  std::string reason;

  // What it is was said, by the import itself or by a saved mapping; nothing that is found out goes before it.
  bool IsDeclared() const { return source == ColumnSource::kDeclared || source == ColumnSource::kSaved; }
};

// The columns that tell of one leg of a relay, by their index; -1: none.
struct LegColumns {
  int name = -1;
  int bib = -1;
  int time = -1;
};

// Where the rows begin and what is in their columns.
struct Layout {
  std::optional<size_t> header_row;       // in the table
  size_t first_row = 0;                   // of the competitors
  std::vector<Column> columns;            // as in the table
  std::array<int, kFieldCount> by_field;  // the column of a field that has one column at the most; -1: none
  std::vector<size_t> splits;             // columns that are read as splits, by rising distance
  std::vector<LegColumns> legs;           // of a relay, in running order

  const Column* Find(Field field) const {
    const int index = by_field[static_cast<size_t>(field)];
    return index < 0 ? nullptr : &columns[static_cast<size_t>(index)];
  }
};

// Finds the header, the fields and the units. What the options declare goes before what is found. Errors (an unknown
// header, field or unit, no name, no mark, an ambiguous unit) are added to the report; with one of them the layout
// cannot be used.
Layout FindLayout(const Table& table, const ReadOptions& options, Report* report);

// The column that official marks come from: that of official times, else that of the race's clock, else that of the
// other clock. nullptr where none holds marks.
const Column* OfficialColumn(const Layout& layout, const ReadOptions& options);

// Reports each column with samples and what they were read as.
void ReportColumns(const Table& table, const Layout& layout, const athletics::Discipline* discipline, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_COLUMNS_H_
