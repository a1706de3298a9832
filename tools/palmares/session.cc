#include "tools/palmares/session.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/palmares/file.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

// A token on the wire in the clear is only fit for this machine.
bool StaysOnThisMachine(absl::string_view server) {
  return absl::StartsWith(server, "localhost:") || absl::StartsWith(server, "127.") ||
         absl::StartsWith(server, "[::1]") || absl::StartsWith(server, "unix:");
}

bool Encrypted(const ConnectionOptions& options) {
  return options.tls || !options.tls_ca.empty() || !options.tls_key.empty();
}

}  // namespace

void ApplyColumns(Environment& environment) {
  constexpr int kWidest = 100'000;
  int columns = 0;
  if (!absl::SimpleAtoi(environment.variable("COLUMNS"), &columns) || columns < 1 || columns > kWidest) return;
  environment.width = columns;
  if (environment.error_is_terminal) environment.error_width = columns;
}

std::string ToJson(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only an Any of an unknown type fails, and the API has none.
  if (!status.ok()) return "{}\n";
  if (!absl::EndsWith(json, "\n")) json += '\n';
  return json;
}

absl::StatusOr<const Connection*> Session::Connect() {
  if (connection_ != nullptr) return connection_.get();
  ConnectionOptions options = options_.connection;
  if (!options_.token_file.empty()) {
    absl::StatusOr<std::string> token = ReadFile(options_.token_file);
    if (!token.ok()) return token.status();
    options.token = *std::move(token);
  } else {
    options.token = environment_.variable("PALMARES_TOKEN");
  }
  options.token = std::string(absl::StripAsciiWhitespace(options.token));
  if (!std::all_of(options.token.begin(), options.token.end(), absl::ascii_isgraph)) {
    return absl::InvalidArgumentError(absl::StrCat(options_.token_file.empty() ? "PALMARES_TOKEN" : options_.token_file,
                                                   ": holds no token, want one line of it"));
  }
  if (!options.token.empty() && !Encrypted(options) && !StaysOnThisMachine(options.server)) {
    Say(absl::StrCat("warning: the token travels unencrypted to ", options.server,
                     "; --tls or --tls-ca FILE protects it"));
  }
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options);
  if (!connection.ok()) return connection.status();
  connection_ = *std::move(connection);
  return connection_.get();
}

void Session::Print(const google::protobuf::Message& message, const Table& table) {
  switch (options_.output) {
    case OutputFormat::kJson:
      PrintJson(message);
      break;
    case OutputFormat::kCsv:
      PrintCsv(environment_.out, table);
      break;
    case OutputFormat::kTable:
      if (!table.rows.empty()) PrintRows(table);
      break;
  }
}

void Session::PrintRows(const Table& table) {
  const std::string left_out = LeftOutText(PrintTable(environment_.out, table, environment_.width));
  if (left_out.empty() || left_out == left_out_) return;
  left_out_ = left_out;
  Say(left_out);
}

void Session::PrintText(absl::string_view text) {
  if (for_people()) environment_.out << Wrapped(PrintableLines(text), environment_.width);
}

void Session::PrintFile(absl::string_view content) {
  environment_.out << (environment_.out_is_terminal ? PrintableLines(content) : std::string(content));
}

void Session::PrintJson(const google::protobuf::Message& message) {
  environment_.out << ToJson(message, environment_.out_is_terminal);
}

void Session::Say(absl::string_view text) {
  if (!options_.quiet) environment_.error << Wrapped(PrintableLines(text), environment_.error_width) << '\n';
}

void Session::Complain(absl::string_view text) {
  environment_.error << Wrapped(absl::StrCat("palmares: ", PrintableLines(text)), environment_.error_width) << '\n';
}

int64_t Session::RowLimit(int64_t given) const {
  if (given >= 0) return given;
  return for_people() && environment_.out_is_terminal ? kRowsOnTerminal : 0;
}

void Session::SayIfCut(int64_t shown, int64_t total) {
  if (for_people() && shown < total) Say(absl::StrCat("The first ", shown, " of ", total, "; --limit 0 shows all."));
}

}  // namespace palmares::tools
