// What the calculator read otherwise than it was written.
#ifndef PALMARES_TOOLS_PALMARES_CALC_MENDED_H_
#define PALMARES_TOOLS_PALMARES_CALC_MENDED_H_

#include <string>

#include "services/athletics/points.h"
#include "tools/palmares/calc_rules.h"

namespace palmares::tools {

// The marks among the inputs (`mark` of a `discipline`, `marks` of a `competition`) that nobody can make as they stand,
// and as what they were read: `mark: "3:53:17" read as 3:53.17`, joined by "; ". Empty where each was taken as written.
std::string MendedMarks(const CalcInputs& inputs, const athletics::ScoringTables& tables);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_MENDED_H_
