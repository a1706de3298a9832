// The labels of age bands: a small grammar over folded text, because files combine the same few parts freely: a word or
// letter for the sex, a word for the class, and one or two numbers.
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

constexpr int kOldestAge = 120;
constexpr int kGroupYears = 5;

struct NamedBand {
  absl::string_view key;
  AgeBand band;
};

// Classes that have a name and no number. English ones follow World Athletics (masters from 35, juniors under 20); the
// French ones are those of its federation from 2020 on ("M0".."M10") and, for the names "V1".."V5", from before.
constexpr std::array<NamedBand, 42> kNamedBands = {{
    {"sen", {20, 34}},    {"senior", {20, 34}}, {"seniors", {20, 34}},
    {"sr", {20, 34}},     {"s", {20, 34}},      {"se", {23, 34}},
    {"es", {20, 22}},     {"espoir", {20, 22}}, {"espoirs", {20, 22}},
    {"ju", {18, 19}},     {"ca", {16, 17}},     {"cadet", {16, 17}},
    {"cadets", {16, 17}}, {"mi", {14, 15}},     {"minime", {14, 15}},
    {"be", {12, 13}},     {"po", {10, 11}},     {"junior", {0, 19}},
    {"juniors", {0, 19}}, {"jun", {0, 19}},     {"youth", {0, 17}},
    {"master", {35}},     {"masters", {35}},    {"veteran", {35}},
    {"veterans", {35}},   {"vet", {35}},        {"v", {35}},
    {"open", {0}},        {"m0", {35, 39}},     {"m1", {40, 44}},
    {"m2", {45, 49}},     {"m3", {50, 54}},     {"m4", {55, 59}},
    {"m5", {60, 64}},     {"m6", {65, 69}},     {"m7", {70, 74}},
    {"v1", {40, 49}},     {"v2", {50, 59}},     {"v3", {60, 69}},
    {"v4", {70, 79}},     {"v5", {80}},         {"hauptklasse", {20, 29}},
}};
// Only after these, and only with a sex behind them, are numbers above 7 French masters' classes ("M8 H"): else they
// are years.
constexpr std::array<NamedBand, 3> kOldestFrenchMasters = {{{"m8", {75, 79}}, {"m9", {80, 84}}, {"m10", {85}}}};

template <size_t kSize>
std::optional<AgeBand> FindNamed(const std::array<NamedBand, kSize>& bands, absl::string_view key) {
  for (const NamedBand& named : bands) {
    if (named.key == key) return named.band;
  }
  return std::nullopt;
}

std::optional<int> TakeNumber(absl::string_view* text, size_t most_digits) {
  size_t digits = 0;
  int value = 0;
  while (digits < text->size() && digits < most_digits && absl::ascii_isdigit((*text)[digits])) {
    value = value * 10 + ((*text)[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text->remove_prefix(digits);
  return value;
}

bool TakeAny(absl::string_view* text, std::initializer_list<absl::string_view> words) {
  for (absl::string_view word : words) {
    if (absl::StartsWith(*text, word)) {
      text->remove_prefix(word.size());
      return true;
    }
  }
  return false;
}

// Folded, without spaces and the words that carry nothing ("age", "years", "ans", "jahre").
std::string Compact(absl::string_view text) {
  std::string compact;
  for (const char c : Fold(text)) {
    if (c != ' ' && c != '_' && c != '.' && c != '(' && c != ')' && c != '/' && c != '\'') compact += c;
  }
  absl::string_view rest = compact;
  TakeAny(&rest, {"agegroup", "ages", "age", "ak", "division", "div", "cat"});
  for (absl::string_view word : {"yearsold", "years", "yrs", "year", "ans", "anos", "jahre", "anni"}) {
    if (absl::EndsWith(rest, word)) {
      rest.remove_suffix(word.size());
      break;
    }
  }
  return std::string(rest);
}

// "35" of "M35", "W 40", "V50": five years from 30 on. 20 is the German main class of ten years; 8 to 15 single years
// of children.
std::optional<AgeBand> FiveYears(int from) {
  if (from == 20) return AgeBand{20, 29};
  if (from >= 8 && from <= 15) return AgeBand{from, from};
  if (from < 16 || from > kOldestAge) return std::nullopt;
  return AgeBand{from, from + kGroupYears - 1};
}

std::optional<AgeBand> CheckedRange(int min, int max) {
  if (min > max || max > kOldestAge) return std::nullopt;
  return AgeBand{min, max};
}

// The part with numbers: "35-39", "80+", "3539", "35to39", "35andover", "35".
std::optional<AgeBand> ParseNumbers(absl::string_view text) {
  absl::string_view all = text;
  const bool four_digits = text.size() == 4 && text.find_first_not_of("0123456789") == absl::string_view::npos;
  const std::optional<int> first = TakeNumber(&text, four_digits ? 2 : 3);
  if (!first.has_value() || *first > kOldestAge) return std::nullopt;
  if (four_digits) {  // "1439" is 14 to 39
    const std::optional<int> second = TakeNumber(&text, 2);
    return CheckedRange(*first, *second);
  }
  if (text.empty()) return FiveYears(*first);
  if (text == "+" || text == "&over" || text == "andover" || text == "andolder" || text == "over" || text == "andup" ||
      text == "&up" || text == "etplus" || text == "ymas" || text == "undalter") {
    return AgeBand{*first, kNoUpperAge};
  }
  if (text == "andunder" || text == "&under" || text == "under" || text == "andyounger" || text == "-" ||
      text == "etmoins") {
    return AgeBand{0, *first};
  }
  if (!TakeAny(&text, {"-", "to", "bis", "a"})) return std::nullopt;
  const std::optional<int> second = TakeNumber(&text, 3);
  if (!second.has_value() || !text.empty()) return std::nullopt;
  return *first == 0 && all.empty() ? std::nullopt : CheckedRange(*first, *second);
}

// "U20", "under20": everybody who is not yet 20.
std::optional<AgeBand> ParseUnder(absl::string_view text) {
  if (!TakeAny(&text, {"under", "unter", "u"})) return std::nullopt;
  const std::optional<int> limit = TakeNumber(&text, 2);
  if (!limit.has_value() || *limit < 5 || !text.empty()) return std::nullopt;
  return AgeBand{0, *limit - 1};
}

std::optional<AgeBand> ParseOver(absl::string_view text) {
  if (!TakeAny(&text, {"over", "uber", "ueber", "ab", "+"})) return std::nullopt;
  const std::optional<int> from = TakeNumber(&text, 3);
  if (!from.has_value() || *from > kOldestAge || !text.empty()) return std::nullopt;
  return AgeBand{*from, kNoUpperAge};
}

std::optional<AgeBand> ParseWithoutSex(absl::string_view text) {
  if (const auto named = FindNamed(kNamedBands, text)) return named;
  if (const auto under = ParseUnder(text)) return under;
  if (const auto over = ParseOver(text)) return over;
  // The letters of masters before a number: "V50", "MV40" after its sex, "master40", "S35".
  TakeAny(&text, {"masters", "master", "veterans", "veteran", "vet", "v"});
  return ParseNumbers(text);
}

bool TakeSexInFront(absl::string_view* text) {
  return TakeAny(text, {"women", "womens", "female", "males", "male", "mens", "men", "frauen", "manner", "m", "w", "f",
                        "h", "d", "x", "k", "l"});
}

// How many numbers the label has; 2 also where one of four digits stands for two.
int NumbersInLabel(absl::string_view label) {
  int numbers = 0, digits = 0;
  for (const char c : label) {
    digits = absl::ascii_isdigit(c) ? digits + 1 : 0;
    if (digits == 1 || digits == 4) ++numbers;
  }
  return numbers;
}

}  // namespace

std::optional<AgeBand> ParseAgeBand(absl::string_view text) {
  const std::string compact = Compact(text);
  absl::string_view rest = compact;
  if (rest.empty()) return std::nullopt;
  if (const auto band = ParseWithoutSex(rest)) return band;
  if (rest.size() > 1) {  // "SEH", "V1F", "U20M", "SM", "M10H", "35-39F"
    absl::string_view front = rest.substr(0, rest.size() - 1);
    const char last = rest.back();
    if (last == 'h' || last == 'f' || last == 'm' || last == 'w' || last == 'd') {
      if (last == 'h' || last == 'f') {
        if (const auto band = FindNamed(kOldestFrenchMasters, front)) return band;
      }
      if (const auto band = ParseWithoutSex(front)) return band;
    }
  }
  if (!TakeSexInFront(&rest)) return std::nullopt;
  return ParseWithoutSex(rest);
}

bool IsYearEndAgeBand(absl::string_view text) {
  const std::string compact = Compact(text);
  absl::string_view rest = compact;
  if (ParseUnder(rest).has_value()) return true;
  if (!rest.empty() && ParseUnder(rest.substr(0, rest.size() - 1)).has_value()) return true;  // "U20M"
  return TakeSexInFront(&rest) && ParseUnder(rest).has_value();
}

bool IsGroupByFives(absl::string_view label, AgeBand band) {
  if (NumbersInLabel(label) != 1 || band.max != band.min + kGroupYears - 1) return true;
  return band.min % kGroupYears == 0;
}

std::string FormatAgeBand(AgeBand band) {
  if (band.max >= kNoUpperAge) return absl::StrCat(band.min, "+");
  return absl::StrCat(band.min, "-", band.max);
}

}  // namespace palmares::athletics
