// A reading's report as the API tells it.
#ifndef PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_
#define PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_

#include "palmares/v1/imports.pb.h"
#include "services/ingest/publish.h"
#include "services/ingest/report.h"

namespace palmares::ingest {

void DescribeIssue(const Issue& issue, v1::Issue* out);

// Everything that reading found out. Issues are listed errors first, at most 1,000; all are counted in their groups.
void DescribeReading(const Report& report, v1::ImportReport* out);

// What publishing does, or would do.
void DescribePublishing(const PublishSummary& summary, v1::ImportReport* out);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_
