// palmares completion: a script that completes words, options and their values, made from the tree of commands itself.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/discipline.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/option_values.h"

namespace palmares::tools {
namespace {

// What may stand for an option's value, or for a word that a command takes.
struct Value {
  bool taken = false;              // a flag takes none
  bool file = false;               // a file's name
  std::vector<std::string> words;  // these; empty where nobody can know
};

struct OptionChoice {
  std::string name;  // "--output"
  Value value;
};

// What may follow some command words.
struct Choices {
  std::string words;  // "results list"; empty at the start
  std::vector<std::string> commands;
  std::vector<OptionChoice> options;
  Value positional;  // of all the words that it takes
};

// The type that the help names says it: "FILE" (or the word itself is called so), "D" for a discipline, alternatives as
// "table|json|csv".
Value ValueOf(const CLI::Option* option) {
  Value value;
  value.taken = option->get_items_expected_max() > 0;
  const std::string type = option->get_type_name();
  value.file = type == "FILE" || option->get_name(/*positional=*/true) == "FILE";
  if (type.find('|') != std::string::npos) value.words = absl::StrSplit(type, '|');
  if (type == "D") {
    for (const athletics::Discipline* discipline : athletics::AllDisciplines()) {
      value.words.push_back(discipline->code);
    }
  }
  return value;
}

void AddOptions(const CLI::App* app, Choices& choices) {
  for (const CLI::Option* option : app->get_options()) {
    const Value value = ValueOf(option);
    for (const std::string& name : option->get_lnames()) choices.options.push_back({absl::StrCat("--", name), value});
    if (!option->get_positional()) continue;
    choices.positional.file = choices.positional.file || value.file;
    choices.positional.words.insert(choices.positional.words.end(), value.words.begin(), value.words.end());
  }
}

void Collect(const CLI::App* app, const std::string& words, std::vector<Choices>& all) {
  Choices choices{words, {}, {}, {}};
  AddOptions(app, choices);
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands) choices.commands.push_back(command->get_name());
  all.push_back(choices);
  for (const CLI::App* command : commands) {
    Collect(command, absl::StrCat(words, words.empty() ? "" : " ", command->get_name()), all);
  }
}

std::string NamesOf(const std::vector<OptionChoice>& options) {
  return absl::StrJoin(options, " ", [](std::string* out, const OptionChoice& option) { *out += option.name; });
}

// What the word behind each option is: `wants` is words, file or text, and `choices` are the words.
std::string BashValues(const std::vector<OptionChoice>& options) {
  std::string text;
  for (const OptionChoice& option : options) {
    if (!option.value.taken) continue;
    const bool known = !option.value.words.empty();
    absl::StrAppend(&text, "        ", option.name, ") wants=", option.value.file ? "file" : known ? "words" : "text");
    if (known) absl::StrAppend(&text, " choices='", absl::StrJoin(option.value.words, " "), "'");
    absl::StrAppend(&text, " ;;\n");
  }
  return text;
}

constexpr char kBashBegin[] = R"(_palmares() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words='' wants='' choices='' options='' file='' i
  # bash takes --output=json apart.
  [[ $word != '=' ]] || word=''
  [[ $before != '=' ]] || before=${COMP_WORDS[COMP_CWORD-2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$words ${COMP_WORDS[i]}" in
)";
// Names of files may hold blanks. compopt, which zsh does not have, lets bash quote them.
constexpr char kBashEnd[] = R"(  if [[ $wants == file || ( -z $wants && -n $file && $word != -* ) ]]; then
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
  elif [[ $wants == text ]]; then
    COMPREPLY=()
  else
    COMPREPLY=($(compgen -W "$choices $options" -- "$word"))
  fi
}
complete -F _palmares palmares
)";

// zsh runs it too, through its bashcompinit. Options of every command follow every command.
std::string BashScript(const std::vector<Choices>& all) {
  std::string text = kBashBegin;
  for (const Choices& choices : all) {
    if (!choices.words.empty())
      absl::StrAppend(&text, "      ' ", choices.words, "') words+=\" ${COMP_WORDS[i]}\" ;;\n");
  }
  absl::StrAppend(&text, "    esac\n  done\n  case \"$words\" in\n");
  for (const Choices& choices : all) {
    const std::string common = choices.words.empty() ? "" : absl::StrCat(" ", NamesOf(all.front().options));
    std::vector<std::string> words = choices.commands;
    words.insert(words.end(), choices.positional.words.begin(), choices.positional.words.end());
    absl::StrAppend(&text, "    '", choices.words.empty() ? "" : " ", choices.words, "')\n      case $before in\n",
                    BashValues(choices.options), choices.words.empty() ? "" : BashValues(all.front().options),
                    "        *) choices='", absl::StrJoin(words, " "), "' options='", NamesOf(choices.options), common,
                    "'", choices.positional.file ? " file=yes" : "", " ;;\n      esac ;;\n");
  }
  return absl::StrCat(text, "  esac\n", kBashEnd);
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
    if (!choices.positional.words.empty()) {
      absl::StrAppend(&text, "complete -c palmares -f -n '", condition, "' -a '",
                      absl::StrJoin(choices.positional.words, " "), "'\n");
    }
    for (const OptionChoice& option : choices.options) {
      const std::string when = choices.words.empty() ? "" : absl::StrCat(" -n '", condition, "'");
      absl::StrAppend(&text, "complete -c palmares", when, " -l ", option.name.substr(2));
      if (option.value.taken) absl::StrAppend(&text, option.value.file ? " -r -F" : " -x");
      if (!option.value.words.empty()) absl::StrAppend(&text, " -a '", absl::StrJoin(option.value.words, " "), "'");
      absl::StrAppend(&text, "\n");
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
      commands.Add(root, "completion", "Prints a script by which a shell completes commands, options and values",
                   {"palmares completion bash > /etc/bash_completion.d/palmares", "palmares completion fish | source"},
                   [shell, root](Session& session) { return PrintScript(session, *root, *shell); });
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->transform(OneOf({"bash", "zsh", "fish"}))
      ->type_name("bash|zsh|fish");
}

}  // namespace palmares::tools
