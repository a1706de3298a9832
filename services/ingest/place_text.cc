#include "services/ingest/place_text.h"

#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr std::array<absl::string_view, 9> kAfter = {"st", "nd", "rd", "th", ".", "=", "T", ")", "\xC2\xBA"};
constexpr std::array<absl::string_view, 4> kBefore = {"=", "T", "#", "("};

std::optional<int32_t> ParseOne(absl::string_view text) {
  text = Trimmed(text);
  for (const absl::string_view before : kBefore) absl::ConsumePrefix(&text, before);
  if (const auto whole = ParseWhole(text)) return whole;
  for (const absl::string_view after : kAfter) {
    if (absl::ConsumeSuffix(&text, after)) break;
  }
  return ParseWhole(text);
}

}  // namespace

std::optional<PlaceText> ParsePlace(absl::string_view text) {
  size_t separator = text.find('/');
  size_t length = 1;
  if (separator == absl::string_view::npos) {
    separator = text.find(" of ");
    length = 4;
  }
  PlaceText read;
  const auto place = ParseOne(text.substr(0, separator));
  if (!place) return std::nullopt;
  read.place = *place;
  if (separator == absl::string_view::npos) return read;
  const auto of = ParseOne(text.substr(separator + length));
  if (!of) return std::nullopt;
  read.of = *of;
  read.of_zero = *of == 0;
  return read;
}

}  // namespace palmares::ingest
