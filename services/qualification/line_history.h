// How the line of a field moved with the days on which results were run, as they are known now.
#ifndef PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_
#define PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "services/qualification/field_state.h"

namespace palmares::qualification {

// What an athlete's standing is from each day on which it can change: the days of their own results, and the day on
// which the cut-off was decided. Kept by athlete.
class LineSteps {
 public:
  LineSteps(const QualificationViews& views, const Standard& standard, athletics::Date until)
      : views_(views), standard_(standard), until_(until) {}

  // Under a Reader.
  void Add(int64_t athlete);

  // The days on which anybody's standing changed, up to `until`.
  const std::set<athletics::Date>& days() const { return days_; }

  // Everybody's standing at the end of the day.
  Entrants At(athletics::Date day) const;

 private:
  const QualificationViews views_;
  const Standard& standard_;
  const athletics::Date until_;
  absl::flat_hash_map<int64_t, std::map<athletics::Date, std::vector<Entrant>>> steps_;
  std::set<athletics::Date> days_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_LINE_HISTORY_H_
