// Results as JSON, in the shapes that providers deliver:
//
// - lists of objects at any depth (RunSignup, Athlinks, NYRR, MIKA, OpenTrack): the keys are the headers, a key of an
// object inside
//   is joined to its parent's ("location country"). Several lists are sections, titled by the strings of the objects
//   around them.
// - RaceResult: "DataFields" or "list"/"Fields" name the columns, "data" holds rows as arrays, grouped at any depth.
// - a list of lists whose first one is the header.
//
// A row's number is its place in the list, from 1.
#ifndef PALMARES_SERVICES_INGEST_JSON_TABLE_H_
#define PALMARES_SERVICES_INGEST_JSON_TABLE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// The table's first row is the header. INVALID_ARGUMENT for text that is no JSON (with the place of the error), JSON
// without a list of results, and several lists when `section` chooses none (sections.h).
absl::StatusOr<Table> ReadJson(absl::string_view text, absl::string_view section, const Limits& limits);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_JSON_TABLE_H_
