// Folding of foreign text for look-ups of the sport's own vocabulary (disciplines, countries, sexes, outcomes). Not for
// names of people: whether two names are one is decided with more care elsewhere.
#ifndef PALMARES_SERVICES_ATHLETICS_FOLD_H_
#define PALMARES_SERVICES_ATHLETICS_FOLD_H_

#include <string>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

// Lower case, Latin letters without their marks ("é" -> "e", "ß" -> "ss"), every kind of space as one ' ', every dash
// as '-', typographic quotes as ' and ", "×" as "x", full-width digits and letters as ASCII; trimmed. Other letters
// stay as they are, and so do bytes that are not UTF-8.
std::string Fold(absl::string_view text);

// The folded text with only its letters and digits, and a '.' or ',' where digits stand on both sides as a '.': two
// writings with the same key mean the same. "10,000 m" -> "10000m", "Hept. sh" -> "heptsh", "7,5 km" -> "7.5km".
std::string FoldKey(absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_FOLD_H_
