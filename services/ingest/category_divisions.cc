#include "services/ingest/category_divisions.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/fold.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::Division;

constexpr size_t kDivisionLabelsShown = 12;
constexpr size_t kLongestLabel = 80;  // bytes; what is longer is a sentence

// As they stand in folded labels. A hand-cycle is often called a wheelchair too, so it goes first.
constexpr absl::string_view kHandcycleParts[] = {"handcycl", "handbik", "handcrank"};
constexpr absl::string_view kWheelchairParts[] = {"wheelchair",    "pushrim",    "rollstuhl",      "fauteuil",
                                                  "silladeruedas", "carrozzina", "cadeiraderodas", "rolstoel",
                                                  "車いす",        "車椅子"};

// Words that stand beside a division's and say nothing of it.
constexpr absl::string_view kBesides[] = {"open",     "elite", "senior", "seniors",  "master",    "masters",  "junior",
                                          "juniors",  "s",     "all",    "division", "class",     "category", "athlete",
                                          "athletes", "racer", "racers", "racing",   "competitor"};

// Shortenings and words with another meaning beside the division's.
constexpr absl::string_view kUnsure[] = {"hc", "hb", "vi", "wc", "wch", "wheel", "duo", "frame", "blind"};

// Classes of World Para Athletics from T20 on. T11 to T13 are girls of that age in some countries.
bool IsSureClass(absl::string_view key) {
  if (key.size() != 3 || key[0] != 't' || key.find_first_not_of("0123456789", 1) != absl::string_view::npos)
    return false;
  const int number = (key[1] - '0') * 10 + (key[2] - '0');
  return number == 20 || (number >= 31 && number <= 38) || (number >= 40 && number <= 47) ||
         (number >= 51 && number <= 54) || (number >= 61 && number <= 64) || number == 71 || number == 72;
}

bool IsPerhapsClass(absl::string_view key) {
  if (key == "t11" || key == "t12" || key == "t13") return true;
  return key.size() == 2 && key[0] == 'h' && key[1] >= '1' && key[1] <= '5';
}

bool ContainsAny(absl::string_view key, const absl::string_view* begin, const absl::string_view* end) {
  return std::any_of(begin, end, [key](absl::string_view part) { return absl::StrContains(key, part); });
}

// The words of a label, folded, without those for a sex, an age and the like.
std::vector<std::string> WordsOf(absl::string_view label) {
  std::vector<std::string> words;
  for (size_t i = 0; i < label.size();) {
    const auto in_word = [label](size_t at) {
      const auto byte = static_cast<unsigned char>(label[at]);
      return absl::ascii_isalnum(byte) || byte >= 0x80;
    };
    size_t end = i;
    while (end < label.size() && in_word(end)) ++end;
    std::string word = athletics::FoldKey(label.substr(i, end - i));
    i = end == i ? i + 1 : end;
    const bool age = word.find_first_not_of("0123456789") == std::string::npos;
    const bool beside = std::find(std::begin(kBesides), std::end(kBesides), word) != std::end(kBesides);
    if (age || beside || athletics::ParseSex(word).has_value()) continue;
    words.push_back(std::move(word));
  }
  return words;
}

NamedDivision DivisionOfWord(const std::string& key) {
  if (IsSureClass(key)) return {athletics::ParseDivision(key).value_or(Division::kRunning), true};
  if (IsPerhapsClass(key)) return {athletics::ParseDivision(key).value_or(Division::kRunning), false};
  const bool number = key.find_first_of("0123456789") != std::string::npos;
  const std::optional<Division> named = number ? std::nullopt : athletics::ParseDivision(key);
  if (!named.has_value()) return {};
  return {*named, std::find(std::begin(kUnsure), std::end(kUnsure), key) == std::end(kUnsure)};
}

// Whether `read` makes a division of every value of the column, and of one of them another than running.
bool AreAllDivisions(const Table& table, size_t first_row, size_t column,
                     absl::FunctionRef<std::optional<Division>(absl::string_view)> read) {
  std::set<std::string, std::less<>> known;
  bool other = false;
  for (size_t row = first_row; row < table.rows(); ++row) {
    const absl::string_view value = Trimmed(table.cell(row, column));
    if (IsMissing(value) || known.find(value) != known.end()) continue;
    const std::optional<Division> division = read(value);
    if (!division.has_value()) return false;
    other = other || *division != Division::kRunning;
    known.emplace(value);
  }
  return other;
}

}  // namespace

NamedDivision DivisionOfLabel(absl::string_view label) {
  if (label.empty() || label.size() > kLongestLabel) return {};
  const std::string key = athletics::FoldKey(label);
  if (ContainsAny(key, std::begin(kHandcycleParts), std::end(kHandcycleParts))) return {Division::kHandcycle, true};
  if (ContainsAny(key, std::begin(kWheelchairParts), std::end(kWheelchairParts))) return {Division::kWheelchair, true};
  const std::vector<std::string> words = WordsOf(label);
  if (words.empty()) return {Division::kRunning, true};
  const NamedDivision whole = DivisionOfWord(absl::StrJoin(words, ""));
  if (whole.sure || whole.division != Division::kRunning) return whole;
  // "T53/T54": every word is a class of the same division.
  const NamedDivision first = DivisionOfWord(words.front());
  const bool one = std::all_of(words.begin(), words.end(), [&first](const std::string& word) {
    return DivisionOfWord(word).division == first.division;
  });
  return one && first.division != Division::kRunning ? first : NamedDivision{};
}

bool HoldsDivisions(const Table& table, size_t first_row, size_t column) {
  return AreAllDivisions(table, first_row, column,
                         [](absl::string_view value) { return athletics::ParseDivision(value); });
}

bool NamesDivisions(const Table& table, size_t first_row, size_t column) {
  return AreAllDivisions(table, first_row, column, [](absl::string_view value) {
    const NamedDivision named = DivisionOfLabel(value);
    return named.sure ? std::optional(named.division) : std::nullopt;
  });
}

CategoryDivisions::CategoryDivisions(const Table& table, const Layout& layout)
    : column_(layout.Find(Field::kCategory)) {
  if (column_ == nullptr) return;
  std::set<std::string, std::less<>> known;
  for (size_t row = layout.first_row; row < table.rows(); ++row) {
    const absl::string_view label = Trimmed(table.cell(row, column_->index));
    if (IsMissing(label) || known.find(label) != known.end()) continue;
    known.emplace(label);
    const NamedDivision named = DivisionOfLabel(label);
    if (named.division == Division::kRunning) continue;
    labels_[std::string(label)].named = named;
    any_ = any_ || named.sure;
  }
  if (!any_) labels_.clear();
}

Division CategoryDivisions::Take(absl::string_view label) {
  const auto known = labels_.find(label);
  if (known == labels_.end()) return Division::kRunning;
  ++known->second.rows;
  return known->second.named.division;
}

void CategoryDivisions::Report(ingest::Report* report) const {
  int64_t rows = 0;
  size_t taken = 0;
  std::vector<std::string> read;
  for (const auto& [label, told] : labels_) {
    if (told.rows == 0) continue;
    rows += told.rows;
    if (++taken > kDivisionLabelsShown) continue;
    read.push_back(absl::StrCat("\"", label, "\" as ", athletics::DivisionCode(told.named.division)));
  }
  if (rows == 0) return;
  AddIssue(MakeIssue(IssueCode::kDivisionByCategory, 0, column_->header, "",
                     absl::StrCat(rows, rows == 1 ? " row is" : " rows are",
                                  " in a division of their own: ", absl::StrJoin(read, ", "),
                                  taken > read.size() ? absl::StrCat(" and ", taken - read.size(), " more") : ""),
                     ""),
           report);
}

}  // namespace palmares::ingest
