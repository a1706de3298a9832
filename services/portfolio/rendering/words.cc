#include "services/portfolio/rendering/words.h"

#include "absl/strings/match.h"

namespace palmares::portfolio {
namespace {

const std::array<Language, 8>& Languages() {
  static const auto* const languages = new std::array<Language, 8>{
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) en,
      Language("en",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) de,
      Language("de",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) fr,
      Language("fr",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) es,
      Language("es",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) it,
      Language("it",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) pt,
      Language("pt",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) nl,
      Language("nl",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
#define PALMARES_WORD(id, en, de, fr, es, it, pt, nl, ja) ja,
      Language("ja",
               {
#include "services/portfolio/rendering/words.inc"
               }),
#undef PALMARES_WORD
  };
  return *languages;
}

}  // namespace

const Language& Language::Find(absl::string_view tag) {
  const absl::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  for (const Language& language : Languages()) {
    if (absl::EqualsIgnoreCase(language.tag(), primary)) return language;
  }
  return Languages().front();
}

Word MonthWord(int month) {
  return static_cast<Word>(static_cast<size_t>(Word::kJanuary) + static_cast<size_t>(month) - 1);
}

}  // namespace palmares::portfolio
