// Lines of a relay's runners as HY-TEK prints them under a team, two or more on a line:
//
//     1) Smith, Ada 11                   2) #123 Jones, Bea SR
#ifndef PALMARES_SERVICES_INGEST_HYTEK_LEGS_H_
#define PALMARES_SERVICES_INGEST_HYTEK_LEGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

struct HytekLeg {
  std::string name;  // as printed, without the year at school or the age behind it
  std::string bib;   // behind "#"; else empty
};

// Whether a line begins with a number and a bracket.
bool IsLegLine(absl::string_view line);

// Adds the runners of a line of legs. Their numbers must go on where those of the team end: a line on which they do not
// is another list, and changes nothing. False for that, and for a line that is none of legs.
bool TakeLegs(absl::string_view line, std::vector<HytekLeg>& legs);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_HYTEK_LEGS_H_
