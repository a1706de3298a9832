// How a file is to be read, as its header says it, and what tells that the same content came before.
#ifndef PALMARES_SERVICES_INGEST_IMPORT_OPTIONS_H_
#define PALMARES_SERVICES_INGEST_IMPORT_OPTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/imports.pb.h"
#include "services/events/calendar.h"
#include "services/ingest/reading.h"

namespace palmares::ingest {

// INVALID_ARGUMENT names the field of the header that makes no sense, whatever the race.
absl::Status CheckHeader(const v1::ImportHeader& header);

// The options of reading a file for this race. The header was checked, and has what a saved mapping adds.
absl::StatusOr<ReadOptions> OptionsOf(const v1::ImportHeader& header, const events::Race& race);

std::string Sha256(absl::string_view bytes);

// The content's hash together with how it is to be read: the same file read in another way is another sheet. The header
// has what a saved mapping adds, so that the same words said by a mapping or by the import are the same way.
std::string ContentKey(const v1::ImportHeader& header, absl::string_view content_sha256);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_IMPORT_OPTIONS_H_
