#include "services/ingest/delimited.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/scanner.h"

namespace palmares::ingest {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class Splitter {
 public:
  Splitter(absl::string_view text, const Dialect& dialect, const Limits& limits)
      : text_(text),
        dialect_(dialect),
        cr_ends_(dialect.line_ends == LineEnds::kCr || dialect.line_ends == LineEnds::kMixed),
        scanner_(text, dialect.delimiter, '\n', cr_ends_ ? '\r' : '\n'),
        table_(text, limits) {}

  absl::StatusOr<Table> Split() {
    size_t position = 0;
    while (position < text_.size()) {
      if (absl::Status status = SplitRow(&position); !status.ok()) return status;
    }
    // One more, dropped at once, so that the last row's length is checked too.
    if (absl::Status status = table_.BeginRow(row_); !status.ok()) return status;
    table_.DropLastRow();
    return std::move(table_);
  }

 private:
  absl::Status SplitRow(size_t* position) {
    ++row_;
    if (absl::Status status = table_.BeginRow(row_); !status.ok()) return status;
    blank_ = true;
    bool more = true;
    while (more) {
      if (absl::Status status = SplitCell(position, &more); !status.ok()) return status;
    }
    if (blank_) table_.DropLastRow();
    return absl::OkStatus();
  }

  // Adds the cell at *position and moves behind its delimiter or line end; *more says which.
  absl::Status SplitCell(size_t* position, bool* more) {
    size_t begin = *position;
    while (begin < text_.size() && text_[begin] == ' ') ++begin;
    if (begin < text_.size() && text_[begin] == dialect_.quote) {
      blank_ = false;
      return SplitQuoted(begin, position, more);
    }
    size_t end = scanner_.Next(begin);
    const size_t behind = Behind(end, more);
    while (end > begin && IsBlank(text_[end - 1])) --end;
    while (begin < end && IsBlank(text_[begin])) ++begin;
    blank_ = blank_ && begin == end && !*more;
    *position = behind;
    return table_.AddCell(begin, end - begin);
  }

  // Where the next cell begins, given the place where one ended.
  size_t Behind(size_t end, bool* more) const {
    *more = end < text_.size() && text_[end] == dialect_.delimiter;
    if (end >= text_.size()) return end;
    const bool both = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
    return end + (both ? 2 : 1);
  }

  absl::Status SplitQuoted(size_t opening, size_t* position, bool* more) {
    const size_t begin = opening + 1;
    size_t close = text_.find(dialect_.quote, begin);
    bool doubled = false;
    while (close != absl::string_view::npos && close + 1 < text_.size() && text_[close + 1] == dialect_.quote) {
      doubled = true;
      close = text_.find(dialect_.quote, close + 2);
    }
    if (close == absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat(
          "row ", row_, " has a quoted cell that never ends; want a closing ", absl::string_view(&dialect_.quote, 1)));
    }
    const size_t end = scanner_.Next(close + 1);
    for (size_t i = close + 1; i < end; ++i) {
      if (IsBlank(text_[i])) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "row ", row_, " has text after the closing quote of a cell; want the delimiter, or quotes doubled"));
    }
    *position = Behind(end, more);
    return doubled ? AddUnquoted(text_.substr(begin, close - begin)) : AddTrimmed(begin, close);
  }

  absl::Status AddTrimmed(size_t begin, size_t end) {
    while (end > begin && IsBlank(text_[end - 1])) --end;
    while (begin < end && IsBlank(text_[begin])) ++begin;
    return table_.AddCell(begin, end - begin);
  }

  absl::Status AddUnquoted(absl::string_view raw) {
    std::string value;
    value.reserve(raw.size());
    for (size_t i = 0; i < raw.size(); ++i) {
      value.push_back(raw[i]);
      if (raw[i] == dialect_.quote) ++i;  // its double
    }
    return table_.AddMadeCell(value);
  }

  absl::string_view text_;
  Dialect dialect_;
  bool cr_ends_;
  Scanner scanner_;
  Table table_;
  int64_t row_ = 0;
  bool blank_ = true;
};

}  // namespace

absl::StatusOr<Table> SplitDelimited(absl::string_view text, const Dialect& dialect, const Limits& limits) {
  return Splitter(text, dialect, limits).Split();
}

Position FindPosition(absl::string_view text, const Dialect& dialect, size_t offset) {
  const bool cr_ends = dialect.line_ends == LineEnds::kCr || dialect.line_ends == LineEnds::kMixed;
  Position position;
  bool quoted = false;
  for (size_t i = 0; i < offset && i < text.size(); ++i) {
    const char c = text[i];
    if (c == dialect.quote) quoted = !quoted;
    if (quoted) continue;
    const bool half = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (c == '\n' || (c == '\r' && cr_ends && !half)) {
      ++position.row;
      position.column = 1;
    } else if (c == dialect.delimiter) {
      ++position.column;
    }
  }
  return position;
}

}  // namespace palmares::ingest
