#include "tools/palmares/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr char kVersion[] = "palmares 0.1.0";
constexpr char kDescription[] =
    "Talks to a Palmares server: results of races, rankings, qualification and athletes' histories.";
constexpr char kFooter[] =
    "Start here:\n"
    "  palmares import boston_2013.toml        upload what a manifest lists\n"
    "  palmares races list                     races that are there\n"
    "  palmares athletes search desisa         find an athlete\n"
    "\n"
    "RACE, RESULT, ATHLETE and STANDARD are names as events/boston-marathon/editions/2013/races/open; any end of\n"
    "a name that only one has is enough: 2013/races/open.\n"
    "\n"
    "Tables and texts for people are as wide as the terminal, as the variable COLUMNS says where it is set, and as\n"
    "they want to be in a pipe.\n"
    "\n"
    "Exit codes: 0 done, 1 the answer is no, a search found nobody or rows were refused, 2 bad usage, 3 the server\n"
    "said no, 4 the server cannot be reached.";

// "palmares results list".
std::string Words(const CLI::App* app) {
  std::string words = app->get_name();
  for (const CLI::App* parent = app->get_parent(); parent != nullptr; parent = parent->get_parent()) {
    words = absl::StrCat(parent->get_name(), " ", words);
  }
  return words;
}

// Says all of a command's words: "palmares results list", where CLI11 says "list".
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    return CLI::Formatter::make_usage(app, Words(app));
  }
};

void AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  ConnectionOptions& connection = options.connection;
  app.add_option("--server", connection.server, "Server; also PALMARES_SERVER")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--output", options.output, "How data is printed: table, json or csv")
      ->transform(NumberOf({"table", "json", "csv"}))  // in the order of OutputFormat
      ->type_name("table|json|csv")
      ->default_str("table");
  app.add_flag("--quiet,-q", options.quiet, "No messages and no progress on standard error; errors remain");
  app.add_option("--token-file", options.token_file, "File with the token to call with; also PALMARES_TOKEN")
      ->type_name("FILE");
  app.add_option("--timeout", connection.timeout_seconds, "Seconds to wait for an answer")
      ->check(WholeNumber(1, 86400))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_flag("--tls", connection.tls, "Encrypts, trusting the machine's certificate authorities");
  app.add_option("--tls-ca", connection.tls_ca, "Encrypts, trusting the certificates in this file")->type_name("FILE");
  app.add_option("--tls-cert", connection.tls_certificate, "Client certificate, with --tls-key")->type_name("FILE");
  app.add_option("--tls-key", connection.tls_key, "Key of the client certificate")->type_name("FILE");
}

void AddAllCommands(Commands& commands) {
  AddImportCommand(commands);
  AddMappingCommands(commands);
  AddEventCommands(commands);
  AddRaceCommands(commands);
  AddResultCommands(commands);
  AddAthleteCommands(commands);
  AddLinkCommands(commands);
  AddRankingCommands(commands);
  AddSeriesCommands(commands);
  AddCandidateCommands(commands);
  AddCompareCommands(commands);
  AddStandardCommands(commands);
  AddQualifyCommand(commands);
  AddQualifiersCommand(commands);
  AddForecastCommands(commands);
  AddGoalCommands(commands);
  AddHistoryCommand(commands);
  AddPortfolioCommands(commands);
  AddWatchCommands(commands);
  AddAdminCommands(commands);
  AddCompletionCommand(commands);
  AddOfflineCommands(commands);
}

// The last command word that was understood.
CLI::App* DeepestParsed(CLI::App* app) {
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return app;
}

std::vector<std::string> CommandNames(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> OptionNames(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string Quoted(absl::string_view text) { return absl::StrCat("\"", Printable(text), "\""); }

std::string Suggestion(absl::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?");
}

// What is wrong with the command line and what was probably meant.
std::string UsageMessage(CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* deepest = DeepestParsed(&app);
  const std::vector<std::string> commands = CommandNames(deepest);
  const std::vector<std::string> extras = app.remaining(true);
  for (const std::string& extra : extras) {
    if (!absl::StartsWith(extra, "-") || extra == "-") continue;
    const std::string name = extra.substr(0, extra.find('='));
    return absl::StrCat(Words(deepest), ": no option ", Quoted(name), Suggestion(name, OptionNames(deepest)));
  }
  if (!commands.empty() && deepest->get_subcommands().empty()) {
    if (extras.empty()) return absl::StrCat(Words(deepest), ": which command? One of ", absl::StrJoin(commands, ", "));
    return absl::StrCat(Words(deepest), ": no command ", Quoted(extras.front()), Suggestion(extras.front(), commands));
  }
  if (!extras.empty()) return absl::StrCat(Words(deepest), ": ", Quoted(extras.front()), " is one word too many");
  return absl::StrCat(Words(deepest), ": ", error.what());
}

// Reads the command line. The answer is an exit code when there is nothing more to do.
std::optional<ExitCode> Parse(CLI::App& app, std::vector<std::string> arguments, Environment& environment) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    environment.out << Wrapped(DeepestParsed(&app)->help(), environment.width);
  } catch (const CLI::CallForVersion&) {
    environment.out << kVersion << '\n';
  } catch (const CLI::ParseError& error) {
    const CLI::App* deepest = DeepestParsed(&app);
    environment.error << Wrapped(UsageMessage(app, error), environment.error_width) << "\nTry: " << Words(deepest)
                      << " --help\n";
    return ExitCode::kUsage;
  }
  return ExitCode::kDone;
}

ExitCode Perform(const Action& action, Session& session) {
  const absl::StatusOr<ExitCode> code = action(session);
  if (code.ok()) return *code;
  session.Complain(code.status().message());
  return ExitCodeOf(code.status());
}

int RunCommand(const std::vector<std::string>& arguments, Environment& environment) {
  ApplyColumns(environment);
  CLI::App app(kDescription, "palmares");
  app.footer(kFooter);
  app.set_version_flag("--version", kVersion);
  auto formatter = std::make_shared<HelpFormatter>();
  formatter->column_width(34);
  app.formatter(formatter);
  app.fallthrough();  // so that options of every command may stand behind the words
  app.require_subcommand(1);
  GlobalOptions options;
  const std::string server = environment.variable("PALMARES_SERVER");
  if (!server.empty()) options.connection.server = server;
  AddGlobalOptions(app, options);
  Commands commands(app);
  AddAllCommands(commands);
  if (const std::optional<ExitCode> done = Parse(app, arguments, environment)) return static_cast<int>(*done);
  options.output_given = app.get_option("--output")->count() > 0;
  if (!commands.chosen()) return commands.offline_exit_code();
  Session session(environment, options);
  return static_cast<int>(Perform(commands.chosen(), session));
}

}  // namespace

int Run(const std::vector<std::string>& arguments, Environment& environment) {
  try {
    return RunCommand(arguments, environment);
  } catch (const std::exception& error) {  // of a library: nothing of ours throws
    environment.error << "palmares: " << error.what() << '\n';
    return static_cast<int>(ExitCode::kUsage);
  }
}

}  // namespace palmares::tools
