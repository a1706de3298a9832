// What standards need to know of an athlete, gathered from the views.
#ifndef PALMARES_SERVICES_QUALIFICATION_ATHLETE_FACTS_H_
#define PALMARES_SERVICES_QUALIFICATION_ATHLETE_FACTS_H_

#include <cstdint>
#include <vector>

#include "services/identity/athletes.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"
#include "services/results/results.h"

namespace palmares::qualification {

struct AthleteFacts {
  Athlete athlete;
  std::vector<Performance> performances;  // by date
  std::vector<results::RowRef> rows;      // of the performances, in the same order
};

// Under a Reader. Rows of sheets that nobody sees (drafts, embargoed ones) are left out.
AthleteFacts GatherFacts(const identity::Athletes& athletes, const results::Results& results, int64_t number);

// The same without the results' ids, for evaluating many; `rows` tells them apart.
AthleteFacts GatherWithoutNames(const identity::Athletes& athletes, const results::Results& results, int64_t number);

// Whether any performance of the athlete can be in a standard's field or leave it uncertain: a quick look that may say
// yes too often, never no too often. Under a Reader.
bool MayMeet(const Standard& standard, const identity::Athletes& athletes, const results::Results& results,
             int64_t number);

CourseFacts CourseOf(const stored::v1::CourseFacts& stored, const athletics::Discipline& discipline);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ATHLETE_FACTS_H_
