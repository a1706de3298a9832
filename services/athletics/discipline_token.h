// The numbers, words and signs that the text of a discipline is made of. Pure functions on values.
#ifndef PALMARES_SERVICES_ATHLETICS_DISCIPLINE_TOKEN_H_
#define PALMARES_SERVICES_ATHLETICS_DISCIPLINE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

struct DisciplineToken {
  enum class Kind : uint8_t { kNumber, kWord, kSign } kind = Kind::kSign;
  absl::string_view text;   // as folded
  int64_t thousandths = 0;  // of a number
  int decimals = 0;         // its digits behind the point
  bool attached = false;    // no space before it
};

// Reads folded text (fold.h) from left to right. Spaces and signs without a meaning are left out; the tokens' texts
// are views into `folded`.
std::vector<DisciplineToken> TokenizeDiscipline(absl::string_view folded);

// Whether tokens `i` and `i` + 1 are a class of age or of para athletics, which only says who competes: "u20", "t54",
// "m40" in front of the event.
bool IsCompetitorClass(const std::vector<DisciplineToken>& tokens, size_t i);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_DISCIPLINE_TOKEN_H_
