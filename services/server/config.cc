#include "services/server/config.h"

#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <limits>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace palmares::server {
namespace {

absl::Status Wrong(absl::string_view where, absl::string_view value, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat(where, ": \"", value, "\", want ", want));
}

// One setting: its key in the file, from which the variable and the flag follow.
struct Setting {
  std::string key;  // "tls.certificate"
  std::string help;
  std::function<absl::Status(Config&, const std::string& value, const std::string& where)> set;

  std::string variable() const {
    return absl::StrCat("PALMARES_", absl::AsciiStrToUpper(absl::StrReplaceAll(key, {{".", "_"}})));
  }
  std::string flag() const { return absl::StrCat("--", absl::StrReplaceAll(key, {{".", "-"}, {"_", "-"}})); }
};

Setting Text(std::string key, std::string help, std::string Config::*field) {
  return {std::move(key), std::move(help), [field](Config& config, const std::string& value, const std::string&) {
            config.*field = value;
            return absl::OkStatus();
          }};
}

// "1048576", "512 MiB", "8GiB".
std::optional<int64_t> Bytes(absl::string_view text) {
  int shift = 0;
  for (const auto& [unit, bits] : {std::pair("KiB", 10), std::pair("MiB", 20), std::pair("GiB", 30)}) {
    if (absl::ConsumeSuffix(&text, unit)) {
      shift = bits;
      break;
    }
  }
  int64_t number = 0;
  if (!absl::SimpleAtoi(absl::StripTrailingAsciiWhitespace(text), &number)) return std::nullopt;
  if (number < 0 || number > std::numeric_limits<int64_t>::max() >> shift) return std::nullopt;
  return number << shift;
}

// The address of something that people and programs are sent to.
Setting Web(std::string key, std::string help, std::string Config::*field) {
  return {std::move(key), std::move(help), [field](Config& config, const std::string& value, const std::string& where) {
            const bool web = absl::StartsWith(value, "https://") || absl::StartsWith(value, "http://");
            const bool plain = std::none_of(value.begin(), value.end(), [](unsigned char c) {
              return c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>' || c == '#' || c == '?';
            });
            if (!web || !plain || absl::EndsWith(value, "/")) {
              return Wrong(where, value, "an address such as https://results.example.org, without / at its end");
            }
            config.*field = value;
            return absl::OkStatus();
          }};
}

const std::vector<Setting>& Settings() {
  static const auto* const kSettings = new std::vector<Setting>{
      Text("data", "Directory that holds everything; made if it is not there", &Config::data),
      Text("listen",
           "HOST:PORT to listen on; port 0 takes a free one. Other machines reach it by 0.0.0.0: then with tls.*, for "
           "without it tokens travel in clear text",
           &Config::listen),
      Text("tls.certificate", "Certificate chain in PEM", &Config::tls_certificate),
      Text("tls.key", "Its private key in PEM", &Config::tls_key),
      Text("tls.client_ca", "Clients must show a certificate of this authority", &Config::tls_client_ca),
      Text("tls.client_crl", "Directory of that authority's revocation lists, as `openssl rehash` leaves it",
           &Config::tls_client_crl),
      {"log.level", "debug, info, warning or error",
       [](Config& config, const std::string& value, const std::string& where) {
         if (value != "debug" && value != "info" && value != "warning" && value != "error") {
           return Wrong(where, value, "debug, info, warning or error");
         }
         config.log_level = value;
         return absl::OkStatus();
       }},
      {"drain_seconds", "How long calls may go on after SIGTERM",
       [](Config& config, const std::string& value, const std::string& where) {
         int seconds = 0;
         if (!absl::SimpleAtoi(value, &seconds) || seconds < 0 || seconds > 3600) {
           return Wrong(where, value, "0 to 3600 seconds");
         }
         config.drain = absl::Seconds(seconds);
         return absl::OkStatus();
       }},
      {"max_call_seconds", "How long a call may wait for what it needs, whatever deadline it came with; watching aside",
       [](Config& config, const std::string& value, const std::string& where) {
         int seconds = 0;
         if (!absl::SimpleAtoi(value, &seconds) || seconds < 1 || seconds > 86'400) {
           return Wrong(where, value, "1 to 86400 seconds");
         }
         config.max_call = absl::Seconds(seconds);
         return absl::OkStatus();
       }},
      {"catalogue", "Whether a new data directory begins with the built-in standards (true, false)",
       [](Config& config, const std::string& value, const std::string& where) {
         if (value != "true" && value != "false") return Wrong(where, value, "true or false");
         config.catalogue = value == "true";
         return absl::OkStatus();
       }},
      {"memory_budget",
       "Memory that what is derived from the ledger may take, as 512 MiB or 8 GiB; rows that do not fit are read from "
       "disk, more slowly. 0: no limit",
       [](Config& config, const std::string& value, const std::string& where) {
         const std::optional<int64_t> bytes = Bytes(value);
         if (!bytes.has_value()) return Wrong(where, value, "bytes, or a number with KiB, MiB or GiB");
         config.memory_budget = *bytes;
         return absl::OkStatus();
       }},
      Text("tables", "Directory of data files that take the place of the built-in tables of the same names",
           &Config::tables),
      Text("backup.root", "Directory that backups must lie below; without it anywhere but in the data directory",
           &Config::backup_root),
      Web("portfolio.issuer",
          "Who signs portfolios: the address that the server is known by, https://results.example.org",
          &Config::portfolio_issuer),
      Web("portfolio.page", "Page that opens and verifies portfolios; links and QR codes lead there",
          &Config::portfolio_page),
      Text("public_data.licence", "Terms under which the public data may be used, told in dumps of it: CC BY 4.0",
           &Config::public_data_licence),
      Text("restore", "Makes the data directory, which must be empty, from the newest backup in this directory",
           &Config::restore),
      {"restore_backup", "Number of the backup to restore instead of the newest",
       [](Config& config, const std::string& value, const std::string& where) {
         if (!absl::SimpleAtoi(value, &config.restore_backup) || config.restore_backup < 1) {
           return Wrong(where, value, "the number of a backup");
         }
         return absl::OkStatus();
       }},
  };
  return *kSettings;
}

std::string ValueText(const toml::node& node) {
  if (const auto text = node.value<std::string>(); node.is_string()) return *text;
  if (const toml::value<bool>* const flag = node.as_boolean()) return flag->get() ? "true" : "false";
  std::ostringstream out;
  node.visit([&out](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) out << value.get();
  });
  return out.str();
}

absl::Status ReadTable(const toml::table& table, const std::string& prefix, const std::string& file, Config& config) {
  for (const auto& [key, node] : table) {
    const std::string name = absl::StrCat(prefix, std::string(key.str()));
    const std::string where = absl::StrCat(file, ":", node.source().begin.line, ": ", name);
    if (const toml::table* inner = node.as_table()) {
      if (absl::Status status = ReadTable(*inner, absl::StrCat(name, "."), file, config); !status.ok()) return status;
      continue;
    }
    const Setting* known = nullptr;
    for (const Setting& setting : Settings()) {
      if (setting.key == name) known = &setting;
    }
    if (known == nullptr) {
      std::string keys;
      for (const Setting& setting : Settings()) absl::StrAppend(&keys, keys.empty() ? "" : ", ", setting.key);
      return absl::InvalidArgumentError(absl::StrCat(where, ": unknown key, want one of ", keys));
    }
    if (absl::Status status = known->set(config, ValueText(node), where); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadFile(const std::string& file, Config& config) {
  const toml::parse_result parsed = toml::parse_file(file);
  if (parsed) return ReadTable(parsed.table(), "", file, config);
  const toml::parse_error& error = parsed.error();
  return absl::InvalidArgumentError(
      absl::StrCat(file, ":", error.source().begin.line, ": ", std::string(error.description())));
}

absl::Status Check(const Config& config) {
  if (config.data.empty()) return absl::InvalidArgumentError("--data: missing, want the data directory");
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return absl::InvalidArgumentError("--tls-certificate and --tls-key: one without the other, want both or none");
  }
  if (!config.tls_client_ca.empty() && config.tls_certificate.empty()) {
    return absl::InvalidArgumentError("--tls-client-ca: given without --tls-certificate, want a certificate too");
  }
  if (!config.tls_client_crl.empty() && config.tls_client_ca.empty()) {
    return absl::InvalidArgumentError("--tls-client-crl: given without --tls-client-ca, want the authority too");
  }
  const size_t colon = config.listen.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(config.listen.substr(colon + 1), &port) || port < 0 ||
      port > 65'535) {
    return Wrong("--listen", config.listen, "HOST:PORT with a port from 0 to 65535");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CommandLine> ReadCommandLine(
    int argc, const char* const* argv,
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  CommandLine line;
  CLI::App app("palmaresd: race results, rankings and qualification over gRPC", "palmaresd");
  app.footer(
      "Each option can also be set in the file of --config and by the environment: --tls-key is key in [tls], and "
      "PALMARES_TLS_KEY.\nExample: palmaresd --data /var/lib/palmares --listen 127.0.0.1:7443");
  app.set_version_flag("--version", "palmaresd 0.1.0");
  std::string file = environment("PALMARES_CONFIG").value_or("");
  app.add_option("--config", file, "Configuration file (TOML)");
  std::vector<std::string> flags(Settings().size());
  for (size_t i = 0; i < flags.size(); ++i) app.add_option(Settings()[i].flag(), flags[i], Settings()[i].help);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    line.exit_code = app.exit(error) == 0 ? 0 : 2;
    return line;
  }
  if (!file.empty()) {
    if (absl::Status status = ReadFile(file, line.config); !status.ok()) return status;
  }
  for (const Setting& setting : Settings()) {
    const std::optional<std::string> value = environment(setting.variable());
    if (!value.has_value()) continue;
    if (absl::Status status = setting.set(line.config, *value, setting.variable()); !status.ok()) return status;
  }
  for (size_t i = 0; i < flags.size(); ++i) {
    if (app.count(Settings()[i].flag()) == 0) continue;
    if (absl::Status status = Settings()[i].set(line.config, flags[i], Settings()[i].flag()); !status.ok())
      return status;
  }
  if (absl::Status status = Check(line.config); !status.ok()) return status;
  return line;
}

}  // namespace palmares::server
