// Between the API's header and report of an import and those of a reading. The client links it too, to read a file
// where no server has its race yet.
#ifndef PALMARES_SERVICES_INGEST_READING_MESSAGES_H_
#define PALMARES_SERVICES_INGEST_READING_MESSAGES_H_

#include "palmares/v1/imports.pb.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"

namespace palmares::ingest {

// How a file is to be read, as far as its header says it; what the race says (discipline, day, its clock for places) is
// the caller's to add. The header's fields make sense.
ReadOptions OptionsOf(const v1::ImportHeader& header);

void DescribeIssue(const Issue& issue, v1::Issue* out);

// Everything that reading found out. Issues are listed errors first, at most 1,000; all are counted in their groups.
void DescribeReading(const Report& report, v1::ImportReport* out);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_READING_MESSAGES_H_
