// What a rule file that is read without a problem may still mean otherwise than its author thinks, given what is on
// file.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_WARNINGS_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_WARNINGS_H_

#include <string>
#include <vector>

#include "services/events/calendar.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

struct RuleWarning {
  std::string code;   // stable: "RACE_NOT_ON_FILE", "LEVEL_NOT_ON_FILE", "WINDOW_WITHOUT_START"
  std::string field;  // "race.races", "path[2].levels"
  std::string value;
  std::string want;
};

// Races and levels that no race of the calendar has (one that is made later counts all the same), and a window before
// an event that has no first day and does not say what that means. In the order of the file's sections. Under a Reader.
std::vector<RuleWarning> WarningsOf(const Standard& standard, const events::Calendar& calendar);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_WARNINGS_H_
