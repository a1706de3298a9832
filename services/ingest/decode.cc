#include "services/ingest/decode.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::ingest {
namespace {

// How much of the file is looked at to guess its encoding.
constexpr size_t kSniffedBytes = size_t{1} << 20;

struct Mark {
  absl::string_view bytes;
  absl::string_view encoding;
};

// UTF-32LE before UTF-16LE, whose mark is its beginning.
constexpr std::array<Mark, 5> kMarks = {{{absl::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
                                         {absl::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
                                         {"\xEF\xBB\xBF", "UTF-8"},
                                         {"\xFF\xFE", "UTF-16LE"},
                                         {"\xFE\xFF", "UTF-16BE"}}};

// The length of the valid character at the start of `text`, or 0. `text` is not empty and does not start with ASCII.
size_t ValidCharacter(absl::string_view text) {
  auto byte = [&text](size_t i) { return static_cast<unsigned char>(text[i]); };
  auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned char lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (!continues(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  const bool out_of_range = (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90);
  return !continues(3) || out_of_range ? 0 : 4;
}

// True when no byte of the eight has its high bit set and none is NUL.
bool EightPlainBytes(const char* bytes) {
  constexpr uint64_t kHigh = 0x8080808080808080U;
  constexpr uint64_t kOnes = 0x0101010101010101U;
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return ((word | (word - kOnes)) & kHigh) == 0;
}

// Files exported as UTF-8 with some damaged characters are far more often that than another encoding: a text in another
// encoding has next to no valid multi-byte characters; of GBK's pairs, about one in five looks like one, and hardly any
// like a Latin letter of two bytes. Bytes that are damaged together are one place.
bool IsMostlyUtf8(absl::string_view text) {
  size_t valid = 0, latin = 0, invalid = 0, places = 0;
  bool in_place = false;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t length = byte < 0x80 ? 1 : ValidCharacter(text.substr(i));
    if (length == 0) {
      ++invalid;
      places += in_place ? 0 : 1;
    } else if (length > 1) {
      ++valid;
      latin += byte >= 0xC3 && byte <= 0xC5 ? 1 : 0;
    }
    in_place = length == 0;
    i += std::max<size_t>(length, 1);
  }
  return valid > 0 && (valid >= 2 * invalid || (latin == valid && valid >= places));
}

// UTF-16 without a mark: a Latin text has a NUL in every other byte.
absl::string_view SniffUtf16(absl::string_view bytes) {
  const absl::string_view head = bytes.substr(0, 4096);
  size_t even = 0;
  size_t odd = 0;
  for (size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '\0') (i % 2 == 0 ? even : odd) += 1;
  }
  const size_t many = head.size() * 3 / 10;
  if (odd > many && even < many / 10 + 1) return "UTF-16LE";
  if (even > many && odd < many / 10 + 1) return "UTF-16BE";
  return "";
}

std::string DetectByStatistics(absl::string_view bytes) {
  uchardet_t detector = uchardet_new();
  const absl::string_view head = bytes.substr(0, kSniffedBytes);
  std::string name;
  if (uchardet_handle_data(detector, head.data(), head.size()) == 0) {
    uchardet_data_end(detector);
    name = uchardet_get_charset(detector);
  }
  uchardet_delete(detector);
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(name.c_str(), &error);
  if (converter != nullptr) ucnv_close(converter);
  // A guess that cannot be converted from is no help; windows-1252 reads every byte, and the report says so.
  return name.empty() || name == "ASCII" || U_FAILURE(error) ? "windows-1252" : name;
}

std::string CanonicalName(absl::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(name));
  if (upper == "UTF8" || upper == "UTF-8" || upper == "ASCII" || upper == "US-ASCII") return "UTF-8";
  if (upper == "ISO-8859-1" || upper == "ISO8859-1" || upper == "LATIN1" || upper == "LATIN-1") return "windows-1252";
  return std::string(absl::StripAsciiWhitespace(name));
}

absl::StatusOr<std::string> Convert(absl::string_view bytes, const std::string& encoding, size_t max_bytes) {
  UErrorCode error = U_ZERO_ERROR;
  UConverter* from = ucnv_open(encoding.c_str(), &error);
  if (U_FAILURE(error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("encoding \"", encoding, "\" is not known; want one such as utf-8, windows-1252 or utf-16le"));
  }
  UErrorCode utf8_error = U_ZERO_ERROR;
  UConverter* utf8 = ucnv_open("UTF-8", &utf8_error);
  std::string out;
  std::array<char, 16384> buffer;
  std::array<UChar, 4096> pivot;
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  const char* source = bytes.data();
  bool reset = true;
  do {
    error = U_ZERO_ERROR;
    char* target = buffer.data();
    ucnv_convertEx(utf8, from, &target, buffer.data() + buffer.size(), &source, bytes.data() + bytes.size(),
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(), static_cast<UBool>(reset),
                   true, &error);
    reset = false;
    out.append(buffer.data(), target);
  } while (error == U_BUFFER_OVERFLOW_ERROR && out.size() <= max_bytes);
  ucnv_close(from);
  ucnv_close(utf8);
  if (out.size() > max_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat("the text is over ", max_bytes, " bytes of UTF-8"));
  }
  if (U_FAILURE(error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the file cannot be read as ", encoding, ": ", absl::NullSafeStringView(u_errorName(error))));
  }
  return out;
}

absl::StatusOr<DecodedText> Converted(absl::string_view bytes, std::string encoding, std::string source,
                                      size_t max_bytes) {
  DecodedText decoded;
  auto text = Convert(bytes, encoding, max_bytes);
  if (!text.ok()) return text.status();
  decoded.converted = *std::move(text);
  decoded.encoding = std::move(encoding);
  decoded.source = std::move(source);
  if (absl::StartsWith(decoded.converted, "\xEF\xBB\xBF")) decoded.converted.erase(0, 3);
  if (decoded.converted.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("the file holds NUL characters; want text");
  }
  return decoded;
}

DecodedText AsUtf8(absl::string_view bytes, std::string source, std::optional<size_t> invalid) {
  DecodedText decoded;
  decoded.original = bytes;
  decoded.encoding = "UTF-8";
  decoded.source = std::move(source);
  decoded.invalid_offset = invalid;
  return decoded;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    if (i + 8 <= text.size() && EightPlainBytes(text.data() + i)) {
      i += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte != 0 && byte < 0x80) {
      ++i;
      continue;
    }
    const size_t length = byte == 0 ? 0 : ValidCharacter(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

absl::StatusOr<DecodedText> Decode(absl::string_view bytes, absl::string_view declared, size_t max_bytes) {
  for (const Mark& mark : kMarks) {
    if (!absl::StartsWith(bytes, mark.bytes)) continue;
    const absl::string_view rest = bytes.substr(mark.bytes.size());
    if (mark.encoding == "UTF-8") return AsUtf8(rest, "byte order mark", FindInvalidUtf8(rest));
    return Converted(rest, std::string(mark.encoding), "byte order mark", max_bytes);
  }
  const std::optional<size_t> invalid = FindInvalidUtf8(bytes);
  if (!declared.empty()) {
    const std::string encoding = CanonicalName(declared);
    if (encoding == "UTF-8") return AsUtf8(bytes, "declared", invalid);
    return Converted(bytes, encoding, "declared", max_bytes);
  }
  if (!invalid) return AsUtf8(bytes, "valid UTF-8", invalid);
  const absl::string_view utf16 = SniffUtf16(bytes);
  if (!utf16.empty()) return Converted(bytes, std::string(utf16), "detected", max_bytes);
  if (bytes.find('\0') != absl::string_view::npos) {
    return absl::InvalidArgumentError("the file holds NUL bytes and is not UTF-16; want text");
  }
  if (IsMostlyUtf8(bytes)) return AsUtf8(bytes, "detected", invalid);
  const std::string likeliest = CanonicalName(DetectByStatistics(bytes));
  if (likeliest == "UTF-8") return AsUtf8(bytes, "detected", invalid);  // which it is not, as far as that byte
  auto guessed = Converted(bytes, likeliest, "detected", max_bytes);
  if (guessed.ok()) guessed->guessed = true;
  return guessed;
}

}  // namespace palmares::ingest
