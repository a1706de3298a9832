// Delimited text (CSV, TSV, semicolons, pipes; RFC 4180 and what files do beyond it) to a table.
#ifndef PALMARES_SERVICES_INGEST_DELIMITED_H_
#define PALMARES_SERVICES_INGEST_DELIMITED_H_

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/dialect.h"
#include "services/ingest/limits.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// Splits `text`, which must outlive the table. Blanks around cells are dropped, and blank lines (they count as rows for
// row numbers). A quote counts only at a cell's beginning; inside quotes a doubled one is a quote, and line breaks and
// delimiters are text. INVALID_ARGUMENT names the row of a quoted cell that never ends or is followed by more than the
// delimiter; RESOURCE_EXHAUSTED a limit that is passed.
absl::StatusOr<Table> SplitDelimited(absl::string_view text, const Dialect& dialect, const Limits& limits);

// The row and column of the byte at `offset`, both counted from 1. Used to say where a broken character is.
struct Position {
  size_t row = 1;
  size_t column = 1;
};
Position FindPosition(absl::string_view text, const Dialect& dialect, size_t offset);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_DELIMITED_H_
