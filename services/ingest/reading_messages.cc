#include "services/ingest/reading_messages.h"

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace palmares::ingest {
namespace {

constexpr int kIssuesListed = 1000;
constexpr int kExamples = 3;

std::string FormatName(v1::FileFormat format) {
  if (format == v1::FILE_FORMAT_UNSPECIFIED) return "";
  absl::string_view name = v1::FileFormat_Name(format);
  absl::ConsumePrefix(&name, "FILE_FORMAT_");
  return absl::AsciiStrToLower(name);
}

std::optional<NameOrder> OrderOf(v1::NameOrder order) {
  switch (order) {
    case v1::NAME_ORDER_GIVEN_FIRST:
      return NameOrder::kAsWritten;
    case v1::NAME_ORDER_FAMILY_FIRST:
      return NameOrder::kFamilyGiven;
    case v1::NAME_ORDER_FAMILY_COMMA_GIVEN:
      return NameOrder::kFamilyCommaGiven;
    default:
      return std::nullopt;
  }
}

v1::Severity ToProto(Severity severity) { return static_cast<v1::Severity>(severity); }

v1::FileFormat FormatOf(absl::string_view format) {
  if (format == "csv") return v1::FILE_FORMAT_CSV;
  if (format == "tsv") return v1::FILE_FORMAT_TSV;
  if (format == "xlsx") return v1::FILE_FORMAT_XLSX;
  if (format == "lif") return v1::FILE_FORMAT_LIF;
  if (format == "hytek") return v1::FILE_FORMAT_HYTEK;
  if (format == "fixed") return v1::FILE_FORMAT_FIXED;
  if (format == "json") return v1::FILE_FORMAT_JSON;
  return v1::FILE_FORMAT_UNSPECIFIED;
}

void Describe(const ColumnReport& column, v1::ColumnReport* out) {
  out->set_index(column.number);
  out->set_header(column.header);
  out->set_field(column.field);
  out->set_unit(column.unit);
  out->set_confidence(column.confidence_percent / 100.0);
  out->set_cause(column.reason.empty() ? std::string(ColumnSourceName(column.source))
                                       : absl::StrCat(ColumnSourceName(column.source), ": ", column.reason));
  for (const std::string& sample : column.samples) out->add_samples(sample);
  for (const std::string& reading : column.readings) out->add_readings(reading);
  out->set_filled(static_cast<int32_t>(column.filled));
}

void DescribeGroups(const Report& report, v1::ImportReport* out) {
  for (const IssueGroup& group : report.groups) {
    v1::IssueGroup* described = out->add_issue_groups();
    described->set_code(std::string(IssueCodeName(group.code)));
    described->set_severity(ToProto(group.severity));
    described->set_count(static_cast<int32_t>(group.count));
    for (const Issue& issue : report.issues) {
      if (issue.code != group.code || issue.severity != group.severity) continue;
      if (described->examples_size() == kExamples) break;
      DescribeIssue(issue, described->add_examples());
    }
    const std::string first = described->examples_size() > 0 ? described->examples(0).text() : "";
    described->set_column(described->examples_size() > 0 ? described->examples(0).column() : "");
    described->set_text(absl::StrCat(group.count, " × ", IssueCodeName(group.code), ", first: ", first));
  }
}

}  // namespace

ReadOptions OptionsOf(const v1::ImportHeader& header) {
  ReadOptions options;
  options.file_name = header.file_name();
  options.format = FormatName(header.format());
  options.encoding = header.encoding();
  if (!header.delimiter().empty()) options.delimiter = header.delimiter()[0];
  options.mapping = {header.columns().begin(), header.columns().end()};
  options.units = {header.units().begin(), header.units().end()};
  options.header_row = header.header_row();
  options.no_header = header.no_header();
  options.name_order = OrderOf(header.name_order());
  options.allow_partial = header.allow_partial();
  options.section = header.table();
  options.places_by = header.places_clock() == v1::CLOCK_CHIP ? Clock::kChip : Clock::kGun;
  return options;
}

void DescribeIssue(const Issue& issue, v1::Issue* out) {
  out->set_code(std::string(IssueCodeName(issue.code)));
  out->set_severity(ToProto(issue.severity));
  out->set_row(issue.row);
  out->set_column(issue.column);
  out->set_value(issue.value);
  out->set_wanted(issue.wanted);
  out->set_text(FormatIssue(issue));
}

void DescribeReading(const Report& report, v1::ImportReport* out) {
  out->set_format(FormatOf(report.format));
  out->set_encoding(report.encoding);
  out->set_delimiter(report.delimiter);
  out->set_header_row(static_cast<int32_t>(report.header_row));
  for (const ColumnReport& column : report.columns) Describe(column, out->add_columns());
  out->set_rows_read(static_cast<int32_t>(report.rows_read));
  out->set_rows_accepted(static_cast<int32_t>(report.rows_accepted));
  out->set_rows_rejected(static_cast<int32_t>(report.rows_rejected));
  out->set_rows_skipped(static_cast<int32_t>(report.rows_repeated));
  for (Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    for (const Issue& issue : report.issues) {
      if (issue.severity == severity && out->issues_size() < kIssuesListed) DescribeIssue(issue, out->add_issues());
    }
  }
  DescribeGroups(report, out);
}

}  // namespace palmares::ingest
