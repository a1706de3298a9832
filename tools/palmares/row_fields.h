// Fields of a result's row as people type them: FIELD=VALUE.
#ifndef PALMARES_TOOLS_PALMARES_ROW_FIELDS_H_
#define PALMARES_TOOLS_PALMARES_ROW_FIELDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/rows.pb.h"

namespace palmares::tools {

// Sets one field from "FIELD=VALUE" and returns its path. Marks are times (2:10:22), dates 1990-05-17, sexes M W X,
// outcomes as the sport prints them, splits times between blanks or commas with "-" for one that is missing; legs of a
// relay "Ada Quick 54.50, 12 Bea Steady, -", a number in front being the bib and a time behind that of the leg; an
// empty value clears the field. INVALID_ARGUMENT names field, value and what is wanted.
absl::StatusOr<std::string> SetRowField(absl::string_view assignment, v1::ResultRow& row);

// The fields that can be set, separated by commas.
std::string RowFieldNames();

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_ROW_FIELDS_H_
