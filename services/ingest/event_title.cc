#include "services/ingest/event_title.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/athletics/characters.h"
#include "services/athletics/fold.h"

namespace palmares::ingest {
namespace {

using athletics::Discipline;
using TitleWords = std::vector<absl::string_view>;

constexpr size_t kMostTitleWords = 40;

// TitleWords that stand beside the distance in the title of a table and say nothing of the distance.
constexpr absl::string_view kTitleWords[] = {
    "results", "result",     "official",      "unofficial",    "provisional", "overall",    "finishers",
    "race",    "distance",   "event",         "ergebnisse",    "ergebnis",    "distanz",    "strecke",
    "lauf",    "wettbewerb", "ergebnisliste", "gesamtwertung", "resultats",   "classement", "course",
    "epreuve", "resultados", "clasificacion", "carrera",       "distancia",   "risultati",  "classifica",
    "gara",    "distanza",   "uitslag",       "uitslagen",     "afstand",     "resultaten", "prova"};
constexpr absl::string_view kLengthUnits[] = {
    "k",  "km",   "kms",   "kilometer", "kilometers", "kilometre", "kilometres", "kilometros", "chilometri",
    "mi", "mile", "miles", "miler",     "meile",      "meilen",    "milla",      "millas",     "miglia"};
constexpr absl::string_view kFlatRunWords[] = {"run", "dash", "flat"};

template <size_t kCount>
bool IsOneOf(absl::string_view word, const absl::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

TitleWords WordsOfTitle(absl::string_view folded) {
  TitleWords words = absl::StrSplit(folded, ' ', absl::SkipEmpty());
  if (words.size() > kMostTitleWords) words.resize(kMostTitleWords);
  return words;
}

std::string JoinedWords(const TitleWords& words, size_t begin, size_t end) {
  return absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(begin),
                       words.begin() + static_cast<std::ptrdiff_t>(end), " ");
}

bool HasLetter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

// Number and unit, or a marathon's name. A mile by itself is none.
bool HasLength(absl::string_view candidate) {
  if (absl::StrContains(candidate, "maraton") || absl::StrContains(candidate, "marathon")) return true;
  const absl::string_view number = "0123456789.,-";
  if (candidate.find_first_of("0123456789") == absl::string_view::npos) return false;
  for (absl::string_view word : WordsOfTitle(candidate)) {
    word.remove_prefix(std::min(word.find_first_not_of(number), word.size()));
    if (IsOneOf(word, kLengthUnits)) return true;
  }
  return false;
}

// Whether nothing but a number tells the distance: no unit, no word for a kind of race.
bool IsBareNumber(absl::string_view folded) {
  if (HasLength(folded)) return false;
  for (const absl::string_view word : WordsOfTitle(folded)) {
    const bool unit = athletics::IsDigit(word.front()) && HasLetter(word);
    if (unit || word == "m" || absl::StartsWith(word, "met") || absl::StartsWith(word, "mil") ||
        absl::StartsWith(word, "yard") || absl::StartsWith(word, "hurdle") || IsOneOf(word, kFlatRunWords)) {
      return false;
    }
  }
  return true;
}

std::optional<Discipline> WholeDiscipline(absl::string_view folded) {
  std::optional<Discipline> read = athletics::ReadDiscipline(folded);
  if (!read.has_value()) return std::nullopt;
  // A number without a unit can be an age or the event's own.
  constexpr int64_t kShortestMm = 100'000, kStepMm = 50'000, kHighHurdlesMm = 110'000;
  const int64_t mm = read->distance_mm;
  const bool usual = mm >= kShortestMm && (mm % kStepMm == 0 || mm == kHighHurdlesMm);
  if (mm > 0 && !usual && IsBareNumber(folded)) return std::nullopt;
  return read;
}

bool IsYear(absl::string_view word) {
  return word.size() == 4 && (absl::StartsWith(word, "19") || absl::StartsWith(word, "20")) &&
         std::all_of(word.begin(), word.end(), athletics::IsDigit);
}

// "distance:" without what stands at its ends.
absl::string_view WithoutMarks(absl::string_view word) {
  const absl::string_view marks = ":.*#!?\"'";
  while (!word.empty() && marks.find(word.front()) != absl::string_view::npos) word.remove_prefix(1);
  while (!word.empty() && marks.find(word.back()) != absl::string_view::npos) word.remove_suffix(1);
  return word;
}

// A part of a line between commas, dashes and the like.
struct TitlePart {
  std::vector<Discipline> distances;
  bool has_others = false;  // words that are no part of a distance's title
  bool ends_in_number_and_unit = false;
};

// The longest run of words from `begin` that is a distance; 0 where none is.
size_t TakeDistance(const TitleWords& words, size_t begin, TitlePart* part) {
  constexpr size_t kMostWords = 5;
  constexpr int64_t kShortestMm = 3'000'000;
  for (size_t count = std::min(kMostWords, words.size() - begin); count > 0; --count) {
    const std::string candidate = JoinedWords(words, begin, begin + count);
    if (!HasLength(candidate)) continue;
    std::optional<Discipline> read = athletics::ReadDiscipline(candidate);
    if (!read.has_value() || read->unit != athletics::MarkUnit::kMilliseconds || read->distance_mm < kShortestMm)
      continue;
    part->distances.push_back(*std::move(read));
    part->ends_in_number_and_unit =
        begin + count == words.size() && candidate.find_first_of("0123456789") != std::string::npos;
    return count;
  }
  return 0;
}

TitlePart ReadTitlePart(absl::string_view text) {
  TitlePart part;
  TitleWords words;
  for (const absl::string_view word : WordsOfTitle(text)) {
    const absl::string_view bare = WithoutMarks(word);
    if (!bare.empty()) words.push_back(bare);
  }
  for (size_t i = 0; i < words.size();) {
    if (const size_t count = TakeDistance(words, i, &part); count > 0) {
      i += count;
      continue;
    }
    part.has_others = part.has_others || !(IsOneOf(words[i], kTitleWords) || IsYear(words[i]) || words[i] == "-");
    ++i;
  }
  return part;
}

}  // namespace

athletics::Sex SexOfTitle(absl::string_view name) {
  const bool relay = absl::StrContains(absl::AsciiStrToLower(name), "relay");
  athletics::Sex told = athletics::Sex::kUnknown;
  for (const absl::string_view word : absl::StrSplit(name, ' ')) {
    const std::optional<athletics::Sex> sex = word.size() < 3 ? std::nullopt : athletics::ParseSex(word);
    if (!sex.has_value() || (!relay && *sex == athletics::Sex::kX)) continue;
    if (told != athletics::Sex::kUnknown && told != *sex) return athletics::Sex::kUnknown;
    told = *sex;
  }
  return told;
}

std::optional<Discipline> DisciplineOfEvent(absl::string_view name) {
  const std::string folded = athletics::Fold(name);
  TitleWords words = WordsOfTitle(folded);
  if (words.size() >= 3 && words[0] == "event") words.erase(words.begin(), words.begin() + 2);
  if (std::optional<Discipline> whole = WholeDiscipline(JoinedWords(words, 0, words.size()))) return whole;
  for (size_t begin = 0; begin < words.size(); ++begin) {
    if (!athletics::IsDigit(words[begin].front())) continue;
    for (size_t end = words.size(); end > begin; --end) {
      const std::string candidate = JoinedWords(words, begin, end);
      if (IsBareNumber(candidate)) continue;
      if (std::optional<Discipline> read = athletics::ReadDiscipline(candidate)) return read;
    }
  }
  return std::nullopt;
}

bool SaysFlatRun(absl::string_view title) {
  const std::string folded = athletics::Fold(title);
  const TitleWords words = WordsOfTitle(folded);
  return std::any_of(words.begin(), words.end(), [](absl::string_view word) { return IsOneOf(word, kFlatRunWords); });
}

std::vector<MentionedDistance> MentionedDistances(absl::string_view line, bool first_title) {
  constexpr size_t kLongest = 300;
  const std::string folded = absl::StrReplaceAll(athletics::Fold(line.substr(0, kLongest)),
                                                 {{" - ", "|"}, {", ", "|"}, {";", "|"}, {"(", "|"}, {")", "|"}});
  std::vector<MentionedDistance> mentioned;
  bool ends_in_number_and_unit = false;
  for (const absl::string_view text : absl::StrSplit(folded, '|', absl::SkipWhitespace())) {
    TitlePart part = ReadTitlePart(text);
    const bool is_title = part.distances.size() == 1 && !part.has_others;
    for (Discipline& distance : part.distances) mentioned.push_back({std::move(distance), is_title});
    ends_in_number_and_unit = part.ends_in_number_and_unit;
  }
  if (first_title && ends_in_number_and_unit && !absl::StrContains(line, ":")) mentioned.back().is_title = true;
  if (mentioned.size() > 1) {
    for (MentionedDistance& distance : mentioned) distance.is_title = false;
  }
  return mentioned;
}

}  // namespace palmares::ingest
