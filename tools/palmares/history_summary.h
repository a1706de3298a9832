// A history's summary as people and spreadsheets read it. Pure functions.
#ifndef PALMARES_TOOLS_PALMARES_HISTORY_SUMMARY_H_
#define PALMARES_TOOLS_PALMARES_HISTORY_SUMMARY_H_

#include <string>

#include "palmares/v1/summaries.pb.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// Bests, season bests and progression of each discipline.
std::string BestsText(const v1::HistorySummary& summary);

// All of it, with small tables no wider than `width` (0: any).
std::string SummaryText(const v1::HistorySummary& summary, int width);

// All of it, a number a line, with the results that it came from, apart by spaces.
Table SummaryTable(const v1::HistorySummary& summary);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_HISTORY_SUMMARY_H_
