// How alike two folded words are. Pure and thread-safe.
#ifndef PALMARES_SERVICES_IDENTITY_SIMILARITY_H_
#define PALMARES_SERVICES_IDENTITY_SIMILARITY_H_

#include "absl/strings/string_view.h"

namespace palmares::identity {

// The least number of letters to put in, take out, change, or swap with a neighbour to make `b` of `a` (optimal string
// alignment). More than `limit` is given as limit + 1. Only the first 32 bytes of each are looked at.
int EditDistance(absl::string_view a, absl::string_view b, int limit);

// Whether the two are one word written wrongly: one edit, two from 7 letters on, three from 10 on; in words of up to 4
// letters only a swap, or a letter more or less. The number of edits, or -1 where they are too many; 0 for equal words.
int TypingErrors(absl::string_view a, absl::string_view b);

// 1000 for equal words, 0 where no letter stays: one less the edits' share of the longer word.
int Likeness(absl::string_view a, absl::string_view b);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_SIMILARITY_H_
