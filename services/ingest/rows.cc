#include "services/ingest/rows.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/athletics/qualification_mark.h"
#include "services/ingest/category_divisions.h"
#include "services/ingest/category_sexes.h"
#include "services/ingest/column_units.h"
#include "services/ingest/dates.h"
#include "services/ingest/legs.h"
#include "services/ingest/mark_cell.h"
#include "services/ingest/place_text.h"
#include "services/ingest/private_rows.h"
#include "services/ingest/row_marks.h"
#include "services/ingest/table_lines.h"
#include "services/ingest/text.h"
#include "services/ingest/validate.h"

namespace palmares::ingest {
namespace {

constexpr size_t kRowsBetweenReports = 4096;

// What forms write where nobody said it.
constexpr absl::string_view kUntold[] = {"not specified",
                                         "not stated",
                                         "not given",
                                         "not known",
                                         "unspecified",
                                         "unknown",
                                         "undisclosed",
                                         "prefer not to say",
                                         "no answer",
                                         "other/unknown",
                                         "u",
                                         "k.a.",
                                         "keine angabe",
                                         "unbekannt",
                                         "non précisé",
                                         "inconnu",
                                         "sin especificar",
                                         "desconocido",
                                         "non specificato",
                                         "onbekend"};

bool IsUntold(absl::string_view text) {
  return std::any_of(std::begin(kUntold), std::end(kUntold),
                     [text](absl::string_view untold) { return absl::EqualsIgnoreCase(text, untold); });
}

using athletics::Outcome;
using results::Result;

class RowReader {
 public:
  RowReader(const Table& table, const Layout& layout, const ReadOptions& options, Report* report)
      : table_(table),
        layout_(layout),
        options_(options),
        report_(report),
        name_order_(FindNameOrderOf(table, layout, options)),
        legs_(table, layout, report),
        private_rows_(layout),
        category_sexes_(table, layout),
        category_divisions_(table, layout) {
    if (const Column* birth = layout.Find(Field::kBirthDate)) date_order_ = FindDateOrder(Values(birth->index));
    if (options.race_date) race_year_ = static_cast<int>(options.race_date->year());
  }

  std::vector<Row> ReadAll() {
    std::vector<Row> rows;
    rows.reserve(table_.rows() - layout_.first_row);
    for (size_t i = layout_.first_row; i < table_.rows(); ++i) {
      if ((i - layout_.first_row) % kRowsBetweenReports == 0 && !Tell(i)) return {};
      if (!HoldsCompetitor(table_, layout_, i, report_)) continue;
      rows.emplace_back();
      row_ = &rows.back();
      row_->table_row = i;
      row_->number = table_.number(i);
      ReadOne();
    }
    category_sexes_.Report(report_);
    category_divisions_.Report(report_);
    private_rows_.Report(report_);
    TellStars();
    if (finer_) KeepReadings(rows);
    return rows;
  }

 private:
  bool Tell(size_t row) const {
    return !options_.progress || options_.progress(static_cast<int64_t>(row), static_cast<int64_t>(table_.rows()));
  }

  std::vector<absl::string_view> Values(size_t column) const {
    std::vector<absl::string_view> values;
    for (size_t row = layout_.first_row; row < table_.rows(); ++row)
      values.push_back(Trimmed(table_.cell(row, column)));
    return values;
  }

  // The trimmed value of the field; empty when there is none or it says that it is missing.
  absl::string_view Value(const Column* column) const {
    if (column == nullptr) return {};
    const absl::string_view value = Trimmed(table_.cell(row_->table_row, column->index));
    return IsMissing(value) ? absl::string_view() : value;
  }
  absl::string_view Value(Field field) const { return Value(layout_.Find(field)); }

  // The same of a part of a name: people are called Na, None and Null.
  absl::string_view NamePart(Field field) const {
    const Column* column = layout_.Find(field);
    if (column == nullptr) return {};
    const absl::string_view value = Trimmed(table_.cell(row_->table_row, column->index));
    return IsMissing(value) && !IsWord(value) ? absl::string_view() : value;
  }

  void Add(IssueCode code, const Column* column, absl::string_view what, absl::string_view wanted) {
    AddRowIssue(MakeIssue(code, row_->number, column == nullptr ? "" : column->header, Value(column), what, wanted),
                row_, report_);
  }

  void ReadOne() {
    CheckLength(table_, layout_, row_, report_);
    Result& result = row_->result;
    const bool named = !private_rows_.Take(Value(private_rows_.column()), row_, report_);
    if (named) ReadName();
    result.bib = std::string(Value(Field::kBib));
    result.region = std::string(Value(Field::kRegion));
    result.city = std::string(Value(Field::kCity));
    result.club = std::string(Value(Field::kClub));
    result.external_id = std::string(Value(Field::kExternalId));
    result.athlete = std::string(Value(Field::kAthlete));
    if (const absl::string_view category = Value(Field::kCategory); category != "0")
      result.category = std::string(category);
    ReadSex();
    ReadDivision();
    ReadCountry();
    ReadAge();
    ReadBirth();
    ReadWind();
    ReadPlaces();
    ReadOutcome();
    ReadQualification();
    ReadTiming();
    ReadMarks();
    ReadSplits();
    if (!layout_.legs.empty()) legs_.Read(row_);
    CheckOutcome();
    if (!named) HideCompetitor(&result);
  }

  void ReadName() {
    Result& result = row_->result;
    const absl::string_view family = NamePart(Field::kFamilyName);
    const absl::string_view given = NamePart(Field::kGivenName);
    const absl::string_view whole = Value(Field::kName);
    if (!whole.empty()) {
      ReadName(whole);
      // Beside a whole name the parts count only when there are both: files that split names badly leave one empty.
      if (!family.empty() && !given.empty() && result.family_name.empty()) {
        result.family_name = WithoutExtraBlanks(family);
        result.given_name = WithoutExtraBlanks(given);
      }
    } else {
      result.family_name = WithoutExtraBlanks(family);
      result.given_name = WithoutExtraBlanks(given);
      result.name = absl::StrCat(result.given_name, family.empty() || given.empty() ? "" : " ", result.family_name);
    }
    if (!result.name.empty()) return;
    const Column* column = layout_.Find(Field::kName);
    if (column == nullptr) column = layout_.Find(Field::kFamilyName);
    if (column == nullptr) column = layout_.Find(Field::kGivenName);
    Add(IssueCode::kMissingName, column, "the row has no name", "a name");
  }

  void ReadName(absl::string_view whole) {
    ingest::ReadName read = SplitName(whole, name_order_);
    row_->result.name = std::move(read.name);
    row_->result.family_name = std::move(read.family);
    row_->result.given_name = std::move(read.given);
    if (!read.country.empty()) SetCountry(read.country, layout_.Find(Field::kName));
  }

  void ReadSex() {
    const Column* column = layout_.Find(Field::kSex);
    const absl::string_view value = Value(column);
    if (value.empty()) {
      row_->result.sex = options_.race_sex;
      if (row_->result.sex == athletics::Sex::kUnknown) row_->result.sex = category_sexes_.Take(row_->result.category);
      return;
    }
    auto [known, added] = sexes_.try_emplace(value);
    if (added) known->second = athletics::ParseSex(value);
    if (known->second) {
      row_->result.sex = *known->second;
    } else if (IsUntold(value)) {
      row_->result.sex = options_.race_sex;
    } else {
      Add(IssueCode::kUnknownSex, column, "is no sex",
          "M, W or X, in words or letters of any common language, or nothing where it is not known");
    }
  }

  void ReadDivision() {
    Result& result = row_->result;
    const Column* column = layout_.Find(Field::kDivision);
    const absl::string_view value = Value(column);
    if (value.empty()) {
      result.division = category_divisions_.Take(result.category);
      // Where categories tell the others apart, another category is a runner's.
      const bool running = result.division == athletics::Division::kRunning;
      row_->says_runner = running && category_divisions_.any() && !result.category.empty();
      return;
    }
    if (const auto division = athletics::ParseDivision(value)) {
      result.division = *division;
      row_->says_runner = *division == athletics::Division::kRunning;
      return;
    }
    const NamedDivision named = DivisionOfLabel(value);
    result.division = named.division;
    row_->says_runner = named.sure && named.division == athletics::Division::kRunning;
    if (named.sure || named.division != athletics::Division::kRunning) return;
    Issue issue =
        MakeIssue(IssueCode::kUnknownDivision, row_->number, column->header, value, "is no division",
                  "running, wheelchair, handcycle, para or a class such as T46, or the column read as category");
    if (column->IsDeclared()) issue.severity = Severity::kError;
    AddRowIssue(std::move(issue), row_, report_);
  }

  void ReadCountry() {
    if (!row_->result.country.empty()) return;  // behind the name
    for (const Field field : {Field::kNationality, Field::kCountry}) {
      const Column* column = layout_.Find(field);
      const absl::string_view value = Value(column);
      if (value.empty()) continue;
      SetCountry(value, column);
      if (!row_->result.country.empty()) return;
    }
  }

  void SetCountry(absl::string_view value, const Column* column) {
    auto [known, added] = countries_.try_emplace(value);
    if (added) {
      if (const auto country = athletics::FindCountry(value)) known->second = std::string(country->code);
    }
    row_->result.country = known->second;
    if (known->second.empty()) {
      AddRowIssue(MakeIssue(IssueCode::kUnknownCountry, row_->number, column == nullptr ? "" : column->header, value,
                            "is no country that is known; left open",
                            "a code of World Athletics, the IOC or ISO 3166, or a name"),
                  row_, report_);
    }
  }

  void ReadAge() {
    const Column* column = layout_.Find(Field::kAge);
    const absl::string_view value = Value(column);
    if (value.empty()) return;
    const auto age = ParseWhole(value);
    if (!age || *age > 120) return Add(IssueCode::kBadAge, column, "is no age", "whole years from 0 to 120");
    row_->result.age = *age;
    if (IsRareAge(*age)) Add(IssueCode::kImplausibleAge, column, "is a rare age", "");
  }

  void ReadBirth() {
    const Column* date = layout_.Find(Field::kBirthDate);
    const Column* year = layout_.Find(Field::kBirthYear);
    if (const absl::string_view value = Value(date); !value.empty()) {
      if (const auto birth = ParseBirthDate(value, date_order_)) {
        row_->result.birth = *birth;
      } else {
        Add(IssueCode::kBadDate, date, "is no date of birth", "a date such as 1990-05-17");
      }
    }
    const absl::string_view value = Value(year);
    if (row_->result.birth.known() || value.empty() || value == "0" || value == "0000") return;
    if (const auto birth = ParseBirthYear(value, race_year_)) {
      row_->result.birth = *birth;
    } else {
      Add(IssueCode::kBadDate, year, "is no year of birth", "a year such as 1990");
    }
  }

  void ReadWind() {
    const Column* column = layout_.Find(Field::kWind);
    const absl::string_view value = Value(column);
    if (value.empty() || absl::EqualsIgnoreCase(value, "NWI")) return;
    const bool against = value.front() == '-';
    const absl::string_view digits = value.substr(value.front() == '+' || against ? 1 : 0);
    const auto millimetres = ParseInUnit(digits, Unit::kMetres);
    if (!millimetres.ok() || *millimetres > 30'000) {
      return Add(IssueCode::kBadWind, column, "is no wind", "metres a second such as +1.2");
    }
    const auto wind = static_cast<int32_t>(*millimetres / 10);
    row_->result.wind_cm_s = against ? -wind : wind;
  }

  void ReadPlaces() {
    Result& result = row_->result;
    if (const auto place = ReadPlace(layout_.Find(Field::kPlace), true)) {
      result.place = place->place;
      result.place_of = place->of;
      row_->field_of_zero = place->of_zero;
      if (place->of_zero) {
        Add(IssueCode::kFieldOfZero, layout_.Find(Field::kPlace),
            "is a place in a field of nobody; the field is not used", "");
      }
    }
    if (const auto place = ReadPlace(layout_.Find(Field::kSexPlace), false)) result.sex_place = place->place;
    if (const auto place = ReadPlace(layout_.Find(Field::kCategoryPlace), false)) result.category_place = place->place;
  }

  std::optional<PlaceText> ReadPlace(const Column* column, bool overall) {
    const absl::string_view value = Value(column);
    if (value.empty()) return std::nullopt;
    if (const auto place = ParsePlace(value)) return place;
    if (SetOutcome(value)) return std::nullopt;
    Issue issue = MakeIssue(IssueCode::kBadPlace, row_->number, column->header, value, "is no place",
                            "a place such as 12 or 3 / 32");
    if (!overall) issue.severity = Severity::kWarning;
    AddRowIssue(std::move(issue), row_, report_);
    return std::nullopt;
  }

  // Takes the text as DNF, DNS, DQ ... when it is one.
  bool SetOutcome(absl::string_view text) {
    auto parsed = athletics::ParseOutcome(text);
    if (!parsed) return false;
    // A disqualification with its rule says more than the same without it.
    if (row_->result.outcome == Outcome::kFinished || row_->result.outcome_rule.empty()) {
      row_->result.outcome = parsed->outcome;
      row_->result.outcome_rule = std::move(parsed->rule);
    }
    return true;
  }

  void ReadOutcome() {
    const absl::string_view value = Value(Field::kOutcome);
    if (!value.empty()) SetOutcome(value);
  }

  void ReadQualification() {
    const Column* column = layout_.Find(Field::kQualification);
    const absl::string_view value = Value(column);
    if (value.empty()) return CountStar(column);
    if (const auto marks = athletics::ParseQualificationMarks(value)) {
      row_->result.qualification_marks = *marks;
    } else {
      Add(IssueCode::kBadQualification, column, "is no mark of advancement; left out",
          "Q, q, qR, qJ, YC, YRC, RC, L, P");
    }
  }

  // A star has a meaning that only the file's own footnote tells, such as a time that admits to another race.
  void CountStar(const Column* column) {
    if (column == nullptr || Trimmed(table_.cell(row_->table_row, column->index)) != "*") return;
    if (stars_ == 0) first_star_ = row_->number;
    ++stars_;
  }

  void TellStars() {
    if (stars_ == 0) return;
    AddIssue(MakeIssue(IssueCode::kBadQualification, first_star_, layout_.Find(Field::kQualification)->header, "*",
                       absl::StrCat(stars_, stars_ == 1 ? " row has" : " rows have, this one the first,",
                                    " a star, which is no mark of advancement; left out"),
                       "Q, q, qR, qJ, YC, YRC, RC, L, P, or the column as \"ignore\""),
             report_);
  }

  // What a column says of the row goes before what is written behind its mark.
  void ReadTiming() {
    const Column* column = layout_.Find(Field::kTiming);
    const absl::string_view value = Value(column);
    if (value.empty()) return;
    if (const auto timing = ParseTiming(value)) {
      row_->result.timing = *timing;
    } else {
      Add(IssueCode::kBadTiming, column, "is no way of timing; left out", "hand, automatic or transponder");
    }
  }

  // The row's own where it says one, as "10.2h" does.
  athletics::Timing RowTiming() const { return athletics::TimingOf(row_->result.timing, options_.timing); }

  void ReadMarks() {
    Result& result = row_->result;
    unread_ = false;
    const int64_t official = ReadMark(layout_.Find(Field::kOfficialTime));
    result.gun_mark = ReadMark(layout_.Find(Field::kGunTime));
    result.chip_mark = ReadMark(layout_.Find(Field::kChipTime));
    const Column* source = layout_.Find(Field::kOfficialTime);
    result.official_mark = official;
    if (official == 0) {
      if (!unread_) DeriveOfficial(&source);  // else the row is refused, and its mark is not missing
    } else if (options_.discipline != nullptr) {
      const bool by_chip = options_.places_by == Clock::kChip;
      finer_ |= RoundOfficialMark(result, *options_.discipline, RowTiming(), by_chip);
    }
    if (result.official_mark != 0) KeepMarkText(source);
  }

  // The race's clock decides; the other one stands in with a warning when other rows have the race's clock.
  void DeriveOfficial(const Column** source) {
    Result& result = row_->result;
    const Column* gun = layout_.Find(Field::kGunTime);
    const Column* chip = layout_.Find(Field::kChipTime);
    const bool by_gun = options_.places_by == Clock::kGun;
    int64_t mark = by_gun ? result.gun_mark : result.chip_mark;
    *source = by_gun ? gun : chip;
    if (mark == 0) {
      const Column* missing =
          layout_.Find(Field::kOfficialTime) != nullptr ? layout_.Find(Field::kOfficialTime) : *source;
      mark = by_gun ? result.chip_mark : result.gun_mark;
      *source = by_gun ? chip : gun;
      if (mark != 0 && missing != nullptr) {
        Add(IssueCode::kOfficialFromChip, missing,
            absl::StrCat("no time on the race's clock; ", (*source)->header, " is taken"), "");
      }
    }
    if (mark == 0) return;
    result.official_mark =
        options_.discipline == nullptr ? mark : athletics::OfficialFromClock(mark, *options_.discipline, RowTiming());
  }

  // Where the official times were read more finely than the rule rounds, those of a round number are readings too.
  void KeepReadings(std::vector<Row>& rows) const {
    const bool by_chip = options_.places_by == Clock::kChip;
    if (layout_.Find(by_chip ? Field::kChipTime : Field::kGunTime) != nullptr) return;
    for (Row& row : rows) {
      int64_t& clock = by_chip ? row.result.chip_mark : row.result.gun_mark;
      if (clock == 0) clock = row.result.official_mark;
    }
  }

  void KeepMarkText(const Column* source) {
    Result& result = row_->result;
    const absl::string_view text = Value(source);
    const MarkCell cell = ReadMarkCell(text);
    // What stands behind the mark is kept apart.
    const absl::string_view written = cell.qualification_marks.empty() ? text : cell.written;
    if (PrintedMark(result.official_mark, options_.discipline) != written) result.mark_text = std::string(written);
  }

  int64_t ReadMark(const Column* column) {
    if (column == nullptr || !column->unit) return 0;
    const MarkCell cell = ReadMarkCell(Value(column));
    const bool hand = cell.hand && CanBeHandTime(*column->unit);
    const absl::string_view text = hand ? cell.number : cell.written;
    if (IsMissing(text)) return 0;
    if (hand && row_->result.timing == athletics::Timing::kUnknown) row_->result.timing = athletics::Timing::kHand;
    AddQualification(cell.qualification_marks);
    const auto mark = ParseMarkIn(text, *column->unit, options_.discipline);
    if (!mark.ok()) {
      if (!SetOutcome(text))
        AddBadTime(column, mark.status().message(), absl::StrCat("a time as ", UnitName(*column->unit)));
      return 0;
    }
    if (const int64_t speed = ImpossibleSpeed(*mark, options_.discipline); speed != 0) {
      AddBadTime(column, absl::StrCat("nobody covers the distance at ", speed, " m/s"), "a possible time");
      return 0;
    }
    return *mark;
  }

  void AddBadTime(const Column* column, absl::string_view what, absl::string_view wanted) {
    unread_ = true;
    Add(IssueCode::kBadTime, column, what, wanted);
  }

  void AddQualification(const athletics::QualificationMarks& marks) {
    if (marks.empty()) return;
    athletics::QualificationMarks& known = row_->result.qualification_marks;
    known = athletics::UnpackQualificationMarks(athletics::PackQualificationMarks(known) |
                                                athletics::PackQualificationMarks(marks));
  }

  void ReadSplits() {
    if (layout_.splits.empty()) return;
    Result& result = row_->result;
    result.splits.reserve(layout_.splits.size());
    for (const size_t index : layout_.splits) {
      const Column& column = layout_.columns[index];
      const absl::string_view text = MarkText(Value(&column));
      int64_t split = 0;
      if (!IsMissing(text)) {
        if (const auto parsed = ParseInUnit(text, *column.unit); parsed.ok()) {
          split = *parsed;
        } else if (!athletics::ParseOutcome(text)) {
          Add(IssueCode::kBadSplit, &column, parsed.status().message(),
              absl::StrCat("a time as ", UnitName(*column.unit)));
        }
      }
      result.splits.push_back(split);
    }
  }

  void CheckOutcome() {
    Result& result = row_->result;
    const Column* place = layout_.Find(Field::kPlace);
    if (result.outcome != Outcome::kFinished) {
      if (result.place > 0) {
        Add(IssueCode::kOutcomeWithPlace, place,
            absl::StrCat("a place, but the outcome is ", athletics::OutcomeCode(result.outcome)),
            "no place, or a mark");
      }
      return;
    }
    if (result.official_mark != 0 || !row_->errors.empty()) return;
    const bool under_way =
        std::any_of(result.splits.begin(), result.splits.end(), [](int64_t split) { return split > 0; });
    if (under_way && result.place == 0) {
      result.outcome = Outcome::kDidNotFinish;
      Add(IssueCode::kOutcomeAssumed, nullptr, "no mark, but splits; taken as DNF",
          "DNF, DNS or DQ where the mark would be");
      return;
    }
    Add(IssueCode::kMissingTime, FirstMarkColumn(), "the row has no mark", "a time, or DNF, DNS, DQ");
  }

  const Column* FirstMarkColumn() const {
    for (const Field field : {Field::kOfficialTime, Field::kGunTime, Field::kChipTime}) {
      if (const Column* column = layout_.Find(field)) return column;
    }
    return nullptr;
  }

  const Table& table_;
  const Layout& layout_;
  const ReadOptions& options_;
  bool finer_ = false;   // official times were read more finely than the rule rounds
  bool unread_ = false;  // a mark of the row is there and cannot be read
  Report* report_;
  NameOrder name_order_;
  LegReader legs_;
  DateOrder date_order_ = DateOrder::kDayFirst;
  int race_year_ = 2100;  // the latest year that a birth can be in
  Row* row_ = nullptr;
  int64_t stars_ = 0;  // rows with a star for a mark of advancement
  int64_t first_star_ = 0;
  PrivateRows private_rows_;
  CategorySexes category_sexes_;
  CategoryDivisions category_divisions_;
  absl::flat_hash_map<std::string, std::optional<athletics::Sex>> sexes_;
  absl::flat_hash_map<std::string, std::string> countries_;
};

}  // namespace

void AddRowIssue(Issue issue, Row* row, Report* report) {
  if (issue.severity == Severity::kError) {
    Issue reason = issue;
    reason.row = 0;  // the file of rejected rows has the row beside it
    absl::StrAppend(&row->errors, row->errors.empty() ? "" : " / ", FormatIssue(reason));
  }
  AddIssue(std::move(issue), report);
}

std::vector<Row> ReadRows(const Table& table, const Layout& layout, const ReadOptions& options, Report* report) {
  return RowReader(table, layout, options, report).ReadAll();
}

}  // namespace palmares::ingest
