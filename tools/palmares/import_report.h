// What came of an upload, as text.
#ifndef PALMARES_TOOLS_PALMARES_IMPORT_REPORT_H_
#define PALMARES_TOOLS_PALMARES_IMPORT_REPORT_H_

#include <string>
#include <vector>

#include "palmares/v1/imports.pb.h"
#include "tools/palmares/exit_code.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// The report of one race: counts, how each column was read, issues by cause with the first examples. `file` names the
// file in them; `width` is the terminal's, 0 for no limit.
std::string ImportText(const v1::ImportReport& report, const std::string& file, int width);

// The refusals alone, a line each, for who does not see the report: each row with its reason. Empty where there are
// none.
std::string RefusalsText(const v1::ImportReport& report, const std::string& file);

// A row of counts for each report.
Table ImportTable(const std::vector<v1::ImportSheetResponse>& responses);

// kNo when rows were refused or the sheet was not accepted; kDone otherwise, also when nothing changed.
ExitCode ImportExitCode(const v1::ImportReport& report);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_IMPORT_REPORT_H_
