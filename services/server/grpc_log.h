// What gRPC itself has to say, which it else writes to stderr in a form of its own.
#ifndef PALMARES_SERVICES_SERVER_GRPC_LOG_H_
#define PALMARES_SERVICES_SERVER_GRPC_LOG_H_

#include <spdlog/spdlog.h>

#include <memory>

namespace palmares::server {

// Of the whole process. Until LogGrpc its messages are dropped: what goes wrong while a server starts is told once, by
// the status that Server::Start returns.
void SilenceGrpc();

// From now on its messages are lines of this log, which lives to the end of the process. Called once.
void LogGrpc(std::shared_ptr<spdlog::logger> logger);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_GRPC_LOG_H_
