// Groups of commands that need no server: the calculator and the identity linker's measurements.
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <string>
#include <utility>

#include "tools/palmares/calc.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/identity_score.h"

namespace palmares::tools {
namespace {

constexpr std::array<const char*, 3> kOutputNames = {"table", "json", "csv"};  // by OutputFormat

// Such a command has an --output of its own; the one of every command, before its words, is meant for it too.
void PassOutputOn(CLI::App& root, const CLI::App& group) {
  const CLI::Option* given = root.get_option("--output");
  if (given->count() == 0) return;
  const auto format = given->as<OutputFormat>();
  for (CLI::App* command : group.get_subcommands()) {
    CLI::Option* own = command->get_option_no_throw("--output");
    if (own == nullptr || own->count() > 0) continue;
    own->add_result(std::string(kOutputNames.at(static_cast<size_t>(format))));
    own->run_callback();
  }
}

}  // namespace

void AddOfflineCommands(Commands& commands) {
  AddCalcCommands(commands.root(), [&commands](CalcAction action) {
    commands.Choose([action = std::move(action)](Session& session) -> absl::StatusOr<ExitCode> {
      const std::string output = session.output_given() ? kOutputNames.at(static_cast<size_t>(session.output())) : "";
      const Environment& environment = session.environment();
      CalcStreams streams{std::cin, environment.out, environment.error, output, environment.width, session.quiet()};
      return static_cast<ExitCode>(action(streams));
    });
  });
  CLI::App* identity = commands.Group("identity", "Measures how well rows are linked to athletes; no server needed");
  AddIdentityCommands(*identity, commands.offline_exit_code());
  CLI::App& root = commands.root();
  root.parse_complete_callback([&root, identity] { PassOutputOn(root, *identity); });
}

}  // namespace palmares::tools
