// What would do: the marks that would meet a standard, on which kind of course and by when.
#ifndef PALMARES_SERVICES_QUALIFICATION_NEEDED_H_
#define PALMARES_SERVICES_QUALIFICATION_NEEDED_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// A mark that would do, on the standard's clock, on a course that needs no adjustment.
struct NeededMark {
  const athletics::Discipline* discipline = nullptr;
  int64_t mark = 0;  // the worst one that counts, whatever possible age is taken; for road times in whole seconds
  bool age_certain = true;
  int64_t easiest = 0;                      // the same for the most favourable possible age
  bool certified = false;                   // only on a certified course
  std::optional<athletics::Date> from, by;  // first and last day; nothing: open or not known
  bool with_cutoff = false;                 // includes the margin of a cut-off that is decided
  bool for_a_place = false;                 // includes what the field as it stands asks for: quota and country cap
};

// For each discipline that leads to the event, the mark of the easiest tier. Empty where the window has closed by
// `as_of` or the athlete's category has none. Ages that count on the day of the mark are taken on `as_of`.
std::vector<NeededMark> NeededMarks(const Standard& standard, const Athlete& athlete, int event, athletics::Date as_of);

// What would do where the verdict leaves something to do, as it says: nothing once its window has closed, and where the
// field keeps the athlete out, the mark that would have a place as it stands. `performances` are those evaluated.
std::vector<NeededMark> NeededNow(const Verdict& verdict, const Athlete& athlete,
                                  absl::Span<const Performance> performances);

// The smallest difference that the sport records: a second on the road, a hundredth on the track, a centimetre, a
// point.
int64_t MarkStep(const athletics::Discipline& discipline);

// The worst mark that counts for somebody of that age; nothing where the entries have no band for it.
std::optional<int64_t> WorstMarkAt(const Standard& standard, absl::Span<const Entry> entries, int age,
                                   std::optional<int64_t> cutoff);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_NEEDED_H_
