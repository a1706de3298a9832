// Views made anew from the ledger, beside those that serve: to be compared with them, or to take their place.
#ifndef PALMARES_SERVICES_ADMINISTRATION_RECOMPUTATION_H_
#define PALMARES_SERVICES_ADMINISTRATION_RECOMPUTATION_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/administration/jobs.h"
#include "services/administration/view_content.h"
#include "storage/store.h"

namespace palmares::administration {

// The server's views as this needs them.
struct LiveViews {
  storage::Store* store = nullptr;
  const ViewSet* serving = nullptr;                // read under a Reader
  std::function<std::unique_ptr<ViewSet>()> make;  // an empty set over the same ledger
  std::function<void(ViewSet& recomputed)>
      exchange;  // swaps its content with the serving set's; nobody reads meanwhile
};

// Recomputes the views and compares those named (all where none is): differences go into the job, each with the value
// that the ledger makes and the one that is served. Writers wait only while one part is compared. Needs as much memory
// again as the views.
absl::Status VerifyViews(const LiveViews& live, const std::vector<std::string>& names, Jobs::Control& job);

// Recomputes the views and puts them in the place of those that serve; readers and writers wait for the exchange alone.
absl::Status RebuildViews(const LiveViews& live, Jobs::Control& job);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_RECOMPUTATION_H_
