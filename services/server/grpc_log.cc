#include "services/server/grpc_log.h"

#include <grpc/support/log.h>

#include <string>
#include <utility>

#include "services/server/json_text.h"

namespace palmares::server {
namespace {

// gRPC takes a bare function, so what it writes to is the process's.
std::shared_ptr<spdlog::logger>& Logger() {
  static auto* logger = new std::shared_ptr<spdlog::logger>;
  return *logger;
}

void Drop(gpr_log_func_args* /*message*/) {}

void Forward(gpr_log_func_args* message) {
  const bool error = message->severity == GPR_LOG_SEVERITY_ERROR;
  Logger()->log(error ? spdlog::level::warn : spdlog::level::debug, R"("event":"grpc","message":{})",
                JsonText(message->message));
}

}  // namespace

void SilenceGrpc() { gpr_set_log_function(Drop); }

void LogGrpc(std::shared_ptr<spdlog::logger> logger) {
  Logger() = std::move(logger);
  gpr_set_log_function(Forward);
}

}  // namespace palmares::server
