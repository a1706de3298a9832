#include "services/server/call_observer.h"

#include <grpcpp/server_context.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/rpc/errors.h"
#include "services/rpc/status.h"

namespace palmares::server {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

// Generated services answer UNIMPLEMENTED without a word for methods that nobody wrote.
grpc::Status WithWords(const grpc::Status& status, const std::string& method) {
  if (status.error_code() != grpc::StatusCode::UNIMPLEMENTED || !status.error_message().empty()) return status;
  return rpc::ToGrpc(rpc::WithReason(
      absl::UnimplementedError(absl::StrCat(method, " is part of the API and not served by this version yet")),
      "NOT_IMPLEMENTED", {{"method", method}}));
}

class CallObserver final : public grpc::experimental::Interceptor {
 public:
  CallObserver(ServerRpcInfo* info, std::shared_ptr<spdlog::logger> logger)
      : method_(info->method()), logger_(std::move(logger)), began_(std::chrono::steady_clock::now()) {
    // Files are a tenth compressed; answers of other calls are too small to gain by it. As far as the caller takes it.
    if (absl::StrContains(method_, "/Export")) {
      info->server_context()->set_compression_level(GRPC_COMPRESS_LEVEL_MED);
    }
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = WithWords(methods->GetSendStatus(), method_);
      methods->ModifySendStatus(status);
      Log(status);
    }
    methods->Proceed();
  }

 private:
  void Log(const grpc::Status& status) const {
    const auto level = status.ok() ? spdlog::level::debug : spdlog::level::info;
    if (!logger_->should_log(level)) return;
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
    logger_->log(level, R"("event":"call","method":"{}","code":{},"micros":{})", method_,
                 static_cast<int>(status.error_code()), micros.count());
  }

  const std::string method_;
  const std::shared_ptr<spdlog::logger> logger_;
  const std::chrono::steady_clock::time_point began_;
};

class CallObserverFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallObserverFactory(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    return new CallObserver(info, logger_);  // gRPC owns it
  }

 private:
  const std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeCallObserver(
    std::shared_ptr<spdlog::logger> logger) {
  return std::make_unique<CallObserverFactory>(std::move(logger));
}

}  // namespace palmares::server
