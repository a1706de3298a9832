// Results as text in columns, the header over a ruler:
//
//   Place Div/Tot  Name                 No.   Age S
//   ===== ======== ==================== ===== === =
//       1   1/186  A RUNNER              2260  28 M
//
// A column reaches from its part of the ruler to the next one's. Page breaks repeat titles, header and ruler; these are
// left out, as are "Page 2" and lines that were titles before the first ruler.
#ifndef PALMARES_SERVICES_INGEST_FIXED_WIDTH_H_
#define PALMARES_SERVICES_INGEST_FIXED_WIDTH_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// True when a line is a ruler: at least three groups of "=" or "-" between blanks and nothing else.
bool HasRuler(absl::string_view text);

// The table's first row is the header. Its cells are parts of `text`, which must outlive it. Columns are counted in
// characters, not bytes. INVALID_ARGUMENT when there is no ruler with a header over it.
absl::StatusOr<Table> ReadFixedWidth(absl::string_view text, const Limits& limits);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_FIXED_WIDTH_H_
