#include "services/ingest/table.h"

#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

// Titles, blank lines and repeated headers come on top of the competitors' rows.
constexpr size_t kExtraRows = 50'000;

}  // namespace

absl::Status Table::BeginRow(int64_t number) {
  if (!row_starts_.empty() && cells_.size() - row_starts_.back() > limits_.columns) {
    return absl::ResourceExhaustedError(absl::StrCat("row ", numbers_.back(), " has ",
                                                     cells_.size() - row_starts_.back(), " cells; want at the most ",
                                                     limits_.columns));
  }
  if (row_starts_.size() >= limits_.rows + kExtraRows) {
    return absl::ResourceExhaustedError(absl::StrCat("the file has over ", limits_.rows, " rows; want it in parts"));
  }
  row_starts_.push_back(static_cast<uint32_t>(cells_.size()));
  numbers_.push_back(static_cast<uint32_t>(number));
  return absl::OkStatus();
}

absl::Status Table::AddMadeCell(absl::string_view value) {
  if (value.size() > limits_.cell_bytes || cells_.size() >= limits_.cells) return CellError(value.size());
  if (made_.size() + value.size() > limits_.bytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the cells hold over ", limits_.bytes, " bytes"));
  }
  cells_.push_back({kMade + static_cast<uint32_t>(made_.size()), static_cast<uint32_t>(value.size())});
  absl::StrAppend(&made_, value);
  return absl::OkStatus();
}

void Table::DropLastRow() {
  cells_.resize(row_starts_.back());
  row_starts_.pop_back();
  numbers_.pop_back();
}

absl::Status Table::CellError(size_t length) const {
  const int64_t row = numbers_.empty() ? 0 : numbers_.back();
  if (length > limits_.cell_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("row ", row, " has a cell of ", length, " bytes; want at the most ", limits_.cell_bytes));
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("row ", row, ": the file has over ", limits_.cells, " cells; want it in parts"));
}

}  // namespace palmares::ingest
