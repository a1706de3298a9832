// Streams that follow the ledger: entry by entry from a position on, until the caller leaves or the server ends.
#ifndef PALMARES_SERVICES_RPC_WATCH_H_
#define PALMARES_SERVICES_RPC_WATCH_H_

#include <grpcpp/server_context.h>

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/rpc/call.h"
#include "storage/entry.h"

namespace palmares::rpc {

// The newest position, at least `min_position`.
absl::StatusOr<int64_t> PositionNow(const Call& call, int64_t min_position);

// The position after which to begin: as asked; 0 is `newest`, -1 the beginning. OUT_OF_RANGE with reason POSITION_AHEAD
// for one that is not reached yet, as after a restore: read anew, then watch from there. INVALID_ARGUMENT below -1.
absl::StatusOr<int64_t> StartPosition(int64_t asked, int64_t newest);

// The token of a page holds no position: it was made by another version.
absl::Status StalePageToken();

// One of the places of those who watch, each of which holds a thread of the server, so that some are left for calls
// that are answered at once. Held for as long as it lives.
class WatchPlace {
 public:
  WatchPlace();
  ~WatchPlace();
  WatchPlace(const WatchPlace&) = delete;
  WatchPlace& operator=(const WatchPlace&) = delete;
  // RESOURCE_EXHAUSTED where too many watch already.
  absl::Status status() const;

 private:
  const bool taken_;
};

// UNAVAILABLE with reason SHUTTING_DOWN once the server shuts down: whoever watches without an end is to go on from the
// last position elsewhere.
absl::Status CheckServing(const Calls& calls);
// The same for what takes long and cannot be gone on with; `advice` says what to do instead.
absl::Status CheckServing(const Calls& calls, absl::string_view advice);

// For whoever waits for something that ends by itself, such as a job: nobody could ask for it once the server shuts
// down, so the wait goes on for as long as calls may. UNAVAILABLE with reason SHUTTING_DOWN shortly before they are cut
// off. `advice` says what becomes of what was waited for. To be asked every second or more often.
absl::Status CheckWaiting(const Calls& calls, absl::string_view advice);

// Hands on each entry after the start position, in order, once it is durable and visible; returns when `take` or `keep`
// gives false, because the caller has left, when they fail, when the call is cancelled, or, with UNAVAILABLE, when the
// server shuts down. Where nothing was handed on for a while, `keep` is told up to where all was seen, so that the
// caller can keep its position. No Reader is held while they run. RESOURCE_EXHAUSTED where too many watch already.
absl::Status Watch(const Call& call, const grpc::ServerContext& context, int64_t start_position,
                   absl::FunctionRef<absl::StatusOr<bool>(const storage::Entry&)> take,
                   absl::FunctionRef<bool(int64_t position)> keep);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_WATCH_H_
