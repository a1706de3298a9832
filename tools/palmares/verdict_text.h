// Verdicts as a table and as an explanation.
#ifndef PALMARES_TOOLS_PALMARES_VERDICT_TEXT_H_
#define PALMARES_TOOLS_PALMARES_VERDICT_TEXT_H_

#include <string>

#include "palmares/v1/qualification.pb.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// Columns standard, verdict, mark, result, margin_seconds, reason, explanation.
Table VerdictTable(const v1::QualifyResponse& verdicts);

// One verdict explained: the answer, the mark and its margin, the sentence, each rule, what would do it, and why other
// results do not count.
std::string VerdictText(const v1::Verdict& verdict);

// Qualified, be it provisionally.
bool IsIn(const v1::Verdict& verdict);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_VERDICT_TEXT_H_
