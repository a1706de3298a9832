// The one place where absl's status becomes gRPC's, with google.rpc details that standard clients decode.
#ifndef PALMARES_SERVICES_RPC_STATUS_H_
#define PALMARES_SERVICES_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace palmares::rpc {

// Carries every google.rpc payload of the status. Adds an ErrorInfo where there is none, a BadRequest field violation
// to an INVALID_ARGUMENT that begins with a field's path, and a RetryInfo to UNAVAILABLE and RESOURCE_EXHAUSTED.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_STATUS_H_
