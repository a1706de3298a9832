// One call: who calls, and the frame that every RPC runs in.
//
//   grpc::Status GetEvent(grpc::ServerContext* context, const v1::GetEventRequest* request, v1::Event* response)
//   override {
//     return rpc::Serve(calls_, *context, "EventService.GetEvent", *request, [&](const rpc::Call& call) { … return
//     status; });
//   }
#ifndef PALMARES_SERVICES_RPC_CALL_H_
#define PALMARES_SERVICES_RPC_CALL_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "palmares/v1/common.pb.h"
#include "services/access/authorization.h"
#include "services/access/token_uses.h"
#include "services/access/tokens.h"
#include "services/rpc/page_token.h"
#include "services/rpc/status.h"
#include "storage/store.h"

namespace palmares::rpc {

// What every service needs; made once by the server. All pointers outlive the services.
struct Calls {
  storage::Store* store = nullptr;
  const access::Tokens* tokens = nullptr;  // read under a Reader of the store
  storage::Store::Clock clock;
  access::RandomBytes random;
  const PageTokens* page_tokens = nullptr;
  const std::atomic<bool>* draining = nullptr;  // set when the server shuts down: see watch.h; may be null
  access::TokenUses* token_uses = nullptr;      // told of every call with a token; may be null
  // Unix time up to which calls that wait for a job may go on waiting; set before `draining` is; null: they may not.
  const std::atomic<int64_t>* waiting_ends_us = nullptr;
  absl::Duration longest_call = absl::InfiniteDuration();  // see DeadlineOf
};

// Who is calling, and until when.
struct Call {
  const Calls* calls = nullptr;
  access::Caller caller;
  absl::Time deadline = absl::InfiniteFuture();

  // The views at one position, at least the one the request names.
  absl::StatusOr<storage::Store::Reader> Read(int64_t min_position = 0) const;
  // Makes a change by the one write path. `request` is what a repeat of `request_id` must equal.
  absl::StatusOr<storage::Receipt> Write(const google::protobuf::Message& request, absl::string_view request_id,
                                         storage::Plan plan) const;
  // The same by Store::WriteGrouped: many calls share one fsync.
  absl::StatusOr<storage::Receipt> WriteGrouped(const google::protobuf::Message& request, absl::string_view request_id,
                                                storage::Plan plan) const;
};

// Until when a call of the method ("EventService.GetEvent") may wait: the deadline it came with, and no longer than
// `longest` from now, unless it watches. Whatever takes long looks at it and ends with DEADLINE_EXCEEDED. A thread that
// does not look cannot be stopped by gRPC; it goes on, and its caller gets the answer late.
absl::Time DeadlineOf(absl::string_view method, absl::Time asked, absl::Time now, absl::Duration longest);

// Finds out who calls by the request's metadata: anonymous without a token; UNAUTHENTICATED with one that is malformed,
// unknown, revoked or expired.
absl::StatusOr<Call> Identify(const Calls& calls, const grpc::ServerContext& context);

// Identifies the caller and checks the authorization table for the method and the resource that the request names.
absl::StatusOr<Call> Admit(const Calls& calls, const grpc::ServerContext& context, absl::string_view method,
                           const google::protobuf::Message& request);

// Admits the caller, runs the body and turns its status into gRPC's.
template <typename Body>
grpc::Status Serve(const Calls& calls, const grpc::ServerContext& context, absl::string_view method,
                   const google::protobuf::Message& request, Body body) {
  absl::StatusOr<Call> call = Admit(calls, context, method, request);
  return ToGrpc(call.ok() ? body(*call) : call.status());
}

// A digest of a request's content, for telling a repeat from another request.
uint64_t Digest(const google::protobuf::Message& request);

// A request_id is empty or a UUID: INVALID_ARGUMENT otherwise.
absl::Status CheckRequestId(absl::string_view request_id);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_CALL_H_
