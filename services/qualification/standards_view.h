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
#include "services/qualification/standard.h"
#include "storage/entry.h"

namespace palmares::qualification {

struct StandardRevision {
  int64_t position = 0;
  int64_t time_us = 0;
  std::string source;  // the rule file
  std::string file_name;
  std::string actor;
};

struct LoadedStandard {
  std::shared_ptr<const Standard> standard;  // the newest revision; never null
  std::vector<StandardRevision> revisions;   // oldest first
};

class StandardsView {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // By id: "boston-2013"; nullptr if there is none.
  const LoadedStandard* Find(absl::string_view id) const;
  const absl::btree_map<std::string, LoadedStandard>& standards() const { return standards_; }

 private:
  absl::btree_map<std::string, LoadedStandard> standards_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_STANDARDS_VIEW_H_
