#include "services/ingest/reading.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/ingest/columns.h"
#include "services/ingest/compressed.h"
#include "services/ingest/decode.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"
#include "services/ingest/divisions.h"
#include "services/ingest/fixed_width.h"
#include "services/ingest/format.h"
#include "services/ingest/header.h"
#include "services/ingest/hytek.h"
#include "services/ingest/json_table.h"
#include "services/ingest/lif.h"
#include "services/ingest/lynx_people.h"
#include "services/ingest/names.h"
#include "services/ingest/no_results.h"
#include "services/ingest/other_event.h"
#include "services/ingest/rows.h"
#include "services/ingest/sections.h"
#include "services/ingest/table.h"
#include "services/ingest/table_lines.h"
#include "services/ingest/text.h"
#include "services/ingest/validate.h"
#include "services/ingest/xlsx.h"

namespace palmares::ingest {
namespace {

// Adds the error that concerns the whole file.
void Refuse(IssueCode code, absl::string_view what, absl::string_view wanted, Report* report) {
  AddIssue(MakeIssue(code, 0, "", "", what, wanted), report);
  report->refused = true;
}

void Refuse(IssueCode code, const absl::Status& status, Report* report) {
  const bool limit = absl::IsResourceExhausted(status);
  Refuse(limit ? IssueCode::kTooLarge : code, status.message(), "", report);
}

// The header over a cell, or "column 3".
std::string HeaderAt(absl::string_view text, const Dialect& dialect, size_t column, const ReadOptions& options) {
  const auto table = SplitDelimited(text, dialect, options.limits);
  if (table.ok()) {
    const auto header = FindHeaderRow(*table, options.mapping);
    if (header && !table->cell(*header, column - 1).empty()) return std::string(table->cell(*header, column - 1));
  }
  return absl::StrCat("column ", column);
}

void RefuseBrokenUtf8(absl::string_view text, const Dialect& dialect, size_t offset, const ReadOptions& options,
                      Report* report) {
  const Position position = FindPosition(text, dialect, offset);
  const std::string byte = absl::StrCat("0x", absl::Hex(static_cast<unsigned char>(text[offset]), absl::kZeroPad2));
  AddIssue(MakeIssue(IssueCode::kBadEncoding, static_cast<int64_t>(position.row),
                     HeaderAt(text, dialect, position.column, options), byte, "is no character in UTF-8",
                     "UTF-8, or the file's encoding in the manifest"),
           report);
  report->refused = true;
}

// The text around the byte that cells cannot go beyond, at the most 60 bytes of it on either side.
absl::string_view TextAround(absl::string_view text, size_t offset) {
  constexpr absl::string_view kBetweenCells = ",;\t|\"\r\n";
  constexpr size_t kMost = 60;
  size_t begin = offset;
  while (begin > 0 && offset - begin < kMost && kBetweenCells.find(text[begin - 1]) == absl::string_view::npos) --begin;
  while (begin < offset && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  const size_t end = std::min(text.find_first_of(kBetweenCells, offset), text.size());
  return Trimmed(text.substr(begin, end - begin));
}

// A guess from one or two characters is none: a damaged byte looks so, and of Muñoz it makes Muņoz.
constexpr int64_t kFewestForGuess = 3;

// A guess can be wrong in a way that no rule notices: a name with another letter in it is a name.
void TellGuessedEncoding(const DecodedText& decoded, const Dialect& dialect, const ReadOptions& options,
                         Report* report) {
  const absl::string_view text = decoded.view();
  const auto first =
      std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (first == text.end()) return;
  const auto offset = static_cast<size_t>(first - text.begin());
  const auto characters =
      std::count_if(first, text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
  if (characters < kFewestForGuess) {
    const Position position = FindPosition(text, dialect, offset);
    AddIssue(
        MakeIssue(IssueCode::kBadEncoding, static_cast<int64_t>(position.row),
                  HeaderAt(text, dialect, position.column, options), TextAround(text, offset),
                  absl::StrCat("is so in ", decoded.encoding,
                               " and broken in UTF-8; the file has too little beside ASCII to find out which"),
                  absl::StrCat("UTF-8, or encoding = \"", decoded.encoding, "\" (or the right one) in the manifest")),
        report);
    report->refused = true;
    return;
  }
  AddIssue(
      MakeIssue(IssueCode::kGuessedEncoding, static_cast<int64_t>(FindPosition(text, dialect, offset).row), "",
                TextAround(text, offset),
                absl::StrCat("read as ", decoded.encoding,
                             ", which is a guess: the file is not UTF-8 and does not say its encoding; this row is "
                             "the first that it matters for"),
                absl::StrCat("the file in UTF-8, or encoding = \"", decoded.encoding,
                             "\" (or the right one) in the manifest")),
      report);
}

std::string CsvCell(absl::string_view value) {
  if (value.find_first_of("\",\r\n") == absl::string_view::npos) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

std::string RejectedRows(const Table& table, const Layout& layout, const std::vector<Row>& rows) {
  std::string csv;
  for (const Column& column : layout.columns) {
    // Without headers the fields are told by name, so that the file can be read by itself.
    const bool named = layout.header_row.has_value() || column.field == Field::kIgnore;
    absl::StrAppend(&csv, CsvCell(named ? absl::string_view(column.header) : FieldName(column.field)), ",");
  }
  absl::StrAppend(&csv, "reason\n");
  for (const Row& row : rows) {
    if (row.errors.empty() || row.repeated) continue;
    const size_t columns = std::max(layout.columns.size(), table.columns(row.table_row));
    for (size_t i = 0; i < columns; ++i) absl::StrAppend(&csv, CsvCell(table.cell(row.table_row, i)), ",");
    absl::StrAppend(&csv, CsvCell(absl::StrCat("row ", row.number, ": ", row.errors)), "\n");
  }
  return csv;
}

void TakeRows(std::vector<Row> rows, const Layout& layout, const ReadOptions& options, Reading* reading) {
  Report& report = reading->report;
  report.rows_read = static_cast<int64_t>(rows.size());
  for (const Row& row : rows) {
    if (row.repeated) {
      ++report.rows_repeated;
    } else if (!row.errors.empty()) {
      ++report.rows_rejected;
    }
  }
  if (report.rows_rejected > 0 && !options.allow_partial) report.refused = true;
  if (report.rows_read == report.rows_repeated + report.rows_rejected) report.refused = true;
  if (report.refused) return;
  report.rows_accepted = report.rows_read - report.rows_repeated - report.rows_rejected;
  for (const size_t index : layout.splits) {
    reading->sheet.split_points.push_back({layout.columns[index].header, layout.columns[index].distance_mm});
  }
  reading->sheet.results.reserve(static_cast<size_t>(report.rows_accepted));
  for (Row& row : rows) {
    if (!row.repeated && row.errors.empty()) reading->sheet.results.push_back(std::move(row.result));
  }
}

// Everything behind the format: columns, rows, rules.
void ReadTable(const Table& table, const ReadOptions& options, Reading* reading) {
  Report& report = reading->report;
  if (table.rows() == 0) return Refuse(IssueCode::kNoRows, "the file has no row", "at least one", &report);
  const Layout layout = FindLayout(table, options, &report);
  ReportColumns(table, layout, options.discipline, &report);
  CheckEvent(table, layout, options, &report);
  if (report.errors() > 0) {
    report.refused = true;
    return;
  }
  const bool whole = layout.Find(Field::kName) != nullptr;
  report.name_order = whole ? std::string(NameOrderName(FindNameOrderOf(table, layout, options))) : "separate columns";
  std::vector<Row> rows = ReadRows(table, layout, options, &report);
  if (rows.empty()) return Refuse(IssueCode::kNoRows, "the file has no row of a competitor", "at least one", &report);
  if (rows.size() > options.limits.rows) {
    return Refuse(IssueCode::kTooLarge, absl::StrCat("the file has over ", options.limits.rows, " rows"), "it in parts",
                  &report);
  }
  MarkRepeatedRows(table, &rows, &report);
  FindDivisions(layout, options, &rows, &report);
  ValidateRows(layout, options, &rows, &report);
  if (std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !row.errors.empty(); })) {
    report.rejected_rows = RejectedRows(table, layout, rows);
  }
  TakeRows(std::move(rows), layout, options, reading);
}

// Text to a table, by how its lines look when the format is not declared.
absl::StatusOr<Table> TableOfText(absl::string_view text, Format format, const Dialect& dialect,
                                  const ReadOptions& options, const LynxPeople& people, Report* report) {
  switch (format) {
    case Format::kHytek:
      report->format = "hytek";
      return ReadHytek(text, options.section, options.limits, report);
    case Format::kFixedWidth:
      report->format = "fixed";
      return ReadFixedWidth(text, options.limits);
    case Format::kLif:
      report->format = "lif";
      return ReadLif(text, people, options.limits);
    case Format::kJson:
      report->format = "json";
      return ReadJson(text, options.section, options.limits);
    default:
      report->format = dialect.delimiter == '\t' ? "tsv" : "csv";
      report->delimiter = std::string(DelimiterName(dialect.delimiter));
      return SplitDelimited(text, dialect, options.limits);
  }
}

void ReadText(absl::string_view bytes, Format format, const ReadOptions& options, const LynxPeople& people,
              Reading* reading) {
  Report& report = reading->report;
  auto decoded = Decode(bytes, options.encoding, options.limits.bytes);
  if (!decoded.ok()) return Refuse(IssueCode::kUnreadable, decoded.status(), &report);
  const absl::string_view text = decoded->view();
  report.encoding = decoded->encoding;
  report.encoding_source = decoded->source;
  if (format == Format::kDelimited && options.format.empty()) format = FindTextFormat(text);
  const bool tabs = absl::EqualsIgnoreCase(options.format, "tsv");
  const Dialect dialect = FindDialect(text, options.delimiter != 0 ? options.delimiter : tabs ? '\t' : '\0');
  if (format != Format::kJson) report.line_ends = std::string(LineEndsName(dialect.line_ends));
  if (decoded->invalid_offset) return RefuseBrokenUtf8(text, dialect, *decoded->invalid_offset, options, &report);
  if (decoded->guessed) TellGuessedEncoding(*decoded, dialect, options, &report);
  if (report.refused) return;
  auto table = TableOfText(text, format, dialect, options, people, &report);
  // But for the limits, quotes are all that can be wrong with separated cells.
  const IssueCode code = format == Format::kDelimited ? IssueCode::kBadQuotes : IssueCode::kUnreadable;
  if (!table.ok()) return Refuse(code, table.status(), &report);
  ReadTable(*table, options, reading);
}

// `name`: of the file itself, which may have been inside another one. `people`: those of the start lists beside it.
void ReadPlain(absl::string_view bytes, Format format, const std::string& name, const ReadOptions& options,
               const LynxPeople& people, Reading* reading) {
  if (const auto none = FindNoResults(bytes, name); none.has_value() && options.format.empty()) {
    return Refuse(IssueCode::kUnreadable, absl::StrCat("the file is ", none->what), none->wanted, &reading->report);
  }
  if (format != Format::kXlsx) return ReadText(bytes, format, options, people, reading);
  reading->report.format = "xlsx";
  const auto table = ReadXlsx(bytes, options.section, options.limits);
  if (!table.ok()) return Refuse(IssueCode::kUnreadable, table.status(), &reading->report);
  ReadTable(*table, options, reading);
}

// A file that was inside another one.
struct Unpacked {
  std::string name;
  std::string bytes;
  LynxPeople people;  // of the start lists beside it
};

// The files of a zip file that may be results: all, but for those that go with FinishLynx's where there are others.
std::vector<std::string> PossibleResults(const std::vector<std::string>& names) {
  std::vector<std::string> possible;
  for (const std::string& name : names) {
    if (!GoesWithLynxResults(name)) possible.push_back(name);
  }
  return possible.empty() ? names : possible;
}

// The only file of results in a zip file, or the one that `section` names.
absl::StatusOr<Unpacked> Unzip(absl::string_view bytes, const ReadOptions& options) {
  auto zip = ZipFile::Open(bytes, options.limits);
  if (!zip.ok()) return zip.status();
  const std::vector<std::string> names = zip->Names();
  const std::vector<std::string> possible = PossibleResults(names);
  const auto chosen = ChooseSection(possible, possible.size() == 1 ? "" : options.section);
  if (!chosen.ok()) return chosen.status();
  Unpacked file;
  file.name = possible[*chosen];
  auto inside = zip->Read(file.name);
  if (!inside.ok()) return inside.status();
  file.bytes = *std::move(inside);
  if (!absl::EndsWithIgnoreCase(file.name, ".lif")) return file;
  for (const std::string& name : names) {
    if (!GoesWithLynxResults(name)) continue;
    const auto list = zip->Read(name);
    if (!list.ok()) return list.status();
    if (absl::Status status = file.people.Add(name, *list, options.limits); !status.ok()) return status;
  }
  return file;
}

absl::StatusOr<Unpacked> Ungzip(absl::string_view bytes, const ReadOptions& options) {
  auto inside = Gunzip(bytes, options.limits);
  if (!inside.ok()) return inside.status();
  Unpacked file;
  file.name = std::string(absl::StripSuffix(options.file_name, ".gz"));
  file.bytes = *std::move(inside);
  return file;
}

// One layer of compression is taken off; another one inside is refused.
void ReadCompressed(absl::string_view bytes, Format format, const ReadOptions& options, Reading* reading) {
  const auto inside = format == Format::kGzip ? Ungzip(bytes, options) : Unzip(bytes, options);
  if (!inside.ok()) return Refuse(IssueCode::kUnreadable, inside.status(), &reading->report);
  const auto declared = ParseFormat(options.format);
  const bool plain = declared && *declared != Format::kGzip && *declared != Format::kZip;
  const Format inner = plain ? *declared : FindFormat(inside->bytes, inside->name);
  if (inner == Format::kGzip || inner == Format::kZip) {
    return Refuse(IssueCode::kUnreadable, "the compressed file holds another compressed file", "a file of results",
                  &reading->report);
  }
  ReadPlain(inside->bytes, inner, inside->name, options, inside->people, reading);
}

}  // namespace

Reading ReadSheet(absl::string_view bytes, const ReadOptions& options) {
  Reading reading;
  if (bytes.size() > options.limits.bytes) {
    Refuse(IssueCode::kTooLarge, absl::StrCat("the file has ", bytes.size(), " bytes"),
           absl::StrCat("at the most ", options.limits.bytes), &reading.report);
    return reading;
  }
  const auto declared = ParseFormat(options.format);
  if (!options.format.empty() && !declared) {
    Refuse(IssueCode::kUnreadable, absl::StrCat("format \"", options.format, "\" is not known"),
           "csv, tsv, xlsx, lif, hytek, fixed or json", &reading.report);
    return reading;
  }
  // What the first bytes say of compression holds whatever the format of what is inside.
  const Format found = FindFormat(bytes, options.file_name);
  if (found == Format::kGzip || found == Format::kZip) {
    ReadCompressed(bytes, found, options, &reading);
  } else {
    ReadPlain(bytes, declared.value_or(found), options.file_name, options, {}, &reading);
  }
  return reading;
}

}  // namespace palmares::ingest
