// Groups of commands that need no server.
#include <CLI/CLI.hpp>
#include <array>
#include <string>

#include "tools/palmares/commands.h"
#include "tools/palmares/identity_score.h"

namespace palmares::tools {
namespace {

// Such a command has an --output of its own; the one of every command, before its words, is meant for it too.
void PassOutputOn(CLI::App& root, const CLI::App& group) {
  static constexpr std::array<const char*, 3> kNames = {"table", "json", "csv"};  // by OutputFormat
  const CLI::Option* given = root.get_option("--output");
  if (given->count() == 0) return;
  const auto format = given->as<OutputFormat>();
  for (CLI::App* command : group.get_subcommands()) {
    CLI::Option* own = command->get_option_no_throw("--output");
    if (own == nullptr || own->count() > 0) continue;
    own->add_result(std::string(kNames.at(static_cast<size_t>(format))));
    own->run_callback();
  }
}

}  // namespace

void AddOfflineCommands(Commands& commands) {
  CLI::App* identity = commands.Group("identity", "Measures how well rows are linked to athletes; no server needed");
  AddIdentityCommands(*identity, commands.offline_exit_code());
  CLI::App& root = commands.root();
  root.parse_complete_callback([&root, identity] { PassOutputOn(root, *identity); });
}

}  // namespace palmares::tools
