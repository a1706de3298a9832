// Short ways to write down past results.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_PAST_RESULTS_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_PAST_RESULTS_H_

#include <cstdint>
#include <string>

#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/portfolio/past_result.h"

namespace palmares::testing {

inline const athletics::Discipline* DisciplineOf(const std::string& code) {
  return athletics::FindDiscipline(code).value();
}

// A man's finished result; an empty mark is one of who did not finish.
inline portfolio::PastResult Past(const std::string& date, const std::string& discipline, const std::string& mark,
                                  int32_t place = 0) {
  portfolio::PastResult past;
  past.date = athletics::ParseDate(date).value();
  past.discipline = DisciplineOf(discipline);
  past.sex = athletics::Sex::kMen;
  past.place = place;
  if (mark.empty()) {
    past.outcome = athletics::Outcome::kDidNotFinish;
  } else {
    past.mark = past.split_clock_mark = athletics::ParseMark(mark, *past.discipline).value().mark;
  }
  return past;
}

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_PAST_RESULTS_H_
