#include "services/ingest/names.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr absl::string_view kIdeographicBlank = "\xE3\x80\x80";
constexpr std::array<absl::string_view, 9> kSuffixes = {"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV", "JR", "SR"};

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

void SplitAtComma(absl::string_view text, size_t comma, ReadName* read) {
  read->family = WithoutExtraBlanks(text.substr(0, comma));
  read->given = WithoutExtraBlanks(text.substr(comma + 1));
  absl::string_view given = read->given;
  absl::string_view suffix;
  const size_t blank = given.rfind(' ');
  if (blank != absl::string_view::npos &&
      std::find(kSuffixes.begin(), kSuffixes.end(), given.substr(blank + 1)) != kSuffixes.end()) {
    suffix = given.substr(blank);
    given = given.substr(0, blank);
  }
  read->name = absl::StrCat(given, given.empty() || read->family.empty() ? "" : " ", read->family, suffix);
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
    if (at != absl::string_view::npos && at > 0) ++comma;
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
    const size_t comma = text.find(',');
    if (comma != absl::string_view::npos) {
      SplitAtComma(text, comma, &read);
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
