#include "services/ingest/field.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "services/results/relay_legs.h"

namespace palmares::ingest {
namespace {

constexpr std::array<absl::string_view, kFieldCount> kFieldNames = {
    "ignore",        "bib",        "name",           "family_name", "given_name",    "sex",      "division",
    "age",           "birth_date", "birth_year",     "category",    "nationality",   "country",  "region",
    "city",          "club",       "external_id",    "athlete",     "official_time", "gun_time", "chip_time",
    "place",         "sex_place",  "category_place", "wind",        "outcome",       "split",    "pace",
    "qualification", "timing",     "leg_name",       "leg_bib",     "leg_time",      "private"};

struct Alias {
  absl::string_view header;
  Field field;
  int confidence_percent;
};

constexpr Alias kAliases[] = {
#include "services/ingest/field_aliases.inc"
};

const absl::flat_hash_map<std::string, HeaderMeaning>& Aliases() {
  static const auto* const aliases = [] {
    auto* map = new absl::flat_hash_map<std::string, HeaderMeaning>;
    for (const Alias& alias : kAliases) {
      // The aliases are folded here too, so that the table may be written as headers are.
      map->try_emplace(FoldHeader(alias.header), HeaderMeaning{alias.field, alias.confidence_percent});
    }
    return map;
  }();
  return *aliases;
}

constexpr int64_t kKilometre = 1'000'000;
constexpr int64_t kMile = 1'609'344;
constexpr int64_t kMarathon = 42'195'000;

struct DistanceUnit {
  absl::string_view name;
  int64_t millimetres;
};
// Longer names first, since "km" ends with "m".
constexpr std::array<DistanceUnit, 10> kDistanceUnits = {{{"kilometers", kKilometre},
                                                          {"kilometres", kKilometre},
                                                          {"kilometer", kKilometre},
                                                          {"miles", kMile},
                                                          {"mile", kMile},
                                                          {"km", kKilometre},
                                                          {"mi", kMile},
                                                          {"k", kKilometre},
                                                          {"m", 1000},
                                                          {"", kKilometre}}};

constexpr std::array<absl::string_view, 14> kHalf = {
    "half",  "halfmarathon", "half marathon", "halb",  "halbmarathon", "semi", "hm",
    "mitad", "mediamaraton", "mezza",         "halve", "13.1",         "中間", "ハーフ"};

// Prefixes that go with a distance: "t_05k", "Split 10", "Zeit 5 km", "KM 5".
constexpr std::array<absl::string_view, 14> kSplitWords = {
    "splittime", "split",   "splits", "zwischenzeit", "zeit", "time", "chrono",
    "passage",   "parcial", "km",     "tijd",         "tid",  "cp",   "t"};

// What a header calls a leg or who runs it, folded; longer ones first.
constexpr std::array<absl::string_view, 7> kLegWords = {"relayrunner", "relayleg", "relayeur", "coureur",
                                                        "runner",      "laufer",   "leg"};

struct LegWord {
  absl::string_view word;
  Field field;
};
// What it tells of the leg, folded; longer ones first where one begins like another.
constexpr std::array<LegWord, 13> kLegFields = {{{"runnername", Field::kLegName},
                                                 {"runner", Field::kLegName},
                                                 {"athlete", Field::kLegName},
                                                 {"name", Field::kLegName},
                                                 {"bib", Field::kLegBib},
                                                 {"timeinmilliseconds", Field::kLegTime},
                                                 {"timeinmillis", Field::kLegTime},
                                                 {"time", Field::kLegTime},
                                                 {"splittime", Field::kLegTime},
                                                 {"split", Field::kLegTime},
                                                 {"mark", Field::kLegTime},
                                                 {"zeit", Field::kLegTime},
                                                 {"temps", Field::kLegTime}}};

std::optional<Field> ConsumeLegField(absl::string_view& text) {
  for (const LegWord& known : kLegFields) {
    if (absl::ConsumePrefix(&text, known.word)) return known.field;
  }
  return std::nullopt;
}

std::string LowerWithDots(absl::string_view header) {
  std::string out;
  for (const char c : header) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80) != 0) {
      out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if ((c == '.' || c == ',') && !out.empty() && absl::ascii_isdigit(static_cast<unsigned char>(out.back()))) {
      out.push_back('.');
    }
  }
  while (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

// "5", "05k", "21.0975km".
std::optional<int64_t> ParseDistance(absl::string_view text, bool bare_number_is_distance) {
  size_t digits = 0;
  while (digits < text.size() && (absl::ascii_isdigit(static_cast<unsigned char>(text[digits])) || text[digits] == '.'))
    ++digits;
  double number = 0;
  if (digits == 0 || digits > 8 || !absl::SimpleAtod(text.substr(0, digits), &number) || number <= 0)
    return std::nullopt;
  const absl::string_view unit = text.substr(digits);
  if (unit.empty() && !bare_number_is_distance) return std::nullopt;
  for (const DistanceUnit& known : kDistanceUnits) {
    if (unit == known.name) return std::llround(number * static_cast<double>(known.millimetres));
  }
  return std::nullopt;
}

// How many bytes must be added, left out, replaced or change places with the next one to make `a` of `b`; `enough` or
// more when it is no less than that.
size_t LettersOff(absl::string_view a, absl::string_view b, size_t enough) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= enough) return enough;
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({replaced, last[j] + 1, now[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace

absl::string_view FieldName(Field field) { return kFieldNames[static_cast<size_t>(field)]; }

std::string FoldHeader(absl::string_view header) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFKDInstance(error);
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(header.data(), static_cast<int32_t>(header.size())));
  if (U_SUCCESS(error)) text = decompose->normalize(text, error);
  text.foldCase();
  icu::UnicodeString kept;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (u_isalnum(c)) kept.append(c);
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

std::optional<Field> ParseField(absl::string_view name) {
  const std::string folded = FoldHeader(name);
  for (size_t i = 0; i < kFieldNames.size(); ++i) {
    if (folded == FoldHeader(kFieldNames[i])) return static_cast<Field>(i);
  }
  if (absl::StartsWith(folded, "split")) return Field::kSplit;
  if (const auto leg = FindLegMeaning(name); leg && leg->field) return leg->field;
  if (folded == "ignored" || folded == "skip" || folded.empty()) return Field::kIgnore;
  if (folded == "officialmark") return Field::kOfficialTime;
  if (folded == "gunmark") return Field::kGunTime;
  if (folded == "chipmark") return Field::kChipTime;
  const auto meaning = FindHeaderMeaning(name);
  if (meaning && meaning->field != Field::kIgnore) return meaning->field;
  return std::nullopt;
}

std::optional<HeaderMeaning> FindHeaderMeaning(absl::string_view header) {
  const std::string folded = FoldHeader(header);
  if (folded.empty()) return std::nullopt;
  const auto& aliases = Aliases();
  const auto found = aliases.find(folded);
  if (found == aliases.end()) return std::nullopt;
  return found->second;
}

std::optional<NearMiss> FindNearMiss(absl::string_view header) {
  constexpr size_t kShortest = 4, kLong = 7, kLongest = 40;
  const std::string folded = FoldHeader(header);
  if (folded.size() < kShortest || folded.size() > kLongest) return std::nullopt;
  std::optional<NearMiss> nearest;
  size_t least = folded.size() < kLong ? 2 : 3;
  for (const Alias& alias : kAliases) {
    if (alias.field == Field::kIgnore || alias.header.size() < kShortest) continue;
    const size_t off = LettersOff(folded, alias.header, least);
    if (off >= least) continue;
    least = off;
    nearest = NearMiss{std::string(alias.header), alias.field};
  }
  return nearest;
}

std::optional<LegMeaning> FindLegMeaning(absl::string_view header) {
  const std::string folded = FoldHeader(header);
  absl::string_view rest = folded;
  const bool named = std::any_of(kLegWords.begin(), kLegWords.end(),
                                 [&rest](absl::string_view word) { return absl::ConsumePrefix(&rest, word); });
  if (!named) return std::nullopt;
  LegMeaning meaning;
  meaning.field = ConsumeLegField(rest);
  size_t digits = 0;
  while (digits < rest.size() && absl::ascii_isdigit(static_cast<unsigned char>(rest[digits]))) ++digits;
  if (digits == 0 || digits > 2 || !absl::SimpleAtoi(rest.substr(0, digits), &meaning.leg)) return std::nullopt;
  rest.remove_prefix(digits);
  if (!meaning.field) meaning.field = ConsumeLegField(rest);
  const bool possible = meaning.leg >= 1 && static_cast<size_t>(meaning.leg) <= results::kMostRelayLegs;
  return rest.empty() && possible ? std::optional(meaning) : std::nullopt;
}

std::optional<SplitMeaning> FindSplitMeaning(absl::string_view header, int64_t race_distance_mm) {
  std::string text = LowerWithDots(header);
  absl::string_view rest = text;
  bool prefixed = false;
  for (const absl::string_view word : kSplitWords) {
    if (absl::ConsumePrefix(&rest, word)) {
      prefixed = true;
      break;
    }
  }
  for (const absl::string_view half : kHalf) {
    if (rest == half || text == half) {
      const int64_t whole = race_distance_mm > 0 ? race_distance_mm : kMarathon;
      return SplitMeaning{whole / 2};
    }
  }
  for (const absl::string_view suffix :
       {absl::string_view("split"), absl::string_view("time"), absl::string_view("zeit")}) {
    if (absl::ConsumeSuffix(&rest, suffix)) break;
  }
  const auto distance = ParseDistance(rest, prefixed);
  if (!distance) return std::nullopt;
  return SplitMeaning{*distance};
}

}  // namespace palmares::ingest
