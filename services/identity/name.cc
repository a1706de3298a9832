#include "services/identity/name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/identity/fold.h"
#include "services/identity/nickname.h"
#include "services/identity/words.h"

namespace palmares::identity {
namespace {

template <size_t N>
bool IsOneOf(absl::string_view word, const std::array<absl::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<absl::string_view, 5> kGenerations = {"jr", "sr", "ii", "iii", "iv"};
constexpr std::array<absl::string_view, 8> kTitles = {"dr", "mr", "mrs", "ms", "miss", "prof", "sir", "herr"};
constexpr std::array<absl::string_view, 5> kDegrees = {"phd", "md", "esq", "dds", "mba"};
constexpr std::array<absl::string_view, 26> kParticles = {
    "van", "von", "der", "den", "de",  "del", "della", "di", "da", "dos", "das", "du", "la",
    "le",  "el",  "al",  "bin", "ben", "ter", "ten",   "zu", "af", "mac", "mc",  "st", "ait"};
// Words that stand where a name should: a row made only of them (and numbers) names nobody.
constexpr std::array<absl::string_view, 34> kPlaceholderWords = {
    "anonymous",   "anonyme",    "anonym",       "anonimo",  "anonima",     "anoniem",     "unknown",
    "inconnu",     "inconnue",   "unbekannt",    "onbekend", "desconocido", "desconocida", "desconhecido",
    "sconosciuto", "unnamed",    "noname",       "runner",   "athlete",     "participant", "coureur",
    "laufer",      "teilnehmer", "participante", "bib",      "dossard",     "name",        "no",
    "not",         "known",      "withheld",     "tba",      "tbd",         "xxx"};

bool HasLetter(absl::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c < '0' || c > '9'; });
}

// Takes generation, titles and degrees out of folded words; sets `suffix`. A lone word is never taken for one of them.
std::string WithoutAffixes(absl::string_view folded, bool at_end, std::string& suffix) {
  Words words = SplitWords(folded);
  words.erase(std::remove_if(words.begin(), words.end(), [](absl::string_view word) { return !HasLetter(word); }),
              words.end());
  while (words.size() > 1 && IsOneOf(words.front(), kTitles)) words.erase(words.begin());
  while (words.size() > 1 && at_end) {
    if (IsOneOf(words.back(), kGenerations)) {
      suffix = std::string(words.back());
    } else if (words.size() > 2 && words.back() == "d" && words[words.size() - 2] == "ph") {
      words.pop_back();
    } else if (!IsOneOf(words.back(), kDegrees)) {
      break;
    }
    words.pop_back();
  }
  return absl::StrJoin(words, " ");
}

bool IsPlaceholder(absl::string_view given, absl::string_view family) {
  bool any = false, named = false, all_n = true;
  for (absl::string_view part : {given, family}) {
    for (absl::string_view word : SplitWords(part)) {
      if (!HasLetter(word)) continue;
      all_n = all_n && (word == "n" || word == "nn");
      named = named || !IsOneOf(word, kPlaceholderWords);
      any = true;
    }
  }
  return !any || !named || all_n;
}

// The raw name with what is in brackets left out, when it has any.
std::string WithoutBrackets(absl::string_view name) {
  std::string out;
  int depth = 0;
  for (char c : name) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) out.push_back(c);
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  return out;
}

enum class Case { kUpper, kMixed, kNone };

// Whether a raw word is in capitals. A word of one letter, or in a script without case, says nothing. Letters beyond
// ASCII are taken for capitals where the UTF-8 form is one of the Latin ones (U+00C0 to U+00DE, and even code points
// after).
Case CaseOf(absl::string_view word) {
  int upper = 0, lower = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(word[i]);
    if (absl::ascii_isupper(c)) ++upper;
    if (absl::ascii_islower(c)) ++lower;
    if (c == 0xC3 && i + 1 < word.size()) (static_cast<unsigned char>(word[i + 1]) < 0x9F ? upper : lower)++;
  }
  if (upper >= 2 && lower == 0) return Case::kUpper;
  if (upper >= 3 && lower == 1 && absl::StartsWith(word, "Mc")) return Case::kUpper;  // "McDONALD"
  return lower > 0 ? Case::kMixed : Case::kNone;
}

struct RawParts {
  std::string given;
  std::string family;
};

// "Dawa-Dachhiri SHERPA", "DESISA Lelisa". False where the case does not tell.
bool SplitByCapitals(absl::string_view name, RawParts& parts) {
  const std::vector<absl::string_view> words = absl::StrSplit(name, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  size_t upper = 0, mixed = 0;
  for (absl::string_view word : words) {
    upper += CaseOf(word) == Case::kUpper ? 1 : 0;
    mixed += CaseOf(word) == Case::kMixed ? 1 : 0;
  }
  if (upper == 0 || mixed == 0) return false;
  Case last = Case::kMixed;
  for (absl::string_view word : words) {
    const Case own = CaseOf(word);
    const Case taken = own == Case::kNone ? last : own;
    absl::StrAppend(taken == Case::kUpper ? &parts.family : &parts.given, word, " ");
    last = taken;
  }
  return true;
}

// Folded words without any mark of order: the last word is the family name, with the particles before it.
void SplitByPosition(absl::string_view folded, PersonName& name) {
  const Words words = SplitWords(folded);
  if (words.size() < 2) {
    name.family = std::string(folded);
    return;
  }
  const bool family_first = static_cast<unsigned char>(words.front().front()) >= 0x80;
  if (family_first) {
    name.family = std::string(words.front());
    name.given = absl::StrJoin(words.begin() + 1, words.end(), " ");
    return;
  }
  size_t family = words.size() - 1;
  while (family > 1 && (IsOneOf(words[family - 1], kParticles) ||
                        (words[family - 1].size() == 1 && (words[family - 1] == "d" || words[family - 1] == "o")))) {
    --family;
  }
  name.given = absl::StrJoin(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(family), " ");
  name.family = absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(family), words.end(), " ");
}

void TakeParts(absl::string_view given, absl::string_view family, PersonName& name) {
  name.given = WithoutAffixes(FoldText(given), true, name.suffix);
  name.family = WithoutAffixes(FoldText(family), true, name.suffix);
}

bool IsOnlyAffixes(absl::string_view raw) {
  const std::string folded = FoldText(raw);
  const Words words = SplitWords(folded);
  if (IsOneOf(Joined(folded), kDegrees)) return true;  // "Ph.D."
  return std::all_of(words.begin(), words.end(), [](absl::string_view word) {
    return IsOneOf(word, kGenerations) || IsOneOf(word, kDegrees) || IsOneOf(word, kTitles);
  });
}

// "Last, First", "Last, First, Jr.", and "First Last, Jr.", which is no such order. False where there is no comma that
// tells.
bool SplitByComma(absl::string_view name, PersonName& out) {
  std::vector<absl::string_view> parts = absl::StrSplit(name, ',', absl::SkipWhitespace());
  while (parts.size() > 1 && IsOnlyAffixes(parts.back())) {
    const std::string folded = FoldText(parts.back());
    for (absl::string_view word : SplitWords(folded)) {
      if (IsOneOf(word, kGenerations)) out.suffix = std::string(word);
    }
    parts.pop_back();
  }
  if (parts.size() < 2) return false;
  TakeParts(absl::StrJoin(parts.begin() + 1, parts.end(), " "), parts.front(), out);
  return true;
}

// "John SMITH III" without the "III": its capitals are no family name.
absl::string_view WithoutLastAffixes(absl::string_view name, std::string& suffix) {
  name = absl::StripAsciiWhitespace(name);
  for (size_t space = name.rfind(' '); space != absl::string_view::npos; space = name.rfind(' ')) {
    const absl::string_view last = name.substr(space + 1);
    if (!IsOnlyAffixes(last)) break;
    const std::string folded = FoldText(last);
    if (IsOneOf(folded, kGenerations)) suffix = folded;
    name = absl::StripAsciiWhitespace(name.substr(0, space));
  }
  return name;
}

absl::string_view BeforeComma(absl::string_view name) { return name.substr(0, name.find(',')); }

PersonName ParseWhole(absl::string_view raw) {
  const bool brackets = raw.find_first_of("([") != absl::string_view::npos;
  const std::string kept = brackets ? WithoutBrackets(raw) : std::string();
  const absl::string_view name = brackets ? absl::string_view(kept) : raw;
  PersonName out;
  const bool comma = name.find(',') != absl::string_view::npos;
  if (comma && SplitByComma(name, out)) return out;
  const absl::string_view rest = WithoutLastAffixes(comma ? BeforeComma(name) : name, out.suffix);
  RawParts parts;
  if (SplitByCapitals(rest, parts)) {
    TakeParts(parts.given, parts.family, out);
    return out;
  }
  SplitByPosition(WithoutAffixes(FoldText(rest), true, out.suffix), out);
  return out;
}

char SoundOf(char c) {
  switch (c) {
    case 'b':
    case 'p':
      return 'b';
    case 'f':
    case 'v':
    case 'w':
      return 'f';
    case 'c':
    case 'k':
    case 'q':
    case 'g':
    case 'j':
    case 'x':
      return 'k';
    case 's':
    case 'z':
      return 's';
    case 'd':
    case 't':
      return 't';
    case 'm':
    case 'n':
      return 'n';
    case 'l':
      return 'l';
    case 'r':
      return 'r';
    default:
      return 0;
  }
}

}  // namespace

PersonName ParseName(absl::string_view name, absl::string_view family, absl::string_view given) {
  PersonName out;
  if (!family.empty() || !given.empty()) {
    // A whole name in one of two columns: "Lee Da-Seul" as given name, and nothing as family name.
    const absl::string_view only = family.empty() ? given : (given.empty() ? family : absl::string_view());
    if (only.find(' ') != absl::string_view::npos) {
      out = ParseWhole(only);
    } else {
      TakeParts(given, family, out);
    }
  } else {
    out = ParseWhole(name);
  }
  out.placeholder = IsPlaceholder(out.given, out.family);
  return out;
}

uint64_t NameKey(const PersonName& name) {
  if (name.placeholder) return 0;
  Words all = SplitWords(name.given);
  for (absl::string_view word : SplitWords(name.family)) all.push_back(word);
  Words words;
  for (absl::string_view word : all) {
    if (word.size() > 1) words.push_back(word);
  }
  if (words.size() < 2) words = all;
  // A sum of the words' fingerprints does not depend on their order, and needs no sorting.
  uint64_t key = 0;
  for (absl::string_view word : words) key += Fingerprint(word);
  return key == 0 ? 1 : key;
}

std::string Joined(absl::string_view words) {
  std::string out;
  for (char c : words) {
    if (c != ' ') out.push_back(c);
  }
  return out;
}

std::string SoundCode(absl::string_view words) {
  std::string out;
  char last = 0;
  for (size_t i = 0; i < words.size() && out.size() < 8; ++i) {
    const char c = words[i];
    if (static_cast<unsigned char>(c) >= 0x80) {
      out.push_back(c);
      continue;
    }
    char sound = SoundOf(c);
    if (c == 'p' && i + 1 < words.size() && words[i + 1] == 'h') sound = 'f';
    if (sound != 0 && sound != last) out.push_back(sound);
    if (out.empty() && sound == 0 && c != ' ' && c != 'h') out.push_back('a');
    if (c != 'h') last = sound;
  }
  return out;
}

GivenRelation RelateGivenNames(absl::string_view a, absl::string_view b) {
  if (a.empty() || b.empty() || a == b) return GivenRelation::kNone;
  const absl::string_view shorter = a.size() < b.size() ? a : b;
  const absl::string_view longer = a.size() < b.size() ? b : a;
  if (shorter.size() == 1) {
    return longer.size() > 1 && shorter[0] == longer[0] ? GivenRelation::kInitial : GivenRelation::kNone;
  }
  if (AreNicknames(a, b)) return GivenRelation::kNickname;
  return longer.size() >= shorter.size() + 2 && absl::StartsWith(longer, shorter) ? GivenRelation::kShortForm
                                                                                  : GivenRelation::kNone;
}

}  // namespace palmares::identity
