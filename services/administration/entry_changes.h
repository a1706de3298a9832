// The changes that an entry tells of by itself, without looking at what was before: all but sheets and their rows.
#ifndef PALMARES_SERVICES_ADMINISTRATION_ENTRY_CHANGES_H_
#define PALMARES_SERVICES_ADMINISTRATION_ENTRY_CHANGES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "palmares/v1/ledger.pb.h"
#include "services/access/authorization.h"
#include "services/administration/changes.h"
#include "storage/entry.h"

namespace palmares::administration {

// Called under a Reader. DATA_LOSS if the entry cannot be read.
absl::StatusOr<std::vector<v1::Change>> EntryChanges(const FeedViews& views, const access::Caller& caller,
                                                     const storage::Entry& entry);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_ENTRY_CHANGES_H_
