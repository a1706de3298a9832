// The tree of commands: each group of them adds its own words, options and actions.
#ifndef PALMARES_TOOLS_PALMARES_COMMANDS_H_
#define PALMARES_TOOLS_PALMARES_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/palmares/exit_code.h"
#include "tools/palmares/session.h"

namespace palmares::tools {

// What a command does, once the whole command line is read.
using Action = std::function<absl::StatusOr<ExitCode>(Session&)>;

class Commands {
 public:
  explicit Commands(CLI::App& root) : root_(root) {}
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  // A word that only leads to others: `races`.
  CLI::App* Group(CLI::App* parent, const std::string& name, const std::string& description);
  CLI::App* Group(const std::string& name, const std::string& description) { return Group(&root_, name, description); }

  // A command: `list`. The examples are whole command lines, shown at the end of its help.
  CLI::App* Add(CLI::App* parent, const std::string& name, const std::string& description,
                const std::vector<std::string>& examples, Action action);

  CLI::App& root() { return root_; }
  // Makes this the action, for commands that others have added.
  void Choose(Action action) { chosen_ = std::move(action); }
  // The command that was read; empty for one that needs no server and ran while the command line was read.
  const Action& chosen() const { return chosen_; }
  // Where such a command writes its exit code.
  int& offline_exit_code() { return offline_exit_code_; }

 private:
  CLI::App& root_;
  Action chosen_;
  int offline_exit_code_ = 0;
};

// Each in its own file.
void AddImportCommand(Commands& commands);
void AddMappingCommands(Commands& commands);
void AddEventCommands(Commands& commands);
void AddRaceCommands(Commands& commands);
void AddResultCommands(Commands& commands);
void AddResultChangeCommands(Commands& commands, CLI::App* results);
void AddAthleteCommands(Commands& commands);
void AddAthleteDecisionCommands(Commands& commands, CLI::App* athletes);
void AddLinkCommands(Commands& commands);
void AddRankingCommands(Commands& commands);
void AddRankingScoreCommand(Commands& commands, CLI::App* rankings);
void AddRankingFileCommands(Commands& commands, CLI::App* rankings);  // and snapshots and records
void AddSeriesCommands(Commands& commands);                           // and clubs
void AddCompareCommands(Commands& commands);
void AddCandidateCommands(Commands& commands);
void AddStandardCommands(Commands& commands);
void AddQualifyCommand(Commands& commands);
void AddQualifiersCommand(Commands& commands);
void AddForecastCommands(Commands& commands);  // nearest, forecast, calendar
void AddGoalCommands(Commands& commands);
void AddHistoryCommand(Commands& commands);
void AddPortfolioCommands(Commands& commands);
void AddWatchCommands(Commands& commands);
void AddAdminCommands(Commands& commands);
void AddAdminJobCommands(Commands& commands, CLI::App* admin);
void AddPublicDataCommand(Commands& commands, CLI::App* admin);
void AddTokenCommands(Commands& commands, CLI::App* admin);
void AddCompletionCommand(Commands& commands);
// Groups of commands that need no server: the identity linker's measurements.
void AddOfflineCommands(Commands& commands);

// An option --limit for lists; negative when it is not given. See Session::RowLimit.
void AddLimit(CLI::App* command, int64_t* limit);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_COMMANDS_H_
