// How the line of a field moved with the days on which results were run, as they are known now.
#ifndef PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_
#define PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/qualification/athletes_to_look_at.h"
#include "services/qualification/field_state.h"

namespace palmares::qualification {

// What an athlete's standing is from each day on which it can change: the days of their own results, and the day on
// which the cut-off was decided. Kept by athlete, and kept current by looking again at those who were touched. Used by
// one thread at a time.
class LineSteps {
 public:
  LineSteps(const QualificationViews& views, std::shared_ptr<const Standard> standard, int64_t revision,
            athletics::Date until)
      : views_(views),
        standard_(std::move(standard)),
        revision_(revision),
        until_(until),
        athletes_(views.athletes, views.touches) {}

  // Whether it is of this revision, up to this day.
  bool Is(const AppliedStandard& applied, athletics::Date until) const {
    return applied.standard->id == standard_->id && applied.revision == revision_ && until == until_;
  }

  // Looks at most at `most` athletes on the views as they stand. Called under a Reader of that position. Whether
  // everything is now as of that position.
  bool Work(int64_t position, int64_t most);

  // The days on which anybody's standing changed, up to `until`; there may be others among them.
  const std::set<athletics::Date>& days() const { return days_; }

  // Everybody's standing at the end of the day.
  Entrants At(athletics::Date day) const;

 private:
  void Look(int64_t athlete);

  const QualificationViews views_;
  const std::shared_ptr<const Standard> standard_;
  const int64_t revision_;
  const athletics::Date until_;
  absl::flat_hash_map<int64_t, std::map<athletics::Date, std::vector<Entrant>>> steps_;
  std::set<athletics::Date> days_;
  AthletesToLookAt athletes_;
};

// The steps that were asked for last: a list's next page needs them again.
struct LastLines {
  absl::Mutex mutex;
  std::unique_ptr<LineSteps> steps ABSL_GUARDED_BY(mutex);
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_
