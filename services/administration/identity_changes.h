// The changes that people's decisions about who is who tell of: links, splits, claims.
#ifndef PALMARES_SERVICES_ADMINISTRATION_IDENTITY_CHANGES_H_
#define PALMARES_SERVICES_ADMINISTRATION_IDENTITY_CHANGES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "palmares/v1/ledger.pb.h"
#include "services/access/authorization.h"
#include "services/administration/changes.h"
#include "storage/entry.h"

namespace palmares::administration {

// None for entries about anything else. That a result is somebody's by decision is told to all who see its sheet; that
// it is not, or that somebody claims it, to the organizer, the athlete and operators; that somebody asks to be an
// athlete, and that two are not one, to operators. Called under a Reader. DATA_LOSS if the entry cannot be read.
absl::StatusOr<std::vector<v1::Change>> IdentityChanges(const FeedViews& views, const access::Caller& caller,
                                                        const storage::Entry& entry);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_IDENTITY_CHANGES_H_
