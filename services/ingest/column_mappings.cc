#include "services/ingest/column_mappings.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace palmares::ingest {

std::string ColumnMappingName(absl::string_view id) { return absl::StrCat("columnMappings/", id); }

std::string BytesOf(const stored::v1::ColumnMapping& mapping) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    mapping.SerializeToCodedStream(&coded);
  }
  return bytes;
}

bool MayUse(const access::Caller& caller, const MappingOwnership& ownership) {
  const bool for_everybody = ownership.event.empty() && ownership.owner_operates;
  return MayChange(caller, ownership) || (for_everybody && caller.role == access::Role::kOrganizer);
}

bool MayChange(const access::Caller& caller, const MappingOwnership& ownership) {
  if (caller.role == access::Role::kOperator) return true;
  if (!ownership.event.empty()) return access::MayManage(caller, ownership.event);
  return caller.role == access::Role::kOrganizer && caller.actor() == ownership.owner;
}

absl::Status ColumnMappings::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kColumnMappingSet) {
    absl::StatusOr<stored::v1::ColumnMapping> body = storage::BodyOf<stored::v1::ColumnMapping>(entry);
    if (!body.ok()) return body.status();
    ColumnMapping& mapping = mappings_[ColumnMappingName(body->id())];
    if (mapping.name.empty()) {
      mapping.name = ColumnMappingName(body->id());
      mapping.create_time_us = entry.time_us;
    }
    mapping.data = *std::move(body);
    mapping.update_time_us = entry.time_us;
    mapping.position = entry.position;
  } else if (entry.change.kind == storage::EntryKind::kColumnMappingRemoved) {
    const absl::StatusOr<stored::v1::ColumnMappingRemoved> body =
        storage::BodyOf<stored::v1::ColumnMappingRemoved>(entry);
    if (!body.ok()) return body.status();
    if (mappings_.erase(ColumnMappingName(body->id())) == 0) return storage::Damaged(entry, "no such column mapping");
  }
  return absl::OkStatus();
}

const ColumnMapping* ColumnMappings::Find(absl::string_view name) const {
  const auto found = mappings_.find(name);
  return found == mappings_.end() ? nullptr : &found->second;
}

}  // namespace palmares::ingest
