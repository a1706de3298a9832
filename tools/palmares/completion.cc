// palmares completion: a script that completes words and options, made from the tree of commands itself.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/option_values.h"

namespace palmares::tools {
namespace {

// What may follow some command words.
struct Choices {
  std::string words;  // "results list"; empty at the start
  std::vector<std::string> commands;
  std::vector<std::string> options;
};

std::vector<std::string> OwnOptionNames(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void Collect(const CLI::App* app, const std::string& words, std::vector<Choices>& all) {
  Choices choices{words, {}, OwnOptionNames(app)};
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) choices.commands.push_back(command->get_name());
  all.push_back(choices);
  for (const CLI::App* command : commands) {
    Collect(command, absl::StrCat(words, words.empty() ? "" : " ", command->get_name()), all);
  }
}

// zsh runs it too, through its bashcompinit. Options of every command follow every command.
std::string BashScript(const std::vector<Choices>& all) {
  std::string text =
      "_palmares() {\n  local word=${COMP_WORDS[COMP_CWORD]} words='' choices='' i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"$words ${COMP_WORDS[i]}\" in\n";
  for (const Choices& choices : all) {
    if (!choices.words.empty())
      absl::StrAppend(&text, "      ' ", choices.words, "') words+=\" ${COMP_WORDS[i]}\" ;;\n");
  }
  absl::StrAppend(&text, "    esac\n  done\n  case \"$words\" in\n");
  for (const Choices& choices : all) {
    absl::StrAppend(&text, "    '", choices.words.empty() ? "" : " ", choices.words, "') choices='",
                    absl::StrJoin(choices.commands, " "), choices.commands.empty() ? "" : " ",
                    absl::StrJoin(choices.options, " "), "' ;;\n");
  }
  absl::StrAppend(
      &text, "  esac\n  [[ -z $words ]] || choices+=' ", absl::StrJoin(all.front().options, " "),
      "'\n  COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n}\ncomplete -o default -F _palmares palmares\n");
  return text;
}

std::string FishScript(const std::vector<Choices>& all) {
  std::string text = "complete -c palmares -e\n";
  for (const Choices& choices : all) {
    std::string condition;
    if (choices.words.empty()) {
      condition = "__fish_use_subcommand";
    } else {
      for (const absl::string_view word : absl::StrSplit(choices.words, ' ')) {
        absl::StrAppend(&condition, condition.empty() ? "" : "; and ", "__fish_seen_subcommand_from ", word);
      }
    }
    if (!choices.commands.empty()) {
      absl::StrAppend(&text, "complete -c palmares -f -n '", condition, "' -a '", absl::StrJoin(choices.commands, " "),
                      "'\n");
    }
    for (const std::string& option : choices.options) {
      const std::string when = choices.words.empty() ? "" : absl::StrCat(" -n '", condition, "'");
      absl::StrAppend(&text, "complete -c palmares", when, " -l ", option.substr(2), "\n");
    }
  }
  return text;
}

absl::StatusOr<ExitCode> PrintScript(Session& session, const CLI::App& root, const std::string& shell) {
  std::vector<Choices> all;
  Collect(&root, "", all);
  if (shell == "zsh") session.environment().out << "autoload -U +X bashcompinit && bashcompinit\n";
  session.environment().out << (shell == "fish" ? FishScript(all) : BashScript(all));
  return ExitCode::kDone;
}

}  // namespace

void AddCompletionCommand(Commands& commands) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* root = &commands.root();
  CLI::App* completion =
      commands.Add(root, "completion", "Prints a script by which a shell completes commands and options",
                   {"palmares completion bash > /etc/bash_completion.d/palmares", "palmares completion fish | source"},
                   [shell, root](Session& session) { return PrintScript(session, *root, *shell); });
  completion->add_option("SHELL", *shell, "bash, zsh or fish")->required()->transform(OneOf({"bash", "zsh", "fish"}));
}

}  // namespace palmares::tools
