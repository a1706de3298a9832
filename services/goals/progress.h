// How far an athlete is from a goal or a standard. Pure: values in, values out.
//
// A mark that is wanted by a day is judged as a standard of its own, made for the purpose: one mark, a window from the
// day it was set to the day it is due. So the same rules decide what counts.
#ifndef PALMARES_SERVICES_GOALS_PROGRESS_H_
#define PALMARES_SERVICES_GOALS_PROGRESS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "services/goals/goals_view.h"
#include "services/qualification/athlete_facts.h"
#include "services/qualification/standards_view.h"
#include "services/qualification/verdict.h"

namespace palmares::goals {

// A mark of the athlete's and how much better than the wanted one it is; negative: what is missing.
struct MarkAgainstTarget {
  const athletics::Discipline* discipline = nullptr;
  int64_t mark = 0;
  int64_t better_by = 0;
  int64_t limit = 0;
  std::string result;
};

struct LastRace {
  std::string result;
  int64_t mark = 0;  // 0: none
  const athletics::Discipline* discipline = nullptr;
  athletics::Date date;
};

struct Progress {
  enum class State : uint8_t { kOpen = 1, kReached = 2, kMissed = 3 };  // the API's numbers
  State state = State::kOpen;
  qualification::Status verdict = qualification::Status::kNotYet;
  std::optional<MarkAgainstTarget> best;         // since the goal was set; of a standard: in its window, by the due day
  std::optional<MarkAgainstTarget> starting;     // up to the day it was set
  std::optional<double> trend_percent_per_year;  // negative is improvement in a race
  std::optional<double> probability;             // that it is reached in time
  std::optional<athletics::Date> due;
  std::optional<LastRace> last;  // in the discipline
};

// `standard` is the goal's, nullptr for a mark. `set` is the day on which the goal was set, in the time zone of the
// standard as `today` is; of a mark both are in UTC. What is run after the day
// it is due changes the verdict, not whether the goal was reached; the probability is that of a race by that day.
Progress ProgressOf(const Goal& goal, const qualification::Standard* standard, const qualification::AthleteFacts& facts,
                    athletics::Date set, const qualification::AnswerDay& today);

// The same for a standard that nobody made a goal of.
Progress ProgressTo(const qualification::Standard& standard, const qualification::AthleteFacts& facts,
                    const qualification::AnswerDay& today);

}  // namespace palmares::goals

#endif  // PALMARES_SERVICES_GOALS_PROGRESS_H_
