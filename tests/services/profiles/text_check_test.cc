// Texts that are kept as they stand, and what is refused by name.
#include "services/profiles/text_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

constexpr TextRule kLine{100};
constexpr TextRule kLines{100, true};

std::string Seen(absl::string_view text, const TextRule& rule = kLines) {
  const std::optional<Problem> problem = FindProblem(text, rule);
  return problem.has_value() ? problem->seen : "";
}

std::string Repeated(absl::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

TEST(TextCheckTest, PlainTextOfEveryScriptIsKept) {
  for (const char* text : {
           "", "Runs since 2009; 2:10:22 in Boston.", "two\nlines", "Żółć, Łukasz, Zoë, naïve – “quoted” … €",
           "e\u0301",            // a letter and its accent apart
           "Vie\u0323\u0302t",   // two marks on one letter
           "עברית ועוד",         // right to left by itself
           "سباق الماراثون",     //
           "می\u200Cخواهم",      // Persian wants a non-joiner between letters
           "क्\u200Dष",           // Hindi a joiner
           "大迫 傑",            //
           "葛\U000E0100城",     // an ideograph with its own selector
           "نهاية\u0600\u0661",  // a visible format character of Arabic
           "🏃🏽‍♀️ 👨‍👩‍👧 ❤️‍🔥 🇰🇪 1️⃣",  //
           "\U0001FAE8",                                                           // an emoji newer than many tables
       }) {
    EXPECT_EQ(Seen(text), "") << text;
  }
}

TEST(TextCheckTest, HtmlAndScriptsAreTextLikeAnyOther) {
  for (const char* text : {"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "javascript:x",
                           "=HYPERLINK(\"http://x\")", "'; DROP TABLE results; --", "${jndi:ldap://x}"}) {
    EXPECT_EQ(Seen(text), "") << text;
  }
}

TEST(TextCheckTest, CharactersThatTurnOthersAroundAreRefusedByName) {
  EXPECT_EQ(Seen("photo\u202Egpj.exe"), "U+202E RIGHT-TO-LEFT OVERRIDE");
  EXPECT_EQ(FindProblem("\u202E", kLines)->wanted, "no character that changes the direction of others");
  for (const char* text :
       {"\u202A", "\u202B", "\u202C", "\u202D", "\u2066", "\u2067", "\u2068", "\u2069", "\u200E", "\u200F", "\u061C"}) {
    EXPECT_THAT(Seen(absl::StrCat("a", text, "b")), ::testing::StartsWith("U+")) << text;
  }
}

TEST(TextCheckTest, WhatNobodySeesIsRefused) {
  EXPECT_EQ(Seen("a\u200Bb"), "U+200B ZERO WIDTH SPACE");
  EXPECT_EQ(Seen("a\u00ADb"), "U+00AD SOFT HYPHEN");
  EXPECT_EQ(Seen("\uFEFFa"), "U+FEFF ZERO WIDTH NO-BREAK SPACE");
  EXPECT_EQ(Seen("a\u2060b"), "U+2060 WORD JOINER");
  EXPECT_EQ(Seen("\u3164"), "U+3164 HANGUL FILLER");
  EXPECT_EQ(Seen("\u2800"), "U+2800 BRAILLE PATTERN BLANK");
  EXPECT_EQ(Seen("a\U000E0041"), "U+E0041 TAG LATIN CAPITAL LETTER A");
  EXPECT_THAT(Seen("\uE000"), ::testing::StartsWith("U+E000"));
  EXPECT_THAT(Seen("\uFFFE"), ::testing::StartsWith("U+FFFE"));
  EXPECT_THAT(Seen("\U0010FFFF"), ::testing::StartsWith("U+10FFFF"));
  EXPECT_THAT(Seen("\uFDD0"), ::testing::StartsWith("U+FDD0"));
}

TEST(TextCheckTest, JoinersStandBetweenVisibleCharactersAlone) {
  EXPECT_EQ(Seen("\u200Da"), "U+200D ZERO WIDTH JOINER");
  EXPECT_EQ(Seen("a\u200D"), "U+200D ZERO WIDTH JOINER");
  EXPECT_EQ(Seen("a\u200D\u200Db"), "U+200D ZERO WIDTH JOINER");
  EXPECT_EQ(Seen("a\u200C b"), "U+200C ZERO WIDTH NON-JOINER");
  EXPECT_EQ(Seen("\uFE0F"), "U+FE0F VARIATION SELECTOR-16");
  EXPECT_EQ(Seen("a\uFE0F\uFE0F"), "U+FE0F VARIATION SELECTOR-16");
  EXPECT_EQ(Seen("a\U000E0100"), "U+E0100 VARIATION SELECTOR-17") << "on no ideograph";
  EXPECT_EQ(Seen("葛\U000E0100\U000E0100"), "U+E0100 VARIATION SELECTOR-17");
}

TEST(TextCheckTest, ControlCharactersAreRefusedAndLinesWhereThereIsOne) {
  EXPECT_THAT(Seen(absl::string_view("a\0b", 3)), ::testing::StartsWith("U+0000"));
  EXPECT_THAT(Seen("a\tb"), ::testing::StartsWith("U+0009"));
  EXPECT_THAT(Seen("a\r\nb"), ::testing::StartsWith("U+000D"));
  EXPECT_THAT(Seen("\x1b[31mred"), ::testing::StartsWith("U+001B"));
  EXPECT_THAT(Seen("a\u0085"), ::testing::StartsWith("U+0085"));
  EXPECT_EQ(Seen("a\u2028b"), "U+2028 LINE SEPARATOR");
  EXPECT_EQ(Seen("a\nb", kLines), "");
  EXPECT_THAT(Seen("a\nb", kLine), ::testing::StartsWith("U+000A"));
}

TEST(TextCheckTest, MarksPileUpToFourOnALetter) {
  const std::string four = absl::StrCat("a", Repeated("\u0335", 4), "b");
  EXPECT_EQ(Seen(four), "");
  EXPECT_EQ(Seen(absl::StrCat("a", Repeated("\u0335", 5))), "5 combining marks in a row");
  EXPECT_EQ(Seen(absl::StrCat("a", Repeated("\u0335", 3), "\u200C", Repeated("\u0335", 2))),
            "5 combining marks in a row")
      << "nor by a joiner between them";
  EXPECT_EQ(Seen("\u0301a"), "U+0301 COMBINING ACUTE ACCENT") << "which would stand on what is printed before";
  EXPECT_EQ(Seen("a\n\u0301"), "U+0301 COMBINING ACUTE ACCENT");
}

TEST(TextCheckTest, BytesThatAreNotUtf8AreRefused) {
  EXPECT_EQ(Seen("a\xff"), "byte 0xFF after 1 others");
  EXPECT_EQ(Seen("ab\xed\xa0\x80"), "byte 0xED after 2 others") << "an unpaired surrogate";
  EXPECT_NE(Seen("\xc0\xaf"), "") << "longer than it need be";
  EXPECT_NE(Seen("\xf4\x90\x80\x80"), "") << "beyond the last code point";
  EXPECT_NE(Seen("\xe2\x82"), "") << "cut";
}

TEST(TextCheckTest, LengthsCountCodePoints) {
  EXPECT_EQ(Seen(Repeated("🏃", 100)), "");
  EXPECT_EQ(Seen(Repeated("🏃", 101)), "101 characters");
  EXPECT_EQ(FindProblem(Repeated("🏃", 101), kLine)->wanted, "at most 100");
  EXPECT_EQ(Seen(Repeated("🏃", 262144)), "262144 characters") << "a megabyte of emoji";
  EXPECT_EQ(Seen(Repeated("\xff", 101)), "101 characters") << "bytes of no character count too";
}

TEST(TextCheckTest, BlankIsWhatShowsNothing) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank(" \n\u00A0\u3000"));
  EXPECT_FALSE(IsBlank(" a"));
  EXPECT_FALSE(IsBlank("\xff"));
}

// Whatever bytes come, an answer does, and what is accepted has no character that is refused elsewhere.
TEST(TextCheckTest, AnyBytesHaveAnAnswer) {
  testing::Random random(20260501);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int64_t length = random.Below(12); length > 0; --length) {
      text.push_back(static_cast<char>(random.Below(4) == 0 ? 0xE2 : random.Below(256)));
    }
    const std::optional<Problem> problem = FindProblem(text, kLines);
    if (problem.has_value()) {
      EXPECT_FALSE(FindProblem(problem->seen, kLines).has_value()) << "what is said of it can be shown";
      continue;
    }
    for (const char* refused : {"\u202E", "\u2066", "\u200B", "\u2028"}) {
      EXPECT_EQ(text.find(refused), std::string::npos);
    }
  }
}

}  // namespace

}  // namespace palmares::profiles
