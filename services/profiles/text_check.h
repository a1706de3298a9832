// What texts that people write for others to read may hold. Pure functions of bytes.
//
// A text is plain: HTML and scripts are characters like others, kept as they stand; whoever shows a text escapes it, as
// its output wants. What no escaping helps against is refused by name: characters that change the direction of others,
// that nobody sees, or that pile up beyond their line.
#ifndef PALMARES_SERVICES_PROFILES_TEXT_CHECK_H_
#define PALMARES_SERVICES_PROFILES_TEXT_CHECK_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::profiles {

// Why a value is refused. Both are safe to show.
struct Problem {
  std::string seen;    // "U+202E RIGHT-TO-LEFT OVERRIDE", "250000 characters"
  std::string wanted;  // "at most 5000 characters"
};

// Lengths count Unicode code points, not bytes.
struct TextRule {
  int most_characters = 0;
  bool lines = false;  // U+000A may part lines; else the text is one line
};

// The first thing about a text that is not allowed; nothing where all is well. Refused are:
// - bytes that are not UTF-8, unpaired surrogates among them, and more characters than the rule says;
// - control characters but U+000A between lines, line and paragraph separators;
// - directional marks, embeddings, overrides and isolates (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069);
// - characters that nobody sees: format characters, fillers, tags, U+2800, private use and noncharacters. Joiners
//   (U+200C, U+200D) and the two variation selectors of emoji (U+FE0E, U+FE0F) stand between visible characters as
//   Persian, Hindi and emoji want them, one at a time; an ideograph may have a variation selector of its own;
// - more than kMostMarks combining marks on one letter, and one on no letter.
// What right-to-left scripts write themselves needs none of this and is kept.
std::optional<Problem> FindProblem(absl::string_view text, const TextRule& rule);

inline constexpr int kMostMarks = 4;

// Whether nothing of the text is to be seen: it is empty or spaces alone.
bool IsBlank(absl::string_view text);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_TEXT_CHECK_H_
