// Tells wheelchair racers and hand-cyclists from runners where they share a file.
//
// In this order; each row that is moved gets an issue that says why:
// 1. The file has a column for it, or the row's category names it (category_divisions.h).
// 2. The bib is "W" and a number, in a race on a road, and the file shows that W does not mean women: men have such
//    bibs, or their places are in another field, or their marks are faster than the record.
// 3. The place is in a field of another size than the main one ("5 / 6" beside "/ 19682"), and the rows of such fields
//    are at the most one in twenty. A group faster than the runners' median is hand-cyclists, a slower one another para
//    class.
// 4. The mark is faster than anybody on foot until that day (record_limit.h). What follows from it:
//    - Over one in ten of the runners' rows are (but one row, in a sheet of three or more): a wrong discipline, or a
//      division that the file does not tell. OTHER_DISTANCE, which refuses the sheet, with the distance that the times
//      fit; a warning on trails, mountains and cross-country, whose courses are not alike. Nobody is moved.
//    - The file says that it is a runner's, by its division, by categories that tell wheelchair racers apart, or by a
//      place just behind a slower runner's that nobody else has: FASTER_THAN_RECORD as an error, on roads and tracks.
//    - Otherwise, in a race on a road: taken as a wheelchair racer's, with the warning DIVISION_BY_MARK. Where several
//      are, and the first of the runners is in one list with them, right behind, and ahead of the next by over half a
//      per cent of the mark, the warning UNSURE_DIVISION says so: a wheelchair racer slower than the record looks like
//      that. Nothing else tells the two apart, so that nobody is moved for it.
//    - Elsewhere it stays a runner's, with the warning FASTER_THAN_RECORD.
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
