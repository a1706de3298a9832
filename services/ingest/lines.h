// Text line by line.
#ifndef PALMARES_SERVICES_INGEST_LINES_H_
#define PALMARES_SERVICES_INGEST_LINES_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Walks through the lines of a text, whatever ends them (LF, CR LF or CR).
class Lines {
 public:
  explicit Lines(absl::string_view text) : text_(text) {}

  // Moves to the next line; false at the end.
  bool Next();
  absl::string_view line() const { return line_; }
  // From 1.
  int64_t number() const { return number_; }
  // Where the line begins in the text.
  size_t offset() const { return offset_; }

 private:
  absl::string_view text_;
  absl::string_view line_;
  size_t next_ = 0;
  size_t offset_ = 0;
  int64_t number_ = 0;
};

// The byte at which the character `column` (from 0) of the line begins; the line's length when it is shorter.
size_t ByteOfColumn(absl::string_view line, size_t column);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LINES_H_
