#include "services/rpc/watch.h"

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

constexpr int kMostWatchers = 256;                             // each holds a thread
constexpr absl::Duration kLook = absl::Milliseconds(500);      // how often the end of the call or server is looked for
constexpr absl::Duration kLongestSilence = absl::Seconds(20);  // after which the position is told
constexpr int64_t kEntriesAtOnce = 64;

std::atomic<int> watchers = 0;

bool IsDraining(const Calls& calls) { return calls.draining != nullptr && *calls.draining; }

absl::Status ShuttingDown(absl::string_view advice) {
  return WithReason(absl::UnavailableError(absl::StrCat("the server is shutting down: ", advice)), "SHUTTING_DOWN");
}

}  // namespace

WatchPlace::WatchPlace() : taken_(watchers.fetch_add(1) < kMostWatchers) {}
WatchPlace::~WatchPlace() { watchers.fetch_sub(1); }

absl::Status WatchPlace::status() const {
  if (taken_) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("more than ", kMostWatchers, " watch already"));
}

absl::Status CheckServing(const Calls& calls) { return CheckServing(calls, "go on from the last position elsewhere"); }

absl::Status CheckServing(const Calls& calls, absl::string_view advice) {
  if (!IsDraining(calls)) return absl::OkStatus();
  return ShuttingDown(advice);
}

absl::Status CheckWaiting(const Calls& calls, absl::string_view advice) {
  if (!IsDraining(calls)) return absl::OkStatus();
  // By the machine's clock, which cuts calls off too.
  if (calls.waiting_ends_us != nullptr && absl::ToUnixMicros(absl::Now()) < *calls.waiting_ends_us) {
    return absl::OkStatus();
  }
  return ShuttingDown(advice);
}

absl::StatusOr<int64_t> PositionNow(const Call& call, int64_t min_position) {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(min_position);
  if (!reader.ok()) return reader.status();
  return reader->position();
}

absl::StatusOr<int64_t> StartPosition(int64_t asked, int64_t newest) {
  if (asked < -1) return InvalidField("start_position", absl::StrCat(asked), "a position of the ledger, 0 or -1");
  if (asked > newest) {
    return WithReason(absl::OutOfRangeError(absl::StrCat("start_position: ", asked, ", the ledger is at ", newest)),
                      "POSITION_AHEAD", {{"position", absl::StrCat(newest)}});
  }
  return asked == 0 ? newest : std::max<int64_t>(asked, 0);
}

absl::Status StalePageToken() { return InvalidField("page_token", "…", "the next_page_token of the same request"); }

absl::Status Watch(const Call& call, const grpc::ServerContext& context, int64_t start_position,
                   absl::FunctionRef<absl::StatusOr<bool>(const storage::Entry&)> take,
                   absl::FunctionRef<bool(int64_t position)> keep) {
  const WatchPlace place;
  if (!place.status().ok()) return place.status();
  absl::StatusOr<int64_t> newest = PositionNow(call, 0);
  if (!newest.ok()) return newest.status();
  absl::StatusOr<int64_t> start = StartPosition(start_position, *newest);
  if (!start.ok()) return start.status();
  int64_t position = *start;
  absl::Time told = absl::Now();
  absl::Status left = absl::CancelledError("the caller has left");
  // At once, so that the caller knows that it is heard, and from where.
  if (!keep(position)) return left;
  while (!context.IsCancelled()) {
    if (absl::Status status = CheckServing(*call.calls); !status.ok()) return status;
    if (absl::Now() >= call.deadline) return absl::DeadlineExceededError("the call's deadline has come");
    int64_t reached = position;
    {
      absl::StatusOr<storage::Store::Reader> reader = call.calls->store->Read(position + 1, absl::Now() + kLook);
      if (reader.ok()) reached = reader->position();
      if (!reader.ok() && !absl::IsDeadlineExceeded(reader.status())) return reader.status();
    }
    bool here = true;
    const int64_t end = std::min(reached, position + kEntriesAtOnce);
    absl::Status status =
        call.calls->store->ledger().Read(position + 1, end, [&](const storage::Entry& entry) -> absl::Status {
          absl::StatusOr<bool> taken = take(entry);
          if (!taken.ok()) return taken.status();
          here = *taken;
          return here ? absl::OkStatus() : left;
        });
    if (!status.ok()) return status;
    position = std::max(position, end);
    if (absl::Now() - told >= kLongestSilence) {
      if (!keep(position)) return left;
      told = absl::Now();
    }
  }
  return left;
}

}  // namespace palmares::rpc
