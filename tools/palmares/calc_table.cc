#include "tools/palmares/calc_table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/rpc/csv_text.h"
#include "tools/palmares/printable.h"
#include "tools/palmares/table.h"

namespace palmares::tools {
namespace {

// Splits the text into records. Returns the line of a quote that stays open, 0 where none does.
int SplitRecords(absl::string_view text, std::vector<std::vector<std::string>>& records, std::vector<int>& lines) {
  std::vector<std::string> record(1);
  int line = 1;
  int first_line = 1;
  int quote_line = 0;
  const auto end_record = [&] {
    if (record.size() > 1 || !record[0].empty()) {
      records.push_back(record);
      lines.push_back(first_line);
    }
    record.assign(1, "");
    first_line = line;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if (c == '\n' || (c == '\r' && !(i + 1 < text.size() && text[i + 1] == '\n'))) ++line;
    if (quote_line != 0) {
      if (c != '"') {
        record.back().push_back(c);
      } else if (doubled) {
        record.back().push_back(text[++i]);
      } else {
        quote_line = 0;
      }
    } else if (c == '"' && record.back().empty()) {
      quote_line = line;
    } else if (c == ',') {
      record.emplace_back();
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
      end_record();
    } else {
      record.back().push_back(c);
    }
  }
  end_record();
  return quote_line;
}

// What was read is written as it was, for a program: only the quotes are this file's.
void PrintCsvFields(std::ostream& out, const std::vector<std::string>& fields) {
  for (size_t i = 0; i < fields.size(); ++i) out << (i == 0 ? "" : ",") << rpc::QuotedCsvField(fields[i]);
  out << "\n";
}

void PrintForTerminal(std::ostream& out, const CalcTable& table, int width) {
  Table shown;
  for (const std::string& column : table.columns) shown.columns.push_back({column, ColumnKind::kSentence});
  shown.rows = table.rows;
  const std::string left_out = LeftOutText(PrintTable(out, shown, width));
  if (!left_out.empty()) out << Wrapped(left_out, width) << "\n";
}

void PrintJson(std::ostream& out, const CalcTable& table) {
  out << "[";
  for (size_t i = 0; i < table.rows.size(); ++i) {
    out << (i == 0 ? "\n  {" : ",\n  {");
    for (size_t j = 0; j < table.columns.size(); ++j) {
      out << (j == 0 ? "" : ", ") << JsonText(table.columns[j]) << ": " << JsonText(table.rows[i][j]);
    }
    out << "}";
  }
  out << "\n]\n";
}

}  // namespace

absl::StatusOr<CalcTable> ReadCsv(absl::string_view text) {
  std::vector<std::vector<std::string>> records;
  std::vector<int> lines;
  const int open_quote = SplitRecords(absl::StripPrefix(text, "\xEF\xBB\xBF"), records, lines);
  if (open_quote != 0)
    return absl::InvalidArgumentError(absl::StrCat("line ", open_quote, ": a quote that is never closed"));
  if (records.empty()) return absl::InvalidArgumentError("no header line, want the names of the columns");
  CalcTable table;
  table.columns = records.front();
  for (size_t i = 1; i < records.size(); ++i) {
    if (records[i].size() > table.columns.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", lines[i], ": ", records[i].size(), " fields, want ", table.columns.size()));
    }
    records[i].resize(table.columns.size());
    table.rows.push_back(std::move(records[i]));
  }
  return table;
}

void PrintRows(std::ostream& out, const CalcTable& table, CalcOutput output, int width) {
  if (output == CalcOutput::kTable) return PrintForTerminal(out, table, width);
  if (output == CalcOutput::kJson) return PrintJson(out, table);
  PrintCsvFields(out, table.columns);
  for (const auto& row : table.rows) PrintCsvFields(out, row);
}

std::string JsonText(absl::string_view text) {
  std::string json = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      json.push_back('\\');
      json.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&json, "\\u%04x", static_cast<int>(c));
    } else {
      json.push_back(c);
    }
  }
  return json + "\"";
}

}  // namespace palmares::tools
