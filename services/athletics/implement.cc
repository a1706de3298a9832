#include "services/athletics/implement.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/characters.h"

namespace palmares::athletics {
namespace {

constexpr int64_t kGramsPerKilogram = 1000;

// "7.26" in thousandths; nothing for other texts and for finer numbers.
std::optional<int64_t> ReadThousandths(absl::string_view text) {
  constexpr size_t kMostDigits = 6;
  int64_t value = 0;
  size_t digits = 0;
  int decimals = -1;
  for (const char c : text) {
    if (c == '.' && decimals < 0 && digits > 0) {
      decimals = 0;
    } else if (IsDigit(c) && digits < kMostDigits && decimals < 3) {
      value = value * 10 + (c - '0');
      ++digits;
      if (decimals >= 0) ++decimals;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < 3; ++i) value *= 10;
  return value;
}

}  // namespace

std::optional<WeighedEvent> SplitWeighedEvent(absl::string_view key) {
  constexpr int64_t kLeastGrams = 50, kMostGrams = 60'000;
  constexpr int64_t kFewestGramsWithoutUnit = 100, kMostGramsWithoutUnit = 999;
  size_t letters = 0;
  while (letters < key.size() && !IsDigit(key[letters])) ++letters;
  absl::string_view weight = key.substr(letters);
  size_t unit_at = weight.size();
  while (unit_at > 0 && !IsDigit(weight[unit_at - 1])) --unit_at;
  const absl::string_view unit = weight.substr(unit_at);
  weight = weight.substr(0, unit_at);
  const std::optional<int64_t> thousandths = ReadThousandths(weight);
  if (letters == 0 || !thousandths.has_value()) return std::nullopt;
  const bool whole = *thousandths % 1000 == 0;
  int64_t grams = 0;
  if (unit == "k" || unit == "kg" || unit == "kgs") {
    grams = *thousandths;
  } else if (unit == "g" || unit == "gr" || unit == "gm" || unit == "gms") {
    grams = whole ? *thousandths / kGramsPerKilogram : 0;
  } else if (unit.empty()) {
    const bool in_grams = *thousandths >= kFewestGramsWithoutUnit * 1000;
    if (in_grams && (!whole || *thousandths > kMostGramsWithoutUnit * 1000)) return std::nullopt;
    grams = in_grams ? *thousandths / kGramsPerKilogram : *thousandths;
  }
  if (grams < kLeastGrams || grams > kMostGrams) return std::nullopt;
  return WeighedEvent{key.substr(0, letters), grams};
}

std::string FormatWeight(int64_t grams) {
  if (grams < kGramsPerKilogram) return absl::StrCat(grams, "g");
  std::string text = absl::StrCat(grams / kGramsPerKilogram);
  if (grams % kGramsPerKilogram != 0) {
    absl::StrAppend(&text, ".", absl::Dec(grams % kGramsPerKilogram, absl::kZeroPad3));
    while (text.back() == '0') text.pop_back();
  }
  return absl::StrCat(text, "kg");
}

bool IsThrowingEvent(absl::string_view code) { return code == "shot-put" || absl::EndsWith(code, "-throw"); }

}  // namespace palmares::athletics
