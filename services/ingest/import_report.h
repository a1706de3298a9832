// What publishing did, as the API tells it. What reading found out is in reading_messages.h.
#ifndef PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_
#define PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_

#include "palmares/v1/imports.pb.h"
#include "services/ingest/publish.h"

namespace palmares::ingest {

// What publishing does, or would do.
void DescribePublishing(const PublishSummary& summary, v1::ImportReport* out);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_IMPORT_REPORT_H_
