// Where the server listens, looked at before it does.
#ifndef PALMARES_SERVICES_SERVER_LISTEN_ADDRESS_H_
#define PALMARES_SERVICES_SERVER_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/status.h"

namespace palmares::server {

// FAILED_PRECONDITION where nobody can listen on HOST:PORT now: another program does, or the host is not this machine.
// Nothing is kept, so that it may still be taken by another a moment later.
absl::Status CheckFree(const std::string& listen);

// What CheckFree says, and whoever finds out later.
absl::Status CannotListen(const std::string& listen);

// Whether only this machine can reach it, by its loopback interface.
bool IsLocal(const std::string& listen);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_LISTEN_ADDRESS_H_
