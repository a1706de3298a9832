// Watches whether the ledger can be written, and makes it so again when what was amiss has passed.
#ifndef PALMARES_SERVICES_SERVER_WRITE_MONITOR_H_
#define PALMARES_SERVICES_SERVER_WRITE_MONITOR_H_

#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "storage/rocks_ledger.h"

namespace palmares::server {

class WriteMonitor {
 public:
  // Looks every second, in a thread of its own; `changed` is called there when writing becomes possible or impossible.
  // The ledger must outlive it.
  WriteMonitor(storage::RocksLedger* ledger, std::function<void(const absl::Status& writable)> changed);
  ~WriteMonitor();

 private:
  void Run();

  storage::RocksLedger* const ledger_;
  const std::function<void(const absl::Status&)> changed_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_WRITE_MONITOR_H_
