#include "tools/palmares/identity_score_reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/country.h"
#include "services/identity/fold.h"
#include "services/ingest/dates.h"
#include "services/ingest/decode.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"
#include "tools/palmares/identity_score_columns.h"

namespace palmares::tools {
namespace {

using athletics::Date;
using athletics::PartialDate;
using ingest::DateOrder;

// Of a column of texts at least this share is none: numbers under "place" or "club" are no town and no club.
constexpr size_t kMostNumbersPercent = 80;
// From this share of rows on that repeat somebody of their group, groups are no races: nobody runs one twice.
constexpr size_t kMostRepeatsPercent = 2;
constexpr size_t kMostBytes = size_t{1} << 30;  // of a file on the caller's own machine

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// The forms of ingest::ParseBirthDate, and YYYYMMDD, YYYY-MM, "Feb 3, 1971" and "3/2/71". Unknown for others, and for
// what is no day of the calendar.
PartialDate ReadDate(absl::string_view text, DateOrder order) {
  std::string form(text.substr(0, text.find('T', std::min<size_t>(text.size(), 8))));
  if (form.size() == 8 && IsDigits(form)) {
    form = absl::StrCat(form.substr(0, 4), "-", form.substr(4, 2), "-", form.substr(6, 2));
  }
  std::vector<std::string> parts = absl::StrSplit(form, absl::ByAnyChar(" ,./-"), absl::SkipEmpty());
  if (parts.size() >= 3 && absl::ascii_isalpha(static_cast<unsigned char>(parts[0][0]))) {
    form = absl::StrCat(parts[1], " ", parts[0], " ", parts[2]);
  } else if (parts.size() >= 3 && parts[0].size() <= 2 && parts[2].size() == 2 && IsDigits(parts[2])) {
    const auto year = ingest::ParseBirthYear(parts[2], 2026);
    if (year.has_value()) form = absl::StrCat(parts[0], "/", parts[1], "/", year->year);
  }
  if (const auto date = ingest::ParseBirthDate(form, order)) return *date;
  if (parts.size() == 1 && IsDigits(form) && form.size() == 2) {
    return ingest::ParseBirthYear(form, 2026).value_or(PartialDate{});
  }
  return athletics::ParsePartialDate(form).value_or(PartialDate{});
}

// A code where the text is a country's in any spelling, so that "FR", "FRA" and "France" are one.
std::string ReadCountry(absl::string_view text) {
  const auto country = athletics::FindCountry(text);
  return std::string(country.has_value() ? country->code : text);
}

int ReadAge(absl::string_view text) {
  double age = 0;
  return absl::SimpleAtod(text, &age) && age > 0 && age < 130 ? static_cast<int>(age) : 0;
}

void AddRace(absl::string_view cell, LabelledRow& row) {
  absl::StrAppend(&row.race, row.race.empty() ? "" : "|", cell);
}

void SetDate(absl::string_view cell, DateOrder order, LabelledRow& row) {
  PartialDate date = ReadDate(cell, order);
  AddRace(cell, row);
  if (!date.known()) {  // "2013/14", "Season 2013"
    const size_t digit = cell.find_first_of("0123456789");
    if (digit != absl::string_view::npos) date = ReadDate(cell.substr(digit, 4), order);
  }
  if (!date.known() || (row.date.has_value() && !date.full())) return;
  row.date = date.full() ? Date(date.year, date.month, date.day) : Date(date.year, 7, 1);
}

using Setter = void (*)(absl::string_view cell, DateOrder order, LabelledRow& row);
template <std::string LabelledRow::*kText>
void SetText(absl::string_view cell, DateOrder, LabelledRow& row) {
  row.*kText = std::string(cell);
}

const std::map<absl::string_view, Setter>& Fields() {
  static const auto& fields = *new std::map<absl::string_view, Setter>{
      {"name", SetText<&LabelledRow::name>},
      {"family_name", SetText<&LabelledRow::family_name>},
      {"given_name", SetText<&LabelledRow::given_name>},
      {"birth",
       [](absl::string_view cell, DateOrder order, LabelledRow& row) {
         const PartialDate birth = ReadDate(cell, order);
         if (birth.full() || !row.birth.full()) row.birth = birth.known() ? birth : row.birth;
       }},
      {"age", [](absl::string_view cell, DateOrder, LabelledRow& row) { row.age = ReadAge(cell); }},
      {"age_group",
       [](absl::string_view cell, DateOrder, LabelledRow& row) { row.age_band = athletics::ParseAgeBand(cell); }},
      {"sex", [](absl::string_view cell, DateOrder,
                 LabelledRow& row) { row.sex = athletics::ParseSex(cell).value_or(athletics::Sex::kUnknown); }},
      {"country", [](absl::string_view cell, DateOrder, LabelledRow& row) { row.country = ReadCountry(cell); }},
      {"region", SetText<&LabelledRow::region>},
      {"city", SetText<&LabelledRow::city>},
      {"club", SetText<&LabelledRow::club>},
      {"bib", SetText<&LabelledRow::bib>},
      {"date", SetDate},
      {"race", [](absl::string_view cell, DateOrder, LabelledRow& row) { AddRace(cell, row); }},
  };
  return fields;
}

bool IsYear(absl::string_view text) {
  return text.size() == 4 && IsDigits(text) && (absl::StartsWith(text, "19") || absl::StartsWith(text, "20"));
}

// "Boston Marathon 2013": where no column says when it was.
void DateFromRace(LabelledRow& row) {
  if (row.date.has_value()) return;
  for (absl::string_view word : absl::StrSplit(row.race, absl::ByAnyChar(" |-/_,."), absl::SkipEmpty())) {
    if (IsYear(word)) row.date = Date(ReadDate(word, DateOrder::kDayFirst).year, 7, 1);
  }
}

// The person of a truth as FEBRL writes it; any other truth as it is.
std::string PersonOf(absl::string_view truth) {
  const std::vector<absl::string_view> parts = absl::StrSplit(truth, '-');
  const bool febrl = parts.size() >= 3 && parts[0] == "rec" && (parts[2] == "org" || parts[2] == "dup");
  return febrl ? absl::StrCat("rec-", parts[1]) : std::string(truth);
}

absl::StatusOr<std::map<std::string, std::string>> ReadOverrides(absl::string_view columns) {
  std::map<std::string, std::string> overrides;
  for (absl::string_view entry : absl::StrSplit(columns, ',', absl::SkipWhitespace())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(entry, absl::MaxSplits('=', 1));
    const std::string field(absl::StripAsciiWhitespace(parts.second));
    const bool shaped = absl::StrContains(entry, '=');
    if (!shaped || (!field.empty() && Fields().count(field) == 0)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "columns: \"", entry, "\", want HEADER=FIELD with a field of: ",
          absl::StrJoin(Fields(), ", ", [](std::string* out, const auto& item) { absl::StrAppend(out, item.first); })));
    }
    overrides[std::string(absl::StripAsciiWhitespace(parts.first))] = field;
  }
  return overrides;
}

// A table of the file, with what each column is taken for.
class Columns {
 public:
  explicit Columns(const ingest::Table& table) : table_(table), fields_(table.columns(0)), orders_(table.columns(0)) {}

  absl::Status Choose(const std::map<std::string, std::string>& overrides, absl::string_view truth) {
    std::set<absl::string_view> taken;
    bool any = false;
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (truth_ == fields_.size() && table_.cell(0, i) == truth) truth_ = i;
    }
    if (truth_ == fields_.size()) return NoSuchColumn(truth);
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (i == truth_) continue;
      const auto forced = overrides.find(std::string(table_.cell(0, i)));
      absl::string_view field =
          forced == overrides.end() ? LabelledFieldOf(table_.cell(0, i)) : absl::string_view(forced->second);
      if (forced == overrides.end() && !Fits(field, i)) field = {};
      if (forced == overrides.end() && field == "race" && HoldsYears(i)) field = "date";
      const bool may_repeat = field == "race" || field == "date" || field == "birth";
      if (field.empty() || (!taken.insert(field).second && !may_repeat)) continue;
      fields_[i] = std::string(field);
      orders_[i] = OrderOf(i);
      any = true;
    }
    if (!any) return absl::InvalidArgumentError("no column is known by its header, want --columns HEADER=FIELD");
    return absl::OkStatus();
  }

  LabelledRow Read(size_t row) const {
    LabelledRow labelled;
    labelled.truth = PersonOf(table_.cell(row, truth_));
    for (size_t i = 0; i < fields_.size(); ++i) {
      const absl::string_view cell = table_.cell(row, i);
      if (!fields_[i].empty() && !cell.empty()) Fields().at(fields_[i])(cell, orders_[i], labelled);
    }
    DateFromRace(labelled);
    return labelled;
  }

  void Describe(std::vector<std::string>* notes) const {
    for (size_t i = 0; i < fields_.size(); ++i) {
      const std::string used = fields_[i].empty() ? "not used" : fields_[i];
      notes->push_back(absl::StrCat(table_.cell(0, i), ": ", i == truth_ ? "truth" : used));
    }
  }

 private:
  absl::Status NoSuchColumn(absl::string_view truth) const {
    std::vector<absl::string_view> header;
    for (size_t i = 0; i < fields_.size(); ++i) header.push_back(table_.cell(0, i));
    return absl::InvalidArgumentError(
        absl::StrCat("truth: there is no column \"", truth, "\", want one of: ", absl::StrJoin(header, ", ")));
  }

  // Where none says otherwise the day is taken to come first: all that counts is that it does so in every row.
  DateOrder OrderOf(size_t column) const {
    const DateOrder order = ingest::FindDateOrder(Values(column));
    return order == DateOrder::kMonthFirst ? order : DateOrder::kDayFirst;
  }

  std::vector<absl::string_view> Values(size_t column) const {
    std::vector<absl::string_view> values;
    for (size_t row = 1; row < table_.rows(); ++row) {
      if (!table_.cell(row, column).empty()) values.push_back(table_.cell(row, column));
    }
    return values;
  }

  bool HoldsYears(size_t column) const {
    const std::vector<absl::string_view> values = Values(column);
    return !values.empty() && std::all_of(values.begin(), values.end(), IsYear);
  }

  // Whether what the column holds can be what its header says.
  bool Fits(absl::string_view field, size_t column) const {
    const bool is_text = field == "name" || field == "family_name" || field == "given_name" || field == "city" ||
                         field == "club" || field == "country" || field == "region";
    if (!is_text) return true;
    const std::vector<absl::string_view> values = Values(column);
    const auto numbers = static_cast<size_t>(std::count_if(values.begin(), values.end(), IsDigits));
    return numbers * 100 < values.size() * kMostNumbersPercent || values.empty();
  }

  const ingest::Table& table_;
  std::vector<std::string> fields_;  // by column; empty: not used
  std::vector<DateOrder> orders_;    // by column
  size_t truth_ = fields_.size();
};

// Takes groups of rows for no races where people are in them twice: meets of several disciplines, say.
void CheckRaces(std::vector<LabelledRow>& rows, std::vector<std::string>* notes) {
  absl::flat_hash_set<std::string> seen;
  size_t repeats = 0, grouped = 0;
  for (const LabelledRow& row : rows) {
    if (row.race.empty()) continue;
    ++grouped;
    const std::string key =
        absl::StrCat(row.race, "\n", identity::FoldText(row.name), "\n", identity::FoldText(row.family_name), "\n",
                     identity::FoldText(row.given_name), "\n", athletics::FormatPartialDate(row.birth)) +
        absl::StrCat("\n", row.age, "\n", static_cast<int>(row.sex), "\n", row.country, "\n", row.city, "\n", row.club);
    if (!seen.insert(key).second) ++repeats;
  }
  if (repeats * 100 <= grouped * kMostRepeatsPercent) return;
  for (LabelledRow& row : rows) row.race.clear();
  if (notes != nullptr) notes->push_back(absl::StrCat("races: none, as ", repeats, " rows repeat somebody within one"));
}

}  // namespace

identity::Appearance LabelledRow::ToAppearance() const {
  identity::Appearance appearance;
  appearance.name = name;
  appearance.family_name = family_name;
  appearance.given_name = given_name;
  appearance.sex = sex;
  appearance.birth = birth;
  appearance.age = age;
  appearance.age_band = age_band;
  appearance.race_date = date;
  appearance.country = country;
  appearance.region = region;
  appearance.city = city;
  appearance.club = club;
  appearance.bib = bib;
  return appearance;
}

absl::StatusOr<std::vector<LabelledRow>> ReadLabelledRows(absl::string_view text, absl::string_view truth,
                                                          absl::string_view columns, std::vector<std::string>* notes) {
  ingest::Limits limits;
  limits.bytes = kMostBytes;
  limits.rows = limits.cells = kMostBytes;
  absl::StatusOr<std::map<std::string, std::string>> overrides = ReadOverrides(columns);
  if (!overrides.ok()) return overrides.status();
  absl::StatusOr<ingest::DecodedText> decoded = ingest::Decode(text, "", limits.bytes);
  if (!decoded.ok()) return decoded.status();
  absl::StatusOr<ingest::Table> table =
      ingest::SplitDelimited(decoded->view(), ingest::FindDialect(decoded->view(), 0), limits);
  if (!table.ok()) return table.status();
  if (table->rows() == 0) return absl::InvalidArgumentError("the file is empty, want a header and rows");
  Columns chosen(*table);
  if (absl::Status status = chosen.Choose(*overrides, truth); !status.ok()) return status;
  if (notes != nullptr) chosen.Describe(notes);
  std::vector<LabelledRow> labelled;
  labelled.reserve(table->rows() - 1);
  for (size_t row = 1; row < table->rows(); ++row) {
    if (table->columns(row) > table->columns(0) && !table->cell(row, table->columns(0)).empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("row ", table->number(row), ": ", table->columns(row), " cells, want ", table->columns(0)));
    }
    labelled.push_back(chosen.Read(row));
  }
  CheckRaces(labelled, notes);
  return labelled;
}

}  // namespace palmares::tools
