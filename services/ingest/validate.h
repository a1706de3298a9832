// The rules of issue.h that look at a whole result, or at all of them.
#ifndef PALMARES_SERVICES_INGEST_VALIDATE_H_
#define PALMARES_SERVICES_INGEST_VALIDATE_H_

#include <cstdint>
#include <vector>

#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// Marks exact copies of earlier rows as repeated, with a warning. Before the divisions are found. Rows without a bib
// that share a place whose successor nobody has were two entries for whoever gave the places: they are kept, with the
// warning.
void MarkRepeatedRows(const Table& table, std::vector<Row>* rows, Report* report);

// Duplicate bibs, clocks and splits that contradict each other, ages against birth dates, births after the race, marks
// faster than the record, and places (places.h). After the divisions are found. Repeated rows are passed over.
void ValidateRows(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report);

// The rules that look at one result by itself: clocks and splits that contradict each other, ages against birth dates,
// births after the race, marks faster than the record, winds where none is measured.
void ValidateRow(const Layout& layout, const ReadOptions& options, Row* row, Report* report);

// Whether an age that is given (0: none) is one that few people run at: IMPLAUSIBLE_AGE.
constexpr bool IsRareAge(int32_t age) { return age != 0 && (age < 5 || age > 100); }

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_VALIDATE_H_
