// The words of a folded name. Views of the text they came from.
#ifndef PALMARES_SERVICES_IDENTITY_WORDS_H_
#define PALMARES_SERVICES_IDENTITY_WORDS_H_

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

namespace palmares::identity {

using Words = absl::InlinedVector<absl::string_view, 6>;

// Cut at spaces; no word is empty.
inline Words SplitWords(absl::string_view text) {
  Words words;
  while (!text.empty()) {
    const size_t space = text.find(' ');
    if (space != 0) words.push_back(text.substr(0, space));
    text = space == absl::string_view::npos ? absl::string_view() : text.substr(space + 1);
  }
  return words;
}

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_WORDS_H_
