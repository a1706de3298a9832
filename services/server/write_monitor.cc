#include "services/server/write_monitor.h"

#include <utility>

#include "absl/time/time.h"

namespace palmares::server {

WriteMonitor::WriteMonitor(storage::RocksLedger* ledger, std::function<void(const absl::Status&)> changed)
    : ledger_(ledger), changed_(std::move(changed)), thread_([this] { Run(); }) {}

WriteMonitor::~WriteMonitor() {
  stop_.Notify();
  thread_.join();
}

void WriteMonitor::Run() {
  bool writable = true;
  while (!stop_.WaitForNotificationWithTimeout(absl::Seconds(1))) {
    absl::Status now = ledger_->Writable();
    // First it is told, then mended: an outage that is over within a second was one all the same.
    if (now.ok() != writable) changed_(now);
    writable = now.ok();
    if (writable) continue;
    now = ledger_->Recover();
    if (now.ok()) changed_(now);
    writable = now.ok();
  }
}

}  // namespace palmares::server
