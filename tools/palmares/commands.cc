#include "tools/palmares/commands.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/palmares/option_values.h"

namespace palmares::tools {

CLI::App* Commands::Group(CLI::App* parent, const std::string& name, const std::string& description) {
  CLI::App* group = parent->add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

CLI::App* Commands::Add(CLI::App* parent, const std::string& name, const std::string& description,
                        const std::vector<std::string>& examples, Action action) {
  CLI::App* command = parent->add_subcommand(name, description);
  std::string footer = examples.size() > 1 ? "Examples:" : "Example:";
  for (const std::string& example : examples) absl::StrAppend(&footer, "\n  ", example);
  absl::StrAppend(&footer, "\n\nOptions of every command (--server, --output, --token-file, ...): palmares --help");
  command->footer(footer);
  command->callback([this, action = std::move(action)] { chosen_ = action; });
  return command;
}

void AddLimit(CLI::App* command, int64_t* limit) {
  *limit = -1;
  command->add_option("--limit", *limit, "Most rows to show; 0 for all. Default: all, 100 in a table on a terminal")
      ->check(WholeNumber(0))
      ->type_name("N");
}

}  // namespace palmares::tools
