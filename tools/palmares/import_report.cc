#include "tools/palmares/import_report.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kIndent = 2;
constexpr size_t kChangesShown = 20;
constexpr size_t kRefusalsShown = 100;  // of each kind

std::string CountsText(const v1::ImportReport& report) {
  std::string text = absl::StrCat("  ", Counted(report.rows_read(), "row", "rows"), " read: ", report.rows_accepted(),
                                  " accepted, ", report.rows_rejected(), " rejected; ", report.rows_added(), " added, ",
                                  report.rows_changed(), " changed, ", report.rows_unchanged(), " unchanged");
  if (report.rows_removed() > 0) absl::StrAppend(&text, ", ", report.rows_removed(), " removed");
  if (report.rows_skipped() > 0)
    absl::StrAppend(&text, "; ", Counted(report.rows_skipped(), "copy", "copies"), " of other rows left out");
  return text + "\n";
}

std::string VerdictText(const v1::ImportReport& report) {
  if (report.unchanged()) return "  unchanged: the same file is on the sheet already; nothing was written\n";
  if (!report.accepted()) {
    return absl::StrCat(
        "  NOT ACCEPTED: nothing was written", report.validate_only() ? " (dry run)" : "", "; mend the file",
        report.rows_rejected() > 0
            ? ", or leave the refused rows out with --allow-partial (and --reason, where the sheet is official already)"
            : "",
        "\n");
  }
  if (report.validate_only()) return "  would be accepted; nothing was written (dry run)\n";
  return absl::StrCat("  accepted: ", EnumCode(report.state()), ", revision ", report.revision(),
                      report.rows_rejected() > 0 ? ", without the refused rows" : "", "\n");
}

std::string ReadAsText(const v1::ImportReport& report) {
  std::vector<std::string> parts;
  if (report.format() != v1::FILE_FORMAT_UNSPECIFIED) parts.push_back(EnumCode(report.format()));
  if (!report.encoding().empty()) parts.push_back(report.encoding());
  if (report.header_row() > 0) parts.push_back(absl::StrCat("headers in row ", report.header_row()));
  if (!report.column_mapping().empty()) parts.push_back(absl::StrCat("by ", report.column_mapping()));
  return parts.empty() ? "" : absl::StrCat("  read as ", absl::StrJoin(parts, ", "), "\n");
}

// "2:10:22" of "02:10:22".
absl::string_view WithoutLeadingZeros(absl::string_view time) {
  return time.substr(std::min(time.find_first_not_of("0:"), time.size()));
}

// "130.37 = 2:10:22 | 132.50 = 2:12:30"; names have commas of their own.
std::string SamplesText(const v1::ColumnReport& column) {
  std::vector<std::string> parts;
  for (int i = 0; i < column.samples_size(); ++i) {
    const bool same = i >= column.readings_size() ||
                      WithoutLeadingZeros(column.readings(i)) == WithoutLeadingZeros(column.samples(i));
    parts.push_back(same ? column.samples(i) : absl::StrCat(column.samples(i), " = ", column.readings(i)));
  }
  return absl::StrJoin(parts, " | ");
}

std::string ColumnsText(const v1::ImportReport& report, int width) {
  Table table{{{"column"},
               {"field", ColumnKind::kCode},
               {"unit", ColumnKind::kCode},
               {"why", ColumnKind::kSentence},
               {"samples"}},
              {}};
  std::string ignored;
  for (const v1::ColumnReport& column : report.columns()) {
    const std::string header = column.header().empty() ? absl::StrCat(column.index()) : column.header();
    if (column.field().empty()) {
      const absl::string_view why = absl::StripPrefix(column.cause(), "ignored: ");
      const std::string samples = SamplesText(column);
      absl::StrAppend(&ignored, "  ignored: ", Printable(header), why.empty() ? "" : ", ", Printable(why),
                      samples.empty() ? "" : "; such as ", Printable(samples), "\n");
    } else {
      table.rows.push_back({header, column.field(), column.unit(), column.cause(), SamplesText(column)});
    }
  }
  std::ostringstream out;
  if (!table.rows.empty()) PrintTable(out, table, width > kIndent ? width - kIndent : 0);
  std::string text;
  for (const absl::string_view line : absl::StrSplit(out.str(), '\n', absl::SkipEmpty()))
    absl::StrAppend(&text, "  ", line, "\n");
  return absl::StrCat(text, ignored);
}

std::string LinksText(const v1::LinkReport& links) {
  std::vector<std::string> parts;
  if (links.linked() > 0) parts.push_back(absl::StrCat(links.linked(), " known"));
  if (links.created() > 0) parts.push_back(absl::StrCat(links.created(), " new"));
  if (links.proposed() > 0) parts.push_back(absl::StrCat(links.proposed(), " for review"));
  if (links.anonymous() > 0) parts.push_back(absl::StrCat(links.anonymous(), " anonymous"));
  return parts.empty() ? "" : absl::StrCat("  athletes: ", absl::StrJoin(parts, ", "), "\n");
}

// "FILE row 41, official "1:75:00": minutes are above 59; want minutes below 60"; the code stands above it.
std::string IssueText(const v1::Issue& issue, const std::string& file) {
  const std::string code = absl::StrCat(" [", issue.code(), "]");
  return absl::StrCat(file, issue.row() > 0 ? " " : ": ", absl::StripSuffix(issue.text(), code));
}

// What is said of a group: some examples of a remark, but each refusal.
std::vector<const v1::Issue*> ShownIssues(const v1::ImportReport& report, const v1::IssueGroup& group) {
  std::vector<const v1::Issue*> shown;
  for (const v1::Issue& issue : report.issues()) {
    const bool of_group = issue.code() == group.code() && issue.severity() == v1::SEVERITY_ERROR;
    if (group.severity() == v1::SEVERITY_ERROR && of_group && shown.size() < kRefusalsShown) shown.push_back(&issue);
  }
  if (!shown.empty()) return shown;
  for (const v1::Issue& issue : group.examples()) shown.push_back(&issue);
  return shown;
}

std::string IssuesText(const v1::ImportReport& report, const std::string& file) {
  std::string text;
  for (const v1::IssueGroup& group : report.issue_groups()) {
    absl::StrAppend(&text, "  ", EnumCode(group.severity()), " ", group.code(), " x ", group.count());
    if (group.examples().empty()) absl::StrAppend(&text, ": ", Printable(group.text()));
    absl::StrAppend(&text, "\n");
    const std::vector<const v1::Issue*> shown = ShownIssues(report, group);
    for (const v1::Issue* issue : shown) absl::StrAppend(&text, "    ", Printable(IssueText(*issue, file)), "\n");
    const int64_t more = group.count() - static_cast<int64_t>(shown.size());
    if (more <= 0 || shown.empty()) continue;
    const bool refusals = group.severity() == v1::SEVERITY_ERROR;
    absl::StrAppend(&text, "    and ", more, refusals ? " more; --rejected FILE saves all refused rows\n" : " more\n");
  }
  if (report.issue_groups().empty()) {
    for (const v1::Issue& issue : report.issues()) {
      absl::StrAppend(&text, "  ", EnumCode(issue.severity()), " ", issue.code(), ": ",
                      Printable(IssueText(issue, file)), "\n");
    }
  }
  return text;
}

std::string ChangeText(const v1::RowChange& change) {
  absl::string_view sign = "~";
  if (change.kind() == v1::RowChange::KIND_ADDED) sign = "+";
  if (change.kind() == v1::RowChange::KIND_REMOVED) sign = "-";
  std::string text = absl::StrCat(sign, " ", change.bib().empty() ? "" : absl::StrCat("bib ", change.bib(), " "),
                                  change.competitor_name());
  for (const v1::FieldChange& field : change.changes()) {
    absl::StrAppend(&text, &field == &change.changes(0) ? ": " : ", ", field.path(), " \"", field.old_value(),
                    "\" -> \"", field.new_value(), "\"");
  }
  return text;
}

// What a dry run would change, row by row: changed and removed ones first, which matter most.
std::string ChangesText(const v1::ImportReport& report) {
  std::vector<const v1::RowChange*> changes;
  for (const v1::RowChange& change : report.changes()) changes.push_back(&change);
  std::stable_partition(changes.begin(), changes.end(),
                        [](const v1::RowChange* change) { return change->kind() != v1::RowChange::KIND_ADDED; });
  const int64_t all = int64_t{report.rows_added()} + report.rows_changed() + report.rows_removed();
  const size_t shown = std::min(changes.size(), kChangesShown);
  std::string text;
  for (size_t i = 0; i < shown; ++i) absl::StrAppend(&text, "  ", Printable(ChangeText(*changes[i])), "\n");
  if (shown > 0 && all > static_cast<int64_t>(shown)) {
    absl::StrAppend(&text, "  and ", all - static_cast<int64_t>(shown), " more\n");
  }
  return text;
}

}  // namespace

std::string ImportText(const v1::ImportReport& report, const std::string& file, int width) {
  return absl::StrCat(ShortName(report.race()), "  ", Printable(file), "\n", VerdictText(report), CountsText(report),
                      ReadAsText(report), ColumnsText(report, width), LinksText(report.links()), ChangesText(report),
                      IssuesText(report, file));
}

std::string RefusalsText(const v1::ImportReport& report, const std::string& file) {
  std::string text;
  for (const v1::Issue& issue : report.issues()) {
    if (issue.severity() != v1::SEVERITY_ERROR) continue;
    absl::StrAppend(&text, text.empty() ? "" : "\n", Printable(IssueText(issue, file)));
  }
  return text;
}

Table ImportTable(const std::vector<v1::ImportSheetResponse>& responses) {
  Table table{{{"race", ColumnKind::kCode},
               {"accepted", ColumnKind::kCode},
               {"unchanged", ColumnKind::kCode},
               {"rows_read", ColumnKind::kNumber},
               {"rows_accepted", ColumnKind::kNumber},
               {"rows_rejected", ColumnKind::kNumber},
               {"rows_added", ColumnKind::kNumber},
               {"rows_changed", ColumnKind::kNumber},
               {"rows_unchanged", ColumnKind::kNumber},
               {"rows_removed", ColumnKind::kNumber},
               {"rows_skipped", ColumnKind::kNumber},
               {"state", ColumnKind::kCode},
               {"revision", ColumnKind::kNumber}},
              {}};
  for (const v1::ImportSheetResponse& response : responses) {
    const v1::ImportReport& report = response.report();
    table.rows.push_back({report.race(), report.accepted() ? "true" : "false", report.unchanged() ? "true" : "false",
                          absl::StrCat(report.rows_read()), absl::StrCat(report.rows_accepted()),
                          absl::StrCat(report.rows_rejected()), absl::StrCat(report.rows_added()),
                          absl::StrCat(report.rows_changed()), absl::StrCat(report.rows_unchanged()),
                          absl::StrCat(report.rows_removed()), absl::StrCat(report.rows_skipped()),
                          EnumCode(report.state()), absl::StrCat(report.revision())});
  }
  return table;
}

ExitCode ImportExitCode(const v1::ImportReport& report) {
  if (report.unchanged()) return ExitCode::kDone;
  return report.accepted() && report.rows_rejected() == 0 ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace palmares::tools
