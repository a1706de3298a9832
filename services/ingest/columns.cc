#include "services/ingest/columns.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/characters.h"
#include "services/athletics/mark.h"
#include "services/ingest/category_divisions.h"
#include "services/ingest/column_units.h"
#include "services/ingest/content.h"
#include "services/ingest/header.h"
#include "services/ingest/legs.h"
#include "services/ingest/row_marks.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr absl::string_view kKnownFields =
    "bib, name, family_name, given_name, sex, division, age, birth_date, birth_year, category, nationality, country, "
    "region, "
    "city, club, external_id, athlete, official_time, gun_time, chip_time, place, sex_place, category_place, wind, "
    "outcome, "
    "qualification, timing, private, split, leg_name, leg_bib, leg_time, pace, ignore";
constexpr absl::string_view kKnownUnits =
    "clock, hh:mm:ss, mm:ss, hh:mm, mm:ss:hh, h.mm.ss, mm.ss, decimal-minutes, decimal-hours, seconds, milliseconds, "
    "metres, "
    "kilometres, points";

// Why a column is not read that might have been meant for something.
constexpr char kUnknownHeader[] = "its header is not known";
constexpr char kUnknownValues[] = "its values do not say what they are";

bool IsTime(Field field) {
  return field == Field::kOfficialTime || field == Field::kGunTime || field == Field::kChipTime;
}

class LayoutFinder {
 public:
  LayoutFinder(const Table& table, const ReadOptions& options, Report* report)
      : table_(table), options_(options), report_(report) {
    layout_.by_field.fill(-1);
  }

  Layout Find() {
    FindHeader();
    layout_.first_row = layout_.header_row ? *layout_.header_row + 1 : 0;
    MakeColumns();
    Declare();
    NameByHeader();
    NameByContent();
    IgnoreEmpty();
    KeepBest();
    TellUnknown();
    if (report_->errors() == 0) CheckEssentials();
    if (report_->errors() == 0) FindColumnUnits(table_, options_, &layout_, report_);
    if (report_->errors() == 0) FindLegs(&layout_);
    return std::move(layout_);
  }

 private:
  void FindHeader() {
    if (options_.no_header) return;
    if (options_.header_row == 0) {
      layout_.header_row = FindHeaderRow(table_, options_.mapping);
      return;
    }
    for (size_t row = 0; row < table_.rows() && table_.number(row) <= options_.header_row; ++row) {
      if (table_.number(row) == options_.header_row) layout_.header_row = row;
    }
    if (layout_.header_row) return;
    AddIssue(MakeIssue(IssueCode::kUnreadable, options_.header_row, "", "",
                       "is declared to hold the headers and is blank", "a row that has them"),
             report_);
  }

  void MakeColumns() {
    size_t count = layout_.header_row ? table_.columns(*layout_.header_row) : 0;
    if (!layout_.header_row) {
      for (size_t row = 0; row < std::min<size_t>(table_.rows(), 50); ++row)
        count = std::max(count, table_.columns(row));
    }
    for (size_t i = 0; i < count; ++i) {
      Column column;
      column.index = i;
      if (layout_.header_row) column.header = WithoutExtraBlanks(table_.cell(*layout_.header_row, i));
      if (column.header.empty()) column.header = absl::StrCat("column ", i + 1);
      shares_.push_back(LookAtColumn(table_, layout_.first_row, i));
      layout_.columns.push_back(std::move(column));
    }
  }

  void AddError(IssueCode code, absl::string_view column, absl::string_view value, absl::string_view what,
                absl::string_view wanted) {
    AddIssue(MakeIssue(code, 0, column, value, what, wanted), report_);
  }

  // The column with the header; by its folded form when no header is the same.
  Column* ColumnNamed(absl::string_view header) {
    for (Column& column : layout_.columns) {
      if (column.header == header) return &column;
    }
    // Without headers a column is named by its number.
    if (int number = 0; !layout_.header_row && absl::SimpleAtoi(header, &number)) {
      const bool there = number >= 1 && static_cast<size_t>(number) <= layout_.columns.size();
      return there ? &layout_.columns[static_cast<size_t>(number) - 1] : nullptr;
    }
    const std::string folded = FoldHeader(header);
    for (Column& column : layout_.columns) {
      if (!folded.empty() && FoldHeader(column.header) == folded) return &column;
    }
    return nullptr;
  }

  std::string Headers() const {
    std::string headers;
    for (const Column& column : layout_.columns) absl::StrAppend(&headers, headers.empty() ? "" : ", ", column.header);
    return headers;
  }

  void AddMissing(const std::string& header, absl::string_view value, bool saved) {
    if (!saved) {
      AddError(IssueCode::kUnknownColumn, header, value, "the file has no such column",
               absl::StrCat("one of ", Headers()));
      return;
    }
    const std::string file = options_.file_name.empty() ? "the file" : options_.file_name;
    AddError(IssueCode::kUnknownColumn, header, value,
             absl::StrCat(options_.saved.name, " tells of this column, and ", file, " has no such one"),
             absl::StrCat("one of ", Headers(), ", or \"", header, "\" left out by an empty field of the import"));
  }

  // A column that a saved mapping tells of need not be there to be left out.
  bool MayBeMissing(const std::string& header, std::optional<Field> field) const {
    return field == Field::kIgnore && options_.saved.headers.contains(FoldHeader(header));
  }

  void DeclareUnit(const std::string& header, const std::string& name) {
    Column* column = ColumnNamed(header);
    const auto unit = ParseUnit(name);
    const bool saved = options_.saved.units.contains(header);
    if (column == nullptr) {
      AddMissing(header, name, saved);
    } else if (!unit) {
      AddError(IssueCode::kUnknownUnit, header, name, "is no unit", absl::StrCat("one of ", kKnownUnits));
    } else {
      column->unit = *unit;
      column->reason = saved ? absl::StrCat("unit by ", options_.saved.name) : "unit declared";
    }
  }

  void Declare() {
    for (const auto& [header, name] : options_.mapping) {
      Column* column = ColumnNamed(header);
      const auto field = ParseField(name);
      const bool saved = options_.saved.columns.contains(header);
      if (column == nullptr && MayBeMissing(header, field)) continue;
      if (column == nullptr) {
        AddMissing(header, name, saved);
      } else if (!field) {
        AddError(IssueCode::kUnknownField, header, name, "is no field", absl::StrCat("one of ", kKnownFields));
      } else {
        DeclareField(*field, name, saved ? ColumnSource::kSaved : ColumnSource::kDeclared, column);
      }
    }
    for (const auto& [header, name] : options_.units) DeclareUnit(header, name);
  }

  void DeclareField(Field field, absl::string_view name, ColumnSource source, Column* column) {
    if (IsOfOneColumn(field)) {
      for (const Column& other : layout_.columns) {
        if (!other.IsDeclared() || other.field != field) continue;
        AddError(IssueCode::kDuplicateField, column->header, name,
                 absl::StrCat("column ", other.header, " is the same field"), "each field once");
        return;
      }
    }
    column->field = field;
    column->source = source;
    column->confidence_percent = 100;
    if (field == Field::kIgnore) {
      column->reason = source == ColumnSource::kSaved ? absl::StrCat("by ", options_.saved.name) : "declared so";
    }
    if (IsOfLeg(field)) return DeclareLeg(name, column);
    if (field != Field::kSplit) return;
    auto split = FindSplitMeaning(name, RaceDistance());
    if (!split) split = FindSplitMeaning(column->header, RaceDistance());
    if (split) column->distance_mm = split->distance_mm;
  }

  void DeclareLeg(absl::string_view name, Column* column) {
    auto leg = FindLegMeaning(name);
    if (!leg) leg = FindLegMeaning(column->header);
    if (leg) {
      column->leg = leg->leg;
      return;
    }
    AddError(IssueCode::kUnknownField, column->header, name, "neither it nor the header says which leg",
             absl::StrCat("the number with the field, as \"", FieldName(column->field), " 2\""));
  }

  // Only then are columns of legs looked for; where the discipline is not known it may be one.
  bool MayBeRelay() const { return options_.discipline == nullptr || options_.discipline->relay_legs > 0; }

  void NameAsLeg(const LegMeaning& leg, Column* column) {
    const absl::string_view value = FirstValue(column->index);
    const bool time = !value.empty() && athletics::IsDigit(value.front());
    column->field = leg.field.value_or(time ? Field::kLegTime : Field::kLegName);
    column->leg = leg.leg;
    column->confidence_percent = 90;
    column->source = ColumnSource::kAlias;
  }

  int64_t RaceDistance() const { return options_.discipline == nullptr ? 0 : options_.discipline->distance_mm; }

  void NameByHeader() {
    if (!layout_.header_row) return;
    for (Column& column : layout_.columns) {
      if (column.IsDeclared()) continue;
      const auto meaning = FindHeaderMeaning(column.header);
      const auto split = FindSplitMeaning(column.header, RaceDistance());
      const auto leg = MayBeRelay() ? FindLegMeaning(column.header) : std::nullopt;
      if (meaning && meaning->field != Field::kIgnore) {
        column.field = ByContentToo(meaning->field, column);
        column.confidence_percent = meaning->confidence_percent;
        column.source = ColumnSource::kAlias;
      } else if (!meaning && leg) {
        NameAsLeg(*leg, &column);
      } else if (!meaning && split) {
        column.field = Field::kSplit;
        column.distance_mm = split->distance_mm;
        column.confidence_percent = 90;
        column.source = ColumnSource::kAlias;
      } else {
        column.reason = meaning || IsOfMeet(column) ? "not stored" : kUnknownHeader;
      }
    }
  }

  // HY-TEK prints the year at school, 9 to 12 or FR to SR, and the heat as "H#". Elsewhere a year may be that of birth.
  bool IsOfMeet(const Column& column) const {
    return report_->format == "hytek" && (column.header == "Year" || column.header == "H#");
  }

  // Some headers mean two things: a "division" is an age group, the place in it, or wheelchairs and runners; an
  // "athlete" a name or an id.
  Field ByContentToo(Field field, const Column& column) const {
    const ContentShares& shares = shares_[column.index];
    const std::string folded = FoldHeader(column.header);
    const bool division = folded == "division" || folded == "div";
    if (field == Field::kCategory && division && shares.place_of + shares.whole > 0.8) return Field::kCategoryPlace;
    if (field == Field::kCategory && shares.place_of > 0.8) return Field::kCategoryPlace;
    if (field == Field::kCategory && division && HoldsDivisions(table_, layout_.first_row, column.index)) {
      return Field::kDivision;
    }
    if (field == Field::kDivision && shares.band > 0.5 && !HoldsDivisions(table_, layout_.first_row, column.index)) {
      return Field::kCategory;
    }
    if (field == Field::kName && folded == "athlete" && absl::StartsWith(FirstValue(column.index), "athletes/"))
      return Field::kAthlete;
    return field;
  }

  bool Has(Field field) const {
    return std::any_of(layout_.columns.begin(), layout_.columns.end(),
                       [field](const Column& column) { return column.field == field; });
  }
  bool HasName() const { return Has(Field::kName) || Has(Field::kFamilyName) || Has(Field::kGivenName); }
  bool HasTime() const { return Has(Field::kOfficialTime) || Has(Field::kGunTime) || Has(Field::kChipTime); }

  // Without a header every column is judged by its values. With one, only what no result can do without.
  void NameByContent() {
    for (Column& column : layout_.columns) {
      if (column.source != ColumnSource::kIgnored) continue;
      HeaderMeaning guess = GuessField(shares_[column.index]);
      if (guess.field == Field::kIgnore) continue;
      const bool needed = (guess.field == Field::kName && !HasName()) || (IsTime(guess.field) && !HasTime());
      if (layout_.header_row && !needed) continue;
      // The first column of times is the mark; paces and splits come after it.
      if (Has(guess.field)) continue;
      column.field = guess.field;
      column.source = ColumnSource::kContent;
      column.confidence_percent = guess.confidence_percent;
      column.reason.clear();
    }
    for (Column& column : layout_.columns) {
      if (column.source == ColumnSource::kIgnored && column.reason.empty()) column.reason = kUnknownValues;
    }
  }

  void Ignore(Column* column, std::string reason) {
    column->field = Field::kIgnore;
    column->source = ColumnSource::kIgnored;
    column->confidence_percent = 0;
    column->reason = std::move(reason);
  }

  // Whoever qualified may have a star, whose meaning a footnote tells: reading the rows says how many.
  bool HasStarsForMarks(const Column& column) const {
    if (column.field != Field::kQualification) return false;
    for (size_t row = layout_.first_row; row < table_.rows(); ++row) {
      if (Trimmed(table_.cell(row, column.index)) == "*") return true;
    }
    return false;
  }

  void IgnoreEmpty() {
    for (Column& column : layout_.columns) {
      if (column.IsDeclared() || shares_[column.index].values > 0 || !FirstValue(column.index).empty()) continue;
      if (HasStarsForMarks(column)) continue;
      Ignore(&column, "no row has more in it than a blank, a dash or an asterisk");
    }
  }

  // Of columns of one field the one that is surest is read; the first of equals.
  void KeepBest() {
    for (size_t i = 0; i < layout_.columns.size(); ++i) {
      Column& column = layout_.columns[i];
      if (!IsOfOneColumn(column.field)) continue;
      int& best = layout_.by_field[static_cast<size_t>(column.field)];
      if (best < 0) {
        best = static_cast<int>(i);
        continue;
      }
      Column& other = layout_.columns[static_cast<size_t>(best)];
      const bool surer = column.confidence_percent > other.confidence_percent;
      if (surer) best = static_cast<int>(i);
      GiveUp(surer ? &other : &column, surer ? column : other);
    }
  }

  // Of two columns of categories one may be of divisions: "Men Open" and "Men Wheelchair" beside age groups.
  void GiveUp(Column* column, const Column& read) {
    if (column->field == Field::kCategory && !Has(Field::kDivision) &&
        NamesDivisions(table_, layout_.first_row, column->index)) {
      column->field = Field::kDivision;
      layout_.by_field[static_cast<size_t>(Field::kDivision)] = static_cast<int>(column->index);
      return;
    }
    Ignore(column, absl::StrCat(FieldName(column->field), " is read from ", read.header));
  }

  // A column that nothing reads may be a slip in its header: "chip tmie".
  void TellUnknown() {
    for (const Column& column : layout_.columns) {
      const bool unknown = column.reason == kUnknownHeader || column.reason == kUnknownValues;
      if (column.source != ColumnSource::kIgnored || !unknown) continue;
      const std::optional<NearMiss> near = column.reason == kUnknownHeader ? FindNearMiss(column.header) : std::nullopt;
      Issue issue = MakeIssue(
          IssueCode::kUnknownColumn, layout_.header_row ? table_.number(*layout_.header_row) : 0, column.header,
          FirstValue(column.index),
          absl::StrCat("a column that is not read, as ", column.reason,
                       near ? absl::StrCat("; it is like \"", near->header, "\", ", FieldName(near->field)) : ""),
          absl::StrCat("the column's field in the manifest, such as ", near ? FieldName(near->field) : "club",
                       ", or \"ignore\""));
      issue.severity = Severity::kWarning;
      AddIssue(std::move(issue), report_);
    }
  }

  absl::string_view FirstValue(size_t column) const {
    for (size_t row = layout_.first_row; row < table_.rows(); ++row) {
      const absl::string_view value = Trimmed(table_.cell(row, column));
      if (!IsMissing(value)) return value;
    }
    return {};
  }

  void CheckEssentials() {
    if (table_.rows() <= layout_.first_row) {
      AddError(IssueCode::kNoRows, "", "", "the file has no row of a competitor", "at least one");
      return;
    }
    const std::string advice =
        absl::StrCat("a header that is known, or one declared in the manifest; the file has ", Headers());
    if (!HasName()) AddError(IssueCode::kNoNameColumn, "", "", "no column holds names", advice);
    if (!HasTime()) AddError(IssueCode::kNoTimeColumn, "", "", "no column holds marks", advice);
  }

  const Table& table_;
  const ReadOptions& options_;
  Report* report_;
  Layout layout_;
  std::vector<ContentShares> shares_;
};

std::vector<std::string> Samples(const Table& table, const Layout& layout, size_t column) {
  std::vector<std::string> samples;
  for (size_t row = layout.first_row; row < table.rows() && row < layout.first_row + 500 && samples.size() < 3; ++row) {
    const absl::string_view value = Trimmed(table.cell(row, column));
    if (value.empty() || std::find(samples.begin(), samples.end(), value) != samples.end()) continue;
    samples.emplace_back(value.substr(0, 60));
  }
  return samples;
}

int64_t Filled(const Table& table, const Layout& layout, size_t column) {
  int64_t filled = 0;
  for (size_t row = layout.first_row; row < table.rows(); ++row) {
    filled += Trimmed(table.cell(row, column)).empty() ? 0 : 1;
  }
  return filled;
}

// A mark as the sport prints it; everything else, and what is no mark ("DNF"), as it stands.
std::string ReadingOf(const std::string& sample, const Column& column, const athletics::Discipline* discipline) {
  if (!column.unit) return sample;
  const auto mark = ParseInUnit(MarkText(sample), *column.unit);
  if (!mark.ok()) return sample;
  return column.distance_mm > 0 ? athletics::FormatTime(*mark) : PrintedMark(*mark, discipline);
}

}  // namespace

Layout FindLayout(const Table& table, const ReadOptions& options, Report* report) {
  return LayoutFinder(table, options, report).Find();
}

const Column* OfficialColumn(const Layout& layout, const ReadOptions& options) {
  const bool by_gun = options.places_by == Clock::kGun;
  for (const Field field : {Field::kOfficialTime, by_gun ? Field::kGunTime : Field::kChipTime,
                            by_gun ? Field::kChipTime : Field::kGunTime}) {
    if (const Column* column = layout.Find(field)) return column;
  }
  return nullptr;
}

void ReportColumns(const Table& table, const Layout& layout, const athletics::Discipline* discipline, Report* report) {
  if (layout.header_row) {
    report->header_row = table.number(*layout.header_row);
    for (size_t row = 0; row < *layout.header_row; ++row) {
      std::string title;
      for (size_t i = 0; i < table.columns(row); ++i)
        absl::StrAppend(&title, title.empty() ? "" : " ", table.cell(row, i));
      report->titles.push_back(WithoutExtraBlanks(title));
    }
  }
  for (const Column& column : layout.columns) {
    ColumnReport reported;
    reported.number = static_cast<int>(column.index) + 1;
    reported.header = column.header;
    const bool read = column.field != Field::kIgnore;
    reported.field = read ? std::string(FieldName(column.field)) : "";
    reported.source = read ? column.source : ColumnSource::kIgnored;
    reported.confidence_percent = column.confidence_percent;
    if (read && column.unit) reported.unit = std::string(UnitName(*column.unit));
    reported.reason = column.reason;
    reported.samples = Samples(table, layout, column.index);
    for (const std::string& sample : reported.samples)
      reported.readings.push_back(ReadingOf(sample, column, discipline));
    reported.filled = Filled(table, layout, column.index);
    report->columns.push_back(std::move(reported));
  }
}

}  // namespace palmares::ingest
