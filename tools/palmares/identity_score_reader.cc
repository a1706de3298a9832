#include "tools/palmares/identity_score_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/identity/fold.h"

namespace palmares::tools {
namespace {

using athletics::AgeBand;
using athletics::Date;
using athletics::PartialDate;
using athletics::Sex;
using Cells = std::vector<std::string>;
using Setter = void (*)(absl::string_view cell, LabelledRow& row);

// Splits text into rows of cells; a cell in double quotes may hold separators and line ends, and a doubled quote.
std::vector<Cells> SplitCells(absl::string_view text, char separator) {
  std::vector<Cells> rows;
  Cells row;
  std::string cell;
  bool quoted = false, was_quoted = false;
  const auto end_cell = [&] {
    row.push_back(was_quoted ? cell : std::string(absl::StripAsciiWhitespace(cell)));
    cell.clear();
    was_quoted = false;
  };
  const auto end_row = [&] {
    end_cell();
    if (row.size() > 1 || !row.front().empty()) rows.push_back(std::move(row));
    row.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        cell.push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell.push_back('"');
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && absl::StripAsciiWhitespace(cell).empty()) {
      cell.clear();
      quoted = was_quoted = true;
    } else if (c == separator) {
      end_cell();
    } else if (c == '\n' || c == '\r') {
      if (!row.empty() || !cell.empty()) end_row();
    } else {
      cell.push_back(c);
    }
  }
  if (!row.empty() || !cell.empty()) end_row();
  return rows;
}

char FindSeparator(absl::string_view text) {
  const absl::string_view header = text.substr(0, text.find_first_of("\r\n"));
  char best = ',';
  for (char separator : {';', '\t', '|'}) {
    if (std::count(header.begin(), header.end(), separator) > std::count(header.begin(), header.end(), best)) {
      best = separator;
    }
  }
  return best;
}

int ToInt(absl::string_view text) {
  int value = 0;
  return absl::SimpleAtoi(text, &value) ? value : 0;
}

// YYYYMMDD, YYYY-MM-DD, YYYY-MM, YYYY, and DD/MM/YYYY or DD.MM.YYYY; unknown where it is none of them, or no day of the
// calendar.
PartialDate ReadDate(absl::string_view text) {
  std::string iso(text.substr(0, text.find('T')));
  if (iso.size() == 8 && std::all_of(iso.begin(), iso.end(), absl::ascii_isdigit)) {
    iso = absl::StrCat(iso.substr(0, 4), "-", iso.substr(4, 2), "-", iso.substr(6, 2));
  } else if (iso.size() == 10 && (iso[2] == '/' || iso[2] == '.')) {
    iso = absl::StrCat(iso.substr(6, 4), "-", iso.substr(3, 2), "-", iso.substr(0, 2));
  }
  return athletics::ParsePartialDate(iso).value_or(PartialDate{});
}

Sex ReadSex(absl::string_view text) {
  const std::string folded = identity::FoldText(text);
  static constexpr std::array<absl::string_view, 8> kMen = {"m", "male",  "man",    "men",
                                                            "h", "homme", "hommes", "herren"};
  static constexpr std::array<absl::string_view, 9> kWomen = {"f",     "female", "w",      "woman", "women",
                                                              "femme", "femmes", "frauen", "d"};
  if (std::find(kMen.begin(), kMen.end(), folded) != kMen.end()) return Sex::kMen;
  if (std::find(kWomen.begin(), kWomen.end(), folded) != kWomen.end()) return Sex::kWomen;
  return folded == "x" || folded == "nb" || folded == "non binary" ? Sex::kX : Sex::kUnknown;
}

// "35-39", "M35-39", "80+", "U20", "M40" (five years).
std::optional<AgeBand> ReadAgeBand(absl::string_view text) {
  std::string band = absl::AsciiStrToUpper(text);
  band.erase(std::remove(band.begin(), band.end(), ' '), band.end());
  const size_t digits = band.find_first_of("0123456789");
  if (digits == std::string::npos) return std::nullopt;
  const bool under = absl::StartsWith(band, "U");
  const absl::string_view numbers = absl::string_view(band).substr(digits);
  const std::vector<absl::string_view> ends = absl::StrSplit(numbers, absl::MaxSplits('-', 1));
  const int min = ToInt(absl::StripSuffix(ends[0], "+"));
  if (min <= 0) return std::nullopt;
  if (under) return AgeBand{0, min - 1};
  if (absl::EndsWith(numbers, "+")) return AgeBand{min, athletics::kNoUpperAge};
  if (ends.size() == 2) return AgeBand{min, ToInt(ends[1])};
  return AgeBand{min, min + 4};
}

void AddRace(absl::string_view cell, LabelledRow& row) {
  absl::StrAppend(&row.race, row.race.empty() ? "" : "|", cell);
}

void SetDate(absl::string_view cell, LabelledRow& row) {
  const PartialDate date = ReadDate(cell);
  AddRace(cell, row);
  if (!date.known() || (row.date.has_value() && !date.full())) return;
  row.date = date.full() ? Date(date.year, date.month, date.day) : Date(date.year, 7, 1);
}

const std::map<absl::string_view, Setter>& Fields() {
  static const auto& fields = *new std::map<absl::string_view, Setter>{
      {"name", [](absl::string_view cell, LabelledRow& row) { row.name = std::string(cell); }},
      {"family_name", [](absl::string_view cell, LabelledRow& row) { row.family_name = std::string(cell); }},
      {"given_name", [](absl::string_view cell, LabelledRow& row) { row.given_name = std::string(cell); }},
      {"birth", [](absl::string_view cell, LabelledRow& row) { row.birth = ReadDate(cell); }},
      {"age", [](absl::string_view cell, LabelledRow& row) { row.age = ToInt(cell); }},
      {"age_group", [](absl::string_view cell, LabelledRow& row) { row.age_band = ReadAgeBand(cell); }},
      {"sex", [](absl::string_view cell, LabelledRow& row) { row.sex = ReadSex(cell); }},
      {"country", [](absl::string_view cell, LabelledRow& row) { row.country = std::string(cell); }},
      {"region", [](absl::string_view cell, LabelledRow& row) { row.region = std::string(cell); }},
      {"city", [](absl::string_view cell, LabelledRow& row) { row.city = std::string(cell); }},
      {"club", [](absl::string_view cell, LabelledRow& row) { row.club = std::string(cell); }},
      {"bib", [](absl::string_view cell, LabelledRow& row) { row.bib = std::string(cell); }},
      {"date", SetDate},
      {"race", AddRace},
  };
  return fields;
}

// Folded headers, without spaces.
absl::string_view FieldOfHeader(absl::string_view header) {
  static const auto& aliases = *new std::map<absl::string_view, absl::string_view>{{"name", "name"},
                                                                                   {"fullname", "name"},
                                                                                   {"athlete", "name"},
                                                                                   {"runner", "name"},
                                                                                   {"displayname", "name"},
                                                                                   {"competitor", "name"},
                                                                                   {"nom", "name"},
                                                                                   {"athletename", "name"},
                                                                                   {"familyname", "family_name"},
                                                                                   {"surname", "family_name"},
                                                                                   {"lastname", "family_name"},
                                                                                   {"last", "family_name"},
                                                                                   {"family", "family_name"},
                                                                                   {"nachname", "family_name"},
                                                                                   {"lname", "family_name"},
                                                                                   {"nomdefamille", "family_name"},
                                                                                   {"givenname", "given_name"},
                                                                                   {"firstname", "given_name"},
                                                                                   {"first", "given_name"},
                                                                                   {"given", "given_name"},
                                                                                   {"forename", "given_name"},
                                                                                   {"vorname", "given_name"},
                                                                                   {"prenom", "given_name"},
                                                                                   {"fname", "given_name"},
                                                                                   {"dateofbirth", "birth"},
                                                                                   {"birthdate", "birth"},
                                                                                   {"dob", "birth"},
                                                                                   {"born", "birth"},
                                                                                   {"birthyear", "birth"},
                                                                                   {"yearofbirth", "birth"},
                                                                                   {"yob", "birth"},
                                                                                   {"birth", "birth"},
                                                                                   {"birthday", "birth"},
                                                                                   {"age", "age"},
                                                                                   {"agegroup", "age_group"},
                                                                                   {"ageband", "age_group"},
                                                                                   {"category", "age_group"},
                                                                                   {"agecategory", "age_group"},
                                                                                   {"division", "age_group"},
                                                                                   {"sex", "sex"},
                                                                                   {"gender", "sex"},
                                                                                   {"sexe", "sex"},
                                                                                   {"country", "country"},
                                                                                   {"nationality", "country"},
                                                                                   {"nationalitycode", "country"},
                                                                                   {"nat", "country"},
                                                                                   {"nation", "country"},
                                                                                   {"countrycode", "country"},
                                                                                   {"noc", "country"},
                                                                                   {"region", "region"},
                                                                                   {"state", "region"},
                                                                                   {"province", "region"},
                                                                                   {"county", "region"},
                                                                                   {"city", "city"},
                                                                                   {"suburb", "city"},
                                                                                   {"town", "city"},
                                                                                   {"residence", "city"},
                                                                                   {"hometown", "city"},
                                                                                   {"place", "city"},
                                                                                   {"club", "club"},
                                                                                   {"team", "club"},
                                                                                   {"verein", "club"},
                                                                                   {"bib", "bib"},
                                                                                   {"bibnumber", "bib"},
                                                                                   {"year", "date"},
                                                                                   {"date", "date"},
                                                                                   {"racedate", "date"},
                                                                                   {"eventdate", "date"},
                                                                                   {"raceyear", "date"},
                                                                                   {"season", "date"},
                                                                                   {"race", "race"},
                                                                                   {"event", "race"},
                                                                                   {"raceid", "race"},
                                                                                   {"edition", "race"},
                                                                                   {"racename", "race"},
                                                                                   {"eventname", "race"}};
  const std::string folded = absl::StrReplaceAll(identity::FoldText(header), {{" ", ""}});
  const auto found = aliases.find(folded);
  return found == aliases.end() ? absl::string_view() : found->second;
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
    const bool shaped = entry.find('=') != absl::string_view::npos;
    if (!shaped || (!field.empty() && Fields().count(field) == 0)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "columns: \"", entry, "\", want HEADER=FIELD with a field of: ",
          absl::StrJoin(Fields(), ", ", [](std::string* out, const auto& item) { absl::StrAppend(out, item.first); })));
    }
    overrides[std::string(absl::StripAsciiWhitespace(parts.first))] = field;
  }
  return overrides;
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
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  absl::StatusOr<std::map<std::string, std::string>> overrides = ReadOverrides(columns);
  if (!overrides.ok()) return overrides.status();
  const std::vector<Cells> rows = SplitCells(text, FindSeparator(text));
  if (rows.empty()) return absl::InvalidArgumentError("the file is empty, want a header and rows");
  const Cells& header = rows.front();
  const auto truth_column = std::find(header.begin(), header.end(), truth);
  if (truth_column == header.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("truth: there is no column \"", truth, "\", want one of: ", absl::StrJoin(header, ", ")));
  }
  std::vector<std::pair<size_t, Setter>> setters;
  std::map<absl::string_view, std::string> taken;
  for (size_t i = 0; i < header.size(); ++i) {
    const auto forced = overrides->find(header[i]);
    const bool is_truth = header.begin() + static_cast<std::ptrdiff_t>(i) == truth_column;
    absl::string_view field = is_truth ? absl::string_view() : FieldOfHeader(header[i]);
    if (forced != overrides->end()) field = forced->second;
    if (is_truth) field = {};
    const bool repeated =
        !field.empty() && field != "race" && field != "date" && !taken.try_emplace(field, header[i]).second;
    if (notes != nullptr) {
      notes->push_back(
          absl::StrCat(header[i], ": ", is_truth ? "truth" : (field.empty() || repeated ? "not used" : field)));
    }
    if (!field.empty() && !repeated) setters.emplace_back(i, Fields().at(field));
  }
  if (setters.empty())
    return absl::InvalidArgumentError("no column is known by its header, want --columns HEADER=FIELD");
  std::vector<LabelledRow> labelled;
  labelled.reserve(rows.size() - 1);
  const size_t truth_index = static_cast<size_t>(truth_column - header.begin());
  for (size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() > header.size()) {
      return absl::InvalidArgumentError(absl::StrCat("row ", i, ": ", rows[i].size(), " cells, want ", header.size()));
    }
    LabelledRow row;
    if (truth_index < rows[i].size()) row.truth = PersonOf(rows[i][truth_index]);
    for (const auto& [column, set] : setters) {
      if (column < rows[i].size() && !rows[i][column].empty()) set(rows[i][column], row);
    }
    labelled.push_back(std::move(row));
  }
  return labelled;
}

}  // namespace palmares::tools
