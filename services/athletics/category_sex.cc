#include "services/athletics/category_sex.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/characters.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

// The runs of letters and of digits; what stands between is dropped.
std::vector<std::string> PartsOf(const std::string& folded) {
  std::vector<std::string> parts;
  bool joined = false;
  for (const char c : folded) {
    const bool word = !absl::ascii_ispunct(static_cast<unsigned char>(c)) && c != ' ';
    const bool same = joined && word && IsDigit(parts.back().back()) == IsDigit(c);
    if (word && !same) parts.emplace_back();
    if (word) parts.back().push_back(c);
    joined = word || (joined && c == '\'');  // "men's" is one word
  }
  return parts;
}

// Words that name events for both, where a competitor's own sex stays open.
bool IsMixed(const std::string& word) {
  constexpr std::array<absl::string_view, 6> kMixed = {"mixed", "mix", "mixte", "gemischt", "mixto", "misto"};
  return std::find(kMixed.begin(), kMixed.end(), word) != kMixed.end();
}

// By the words of three letters and more; kUnknown where there is none, or where they differ.
Sex SexOfWords(const std::vector<std::string>& parts) {
  Sex found = Sex::kUnknown;
  const auto take = [&found](const std::string& word) {
    const auto sex = word.size() < 3 ? std::nullopt : ParseSex(word);
    if (!sex.has_value()) return true;
    if (IsMixed(word) || (found != Sex::kUnknown && found != *sex)) return false;
    found = *sex;
    return true;
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    // "Non-binary" is two words.
    if (!take(parts[i]) || (i > 0 && !take(absl::StrCat(parts[i - 1], parts[i])))) return Sex::kUnknown;
  }
  return found;
}

Sex SexOfLetter(char letter) {
  if (letter == 'm' || letter == 'h') return Sex::kMen;
  if (letter == 'w' || letter == 'f' || letter == 'd') return Sex::kWomen;
  return Sex::kUnknown;
}

bool IsOneOf(absl::string_view text, absl::string_view letters) {
  return text.size() == 1 && letters.find(text[0]) != absl::string_view::npos;
}

// "sm", "mv", "of": a letter of a class beside M, W or F.
Sex SexOfClass(absl::string_view letters) {
  if (letters.size() != 2) return Sex::kUnknown;
  for (const size_t at : {size_t{0}, size_t{1}}) {
    const absl::string_view sex = letters.substr(at, 1);
    const absl::string_view of_class = letters.substr(1 - at, 1);
    if (IsOneOf(sex, "mwf") && IsOneOf(of_class, "svjo")) return SexOfLetter(sex[0]);
  }
  if (letters == "lv" || letters == "ls") return Sex::kWomen;
  return Sex::kUnknown;
}

// The classes of the French federation with the sex behind: "seh", "v1f", "m10m".
Sex SexOfFrenchClass(absl::string_view text) {
  if (text.size() < 3 || !IsOneOf(text.substr(text.size() - 1), "hmf")) return Sex::kUnknown;
  const absl::string_view name = text.substr(0, text.size() - 1);
  constexpr std::array<absl::string_view, 24> kClasses = {"se", "es", "ju", "ca", "mi", "be", "po",  "v1",
                                                          "v2", "v3", "v4", "v5", "m0", "m1", "m2",  "m3",
                                                          "m4", "m5", "m6", "m7", "m8", "m9", "m10", "ma"};
  const bool known = std::find(kClasses.begin(), kClasses.end(), name) != kClasses.end();
  return known ? SexOfLetter(text.back()) : Sex::kUnknown;
}

// Main class and youth in German: "mhk", "wju18", "mja".
Sex SexOfGermanClass(absl::string_view text) {
  if (text.size() < 3 || !IsOneOf(text.substr(0, 1), "mw")) return Sex::kUnknown;
  const absl::string_view name = text.substr(1);
  const bool youth =
      (name[0] == 'j' || name[0] == 'k') && (name[1] == 'u' || (name.size() == 2 && name[1] >= 'a' && name[1] <= 'd'));
  return name == "hk" || youth ? SexOfLetter(text[0]) : Sex::kUnknown;
}

// The letters before the first digit, what follows from there to the last digit, and the letters behind it.
struct Shape {
  absl::string_view front, age, back;
};

Shape ShapeOf(absl::string_view compact) {
  const auto first = std::find_if(compact.begin(), compact.end(), IsDigit);
  const auto last = std::find_if(compact.rbegin(), compact.rend(), IsDigit).base();
  if (first == compact.end()) return {compact, {}, {}};
  const auto begin = static_cast<size_t>(first - compact.begin());
  const auto end = static_cast<size_t>(last - compact.begin());
  return {compact.substr(0, begin), compact.substr(begin, end - begin), compact.substr(end)};
}

// With an age in front of or behind the letters.
Sex SexBesideAge(Shape shape) {
  const bool limit = absl::ConsumeSuffix(&shape.front, "u");  // "under" 20, below which one digit is an age too
  if (!limit && shape.age.size() < 2) return Sex::kUnknown;
  if (shape.age == "10" && shape.front == "m") return Sex::kUnknown;
  if (!shape.front.empty() && !shape.back.empty()) return Sex::kUnknown;
  if (shape.back.empty()) {
    if (IsOneOf(shape.front, "mhwfd")) return SexOfLetter(shape.front[0]);
    if (shape.front == "nb") return Sex::kX;
    return SexOfClass(shape.front);
  }
  if (IsOneOf(shape.back, "mhwf")) return SexOfLetter(shape.back[0]);
  return SexOfClass(shape.back);
}

}  // namespace

Sex SexOfCategory(absl::string_view label) {
  const std::vector<std::string> parts = PartsOf(Fold(label));
  if (const Sex sex = SexOfWords(parts); sex != Sex::kUnknown) return sex;
  std::string compact;
  for (const std::string& part : parts) compact += part;
  for (const auto& rule : {SexOfClass, SexOfFrenchClass, SexOfGermanClass}) {
    if (const Sex sex = rule(compact); sex != Sex::kUnknown) return sex;
  }
  const Shape shape = ShapeOf(compact);
  return shape.age.empty() ? Sex::kUnknown : SexBesideAge(shape);
}

}  // namespace palmares::athletics
