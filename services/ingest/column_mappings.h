// The view of saved column mappings: how an organizer's or a timing system's files are to be read, and whose imports
// may use them. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_INGEST_COLUMN_MAPPINGS_H_
#define PALMARES_SERVICES_INGEST_COLUMN_MAPPINGS_H_

#include <cstdint>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/access/authorization.h"
#include "storage/entry.h"
#include "storage/stored_ingest.pb.h"

namespace palmares::ingest {

struct ColumnMapping {
  std::string name;  // "columnMappings/mika"
  stored::v1::ColumnMapping data;
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change
};

class ColumnMappings {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By full name; nullptr if there is none.
  const ColumnMapping* Find(absl::string_view name) const;
  // In the order of their names.
  const absl::btree_map<std::string, ColumnMapping>& mappings() const { return mappings_; }

 private:
  absl::btree_map<std::string, ColumnMapping> mappings_;
};

std::string ColumnMappingName(absl::string_view id);  // "columnMappings/{id}"

// The message's bytes, the same for equal messages: the order of entries in its maps does not matter.
std::string BytesOf(const stored::v1::ColumnMapping& mapping);

// Who a mapping is for.
struct MappingOwnership {
  absl::string_view owner;      // actor: "tokens/4f…"
  bool owner_operates = false;  // it is for everybody
  absl::string_view event;      // "events/…"; empty for all of its owner's
};

template <typename Body>  // stored::v1::ColumnMapping or ColumnMappingRemoved
MappingOwnership OwnershipOf(const Body& body) {
  return {body.owner(), body.owner_operates(), body.event()};
}

// Whether the caller may see the mapping and read files with it: operators; of an event's, who manages it; else its
// owner, or every organizer where an operator made it.
bool MayUse(const access::Caller& caller, const MappingOwnership& ownership);
// Whether the caller may change it or take it away: operators, who manages its event, its owner where it has none.
bool MayChange(const access::Caller& caller, const MappingOwnership& ownership);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_COLUMN_MAPPINGS_H_
