// A gRPC server that does nothing: each method answers at once with the answer that a real server gave to the first
// request for it. What it reaches is what gRPC and the messages allow on this machine.
#ifndef PALMARES_TESTS_BENCH_ECHO_H_
#define PALMARES_TESTS_BENCH_ECHO_H_

#include <string>

#include "absl/status/status.h"

namespace palmares::bench {

// Listens on a free port of this machine, prints "ready on ADDRESS", and serves until the process is ended. `real` is
// the address of the server whose answers are given.
absl::Status ServeEcho(const std::string& real);

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_ECHO_H_
