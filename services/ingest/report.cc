#include "services/ingest/report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace palmares::ingest {
namespace {

int64_t Count(const Report& report, Severity severity) {
  int64_t count = 0;
  for (const IssueGroup& group : report.groups) {
    if (group.severity == severity) count += group.count;
  }
  return count;
}

void AppendColumn(const ColumnReport& column, std::string* out) {
  absl::StrAppend(out, "  ", column.number, ". ", column.header, ": ");
  if (column.source == ColumnSource::kIgnored) {
    absl::StrAppend(out, "ignored, ", column.reason);
  } else {
    absl::StrAppend(out, column.field, " (", ColumnSourceName(column.source), ", ", column.confidence_percent, " %)");
    if (!column.unit.empty()) absl::StrAppend(out, ", unit ", column.unit);
    if (!column.reason.empty()) absl::StrAppend(out, ", ", column.reason);
  }
  if (!column.samples.empty()) absl::StrAppend(out, "; e.g. \"", absl::StrJoin(column.samples, "\", \""), "\"");
  absl::StrAppend(out, "\n");
}

void AppendFile(const Report& report, std::string* out) {
  absl::StrAppend(out, "Read as ", report.format);
  if (!report.encoding.empty()) absl::StrAppend(out, ", ", report.encoding, " (", report.encoding_source, ")");
  if (!report.delimiter.empty()) absl::StrAppend(out, ", cells between ", report.delimiter, "s");
  if (!report.line_ends.empty()) absl::StrAppend(out, ", lines end with ", report.line_ends);
  absl::StrAppend(out, report.header_row > 0 ? absl::StrCat(", header in row ", report.header_row) : ", no header",
                  "\n");
  for (const std::string& title : report.titles) absl::StrAppend(out, "  title: ", title, "\n");
  if (!report.name_order.empty()) absl::StrAppend(out, "Names: ", report.name_order, "\n");
}

}  // namespace

absl::string_view ColumnSourceName(ColumnSource source) {
  switch (source) {
    case ColumnSource::kDeclared:
      return "declared";
    case ColumnSource::kAlias:
      return "alias";
    case ColumnSource::kContent:
      return "content";
    case ColumnSource::kIgnored:
      return "ignored";
    case ColumnSource::kSaved:
      return "saved-mapping";
  }
  return "";
}

int64_t Report::errors() const { return Count(*this, Severity::kError); }
int64_t Report::warnings() const { return Count(*this, Severity::kWarning); }

void AddIssue(Issue issue, Report* report) {
  auto same = [&issue](const IssueGroup& group) {
    return group.code == issue.code && group.severity == issue.severity;
  };
  auto group = std::find_if(report->groups.begin(), report->groups.end(), same);
  if (group == report->groups.end()) {
    // Errors first, then warnings, then notes; among equals in the order found.
    auto milder = [&issue](const IssueGroup& other) { return other.severity < issue.severity; };
    group = report->groups.insert(std::find_if(report->groups.begin(), report->groups.end(), milder),
                                  IssueGroup{issue.code, issue.severity, 0});
  }
  if (++group->count <= kIssuesKeptPerCode) report->issues.push_back(std::move(issue));
}

std::string FormatReport(const Report& report) {
  std::string out;
  AppendFile(report, &out);
  for (const ColumnReport& column : report.columns) AppendColumn(column, &out);
  absl::StrAppend(&out, "Rows: ", report.rows_read, " read, ", report.rows_accepted, " accepted, ",
                  report.rows_rejected, " rejected, ", report.rows_repeated, " repeated\n");
  for (const IssueGroup& group : report.groups) {
    absl::StrAppend(&out, SeverityName(group.severity), " ", IssueCodeName(group.code), ": ", group.count, "\n");
    int shown = 0;
    for (const Issue& issue : report.issues) {
      if (issue.code != group.code || issue.severity != group.severity) continue;
      if (++shown > 5) break;
      absl::StrAppend(&out, "  ", FormatIssue(issue), "\n");
    }
  }
  if (report.refused) absl::StrAppend(&out, "Refused: nothing was taken.\n");
  return out;
}

}  // namespace palmares::ingest
