// The view of standards: every revision of every rule file that was loaded, the newest in force.
//
// Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_QUALIFICATION_STANDARDS_VIEW_H_
#define PALMARES_SERVICES_QUALIFICATION_STANDARDS_VIEW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/qualification/standard.h"
#include "storage/entry.h"

namespace palmares::qualification {

struct StandardRevision {
  int64_t position = 0;
  int64_t time_us = 0;
  std::string source;  // the rule file
  std::string file_name;
  std::string actor;
  std::string reason;
};

struct LoadedStandard {
  std::shared_ptr<const Standard> standard;  // the newest revision; never null
  std::vector<StandardRevision> revisions;   // oldest first
  bool retired = false;                      // out of use, until a new revision is loaded
  int64_t change_position = 0;               // of the last revision or retirement
  int64_t change_time_us = 0;
};

// A standard as it is applied: one revision of it.
struct AppliedStandard {
  std::shared_ptr<const Standard> standard;
  int64_t revision = 0;  // from 1
};

class StandardsView {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By id: "boston-2013"; nullptr if there is none.
  const LoadedStandard* Find(absl::string_view id) const;
  const absl::btree_map<std::string, LoadedStandard>& standards() const { return standards_; }

  // By "standards/boston-2013", "boston-2013" (the newest revision) or "standards/boston-2013/revisions/2". NOT_FOUND
  // names what is not there. What it gives may be kept after the Reader.
  absl::StatusOr<AppliedStandard> Resolve(absl::string_view name) const;

 private:
  absl::Status Load(const storage::Entry& entry);
  absl::Status Retire(const storage::Entry& entry);

  absl::btree_map<std::string, LoadedStandard> standards_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_STANDARDS_VIEW_H_
