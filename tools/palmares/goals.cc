// palmares goals: what athletes want to reach by when, and how far it is.
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct GoalOptions {
  std::string athlete;
  std::string goal;
  std::string id;
  std::string display_name;
  std::string mark;
  std::string discipline;
  std::string standard;
  std::string by;
  std::string filter;
  bool listed = false;
  int64_t limit = -1;
};

// "athletes/1042/goals/sub-three" for it and for "1042/goals/sub-three".
absl::StatusOr<std::string> GoalName(absl::string_view text) {
  if (!absl::StrContains(text, "/goals/")) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want a goal as 1042/goals/sub-three"));
  }
  return absl::StartsWith(text, "athletes/") ? std::string(text) : absl::StrCat("athletes/", text);
}

Table GoalTable(const v1::ListGoalsResponse& goals) {
  Table table{{{"goal", ColumnKind::kName},
               {"name"},
               {"target", ColumnKind::kCode},
               {"due", ColumnKind::kCode},
               {"state", ColumnKind::kCode},
               {"best", ColumnKind::kNumber},
               {"gap_seconds", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"gap", ColumnKind::kNumber, ColumnUse::kTableOnly},
               {"probability", ColumnKind::kNumber}},
              {}};
  for (const v1::Goal& goal : goals.goals()) {
    const v1::GoalProgress& progress = goal.progress();
    const std::string target =
        goal.has_mark_target() ? absl::StrCat(goal.mark_target().discipline(), " ", goal.mark_target().mark().text())
                               : goal.standard();
    table.rows.push_back({goal.name(), goal.display_name(), target, FormatDate(goal.due_date()),
                          EnumCode(progress.state()), progress.best_mark().text(),
                          progress.has_gap() ? GapSeconds(progress.gap()) : "", progress.gap().text(),
                          progress.has_probability() ? FormatDown(progress.probability(), 2) : ""});
  }
  return table;
}

void PrintGoal(Session& session, const v1::Goal& goal) {
  v1::ListGoalsResponse one;
  *one.add_goals() = goal;
  session.Print(goal, GoalTable(one));
}

absl::StatusOr<ExitCode> ListGoals(Session& session, const GoalOptions& options) {
  v1::ListGoalsRequest request;
  request.set_parent("athletes/-");
  if (!options.athlete.empty()) {
    absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
    if (!athlete.ok()) return athlete.status();
    request.set_parent(*std::move(athlete));
  }
  request.set_filter(options.filter);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto goals = (*connection)
                         ->CallPages(&v1::GoalService::Stub::ListGoals, request, session.RowLimit(options.limit),
                                     [](auto& response) { return response.mutable_goals(); });
  if (!goals.ok()) return goals.status();
  session.Print(*goals, GoalTable(*goals));
  if (goals->goals().empty()) session.Say("No goal is set.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowGoal(Session& session, const GoalOptions& options) {
  v1::GetGoalRequest request;
  absl::StatusOr<std::string> name = GoalName(options.goal);
  if (!name.ok()) return name.status();
  request.set_name(*std::move(name));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto goal = (*connection)->Call(&v1::GoalService::Stub::GetGoal, request);
  if (!goal.ok()) return goal.status();
  PrintGoal(session, *goal);
  return ExitCode::kDone;
}

absl::StatusOr<v1::Goal> GoalOf(const GoalOptions& options) {
  v1::Goal goal;
  goal.set_display_name(options.display_name);
  goal.set_listed_in_profile(options.listed);
  if (!options.standard.empty()) {
    absl::StatusOr<std::string> standard = StandardName(options.standard);
    if (!standard.ok()) return standard.status();
    goal.set_standard(*std::move(standard));
  } else if (!options.mark.empty()) {
    goal.mutable_mark_target()->set_discipline(options.discipline);
    goal.mutable_mark_target()->mutable_mark()->set_text(options.mark);
  }
  if (!options.by.empty()) {
    absl::StatusOr<v1::Date> by = ParseDay(options.by, "--by");
    if (!by.ok()) return by.status();
    *goal.mutable_due_date() = *std::move(by);
  }
  return goal;
}

// Makes the goal; changes it where it is there already.
absl::StatusOr<ExitCode> SetGoal(Session& session, const GoalOptions& options) {
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  absl::StatusOr<v1::Goal> wanted = GoalOf(options);
  if (!wanted.ok()) return wanted.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetGoalRequest get;
  get.set_name(absl::StrCat(*athlete, "/goals/", options.id));
  const bool known = !options.id.empty() && (*connection)->Call(&v1::GoalService::Stub::GetGoal, get).ok();
  absl::StatusOr<v1::Goal> goal;
  if (known) {
    v1::UpdateGoalRequest update;
    *update.mutable_goal() = *std::move(wanted);
    update.mutable_goal()->set_name(get.name());
    goal = (*connection)->Call(&v1::GoalService::Stub::UpdateGoal, update);
  } else {
    v1::CreateGoalRequest create;
    create.set_parent(*athlete);
    create.set_goal_id(options.id);
    *create.mutable_goal() = *std::move(wanted);
    goal = (*connection)->Call(&v1::GoalService::Stub::CreateGoal, create);
  }
  if (!goal.ok()) return goal.status();
  PrintGoal(session, *goal);
  return ExitCode::kDone;
}

void AddSetGoalCommand(Commands& commands, CLI::App* goals) {
  const auto options = std::make_shared<GoalOptions>();
  CLI::App* set =
      commands.Add(goals, "set", "Sets a goal of an athlete, or changes what is given of one that is there",
                   {"palmares goals set 1042 --id sub-three --mark 2:59:59 --discipline marathon --by 2026-10-04",
                    "palmares goals set 1042 --id boston --standard boston-2027 --name 'To Boston'"},
                   [options](Session& session) { return SetGoal(session, *options); });
  set->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  set->add_option("--id", options->id, "Id of the goal; default: one that the server gives")->type_name("ID");
  set->add_option("--name", options->display_name, "As the athlete calls it")->type_name("TEXT");
  CLI::Option* mark = set->add_option("--mark", options->mark, "Mark to reach: 2:59:59")->type_name("TIME");
  CLI::Option* discipline = set->add_option("--discipline", options->discipline, "Of the mark")->type_name("D");
  mark->needs(discipline);
  discipline->needs(mark);
  set->add_option("--standard", options->standard, "Standard to meet: boston-2027")
      ->excludes(mark)
      ->type_name("STANDARD");
  set->add_option("--by", options->by, "Last day; default, for a standard: when it closes")->type_name("DATE");
  set->add_flag("--listed", options->listed, "Everybody who may see the profile sees the goal");
}

}  // namespace

void AddGoalCommands(Commands& commands) {
  CLI::App* goals = commands.Group("goals", "Goals of athletes: marks and standards by a day");
  const auto list_options = std::make_shared<GoalOptions>();
  CLI::App* list =
      commands.Add(goals, "list", "Lists goals with their progress, next due first",
                   {"palmares goals list 1042", "palmares goals list --filter 'progress.state = open' --output csv"},
                   [list_options](Session& session) { return ListGoals(session, *list_options); });
  list->add_option("ATHLETE", list_options->athlete, "Athlete: 1042 or athletes/1042; default: all you may see");
  list->add_option("--filter", list_options->filter,
                   "Only some: FIELD = VALUE joined by AND; fields: progress.state, due_date")
      ->type_name("FILTER");
  AddLimit(list, &list_options->limit);

  const auto show_options = std::make_shared<GoalOptions>();
  CLI::App* show =
      commands.Add(goals, "show", "Shows a goal with its progress", {"palmares goals show 1042/goals/sub-three"},
                   [show_options](Session& session) { return ShowGoal(session, *show_options); });
  show->add_option("GOAL", show_options->goal, "Goal: 1042/goals/sub-three")->required();
  AddSetGoalCommand(commands, goals);
}

}  // namespace palmares::tools
