// Bytes of a text file to UTF-8, and how its encoding was known.
//
// The order of evidence: a byte order mark; the encoding that was declared; every byte valid UTF-8; NUL bytes at every
// other place (UTF-16 without a mark); statistics of the bytes (libuchardet), which is a guess and is reported as one.
// ISO 8859-1 is read as windows-1252, which differs from it only where ISO 8859-1 has no printable character.
#ifndef PALMARES_SERVICES_INGEST_DECODE_H_
#define PALMARES_SERVICES_INGEST_DECODE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Text in UTF-8. When the input was UTF-8 already, `text` is a part of it and must not outlive it; else it is a part of
// `converted`. Movable: `text` is found again after a move by calling view().
struct DecodedText {
  std::string converted;       // empty when the input was UTF-8
  absl::string_view original;  // the input without its byte order mark; empty when it was converted
  std::string encoding;        // "UTF-8"
  std::string source;          // "byte order mark", "declared", "valid UTF-8", "detected"
  bool guessed = false;        // by statistics alone: other encodings may fit as well
  std::optional<size_t>
      invalid_offset;  // the first byte of view() that is not valid UTF-8, where UTF-8 was declared or likely

  absl::string_view view() const { return converted.empty() ? original : absl::string_view(converted); }
};

// The offset of the first byte that is not part of valid UTF-8 (overlong forms, surrogates and NUL are invalid too).
std::optional<size_t> FindInvalidUtf8(absl::string_view text);

// Decodes. INVALID_ARGUMENT for an encoding whose name is not known and for a file that is not text. Broken UTF-8 is no
// error here: `invalid_offset` lets the caller name row and column. At the most `max_bytes` of UTF-8 come out, else
// RESOURCE_EXHAUSTED.
absl::StatusOr<DecodedText> Decode(absl::string_view bytes, absl::string_view declared, size_t max_bytes);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_DECODE_H_
