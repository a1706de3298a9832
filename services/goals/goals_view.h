// The view of goals and of the boards on which coaches follow them. Written by the store's writer thread, read under a
// storage::Store::Reader.
#ifndef PALMARES_SERVICES_GOALS_GOALS_VIEW_H_
#define PALMARES_SERVICES_GOALS_GOALS_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "storage/entry.h"

namespace palmares::goals {

struct Goal {
  int64_t athlete = 0;  // number in the view of athletes
  std::string id;
  std::string display_name;
  const athletics::Discipline* discipline = nullptr;  // of a mark; nullptr for a standard
  int64_t mark = 0;                                   // in the discipline's unit
  bool legal = false;                                 // only legal marks count
  std::string standard;                               // its id; empty for a mark
  std::optional<athletics::Date> due;                 // nothing: the standard's closing date
  bool listed_in_profile = false;
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change
};

struct Board {
  std::string id;
  std::string owner;  // actor: "tokens/4f…"
  std::string display_name;
  std::vector<int64_t> athletes;
  std::string club;                    // "clubs/lions"; empty for none
  std::vector<std::string> standards;  // ids
  bool goals = false;                  // the athletes' own too
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;
};

class GoalsView {
 public:
  using GoalKey = std::pair<int64_t, std::string>;  // athlete, id

  absl::Status Apply(const storage::Entry& entry);

  const Goal* FindGoal(int64_t athlete, absl::string_view id) const;  // nullptr if there is none
  const Board* FindBoard(absl::string_view id) const;
  // Of an athlete of this number, not of those merged into them.
  std::vector<const Goal*> GoalsOf(int64_t athlete) const;

  const absl::btree_map<GoalKey, Goal>& goals() const { return goals_; }
  const absl::btree_map<std::string, Board>& boards() const { return boards_; }

 private:
  absl::Status SetGoal(const storage::Entry& entry);
  absl::Status SetBoard(const storage::Entry& entry);

  absl::btree_map<GoalKey, Goal> goals_;
  absl::btree_map<std::string, Board> boards_;
};

}  // namespace palmares::goals

#endif  // PALMARES_SERVICES_GOALS_GOALS_VIEW_H_
