// Two calculations of palmares calc: the points of a combined competition, and what a mark is legal for.
#ifndef PALMARES_TOOLS_PALMARES_CALC_JUDGED_H_
#define PALMARES_TOOLS_PALMARES_CALC_JUDGED_H_

#include "tools/palmares/calc_rules.h"

namespace palmares::tools {

// `combined`: the marks of a decathlon, heptathlon or their short-track forms, in the events' order, to their points.
Calculation CombinedCalculation();

// `legality`: the verdict for each purpose, and the rules that were not kept or could not be judged.
Calculation LegalityCalculation();

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_JUDGED_H_
