// How a delimited text file separates and quotes its cells.
#ifndef PALMARES_SERVICES_INGEST_DIALECT_H_
#define PALMARES_SERVICES_INGEST_DIALECT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

enum class LineEnds : uint8_t { kLf = 1, kCrLf = 2, kCr = 3, kMixed = 4 };

struct Dialect {
  char delimiter = ',';
  char quote = '"';
  LineEnds line_ends = LineEnds::kLf;
};

// "comma", "semicolon", "tab", "pipe", or the character itself.
absl::string_view DelimiterName(char delimiter);
// "LF", "CRLF", "CR", "mixed".
absl::string_view LineEndsName(LineEnds line_ends);

// Finds the dialect from the beginning of the text: the delimiter that gives most lines the same number of cells, at
// least two. `declared_delimiter` 0: found out. A line break inside quotes is part of a cell.
Dialect FindDialect(absl::string_view text, char declared_delimiter);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_DIALECT_H_
