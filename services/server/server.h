// The server: one data directory, its views, and the gRPC services over them.
#ifndef PALMARES_SERVICES_SERVER_SERVER_H_
#define PALMARES_SERVICES_SERVER_SERVER_H_

#include <spdlog/logger.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/access/tokens.h"
#include "services/rankings/list_bounds.h"
#include "services/server/config.h"
#include "storage/rocks_ledger_options.h"
#include "storage/store.h"

namespace palmares::server {

// What comes from outside, so that tests can bring their own.
struct Surroundings {
  storage::Store::Clock clock;
  access::RandomBytes random;
  std::shared_ptr<spdlog::logger> logger;
  storage::RocksLedgerOptions ledger = {};
  rankings::ListBounds list_bounds = {};
};

class Server {
 public:
  // Opens the data directory, replays the ledger and begins to serve. The first start writes an operator's token to
  // DATA/operator.token (mode 0600). FAILED_PRECONDITION says what to do if the directory cannot be used or the address
  // not bound; a first start that finds the address taken, or a certificate wrong, makes nothing. Warns in the log
  // where it listens beyond this machine without TLS.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config, Surroundings surroundings);

  virtual ~Server() = default;

  // "127.0.0.1:7443", with the port that was really taken.
  virtual const std::string& address() const = 0;

  // Reports NOT_SERVING, lets calls finish for at most `limit`, then cuts them off. Returns when all is done.
  virtual void Drain(absl::Duration limit) = 0;
};

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_SERVER_H_
