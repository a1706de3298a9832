#include "services/profiles/text_check.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace palmares::profiles {
namespace {

constexpr UChar32 kZeroWidthNonJoiner = 0x200C;
constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kTextSelector = 0xFE0E;
constexpr UChar32 kEmojiSelector = 0xFE0F;
constexpr UChar32 kBrailleBlank = 0x2800;
constexpr UChar32 kFirstIdeographSelector = 0xE0100;
constexpr UChar32 kLastIdeographSelector = 0xE01EF;

// "U+202E RIGHT-TO-LEFT OVERRIDE".
std::string NameOf(UChar32 c) {
  std::array<char, 128> name{};
  UErrorCode error = U_ZERO_ERROR;
  u_charName(c, U_EXTENDED_CHAR_NAME, name.data(), static_cast<int32_t>(name.size()), &error);
  return absl::StrFormat("U+%04X %s", static_cast<uint32_t>(c), U_SUCCESS(error) ? name.data() : "");
}

bool IsJoiner(UChar32 c) { return c == kZeroWidthNonJoiner || c == kZeroWidthJoiner; }
bool IsEmojiSelector(UChar32 c) { return c == kTextSelector || c == kEmojiSelector; }
bool IsIdeographSelector(UChar32 c) { return c >= kFirstIdeographSelector && c <= kLastIdeographSelector; }
bool IsSelector(UChar32 c) { return IsEmojiSelector(c) || IsIdeographSelector(c); }

// One that stands on the letter before it and takes no room of its own.
bool IsMark(UChar32 c) {
  const int8_t type = u_charType(c);
  return (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) && !IsSelector(c);
}

// Something to be seen. Characters newer than the tables here are: they are emoji as a rule.
bool IsVisible(UChar32 c) {
  if (c <= 0 || IsJoiner(c) || IsSelector(c)) return false;
  return u_isgraph(c) || u_charType(c) == U_UNASSIGNED;
}

bool IsNoncharacter(UChar32 c) { return U_IS_UNICODE_NONCHAR(c); }

// What is wanted instead of a character that no text may hold; empty where it may.
absl::string_view RefusedFor(UChar32 c, bool lines) {
  if (c == '\n') return lines ? "" : "one line";
  const int8_t type = u_charType(c);
  if (type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR) {
    return lines ? "no control character but U+000A between lines" : "no control character";
  }
  if (u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL)) return "no character that changes the direction of others";
  if (IsJoiner(c) || IsSelector(c)) return "";  // which depends on what is around them
  if (type == U_PRIVATE_USE_CHAR || IsNoncharacter(c)) return "characters of Unicode";
  const bool hidden_format = type == U_FORMAT_CHAR && !u_hasBinaryProperty(c, UCHAR_PREPENDED_CONCATENATION_MARK);
  if (hidden_format || c == kBrailleBlank || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
    return "no character that nobody sees";
  }
  return "";
}

// What was there so far, as far as it decides about what comes.
class Reader {
 public:
  std::optional<Problem> Take(UChar32 c, bool lines) {
    if (const absl::string_view wanted = RefusedFor(c, lines); !wanted.empty()) {
      return Problem{NameOf(c), std::string(wanted)};
    }
    if (IsJoiner(before_) && !IsVisible(c)) return Stray(before_);
    if (IsJoiner(c) && !IsVisible(before_) && !IsEmojiSelector(before_)) return Stray(c);
    if (IsEmojiSelector(c) && !IsVisible(before_)) return Stray(c);
    if (IsIdeographSelector(c) && !u_hasBinaryProperty(before_, UCHAR_IDEOGRAPHIC)) return Stray(c);
    if (std::optional<Problem> piled = Pile(c)) return piled;
    before_ = c;
    return std::nullopt;
  }

  std::optional<Problem> End() const { return IsJoiner(before_) ? Stray(before_) : std::nullopt; }

 private:
  static std::optional<Problem> Stray(UChar32 c) {
    return Problem{NameOf(c), "it between two visible characters alone"};
  }

  std::optional<Problem> Pile(UChar32 c) {
    if (IsMark(c)) {
      if (before_ == 0 || before_ == '\n') return Problem{NameOf(c), "a letter before it"};
      if (++marks_ > kMostMarks) {
        return Problem{absl::StrCat(marks_, " combining marks in a row"),
                       absl::StrCat("at most ", kMostMarks, " on one letter")};
      }
    } else if (!IsJoiner(c) && !IsSelector(c)) {
      marks_ = 0;
    }
    return std::nullopt;
  }

  UChar32 before_ = 0;
  int marks_ = 0;
};

// Code points of a text that is UTF-8: the bytes that begin one.
int64_t CountCharacters(absl::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

std::optional<Problem> FindProblem(absl::string_view text, const TextRule& rule) {
  if (const int64_t characters = CountCharacters(text); characters > rule.most_characters) {
    return Problem{absl::StrCat(characters, " characters"), absl::StrCat("at most ", rule.most_characters)};
  }
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  Reader reader;
  for (int32_t at = 0; at < size;) {
    const int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) return Problem{absl::StrFormat("byte 0x%02X after %d others", bytes[start], start), "UTF-8"};
    if (std::optional<Problem> problem = reader.Take(c, rule.lines)) return problem;
  }
  return reader.End();
}

bool IsBlank(absl::string_view text) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0 || !u_isUWhiteSpace(c)) return false;
  }
  return true;
}

}  // namespace palmares::profiles
