#include "services/portfolio/rendering/text.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026
constexpr size_t kLongestLink = 2048;

// One character of UTF-8 at the start of a text.
struct Character {
  char32_t code = 0;
  size_t size = 1;
  bool valid = false;
};

size_t SizeByFirstByte(uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

Character Decode(absl::string_view text) {
  constexpr char32_t kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t size = SizeByFirstByte(static_cast<uint8_t>(text[0]));
  if (size == 0 || size > text.size()) return {};
  char32_t code = static_cast<uint8_t>(text[0]) & kFirstBits[size];
  for (size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = code << 6 | (byte & 0x3F);
  }
  if (code < kSmallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {.code = code, .size = size, .valid = true};
}

bool TurnsDirection(char32_t code) { return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069); }

// Tab and line feed are no controls here; U+FFFE and U+FFFF are no characters of XML.
bool IsForbidden(char32_t code) {
  if (code < 0x20) return code != '\t' && code != '\n';
  return (code >= 0x7F && code <= 0x9F) || code == 0xFFFE || code == 0xFFFF || TurnsDirection(code);
}

bool IsLineEnd(char32_t code) { return code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029; }

bool IsPlain(absl::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if ((byte < 0x20 && byte != '\n') || byte >= 0x7F) return false;
  }
  return true;
}

}  // namespace

std::string Inert(absl::string_view text, size_t most) {
  if (text.size() <= most && IsPlain(text)) return std::string(text);
  std::string out;
  size_t count = 0;
  while (!text.empty()) {
    if (count++ == most) {
      absl::StrAppend(&out, kEllipsis);
      break;
    }
    const Character character = Decode(text);
    if (character.valid && IsLineEnd(character.code)) {
      if (absl::StartsWith(text, "\r\n")) text.remove_prefix(1);
      out += '\n';
    } else if (!character.valid || IsForbidden(character.code)) {
      absl::StrAppend(&out, kReplacement);
    } else {
      out.append(text.data(), character.size);
    }
    text.remove_prefix(character.size);
  }
  return out;
}

void AppendEscaped(absl::string_view text, std::string& out) {
  constexpr absl::string_view kSpecial = "&<>\"'";
  for (size_t end = text.find_first_of(kSpecial); end != absl::string_view::npos; end = text.find_first_of(kSpecial)) {
    out.append(text.data(), end);
    switch (text[end]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += "&#39;";
    }
    text.remove_prefix(end + 1);
  }
  out.append(text.data(), text.size());
}

bool IsWebLink(absl::string_view uri) {
  if (uri.size() > kLongestLink || Inert(uri, kLongestLink) != uri) return false;
  if (uri.find_first_of(" \t\n\"'<>\\`{}|^") != absl::string_view::npos) return false;
  absl::string_view rest = uri;
  const size_t colon = rest.find(':');
  if (colon == absl::string_view::npos) return false;
  const absl::string_view scheme = rest.substr(0, colon);
  if (!absl::EqualsIgnoreCase(scheme, "http") && !absl::EqualsIgnoreCase(scheme, "https")) return false;
  rest.remove_prefix(colon + 1);
  if (!absl::ConsumePrefix(&rest, "//")) return false;
  const absl::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return !host.empty() && host[0] != ':' && host.find('@') == absl::string_view::npos;
}

}  // namespace palmares::portfolio
