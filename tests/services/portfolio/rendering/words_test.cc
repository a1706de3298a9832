#include "services/portfolio/rendering/words.h"

#include <set>

#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

constexpr const char* kTags[] = {"en", "de", "fr", "es", "it", "pt", "nl", "ja"};

TEST(WordsTest, EveryLanguageHasEveryWord) {
  for (const char* tag : kTags) {
    const Language& language = Language::Find(tag);
    ASSERT_EQ(language.tag(), tag);
    for (size_t i = 0; i < static_cast<size_t>(Word::kCount); ++i) {
      EXPECT_FALSE(language(static_cast<Word>(i)).empty()) << tag << " word " << i;
    }
  }
}

TEST(WordsTest, VerifiedAndSelfReportedAreToldApartInEveryLanguage) {
  for (const char* tag : kTags) {
    const Language& language = Language::Find(tag);
    EXPECT_NE(language(Word::kVerified), language(Word::kSelfReported)) << tag;
    const std::set<absl::string_view> states = {language(Word::kValid), language(Word::kSuperseded),
                                                language(Word::kExpired), language(Word::kRevoked)};
    EXPECT_EQ(states.size(), 4U) << tag;
  }
}

TEST(WordsTest, ALanguageIsFoundByTheFirstPartOfItsTag) {
  EXPECT_EQ(Language::Find("de-CH").tag(), "de");
  EXPECT_EQ(Language::Find("PT_br").tag(), "pt");
  EXPECT_EQ(Language::Find("").tag(), "en");
  EXPECT_EQ(Language::Find("tlh").tag(), "en");
  EXPECT_EQ(Language::Find("deutsch").tag(), "en");
}

TEST(WordsTest, MonthsFollowEachOther) {
  EXPECT_EQ(Language::Find("en")(MonthWord(1)), "Jan");
  EXPECT_EQ(Language::Find("en")(MonthWord(12)), "Dec");
}

}  // namespace
}  // namespace palmares::portfolio
