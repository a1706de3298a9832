// Between saved column mappings and the API's messages, and the mapping that an import uses.
#ifndef PALMARES_SERVICES_INGEST_COLUMN_MAPPING_MESSAGES_H_
#define PALMARES_SERVICES_INGEST_COLUMN_MAPPING_MESSAGES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "palmares/v1/imports.pb.h"
#include "palmares/v1/uploads.pb.h"
#include "services/access/authorization.h"
#include "services/ingest/column_mappings.h"
#include "services/ingest/mapped_header.h"

namespace palmares::ingest {

// As the caller sees it, who may use it.
v1::ColumnMapping ToProto(const ColumnMapping& mapping, const access::Caller& caller, int64_t position);

// Without its owner. INVALID_ARGUMENT names the field, the value and what is wanted.
absl::StatusOr<stored::v1::ColumnMapping> ToStored(const v1::ColumnMapping& mapping, absl::string_view id);

// The id in "columnMappings/{mapping}"; INVALID_ARGUMENT names the field.
absl::StatusOr<std::string> ColumnMappingId(absl::string_view field, absl::string_view name);

// INVALID_ARGUMENT for a path of the mask that callers do not write.
absl::Status CheckWritableMapping(const google::protobuf::FieldMask& mask);

// An import's header together with the saved mapping that it names or its timing system chooses.
struct UsedMapping {
  MappedHeader mapped;
  int64_t position = 0;  // of the mapping's last change; 0 without one
};

// NOT_FOUND for a mapping that is not there or that the caller may not use; INVALID_ARGUMENT for one of another event.
// Under a Reader.
absl::StatusOr<UsedMapping> UseMapping(const ColumnMappings& mappings, const access::Caller& caller,
                                       const v1::ImportHeader& header);

// ABORTED with reason COLUMN_MAPPING_CHANGED.
absl::Status MappingHasChanged(const std::string& race);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_COLUMN_MAPPING_MESSAGES_H_
