// Workbooks (Office Open XML, .xlsx): one sheet of one as a table.
//
// A sheet is chosen by its name or number (sections.h); without one the first sheet that has a row. Values are taken as
// they are stored: formulas have their last result. Numbers with a format of times become "h:mm:ss" (with decimals
// where they have them), numbers with a format of dates "yyyy-mm-dd"; all other numbers keep their digits.
#ifndef PALMARES_SERVICES_INGEST_XLSX_H_
#define PALMARES_SERVICES_INGEST_XLSX_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// INVALID_ARGUMENT for a damaged workbook; RESOURCE_EXHAUSTED beyond a limit. XML with a document type is refused, so
// that no entity can expand.
absl::StatusOr<Table> ReadXlsx(absl::string_view bytes, absl::string_view section, const Limits& limits);

// What a format of numbers makes of them.
enum class NumberKind : uint8_t { kPlain = 0, kTime = 1, kDate = 2 };

// By the format's code, "h:mm:ss", "[mm]:ss.0", "dd/mm/yyyy", "0.00"; text in quotes does not count.
NumberKind KindOfFormat(absl::string_view code);

// A number of days as a time or date. 0.0905324 is "2:10:22". `since_1904`: the workbook's days count from 1904.
std::string FormatDays(double days, NumberKind kind, bool since_1904);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_XLSX_H_
