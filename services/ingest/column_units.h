// The units of a table's columns of marks, and which columns of splits are times.
#ifndef PALMARES_SERVICES_INGEST_COLUMN_UNITS_H_
#define PALMARES_SERVICES_INGEST_COLUMN_UNITS_H_

#include "absl/strings/string_view.h"
#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// A cell of marks as it is read: without blanks and without the signs that files put behind times ("2:35:04#", "9.58
// *", "3:38.2h").
absl::string_view MarkText(absl::string_view cell);

// Sets `unit` of the columns of marks and splits, and `splits`. A column of marks whose unit is ambiguous is an error.
// A column of splits is read only if its values fit the finish times: half the distance takes between 0.5 and 1.7 times
// half the time. Speeds and times of single legs do not, and are ignored with a reason.
void FindColumnUnits(const Table& table, const ReadOptions& options, Layout* layout, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_COLUMN_UNITS_H_
