// Progress as the API tells it.
#include "services/goals/goal_service.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"

namespace palmares::goals {
namespace {

v1::MarkGap GapOf(const MarkAgainstTarget& against) {
  return qualification::MarginOf(against.better_by, against.limit, *against.discipline);
}

}  // namespace

v1::GoalProgress ToProto(const Progress& progress, athletics::Date today) {
  v1::GoalProgress out;
  out.set_state(static_cast<v1::GoalProgress::State>(progress.state));
  if (progress.best.has_value()) {
    *out.mutable_best_mark() = rpc::ToProto(progress.best->mark, *progress.best->discipline);
    out.set_best_result(progress.best->result);
    *out.mutable_gap() = GapOf(*progress.best);
  }
  if (progress.starting.has_value()) *out.mutable_starting_gap() = GapOf(*progress.starting);
  out.set_trend_percent_per_year(progress.trend_percent_per_year.value_or(0));
  if (progress.probability.has_value()) out.set_probability(*progress.probability);
  if (progress.due.has_value()) out.set_days_left(static_cast<int32_t>(*progress.due - today));
  return out;
}

}  // namespace palmares::goals
