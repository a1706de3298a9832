// Ends embargoes when their time has come.
//
// The end is an entry of the ledger, written by the server itself as "system", and not a matter of the moment of
// reading: so views need no clock, rankings, verdicts and histories change together at one position, whoever watches
// is told, and a rebuild gives the same. Where the server did not run at that time it is the first thing that it does.
#ifndef PALMARES_SERVICES_INGEST_EMBARGO_H_
#define PALMARES_SERVICES_INGEST_EMBARGO_H_

#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "services/results/results.h"
#include "storage/store.h"

namespace palmares::ingest {

class EmbargoKeeper {
 public:
  // Both must outlive it. Begins to watch the clock, several times a second.
  EmbargoKeeper(storage::Store* store, const results::Results* results, storage::Store::Clock clock);
  ~EmbargoKeeper();
  EmbargoKeeper(const EmbargoKeeper&) = delete;
  EmbargoKeeper& operator=(const EmbargoKeeper&) = delete;

 private:
  // Tried again at the next look where the ledger cannot be written now.
  void EndDue();

  storage::Store& store_;
  const results::Results& results_;
  const storage::Store::Clock clock_;
  absl::Notification stopping_;
  std::thread watcher_;
};

// Ends all embargoes whose time has come.
absl::Status EndEmbargoes(storage::Store& store, const results::Results& results, absl::Time now);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_EMBARGO_H_
