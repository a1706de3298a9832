// A file as rows of cells, before anything is known about their meaning: what every format's reader produces.
#ifndef PALMARES_SERVICES_INGEST_TABLE_H_
#define PALMARES_SERVICES_INGEST_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"

namespace palmares::ingest {

// A line above the rows that says of what they are the results.
struct Heading {
  int64_t number = 0;       // as a person counts
  std::string text;         // "Girls 1600 Meter Run"
  bool is_event = false;    // it stands where the format has the event's name; else it is any text
  int64_t distance_mm = 0;  // of the event, where the format has it beside the name; else 0
};

// Rows of cells. Cells are views: into the text the table was made over, which must outlive it, or into the table's own
// memory. Eight bytes of bookkeeping a cell. Rows may differ in length.
class Table {
 public:
  // `text` may be empty for formats whose cells are all made.
  explicit Table(absl::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  size_t rows() const { return row_starts_.size(); }
  size_t columns(size_t row) const { return RowEnd(row) - row_starts_[row]; }
  // The cell, without the quotes and blanks around it; empty beyond the end of the row.
  absl::string_view cell(size_t row, size_t column) const {
    const size_t index = row_starts_[row] + column;
    return index < RowEnd(row) ? View(cells_[index]) : absl::string_view();
  }
  // The row's number as a person counts them in the file; the first is 1.
  int64_t number(size_t row) const { return numbers_[row]; }
  // The lines above that are no rows of their own.
  const std::vector<Heading>& headings() const { return headings_; }

  // Building, in order. A row is begun before its cells are added. RESOURCE_EXHAUSTED beyond a limit, naming it.
  absl::Status BeginRow(int64_t number);
  absl::Status AddCell(size_t offset, size_t length) {  // of the text
    if (length > limits_.cell_bytes || cells_.size() >= limits_.cells) return CellError(length);
    cells_.push_back({static_cast<uint32_t>(offset), static_cast<uint32_t>(length)});
    return absl::OkStatus();
  }
  absl::Status AddMadeCell(absl::string_view value);  // copied
  void DropLastRow();
  void AddHeading(Heading heading) { headings_.push_back(std::move(heading)); }

 private:
  struct Cell {
    uint32_t offset;  // into the text, or kMade + into made_
    uint32_t length;
  };
  static constexpr uint32_t kMade = uint32_t{1} << 31;

  size_t RowEnd(size_t row) const { return row + 1 < row_starts_.size() ? row_starts_[row + 1] : cells_.size(); }
  absl::string_view View(Cell cell) const {
    if (cell.offset >= kMade) return absl::string_view(made_).substr(cell.offset - kMade, cell.length);
    return text_.substr(cell.offset, cell.length);
  }
  absl::Status CellError(size_t length) const;

  absl::string_view text_;
  Limits limits_;
  std::string made_;
  std::vector<Cell> cells_;
  std::vector<uint32_t> row_starts_;
  std::vector<uint32_t> numbers_;
  std::vector<Heading> headings_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_TABLE_H_
