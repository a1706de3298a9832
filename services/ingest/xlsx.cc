#include "services/ingest/xlsx.h"

#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "services/ingest/compressed.h"
#include "services/ingest/sections.h"
#include "services/ingest/text.h"
#include "services/ingest/xml.h"

namespace palmares::ingest {
namespace {

// The parts of a workbook that tell where its sheets are.
struct SheetName {
  std::string name;
  std::string relation;
};

class WorkbookReader : public XmlReader {
 public:
  absl::Status Begin(absl::string_view name, const XmlAttributes& attributes) override {
    if (name == "sheet") sheets.push_back({std::string(attributes.Get("name")), std::string(attributes.Get("id"))});
    if (name == "workbookPr") since_1904 = attributes.Get("date1904") == "1" || attributes.Get("date1904") == "true";
    if (sheets.size() > 1000) return absl::ResourceExhaustedError("the workbook has over 1,000 sheets");
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view /*name*/) override { return absl::OkStatus(); }
  absl::Status Text(absl::string_view /*text*/) override { return absl::OkStatus(); }

  std::vector<SheetName> sheets;
  bool since_1904 = false;
};

class RelationsReader : public XmlReader {
 public:
  absl::Status Begin(absl::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship") return absl::OkStatus();
    absl::string_view target = attributes.Get("Target");
    const bool absolute = absl::StartsWith(target, "/");
    if (absolute) target.remove_prefix(1);
    targets[std::string(attributes.Get("Id"))] = absolute ? std::string(target) : absl::StrCat("xl/", target);
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view /*name*/) override { return absl::OkStatus(); }
  absl::Status Text(absl::string_view /*text*/) override { return absl::OkStatus(); }

  std::map<std::string, std::string> targets;
};

// The strings that cells share. Furigana ("rPh") is not part of them.
class SharedStringsReader : public XmlReader {
 public:
  explicit SharedStringsReader(const Limits& limits) : limits_(limits) {}

  absl::Status Begin(absl::string_view name, const XmlAttributes& /*attributes*/) override {
    if (name == "si") {
      if (strings.size() >= limits_.cells) return absl::ResourceExhaustedError("the workbook has too many strings");
      strings.emplace_back();
    }
    if (name == "rPh") reading_aid_ = true;
    if (name == "t") inside_ = !reading_aid_;
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view name) override {
    if (name == "t") inside_ = false;
    if (name == "rPh") reading_aid_ = false;
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view text) override {
    if (inside_ && !strings.empty()) absl::StrAppend(&strings.back(), text);
    return absl::OkStatus();
  }

  std::vector<std::string> strings;

 private:
  const Limits& limits_;
  bool inside_ = false;
  bool reading_aid_ = false;
};

// The formats of numbers that are built in: 14 to 17 and 22 are dates, 18 to 21 and 45 to 47 times.
NumberKind KindOfBuiltIn(int id) {
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return NumberKind::kTime;
  if ((id >= 14 && id <= 17) || id == 22) return NumberKind::kDate;
  return NumberKind::kPlain;
}

class StylesReader : public XmlReader {
 public:
  absl::Status Begin(absl::string_view name, const XmlAttributes& attributes) override {
    int id = 0;
    if (name == "numFmt" && absl::SimpleAtoi(attributes.Get("numFmtId"), &id))
      own_[id] = KindOfFormat(attributes.Get("formatCode"));
    if (name == "cellXfs") inside_ = true;
    if (name != "xf" || !inside_) return absl::OkStatus();
    if (!absl::SimpleAtoi(attributes.Get("numFmtId"), &id)) id = 0;
    const auto known = own_.find(id);
    kinds.push_back(known != own_.end() ? known->second : KindOfBuiltIn(id));
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view name) override {
    if (name == "cellXfs") inside_ = false;
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view /*text*/) override { return absl::OkStatus(); }

  std::vector<NumberKind> kinds;  // by the cell's style

 private:
  std::map<int, NumberKind> own_;
  bool inside_ = false;
};

// "BC12" is column 54, from 0. Nothing when there are no letters or too many.
std::optional<size_t> ColumnOf(absl::string_view reference) {
  size_t column = 0;
  size_t letters = 0;
  while (letters < reference.size() && absl::ascii_isupper(static_cast<unsigned char>(reference[letters]))) {
    if (letters == 3) return std::nullopt;
    column = column * 26 + static_cast<size_t>(reference[letters] - 'A' + 1);
    ++letters;
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

class SheetReader : public XmlReader {
 public:
  SheetReader(const std::vector<std::string>& strings, const std::vector<NumberKind>& kinds, bool since_1904,
              const Limits& limits)
      : strings_(strings), kinds_(kinds), since_1904_(since_1904), limits_(limits), table_("", limits) {}

  Table TakeTable() { return std::move(table_); }

  absl::Status Begin(absl::string_view name, const XmlAttributes& attributes) override {
    if (name == "row") return BeginRow(attributes);
    if (name == "c") {
      type_ = std::string(attributes.Get("t"));
      style_ = 0;
      if (!absl::SimpleAtoi(attributes.Get("s"), &style_)) style_ = 0;
      column_ = ColumnOf(attributes.Get("r")).value_or(cells_.size());
      value_.clear();
    }
    if (name == "v" || name == "t") inside_ = true;
    return absl::OkStatus();
  }

  absl::Status End(absl::string_view name) override {
    if (name == "v" || name == "t") inside_ = false;
    if (name == "c") return EndCell();
    if (name == "row") return EndRow();
    return absl::OkStatus();
  }

  absl::Status Text(absl::string_view text) override {
    if (!inside_) return absl::OkStatus();
    if (value_.size() + text.size() > limits_.cell_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("row ", number_, " has a cell over ", limits_.cell_bytes, " bytes"));
    }
    absl::StrAppend(&value_, text);
    return absl::OkStatus();
  }

 private:
  absl::Status BeginRow(const XmlAttributes& attributes) {
    int64_t number = 0;
    number_ =
        absl::SimpleAtoi(attributes.Get("r"), &number) && number > number_ && number < 2'000'000 ? number : number_ + 1;
    cells_.clear();
    return absl::OkStatus();
  }

  absl::Status EndCell() {
    if (column_ >= limits_.columns) {
      // Formatted but empty cells reach far to the right in many sheets.
      if (value_.empty()) return absl::OkStatus();
      return absl::ResourceExhaustedError(absl::StrCat("row ", number_, " has over ", limits_.columns, " cells"));
    }
    if (cells_.size() <= column_) cells_.resize(column_ + 1);
    cells_[column_] = CellValue();
    return absl::OkStatus();
  }

  std::string CellValue() const {
    if (type_ == "s") {
      size_t index = 0;
      return absl::SimpleAtoi(value_, &index) && index < strings_.size() ? std::string(Trimmed(strings_[index])) : "";
    }
    if (!type_.empty() && type_ != "n") return std::string(Trimmed(value_));
    const auto style = static_cast<size_t>(style_);
    const NumberKind kind = style_ >= 0 && style < kinds_.size() ? kinds_[style] : NumberKind::kPlain;
    double number = 0;
    if (value_.empty() || !absl::SimpleAtod(value_, &number)) return value_;
    if (kind == NumberKind::kPlain) return PlainNumber(number);
    return FormatDays(number, kind, since_1904_);
  }

  // Binary fractions show as "130.37000000000001"; fifteen digits are what a spreadsheet shows.
  std::string PlainNumber(double number) const {
    if (value_.size() < 16) return value_;
    return absl::StrFormat("%.15g", number);
  }

  absl::Status EndRow() {
    while (!cells_.empty() && cells_.back().empty()) cells_.pop_back();
    if (cells_.empty()) return absl::OkStatus();
    if (absl::Status status = table_.BeginRow(number_); !status.ok()) return status;
    for (const std::string& cell : cells_) {
      if (absl::Status status = table_.AddMadeCell(cell); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const std::vector<std::string>& strings_;
  const std::vector<NumberKind>& kinds_;
  bool since_1904_;
  const Limits& limits_;
  Table table_;
  int64_t number_ = 0;
  std::vector<std::string> cells_;
  std::string type_;
  int style_ = 0;
  size_t column_ = 0;
  std::string value_;
  bool inside_ = false;
};

// Reads a part; one that is not there is empty.
absl::Status ReadPart(ZipFile* zip, const std::string& name, XmlReader* reader) {
  const auto xml = zip->Read(name);
  if (absl::IsNotFound(xml.status())) return absl::OkStatus();
  if (!xml.ok()) return xml.status();
  return ReadXml(*xml, reader);
}

class Workbook {
 public:
  Workbook(ZipFile zip, const Limits& limits) : zip_(std::move(zip)), limits_(limits), strings_(limits) {}

  absl::Status Open() {
    if (absl::Status status = ReadPart(&zip_, "xl/workbook.xml", &workbook_); !status.ok()) return status;
    if (absl::Status status = ReadPart(&zip_, "xl/_rels/workbook.xml.rels", &relations_); !status.ok()) return status;
    if (absl::Status status = ReadPart(&zip_, "xl/styles.xml", &styles_); !status.ok()) return status;
    if (absl::Status status = ReadPart(&zip_, "xl/sharedStrings.xml", &strings_); !status.ok()) return status;
    if (workbook_.sheets.empty()) return absl::InvalidArgumentError("the file is no workbook, or has no sheet");
    return absl::OkStatus();
  }

  absl::StatusOr<Table> Read(absl::string_view section) {
    if (!section.empty()) {
      std::vector<std::string> names;
      for (const SheetName& sheet : workbook_.sheets) names.push_back(sheet.name);
      const auto chosen = ChooseSection(names, section);
      if (!chosen.ok()) return chosen.status();
      return ReadOne(workbook_.sheets[*chosen]);
    }
    for (const SheetName& sheet : workbook_.sheets) {
      auto table = ReadOne(sheet);
      if (!table.ok() || table->rows() > 0) return table;
    }
    return absl::InvalidArgumentError("no sheet of the workbook has a row");
  }

 private:
  absl::StatusOr<Table> ReadOne(const SheetName& sheet) {
    const auto target = relations_.targets.find(sheet.relation);
    if (target == relations_.targets.end()) {
      return absl::InvalidArgumentError(absl::StrCat("sheet \"", sheet.name, "\" is not in the workbook"));
    }
    const auto xml = zip_.Read(target->second);
    if (!xml.ok()) return xml.status();
    SheetReader reader(strings_.strings, styles_.kinds, workbook_.since_1904, limits_);
    if (absl::Status status = ReadXml(*xml, &reader); !status.ok()) return status;
    return reader.TakeTable();
  }

  ZipFile zip_;
  const Limits& limits_;
  WorkbookReader workbook_;
  RelationsReader relations_;
  StylesReader styles_;
  SharedStringsReader strings_;
};

}  // namespace

NumberKind KindOfFormat(absl::string_view code) {
  bool time = false;
  bool date = false;
  bool quoted = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = absl::ascii_tolower(static_cast<unsigned char>(code[i]));
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\\' || c == '_') ++i;  // the next character is text
    if (c == '[' && code.find(']', i) != absl::string_view::npos) {
      // "[h]" is a time over a day; "[Red]" and "[$-409]" say nothing.
      const std::string inside = absl::AsciiStrToLower(code.substr(i + 1, code.find(']', i) - i - 1));
      time = time || inside.find_first_not_of("hms") == std::string::npos;
      i = code.find(']', i);
      continue;
    }
    if (c == 'h' || c == 's') time = true;
    if (c == 'y' || c == 'd') date = true;
    if (c == ';') break;  // what follows is for negative numbers
  }
  if (date) return NumberKind::kDate;
  return time ? NumberKind::kTime : NumberKind::kPlain;
}

std::string FormatDays(double days, NumberKind kind, bool since_1904) {
  if (!(days >= 0 && days < 3'000'000)) return "";
  if (kind == NumberKind::kDate) {
    // Day 1 is 1900-01-01, and a 29 February 1900 that never was is counted.
    const absl::CivilDay first =
        since_1904 ? absl::CivilDay(1904, 1, 1) : absl::CivilDay(1899, 12, days < 60 ? 31 : 30);
    const absl::CivilDay day = first + static_cast<int64_t>(days);
    return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
  }
  const int64_t milliseconds = std::llround(days * 86'400'000);
  const int64_t seconds = milliseconds / 1000;
  std::string out = absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (milliseconds % 1000 != 0) absl::StrAppendFormat(&out, ".%03d", milliseconds % 1000);
  return out;
}

absl::StatusOr<Table> ReadXlsx(absl::string_view bytes, absl::string_view section, const Limits& limits) {
  auto zip = ZipFile::Open(bytes, limits);
  if (!zip.ok()) return zip.status();
  Workbook workbook(*std::move(zip), limits);
  if (absl::Status status = workbook.Open(); !status.ok()) return status;
  return workbook.Read(section);
}

}  // namespace palmares::ingest
