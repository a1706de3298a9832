#include "services/ingest/fixed_width.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "services/ingest/lines.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

// Where the groups of a ruler begin; empty when the line is none.
std::vector<size_t> RulerColumns(absl::string_view line) {
  std::vector<size_t> columns;
  bool inside = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool mark = line[i] == '=' || line[i] == '-';
    if (!mark && line[i] != ' ' && line[i] != '\t') return {};
    if (mark && !inside) columns.push_back(i);
    inside = mark;
  }
  return columns.size() >= 3 ? columns : std::vector<size_t>();
}

class FixedWidthReader {
 public:
  FixedWidthReader(absl::string_view text, const Limits& limits) : text_(text), table_(text, limits) {}

  absl::StatusOr<Table> Read() {
    if (!FindHeader()) {
      return absl::InvalidArgumentError("the text has no header with a ruler of ===== under it");
    }
    Lines lines(text_);
    while (lines.Next()) {
      if (lines.number() < header_number_ || IsPageBreak(lines)) continue;
      if (absl::Status status = AddRow(lines); !status.ok()) return status;
    }
    return std::move(table_);
  }

 private:
  bool FindHeader() {
    Lines lines(text_);
    absl::string_view before;
    while (lines.Next()) {
      columns_ = RulerColumns(lines.line());
      if (!columns_.empty() && !Trimmed(before).empty()) {
        header_ = before;
        header_number_ = lines.number() - 1;
        columns_.front() = 0;
        return true;
      }
      KeepTitle(before, lines.number() - 1);
      if (!Trimmed(lines.line()).empty()) titles_.insert(Trimmed(lines.line()));
      before = lines.line();
    }
    return false;
  }

  // A line that is no header, as the one behind it is no ruler.
  void KeepTitle(absl::string_view line, int64_t number) {
    constexpr size_t kTitlesKept = 40;
    if (Trimmed(line).empty() || table_.headings().size() >= kTitlesKept) return;
    Heading title;
    title.number = number;
    title.text = WithoutExtraBlanks(line);
    table_.AddHeading(std::move(title));
  }

  // The header itself is a row once.
  bool IsPageBreak(const Lines& lines) const {
    const absl::string_view line = Trimmed(lines.line());
    if (line.empty()) return true;
    if (lines.number() == header_number_) return false;
    if (!RulerColumns(lines.line()).empty() || titles_.contains(line)) return true;
    return absl::StartsWith(line, "Page ") && ParseWhole(Trimmed(line.substr(5))).has_value();
  }

  // A footnote or a remark has text where rows have the blank behind the first column. It becomes one cell.
  bool RunsAcrossFirstGap(absl::string_view line) const {
    const size_t gap = ByteOfColumn(line, columns_[1] - 1);
    return gap < line.size() && line[gap] != ' ';
  }

  absl::Status AddRow(const Lines& lines) {
    const absl::string_view line = lines.line();
    if (absl::Status status = table_.BeginRow(lines.number()); !status.ok()) return status;
    if (RunsAcrossFirstGap(line)) {
      const absl::string_view whole = Trimmed(line);
      return table_.AddCell(static_cast<size_t>(whole.data() - text_.data()), whole.size());
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      const size_t begin = ByteOfColumn(line, columns_[i]);
      const size_t end = i + 1 < columns_.size() ? ByteOfColumn(line, columns_[i + 1]) : line.size();
      const absl::string_view cell = Trimmed(line.substr(begin, end - begin));
      const size_t offset = cell.empty() ? lines.offset() : static_cast<size_t>(cell.data() - text_.data());
      if (absl::Status status = table_.AddCell(offset, cell.size()); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::string_view text_;
  Table table_;
  std::vector<size_t> columns_;
  absl::string_view header_;
  int64_t header_number_ = 0;
  absl::flat_hash_set<absl::string_view> titles_;
};

}  // namespace

bool HasRuler(absl::string_view text) {
  Lines lines(text);
  while (lines.Next()) {
    if (!RulerColumns(lines.line()).empty()) return true;
  }
  return false;
}

absl::StatusOr<Table> ReadFixedWidth(absl::string_view text, const Limits& limits) {
  return FixedWidthReader(text, limits).Read();
}

}  // namespace palmares::ingest
