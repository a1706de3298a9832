#include "services/ingest/names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr absl::string_view kIdeographicBlank = "\xE3\x80\x80";
constexpr std::array<absl::string_view, 9> kSuffixes = {"jr", "sr", "jnr", "snr", "ii", "iii", "iv", "2nd", "3rd"};

bool HasLower(absl::string_view word) {
  return std::any_of(word.begin(), word.end(),
                     [](char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); });
}

// "D'HAENE", "PORTE-SUAREZ", "MÜLLER", and the D and O of "D HAENE": no small ASCII letter. An initial is not one.
bool IsUpperWord(absl::string_view word) {
  if (word == "D" || word == "O") return true;
  const auto capitals = std::count_if(word.begin(), word.end(),
                                      [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); });
  return capitals >= 2 && !HasLower(word);
}

std::vector<absl::string_view> Words(absl::string_view text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

// The number of upper-case words at the end, when at least one word before them is not.
size_t UpperAtEnd(const std::vector<absl::string_view>& words) {
  size_t count = 0;
  while (count < words.size() && IsUpperWord(words[words.size() - 1 - count])) ++count;
  return count > 0 && count < words.size() && HasLower(words[words.size() - 1 - count]) ? count : 0;
}

size_t UpperAtBeginning(const std::vector<absl::string_view>& words) {
  size_t count = 0;
  while (count < words.size() && IsUpperWord(words[count])) ++count;
  return count > 0 && count < words.size() && HasLower(words[count]) ? count : 0;
}

std::string Join(const std::vector<absl::string_view>& words, size_t begin, size_t end) {
  return absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(begin),
                       words.begin() + static_cast<std::ptrdiff_t>(end), " ");
}

// Takes "(KEN)" from the end of *text.
std::string TakeCountry(absl::string_view* text) {
  if (text->size() < 6 || text->back() != ')') return "";
  const absl::string_view code = text->substr(text->size() - 4, 3);
  if ((*text)[text->size() - 5] != '(') return "";
  if (!std::all_of(code.begin(), code.end(), [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }))
    return "";
  *text = Trimmed(text->substr(0, text->size() - 5));
  return std::string(code);
}

// "Jr", "Jr.", "III": which of several of a name it is.
bool IsSuffix(absl::string_view word) {
  if (!word.empty() && word.back() == '.') word.remove_suffix(1);
  const std::string lower = absl::AsciiStrToLower(word);
  return std::find(kSuffixes.begin(), kSuffixes.end(), lower) != kSuffixes.end();
}

// Behind a family name alone "JR" are initials and "Ii" is a name; "Jr" and "III" are neither.
bool IsSureSuffix(absl::string_view word) {
  return IsSuffix(word) && HasLower(word) == (absl::AsciiStrToLower(word).find_first_of("js") != std::string::npos);
}

// Takes the suffix that is the last of several words from the end of *part.
std::string TakeSuffix(std::string* part) {
  const size_t blank = part->rfind(' ');
  if (blank == std::string::npos || !IsSuffix(absl::string_view(*part).substr(blank + 1))) return "";
  std::string suffix = part->substr(blank + 1);
  part->resize(blank);
  return suffix;
}

// "Bolds, Jr, Nathaniel", "Bolds Jr, Nathaniel", "Bolds, Nathaniel, Jr", "Bolds, Nathaniel Jr", "Nathaniel Bolds, Jr".
void SplitAtCommas(absl::string_view text, ReadName* read) {
  std::string suffix;
  std::vector<std::string> given;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  read->family = WithoutExtraBlanks(parts.front());
  const bool one_word = read->family.find(' ') == std::string::npos;
  for (size_t i = 1; i < parts.size(); ++i) {
    std::string part = WithoutExtraBlanks(parts[i]);
    if (part.empty()) continue;
    const bool alone = parts.size() == 2 && one_word;
    if (!read->family.empty() && (alone ? IsSureSuffix(part) : IsSuffix(part))) {
      suffix = std::move(part);
    } else {
      given.push_back(std::move(part));
    }
  }
  read->given = absl::StrJoin(given, ", ");
  for (std::string* part : {&read->family, &read->given}) {
    if (std::string last = TakeSuffix(part); !last.empty()) suffix = std::move(last);
  }
  const absl::string_view behind = suffix.empty() ? "" : " ";
  read->name =
      absl::StrCat(read->given, read->given.empty() || read->family.empty() ? "" : " ", read->family, behind, suffix);
  if (!read->given.empty()) {
    absl::StrAppend(&read->given, behind, suffix);
  } else if (!suffix.empty()) {
    read->family.clear();  // "Nathaniel Bolds, Jr": which is the family name is not told
  }
}

}  // namespace

absl::string_view NameOrderName(NameOrder order) {
  switch (order) {
    case NameOrder::kAsWritten:
      return "as written";
    case NameOrder::kFamilyCommaGiven:
      return "Last, First";
    case NameOrder::kGivenUpperFamily:
      return "First LAST";
    case NameOrder::kUpperFamilyGiven:
      return "LAST First";
    case NameOrder::kFamilyBlankGiven:
      return "family, then given";
    case NameOrder::kFamilyGiven:
      return "family first";
  }
  return "";
}

NameOrder FindNameOrder(const std::vector<absl::string_view>& names) {
  size_t comma = 0;
  size_t upper_end = 0;
  size_t upper_beginning = 0;
  size_t wide = 0;
  for (const absl::string_view name : names) {
    const size_t at = name.find(',');
    if (at != absl::string_view::npos && at > 0 && !IsSuffix(Trimmed(name.substr(at + 1)))) ++comma;
    if (name.find(kIdeographicBlank) != absl::string_view::npos) ++wide;
    const std::vector<absl::string_view> words = Words(name);
    if (UpperAtEnd(words) > 0) ++upper_end;
    if (UpperAtBeginning(words) > 0) ++upper_beginning;
  }
  auto most = [&names](size_t count) { return count > 0 && count * 3 >= names.size() * 2; };
  if (most(comma)) return NameOrder::kFamilyCommaGiven;
  if (most(wide)) return NameOrder::kFamilyBlankGiven;
  if (most(upper_end)) return NameOrder::kGivenUpperFamily;
  if (most(upper_beginning)) return NameOrder::kUpperFamilyGiven;
  return NameOrder::kAsWritten;
}

ReadName SplitName(absl::string_view text, NameOrder order) {
  ReadName read;
  text = Trimmed(text);
  read.country = TakeCountry(&text);
  if (order == NameOrder::kFamilyCommaGiven) {
    if (absl::StrContains(text, ",")) {
      SplitAtCommas(text, &read);
      return read;
    }
  } else if (order == NameOrder::kFamilyBlankGiven) {
    const size_t blank = text.find(kIdeographicBlank);
    if (blank != absl::string_view::npos) {
      read.family = WithoutExtraBlanks(text.substr(0, blank));
      read.given = WithoutExtraBlanks(text.substr(blank));
    }
  }
  read.name = WithoutExtraBlanks(text);
  const std::vector<absl::string_view> words = Words(read.name);
  if (order == NameOrder::kGivenUpperFamily) {
    if (const size_t count = UpperAtEnd(words); count > 0) {
      read.given = Join(words, 0, words.size() - count);
      read.family = Join(words, words.size() - count, words.size());
    }
  } else if (order == NameOrder::kUpperFamilyGiven || order == NameOrder::kFamilyGiven) {
    size_t count = UpperAtBeginning(words);
    if (count == 0 && order == NameOrder::kFamilyGiven && words.size() > 1) count = 1;
    if (count > 0) {
      read.family = Join(words, 0, count);
      read.given = Join(words, count, words.size());
      read.name = absl::StrCat(read.given, " ", read.family);
    }
  }
  return read;
}

}  // namespace palmares::ingest
