#include "services/ingest/embargo.h"

#include <utility>
#include <vector>

#include "services/ingest/sheet_life.h"

namespace palmares::ingest {
namespace {

constexpr absl::Duration kLookAtEmbargo = absl::Milliseconds(200);

}  // namespace

absl::Status EndEmbargoes(storage::Store& store, const results::Results& results, absl::Time now) {
  const int64_t now_us = absl::ToUnixMicros(now);
  std::vector<int32_t> due;
  {
    absl::StatusOr<storage::Store::Reader> reader = store.Read();
    if (!reader.ok()) return reader.status();
    for (int32_t race : results.embargoed()) {
      if (results.sheet(race).embargo_time_us <= now_us) due.push_back(race);
    }
  }
  for (int32_t race : due) {
    absl::StatusOr<storage::Receipt> receipt = store.Write({.actor = "system", .request_id = "", .request_digest = 0},
                                                           [&] { return PlanEmbargoEnd(results, race, now_us); });
    if (!receipt.ok()) return receipt.status();
  }
  return absl::OkStatus();
}

EmbargoKeeper::EmbargoKeeper(storage::Store* store, const results::Results* results, storage::Store::Clock clock)
    : store_(*store), results_(*results), clock_(std::move(clock)) {
  EndDue();
  watcher_ = std::thread([this] {
    while (!stopping_.WaitForNotificationWithTimeout(kLookAtEmbargo)) EndDue();
  });
}

EmbargoKeeper::~EmbargoKeeper() {
  stopping_.Notify();
  watcher_.join();
}

void EmbargoKeeper::EndDue() {
  // A ledger that cannot be written now refuses everybody, and says so to them; the embargo holds until it can.
  EndEmbargoes(store_, results_, clock_()).IgnoreError();
}

}  // namespace palmares::ingest
