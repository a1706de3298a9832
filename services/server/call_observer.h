// Sees every call go by: logs it, lets files be compressed, and gives a reason to methods that are not served yet.
#ifndef PALMARES_SERVICES_SERVER_CALL_OBSERVER_H_
#define PALMARES_SERVICES_SERVER_CALL_OBSERVER_H_

#include <grpcpp/support/server_interceptor.h>
#include <spdlog/logger.h>

#include <memory>

namespace palmares::server {

// Makes one observer a call. The logger is shared; it must be thread-safe.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallObserver(
    std::shared_ptr<spdlog::logger> logger);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_CALL_OBSERVER_H_
