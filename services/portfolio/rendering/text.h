// Makes text that somebody else wrote harmless before it is shown.
//
// Every function is pure and may be called from any thread.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_TEXT_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::portfolio {

// The longest text that a profile may have, in characters; nothing longer is rendered.
inline constexpr size_t kLongestText = 5000;

// The text as valid UTF-8 that XML and HTML allow, of at most `most` characters; one that is longer ends with "…".
// U+FFFD stands for bytes that are no UTF-8, for control characters, and for those that turn or isolate the direction
// of what follows (U+202A to U+202E, U+2066 to U+2069). Line ends become "\n".
std::string Inert(absl::string_view text, size_t most = kLongestText);

// Appends the text with & < > " ' as character references.
void AppendEscaped(absl::string_view text, std::string& out);

// Whether a link may be shown as one: http or https with a host, at most 2,048 bytes, no spaces, quotes, angle
// brackets, backslashes, control characters or changes of direction, and nobody's name before the host ("bank@host").
bool IsWebLink(absl::string_view uri);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_TEXT_H_
