// Sheets and their revisions as the API tells them.
#ifndef PALMARES_SERVICES_INGEST_SHEET_MESSAGES_H_
#define PALMARES_SERVICES_INGEST_SHEET_MESSAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "palmares/v1/sheets.pb.h"
#include "services/results/results.h"

namespace palmares::ingest {

// `trusted`: the caller manages the race and sees who made the newest revision.
void DescribeSheet(const events::Race& race, const results::RaceSheet& sheet, bool trusted, v1::Sheet* out);

// The race of "…/sheet".
std::string RaceOfSheet(absl::string_view sheet_name);

// The last `count` of the first `until` revisions of a sheet, newest first. Others than the trusted see only those
// after which the sheet was public.
absl::StatusOr<std::vector<v1::SheetRevision>> DescribeRevisions(const results::Results& results,
                                                                 const events::Race& race, int64_t until, int64_t count,
                                                                 bool trusted);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_MESSAGES_H_
