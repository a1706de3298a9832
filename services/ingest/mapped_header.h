// What a saved column mapping adds to the header of an import. The client links it too, to read a file as the server
// will.
#ifndef PALMARES_SERVICES_INGEST_MAPPED_HEADER_H_
#define PALMARES_SERVICES_INGEST_MAPPED_HEADER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/imports.pb.h"
#include "palmares/v1/uploads.pb.h"
#include "services/ingest/reading.h"

namespace palmares::ingest {

// A header that says all by itself, and what of it a saved mapping gave.
struct MappedHeader {
  v1::ImportHeader header;
  SavedMapping saved;  // without a name where there is none
};

// The header with what the mapping says and the header does not. Of a column the header's word stands, and so it does
// of a field: where it declares chip_time itself, the mapping's column of chip_time is found out as any other.
MappedHeader WithMapping(const v1::ImportHeader& header, const v1::ColumnMapping& mapping);

// The mapping that the header's timing system chooses; nullptr if none. `mappings` are those that the caller may use.
const v1::ColumnMapping* ChooseMapping(const std::vector<v1::ColumnMapping>& mappings, const v1::ImportHeader& header);

// INVALID_ARGUMENT where the mapping that the header names is for another event.
absl::Status CheckEvent(const v1::ColumnMapping& mapping, const v1::ImportHeader& header);

// Whether two timing systems are one: the case of letters does not matter, nor what stands between them.
bool SameTimingSystem(absl::string_view a, absl::string_view b);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_MAPPED_HEADER_H_
