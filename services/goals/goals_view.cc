#include "services/goals/goals_view.h"

#include "storage/stored_qualification.pb.h"

namespace palmares::goals {

using storage::EntryKind;

absl::Status GoalsView::SetGoal(const storage::Entry& entry) {
  stored::v1::Goal body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a goal");
  Goal goal;
  goal.athlete = body.athlete();
  goal.id = body.id();
  goal.display_name = body.display_name();
  if (!body.discipline().empty()) {
    const absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(body.discipline());
    if (!discipline.ok()) return absl::DataLossError("a goal of no discipline");
    goal.discipline = *discipline;
  }
  goal.mark = body.mark();
  goal.legal = body.legal();
  goal.standard = body.standard();
  if (body.has_due_date()) goal.due = athletics::DateFromDaysSince1970(body.due_date());
  goal.listed_in_profile = body.listed_in_profile();
  goal.update_time_us = entry.time_us;
  goal.position = entry.position;
  Goal& kept = goals_[{goal.athlete, goal.id}];
  goal.create_time_us = kept.create_time_us == 0 ? entry.time_us : kept.create_time_us;
  kept = std::move(goal);
  return absl::OkStatus();
}

absl::Status GoalsView::SetBoard(const storage::Entry& entry) {
  stored::v1::Board body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a board");
  Board& board = boards_[body.id()];
  if (board.create_time_us == 0) board.create_time_us = entry.time_us;
  board.id = body.id();
  board.owner = body.owner();
  board.display_name = body.display_name();
  board.athletes.assign(body.athletes().begin(), body.athletes().end());
  board.club = body.club();
  board.standards.assign(body.standards().begin(), body.standards().end());
  board.goals = body.goals();
  board.update_time_us = entry.time_us;
  board.position = entry.position;
  return absl::OkStatus();
}

absl::Status GoalsView::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kGoalSet:
      return SetGoal(entry);
    case EntryKind::kBoardSet:
      return SetBoard(entry);
    case EntryKind::kGoalRemoved: {
      stored::v1::GoalRemoved body;
      const bool known = body.ParseFromString(entry.change.body) && goals_.erase({body.athlete(), body.id()}) > 0;
      return known ? absl::OkStatus() : absl::DataLossError("no goal is removed");
    }
    case EntryKind::kBoardRemoved: {
      stored::v1::BoardRemoved body;
      const bool known = body.ParseFromString(entry.change.body) && boards_.erase(body.id()) > 0;
      return known ? absl::OkStatus() : absl::DataLossError("no board is removed");
    }
    default:
      return absl::OkStatus();
  }
}

const Goal* GoalsView::FindGoal(int64_t athlete, absl::string_view id) const {
  const auto found = goals_.find(GoalKey(athlete, std::string(id)));
  return found == goals_.end() ? nullptr : &found->second;
}

const Board* GoalsView::FindBoard(absl::string_view id) const {
  const auto found = boards_.find(id);
  return found == boards_.end() ? nullptr : &found->second;
}

std::vector<const Goal*> GoalsView::GoalsOf(int64_t athlete) const {
  std::vector<const Goal*> own;
  for (auto it = goals_.lower_bound(GoalKey(athlete, "")); it != goals_.end() && it->first.first == athlete; ++it) {
    own.push_back(&it->second);
  }
  return own;
}

}  // namespace palmares::goals
