// How palmaresd is configured: a file, then the environment, then flags; each is stronger than the one before it.
#ifndef PALMARES_SERVICES_SERVER_CONFIG_H_
#define PALMARES_SERVICES_SERVER_CONFIG_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace palmares::server {

struct Config {
  std::string data;                       // the data directory; required
  std::string listen = "127.0.0.1:7443";  // HOST:PORT; port 0 takes a free one
  std::string tls_certificate;            // PEM files; all empty: no TLS
  std::string tls_key;
  std::string tls_client_ca;                     // clients must show a certificate of it
  std::string tls_client_crl;                    // directory of revocation lists of that authority; empty: none
  std::string log_level = "info";                // debug, info, warning, error
  absl::Duration drain = absl::Seconds(20);      // how long calls may go on after SIGTERM
  absl::Duration max_call = absl::Seconds(300);  // that a call may wait for what it needs; streams that watch aside
  bool catalogue = true;                         // load the built-in standards into a new data directory
  int64_t memory_budget = 0;                     // bytes that views may take; 0: no limit
  std::string backup_root;                       // backups are made below it; empty: anywhere but in the data directory
  std::string portfolio_issuer;                  // URI that signs portfolios; empty: one made of the first key
  std::string portfolio_page;                    // URI of the page that opens and verifies portfolios; empty: none
  std::string tables;               // directory of data files for compiled-in tables; empty: none is replaced
  std::string public_data_licence;  // terms under which the dump of public data may be used; empty: not said
  std::string restore;              // directory of backups to make a new data directory from; empty: none
  int64_t restore_backup = 0;       // its number; 0: the newest
};

// What the command line asks for.
struct CommandLine {
  Config config;
  std::optional<int> exit_code;  // the program is done: help or version was printed, or the usage is wrong (2)
};

// Reads argv, the environment (by `environment`, which gives nothing for a variable that is not set) and the file that
// --config or PALMARES_CONFIG names. INVALID_ARGUMENT names the file and line, variable or flag, the value and what is
// wanted.
absl::StatusOr<CommandLine> ReadCommandLine(
    int argc, const char* const* argv,
    const std::function<std::optional<std::string>(const std::string&)>& environment);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_CONFIG_H_
