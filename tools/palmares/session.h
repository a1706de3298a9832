// What a command works with: where it writes, how, and the way to the server.
#ifndef PALMARES_TOOLS_PALMARES_SESSION_H_
#define PALMARES_TOOLS_PALMARES_SESSION_H_

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/palmares/connection.h"
#include "tools/palmares/exit_code.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// The process as a command sees it, so that tests can give another.
struct Environment {
  std::ostream& out;    // data
  std::ostream& error;  // messages and progress
  bool out_is_terminal = false;
  bool error_is_terminal = false;
  int width = 0;        // columns of the output; 0 for no limit
  int error_width = 0;  // the same of standard error
  std::function<std::string(const std::string&)> variable = [](const std::string&) { return std::string(); };
};

enum class OutputFormat { kTable, kJson, kCsv };

// A width that the person asked for by the variable COLUMNS, a whole number above 0, wins over the terminal's, and
// holds for an output that is none.
void ApplyColumns(Environment& environment);

// Options that every command takes.
struct GlobalOptions {
  ConnectionOptions connection;
  std::string token_file;
  OutputFormat output = OutputFormat::kTable;
  bool output_given = false;
  bool quiet = false;
};

// A canonical protobuf JSON object. On one line unless `indented`.
std::string ToJson(const google::protobuf::Message& message, bool indented);

// Rows that a table shows on a terminal when nobody says how many.
inline constexpr int64_t kRowsOnTerminal = 100;

class Session {
 public:
  Session(Environment& environment, GlobalOptions options) : environment_(environment), options_(std::move(options)) {}

  // The connection, opened when it is first wanted; the token is read then.
  absl::StatusOr<const Connection*> Connect();

  // Prints an answer in the form asked for: the message as JSON, or the rows.
  void Print(const google::protobuf::Message& message, const Table& table);
  // Rows of a stream: a table whose columns that have no room are told once.
  void PrintRows(const Table& table);
  // The same for a part of an answer that only people want to see, its long lines wrapped; `text` ends with a line end.
  void PrintText(absl::string_view text);
  void PrintJson(const google::protobuf::Message& message);
  // Prints a file that the server sent, byte by byte; on a terminal without its control characters.
  void PrintFile(absl::string_view content);

  // A message for the person, not on --quiet, wrapped on a terminal. Control characters are replaced, here and in
  // errors.
  void Say(absl::string_view text);
  // An error; always shown.
  void Complain(absl::string_view text);

  // How many rows to ask for: as given, 0 for all; when not given (negative) all, on a terminal a screenful.
  int64_t RowLimit(int64_t given) const;
  // Says on standard error when a table shows fewer rows than there are.
  void SayIfCut(int64_t shown, int64_t total);

  OutputFormat output() const { return options_.output; }
  bool output_given() const { return options_.output_given; }
  bool for_people() const { return options_.output == OutputFormat::kTable; }
  bool quiet() const { return options_.quiet; }
  bool progress_visible() const { return environment_.error_is_terminal && !options_.quiet; }
  Environment& environment() { return environment_; }

 private:
  Environment& environment_;
  GlobalOptions options_;
  std::unique_ptr<Connection> connection_;
  std::string left_out_;  // what was said last of columns that had no room
};

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_SESSION_H_
