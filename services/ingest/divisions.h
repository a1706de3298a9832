// Tells wheelchair racers and hand-cyclists from runners where they share a file.
//
// In this order; each row that is moved gets a note that says why:
// 1. The file has a column for it, or the row was told apart already.
// 2. The bib is "W" and a number, in a race on a road, and the file shows that W does not mean women: men have such
// bibs, or their
//    places are in another field, or their marks are faster than the record.
// 3. The place is in a field of another size than the main one ("5 / 6" beside "/ 19682"), and the rows of such fields
// are at the
//    most one in twenty. A group faster than the runners' median is hand-cyclists, a slower one another para class.
// 4. The mark is more than one per cent faster than the world record of the discipline and sex, in a race on a road.
#ifndef PALMARES_SERVICES_INGEST_DIVISIONS_H_
#define PALMARES_SERVICES_INGEST_DIVISIONS_H_

#include <cstdint>
#include <vector>

#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"

namespace palmares::ingest {

// The size of the field that most rows with a field size are in; 0 when none has one.
int32_t MainField(const std::vector<Row>& rows);

// Sets `division` of the rows that are not runners.
void FindDivisions(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_DIVISIONS_H_
