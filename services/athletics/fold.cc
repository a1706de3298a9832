#include "services/athletics/fold.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace palmares::athletics {
namespace {

constexpr uint32_t kFirstFolded = 0xC0, kLastFolded = 0x17F;
constexpr std::array<const char*, kLastFolded - kFirstFolded + 1> kLatinFolding = {
#include "services/athletics/characters.h"
#include "services/athletics/data/latin_folding.inc"
};

// One code point, or one byte that is no part of valid UTF-8 (then `valid` is false).
struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 1;
  bool valid = false;
};

CodePoint Decode(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (bytes == 0 || text.size() < bytes) return {lead, 1, false};
  uint32_t value = lead & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<uint8_t>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {lead, 1, false};
    value = (value << 6) | (next & 0x3FU);
  }
  return {value, bytes, true};
}

bool IsSpace(uint32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
         c == 0x3000 || c == 0xFEFF;
}

// What a code point that is neither a space nor plain ASCII becomes; nullptr: stays as it is.
const char* Replacement(uint32_t c) {
  if (c >= kFirstFolded && c <= kLastFolded) return kLatinFolding[c - kFirstFolded];
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return "-";
  if (c == 0x2018 || c == 0x2019 || c == 0x2032 || c == 0xB4) return "'";
  if (c == 0x201C || c == 0x201D || c == 0x2033) return "\"";
  if (c == 0xBD) return "1/2";
  if (c >= 0x300 && c <= 0x36F) return "";  // a combining mark: the letter before it is already there
  return nullptr;
}

char LowerAscii(uint32_t c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

}  // namespace

std::string Fold(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool space = false;
  while (!text.empty()) {
    CodePoint point = Decode(text);
    if (point.value >= 0xFF01 && point.value <= 0xFF5E) point.value -= 0xFF01 - '!';  // full-width forms
    if (point.valid && IsSpace(point.value)) {
      space = !folded.empty();
    } else {
      if (space) folded += ' ';
      space = false;
      const char* replacement = point.valid && point.value >= 0x80 ? Replacement(point.value) : nullptr;
      if (replacement != nullptr) {
        folded += replacement;
      } else if (point.valid && point.value < 0x80) {
        folded += LowerAscii(point.value);
      } else {
        folded.append(text.data(), point.bytes);
      }
    }
    text.remove_prefix(point.bytes);
  }
  return folded;
}

std::string FoldKey(absl::string_view text) {
  const std::string folded = Fold(text);
  std::string key;
  for (size_t i = 0; i < folded.size(); ++i) {
    const char c = folded[i];
    const bool between_digits = i > 0 && i + 1 < folded.size() && IsDigit(folded[i - 1]) && IsDigit(folded[i + 1]);
    const bool letter = (c >= 'a' && c <= 'z') || IsDigit(c) || static_cast<uint8_t>(c) >= 0x80;
    if (letter) {
      key += c;
    } else if ((c == '.' || c == ',') && between_digits) {
      size_t digits = 0;
      while (i + 1 + digits < folded.size() && IsDigit(folded[i + 1 + digits])) ++digits;
      if (c == '.' || digits != 3) key += '.';  // a comma before three digits groups thousands
    }
  }
  return key;
}

}  // namespace palmares::athletics
