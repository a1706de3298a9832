#include "services/ingest/issue.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

struct Rule {
  absl::string_view name;
  Severity severity;
};

// By code; the first is no code.
constexpr std::array<Rule, 61> kRules = {{
    {"", Severity::kError},
    {"TOO_LARGE", Severity::kError},
    {"UNREADABLE", Severity::kError},
    {"BAD_ENCODING", Severity::kError},
    {"BAD_QUOTES", Severity::kError},
    {"UNKNOWN_COLUMN", Severity::kError},
    {"UNKNOWN_FIELD", Severity::kError},
    {"UNKNOWN_UNIT", Severity::kError},
    {"DUPLICATE_FIELD", Severity::kError},
    {"NO_ROWS", Severity::kError},
    {"NO_NAME_COLUMN", Severity::kError},
    {"NO_TIME_COLUMN", Severity::kError},
    {"AMBIGUOUS_UNIT", Severity::kError},
    {"EXTRA_CELLS", Severity::kError},
    {"MISSING_NAME", Severity::kError},
    {"MISSING_TIME", Severity::kError},
    {"BAD_TIME", Severity::kError},
    {"BAD_PLACE", Severity::kError},
    {"BAD_AGE", Severity::kError},
    {"BAD_DATE", Severity::kError},
    {"BAD_WIND", Severity::kError},
    {"DUPLICATE_BIB", Severity::kError},
    {"OUTCOME_WITH_PLACE", Severity::kError},
    {"CHIP_LONGER_THAN_GUN", Severity::kError},
    {"PLACE_CONTRADICTS_TIME", Severity::kError},
    {"AGE_CONTRADICTS_BIRTH", Severity::kError},
    {"PLACES_FIT_OTHER_CLOCK", Severity::kWarning},
    {"PLACES_WITHIN_SEX", Severity::kWarning},
    {"BAD_SPLIT", Severity::kWarning},
    {"SPLITS_BACKWARDS", Severity::kWarning},
    {"FASTER_THAN_RECORD", Severity::kWarning},
    {"IMPLAUSIBLE_AGE", Severity::kWarning},
    {"UNKNOWN_SEX", Severity::kError},
    {"UNKNOWN_COUNTRY", Severity::kWarning},
    {"FIELD_OF_ZERO", Severity::kWarning},
    {"REPEATED_ROW", Severity::kWarning},
    {"OFFICIAL_FROM_CHIP", Severity::kWarning},
    {"OUTCOME_ASSUMED", Severity::kWarning},
    {"REPEATED_HEADER", Severity::kNote},
    {"FEW_CELLS", Severity::kNote},
    {"DIVISION_BY_BIB", Severity::kNote},
    {"DIVISION_BY_FIELD", Severity::kNote},
    {"DIVISION_BY_MARK", Severity::kWarning},
    {"TEXT_LINE", Severity::kNote},
    {"REVISION_OVERRULED", Severity::kWarning},
    {"UNEXPECTED_WIND", Severity::kError},
    {"NO_SEX", Severity::kWarning},
    {"SEX_BY_CATEGORY", Severity::kNote},
    {"OTHER_DISTANCE", Severity::kWarning},
    {"UNKNOWN_ATHLETE", Severity::kError},
    {"BIB_TAKEN", Severity::kError},
    {"BAD_QUALIFICATION", Severity::kWarning},
    {"BAD_TIMING", Severity::kWarning},
    {"GUESSED_ENCODING", Severity::kWarning},
    {"UNKNOWN_DIVISION", Severity::kWarning},
    {"DIVISION_BY_CATEGORY", Severity::kNote},
    {"BAD_RELAY_LEG", Severity::kWarning},
    {"LINES_NOT_READ", Severity::kNote},
    {"OTHER_EVENT", Severity::kError},
    {"PRIVATE_ROW", Severity::kNote},
    {"UNSURE_DIVISION", Severity::kWarning},
}};

constexpr size_t kValueBytes = 80;

std::string Shortened(absl::string_view value) {
  if (value.size() <= kValueBytes) return std::string(value);
  size_t end = kValueBytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(value.substr(0, end), "...");
}

}  // namespace

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

absl::string_view IssueCodeName(IssueCode code) { return kRules[static_cast<size_t>(code)].name; }

Severity UsualSeverity(IssueCode code) { return kRules[static_cast<size_t>(code)].severity; }

Issue MakeIssue(IssueCode code, int64_t row, absl::string_view column, absl::string_view value, absl::string_view what,
                absl::string_view wanted) {
  Issue issue;
  issue.code = code;
  issue.severity = UsualSeverity(code);
  issue.row = row;
  issue.column = std::string(column);
  issue.value = Shortened(value);
  issue.what = std::string(what);
  issue.wanted = std::string(wanted);
  return issue;
}

std::string FormatIssue(const Issue& issue) {
  std::string out;
  if (issue.row > 0) absl::StrAppend(&out, "row ", issue.row);
  if (!issue.column.empty()) absl::StrAppend(&out, out.empty() ? "" : ", ", issue.column);
  if (!issue.value.empty()) absl::StrAppend(&out, out.empty() ? "" : " ", "\"", issue.value, "\"");
  if (!issue.what.empty()) absl::StrAppend(&out, out.empty() ? "" : ": ", issue.what);
  if (!issue.wanted.empty()) absl::StrAppend(&out, "; want ", issue.wanted);
  absl::StrAppend(&out, " [", IssueCodeName(issue.code), "]");
  return out;
}

}  // namespace palmares::ingest
