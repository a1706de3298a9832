// What the evaluation of standards needs to know of an athlete and of their performances: plain values, filled by the
// caller.
#ifndef PALMARES_SERVICES_QUALIFICATION_ATHLETE_H_
#define PALMARES_SERVICES_QUALIFICATION_ATHLETE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/outcome.h"

namespace palmares::qualification {

// An age that a result sheet gave: so many years old on that day.
struct AgeObservation {
  int age = 0;
  athletics::Date date;
};

// A place in a ranking list that may give entry.
struct RankingPosition {
  std::string ranking;  // "world-athletics"
  const athletics::Discipline* discipline = nullptr;
  int position = 0;  // 1 is the best
  athletics::Date date;
};

struct Athlete {
  athletics::Sex sex = athletics::Sex::kUnknown;  // the category they enter
  athletics::PartialDate birth;
  std::vector<AgeObservation> ages;
  std::string country;  // three-letter code; empty: not known
  std::string region;   // of residence, "US-MA"; empty: not known
  std::vector<RankingPosition> rankings;
};

// What is known of a course. Nothing: not known.
struct CourseFacts {
  std::optional<bool> certified;
  std::optional<athletics::Date> certificate_from;  // first and last day of its validity
  std::optional<athletics::Date> certificate_until;
  std::optional<int64_t> net_drop_mm;          // start less finish, negative where it climbs
  std::optional<int32_t> separation_permille;  // start to finish in a straight line, in thousandths of the distance
  bool is_short = false;                       // measured again and found short
};

// The state of the sheet a result stands on.
enum class SheetState : uint8_t { kOfficial = 1, kProvisional = 2, kAnnulled = 3 };

struct Performance {
  std::string result;  // its id
  std::string race;    // its race's id, "events/boston-marathon/editions/2013/races/open"
  std::string race_name;
  const athletics::Discipline* discipline = nullptr;
  athletics::Date date;                           // at the venue
  std::optional<absl::Time> finished_at;          // where the instant is known, windows are checked to the second
  athletics::Sex sex = athletics::Sex::kUnknown;  // category competed in; unknown: the athlete's
  athletics::Division division = athletics::Division::kRunning;
  athletics::Outcome outcome = athletics::Outcome::kFinished;
  SheetState sheet = SheetState::kOfficial;
  int64_t official_mark = 0;  // in the discipline's unit; 0: not given
  int64_t gun_mark = 0;
  int64_t chip_mark = 0;
  CourseFacts course;
  std::optional<int32_t> wind_cm_s;  // tail wind positive
  int32_t place = 0;                 // within sex category and division; 0: not known
  int32_t finishers = 0;             // of the race; 0: not known
  std::string level;                 // of the race, "gold", "national-championship"; empty: not known
  int32_t revision = 0;              // of the result, the newest; 0: not known, or no result
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ATHLETE_H_
