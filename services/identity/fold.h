// Folding of text for comparison: what is left of a name or a town when case, accents, script and punctuation are taken
// away.
//
// Pure and thread-safe. No locale is read; the tables are those of the ICU library this is built with.
#ifndef PALMARES_SERVICES_IDENTITY_FOLD_H_
#define PALMARES_SERVICES_IDENTITY_FOLD_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::identity {

// Words of lower-case ASCII letters and digits, parted by single spaces: NFKC, case folding, transliteration to Latin,
// accents dropped ("Zoë" is "zoe", "ŁUKASZ" "lukasz", "Straße" "strasse", "Щукин" "shchukin", "すぐる" "suguru").
// Punctuation parts words: "D'Haene" is "d haene", "Al-Amri" "al amri". Chinese characters stay as they are: their
// reading depends on the language, and 大迫 is not "da po". Bytes that are not UTF-8 part words too. ASCII text takes a
// fast path.
std::string FoldText(absl::string_view utf8);

// As FoldText, appended to `out`, so that a caller's buffer is used again.
void AppendFolded(absl::string_view utf8, std::string& out);

// A 64-bit fingerprint of bytes that is the same in every process and on every machine.
uint64_t Fingerprint(absl::string_view bytes, uint64_t seed = 0);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_FOLD_H_
