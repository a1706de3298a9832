// One result of an athlete's history as a plain value: what the numbers of a summary are computed from.
#ifndef PALMARES_SERVICES_PORTFOLIO_PAST_RESULT_H_
#define PALMARES_SERVICES_PORTFOLIO_PAST_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/outcome.h"

namespace palmares::portfolio {

// A time on the way, from the start. In millimetres and milliseconds.
struct PassedSplit {
  int64_t distance_mm = 0;
  int64_t mark = 0;
};

struct PastResult {
  athletics::Date date;
  const athletics::Discipline* discipline = nullptr;
  athletics::Division division = athletics::Division::kRunning;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Outcome outcome = athletics::Outcome::kFinished;
  // On the official clock, or the chip's where there is no official one; 0 for who did not finish.
  int64_t mark = 0;
  // On the clock that splits are taken on: the chip's, or the official one where there is no chip; 0 as above.
  int64_t split_clock_mark = 0;
  bool legal = false;  // for lists
  // Among their sex and division, overall where the sheet has no places by sex. 0 for none, and for the rounds before a
  // final and finals run in several races, where a place is not one of the competition.
  int32_t place = 0;
  // Names of its event and edition, and the level that the race's organizer calls it ("local"; empty where they do
  // not). They lie in the calendar.
  absl::string_view event, edition, level;
  std::vector<PassedSplit> splits;          // by distance; those without a distance or a mark are left out
  std::optional<athletics::AgeRange> ages;  // on the day, as far as it may be known
  int points = 0;                           // World Athletics'; 0 for none
  int32_t age_grade = 0;                    // hundredths of a per cent; 0 for none
};

// Oldest first; several of one day in any fixed order. Whatever is derived from them names them by their indexes.
using PastResults = absl::Span<const PastResult>;

// Whether they stood on the start line.
inline bool IsStart(const PastResult& result) {
  return result.outcome != athletics::Outcome::kDidNotStart && result.outcome != athletics::Outcome::kWithdrawn;
}
inline bool IsFinish(const PastResult& result) { return result.outcome == athletics::Outcome::kFinished; }

// First, and first to third.
inline bool IsWin(const PastResult& result) { return IsFinish(result) && result.place == 1; }
inline bool IsPodium(const PastResult& result) { return IsFinish(result) && result.place >= 1 && result.place <= 3; }

// Whether one mark is better than another.
inline bool Better(int64_t a, int64_t b, const athletics::Discipline& discipline) {
  return discipline.lower_is_better ? a < b : a > b;
}

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PAST_RESULT_H_
