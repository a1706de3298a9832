// Small helpers on cells.
#ifndef PALMARES_SERVICES_INGEST_TEXT_H_
#define PALMARES_SERVICES_INGEST_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Without blanks at both ends, also the no-break and the ideographic ones.
absl::string_view Trimmed(absl::string_view text);

// True for a cell that says that there is no value: "", "-", "*", "?", "--", "–", "—", "n/a", "NA", "null", "--:--:--",
// "None".
bool IsMissing(absl::string_view text);

// True for a text of ASCII letters alone.
bool IsWord(absl::string_view text);

// A whole number without sign of at the most nine digits. Also "30.0", which spreadsheets make of 30.
std::optional<int32_t> ParseWhole(absl::string_view text);

// Trimmed, with every run of blanks made one space.
std::string WithoutExtraBlanks(absl::string_view text);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_TEXT_H_
