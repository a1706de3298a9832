// What a reading found out about a file, told so that the person who made the file can check it and mend it.
#ifndef PALMARES_SERVICES_INGEST_REPORT_H_
#define PALMARES_SERVICES_INGEST_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/ingest/issue.h"

namespace palmares::ingest {

// How a column's meaning was found.
enum class ColumnSource : uint8_t {
  kDeclared = 1,  // the manifest says so
  kAlias = 2,     // its header is a known name of the field
  kContent = 3,   // its values look like it
  kIgnored = 4,   // not read; `reason` says why
  kSaved = 5,     // a saved mapping says so
};

// "declared", "alias", "content", "ignored", "saved-mapping".
absl::string_view ColumnSourceName(ColumnSource source);

// How one column was read.
struct ColumnReport {
  int number = 0;      // 1 for the first
  std::string header;  // as in the file; "column 3" where the file has none
  std::string field;   // "chip_time"; empty when ignored
  ColumnSource source = ColumnSource::kIgnored;
  int confidence_percent = 0;         // 100: declared or saved; lower: the weaker the evidence
  std::string unit;                   // of times: "decimal-minutes"; empty for other columns
  std::string reason;                 // why it was ignored, or why the unit was chosen
  std::vector<std::string> samples;   // at the most three different values that are not empty, as in the file
  std::vector<std::string> readings;  // what each sample was read as: "130.37" as "2:10:22"
  int64_t filled = 0;                 // rows that have a value
};

// All issues of one code, counted.
struct IssueGroup {
  IssueCode code;
  Severity severity;
  int64_t count = 0;
};

struct Report {
  std::string format;               // "csv", "tsv", "xlsx" ...
  std::string encoding;             // "UTF-8", "windows-1252" ...
  std::string encoding_source;      // "byte order mark", "declared", "valid UTF-8", "detected"
  std::string delimiter;            // "comma", "semicolon", "tab", "pipe"; empty for formats without one
  std::string line_ends;            // "LF", "CRLF", "CR", "mixed"; empty for formats without them
  int64_t header_row = 0;           // the row that holds the column names; 0: the file has none
  std::vector<std::string> titles;  // the lines before the header, as text
  std::string name_order;           // "Last, First", "First LAST", "separate columns", "as written"
  std::vector<ColumnReport> columns;

  std::vector<Issue> issues;       // in the order found; at the most kIssuesKeptPerCode of each code
  std::vector<IssueGroup> groups;  // each code with its whole count, errors first
  int64_t rows_read = 0;           // records that hold a competitor: accepted + rejected + repeated
  int64_t rows_accepted = 0;       // in the sheet
  int64_t rows_rejected = 0;  // rows with an error; all others too when the sheet is refused for a whole-sheet error
  int64_t rows_repeated = 0;  // exact copies of an earlier row, left out with a warning
  bool refused = false;       // nothing was taken; the issues say why
  std::string
      rejected_rows;  // the rows with errors as CSV, with a column "reason" at the end; empty when there are none

  int64_t errors() const;
  int64_t warnings() const;
};

// How many issues of one code are listed one by one; all are counted.
inline constexpr int64_t kIssuesKeptPerCode = 1000;

// Adds an issue: counts it, and lists it while there are few of its code.
void AddIssue(Issue issue, Report* report);

// The report as plain text for a terminal, lines ended by "\n".
std::string FormatReport(const Report& report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_REPORT_H_
