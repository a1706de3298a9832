// What renderings say in the reader's language: headings, columns and states. Names, explanations and what athletes
// wrote stay as they are; numbers and days are printed as the sport and ISO 8601 do, in every language.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_WORDS_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_WORDS_H_

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"

namespace palmares::portfolio {

enum class Word : size_t {
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) id,
#include "services/portfolio/rendering/words.inc"
#undef PALMARES_WORD
  kCount
};

// A language. There are as many as words.inc has columns; they live as long as the program.
class Language {
 public:
  // By a BCP 47 tag, of which the first part counts: "de", "de-CH". English for an unknown one.
  static const Language& Find(absl::string_view tag);

  absl::string_view tag() const { return tag_; }
  bool IsEnglish() const { return tag_ == "en"; }
  absl::string_view operator()(Word word) const { return words_[static_cast<size_t>(word)]; }

  // Used by the table itself.
  using Words = std::array<absl::string_view, static_cast<size_t>(Word::kCount)>;
  Language(absl::string_view tag, const Words& words) : tag_(tag), words_(words) {}

 private:
  absl::string_view tag_;
  Words words_;
};

// The month, 1 to 12, in short.
Word MonthWord(int month);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_WORDS_H_
