// palmaresd: reads its configuration, serves until SIGTERM or SIGINT, drains and ends.
#include <sodium.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "services/server/config.h"
#include "services/server/grpc_log.h"
#include "services/server/json_text.h"
#include "services/server/server.h"
#include "services/server/table_files.h"

namespace {

// One line of JSON each, to stderr. Messages are the inside of an object.
std::shared_ptr<spdlog::logger> MakeLogger(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("palmaresd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::debug);
  return logger;
}

std::optional<std::string> Environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int Fail(const absl::Status& status, int code) {
  std::cerr << "palmaresd: " << status.message() << "\n";
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  absl::StatusOr<palmares::server::CommandLine> line = palmares::server::ReadCommandLine(argc, argv, Environment);
  if (!line.ok()) return Fail(line.status(), 2);
  if (line->exit_code.has_value()) return *line->exit_code;
  if (sodium_init() < 0) return Fail(absl::InternalError("libsodium does not start"), 1);

  // Blocked before any thread exists, so that only sigwait below receives them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const std::shared_ptr<spdlog::logger> logger = MakeLogger(line->config.log_level);
  palmares::server::Surroundings surroundings{
      [] { return absl::Now(); }, [](char* out, size_t size) { randombytes_buf(out, size); }, logger, {}};
  if (!line->config.tables.empty()) {  // before anything is made of the tables
    const auto used = palmares::server::UseTableFiles(line->config.tables);
    if (!used.ok()) return Fail(used.status(), 2);
    for (const std::string& path : *used) {
      logger->info(R"("event":"table replaced","file":{})", palmares::server::JsonText(path));
    }
  }
  palmares::server::SilenceGrpc();
  auto server = palmares::server::Server::Start(line->config, surroundings);
  if (!server.ok()) return Fail(server.status(), 1);
  palmares::server::LogGrpc(logger);
  std::cout << "palmaresd is ready on " << (*server)->address() << std::endl;
  sd_notify(0, "READY=1");

  int signal = 0;
  sigwait(&signals, &signal);
  logger->info(R"("event":"drain","signal":{})", signal);
  sd_notify(0, "STOPPING=1");
  (*server)->Drain(line->config.drain);
  return 0;
}
