#include "services/portfolio/rendering/text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/markup.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

TEST(InertTextTest, OrdinaryTextOfAnyScriptStaysAsItIs) {
  for (const std::string text : {"Mara Muster", "Łódź, Zürich", "東京マラソン", "مرحبا", "שלום",
                                 "🏃‍♀️🏴󠁧󠁢󠁥󠁮󠁧󠁿", "two\nlines\tand a tab", ""}) {
    EXPECT_EQ(Inert(text), text);
  }
}

TEST(InertTextTest, ChangesOfDirectionAreReplaced) {
  for (const std::string code :
       {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_EQ(Inert(absl::StrCat("gpj", code, "exe")), absl::StrCat("gpj", kReplacement, "exe"));
  }
  EXPECT_EQ(Inert("a\u200Fb"), "a\u200Fb");  // a mark turns nothing but itself
}

TEST(InertTextTest, ControlsAndBytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(Inert(absl::string_view("a\0b", 3)), absl::StrCat("a", kReplacement, "b"));
  EXPECT_EQ(Inert("a\x1B[31mb"), absl::StrCat("a", kReplacement, "[31mb"));
  EXPECT_EQ(Inert("a\u0080b\uFFFEc\uFFFF"), absl::StrCat("a", kReplacement, "b", kReplacement, "c", kReplacement));
  EXPECT_EQ(Inert("\xC3("), absl::StrCat(kReplacement, "("));                                // a byte is missing
  EXPECT_EQ(Inert("\xC0\xBC"), absl::StrCat(kReplacement, kReplacement));                    // "<" written too long
  EXPECT_EQ(Inert("\xED\xA0\x80"), absl::StrCat(kReplacement, kReplacement, kReplacement));  // half a pair
  EXPECT_EQ(Inert("\xF0\x9F\x8F"), absl::StrCat(kReplacement, kReplacement, kReplacement));  // cut off
}

TEST(InertTextTest, LineEndsAreOfOneKind) { EXPECT_EQ(Inert("a\r\nb\rc\u2028d\u0085e"), "a\nb\nc\nd\ne"); }

TEST(InertTextTest, ALongTextIsCutBetweenCharacters) {
  EXPECT_EQ(Inert("ééé", 2), "éé…");
  EXPECT_EQ(Inert("ééé", 3), "ééé");
  EXPECT_EQ(Inert("abc", 2), "ab…");
  std::string emoji;
  while (emoji.size() < (1 << 20)) emoji += "😀";
  const std::string cut = Inert(emoji);
  EXPECT_EQ(cut.size(), kLongestText * 4 + 3);
}

TEST(WebLinkTest, OnlyHttpAndHttpsWithAHostAreLinks) {
  for (const absl::string_view uri :
       {"https://example.org", "http://example.org/a?b=c&d=e#f", "HTTPS://EXAMPLE.ORG/", "https://例え.jp/走る",
        "https://example.org:8443/x", "http://[2001:db8::1]/", "https://example.org/@mara"}) {
    EXPECT_TRUE(IsWebLink(uri)) << uri;
  }
}

TEST(WebLinkTest, EverythingElseIsNone) {
  for (const absl::string_view uri : {"",
                                      "javascript:alert(1)",
                                      "JaVaScRiPt:alert(1)",
                                      "java\nscript:alert(1)",
                                      " https://example.org",
                                      "data:text/html,<script>",
                                      "file:///etc/passwd",
                                      "ftp://example.org",
                                      "mailto:a@example.org",
                                      "//example.org",
                                      "/path",
                                      "example.org",
                                      "https:",
                                      "https://",
                                      "https:///path",
                                      "https:example.org",
                                      "http://:80/",
                                      "https://bank.example@evil.example/",
                                      "https://example.org/\"onclick=\"x",
                                      "https://example.org/<b>",
                                      "https://example.org\\@evil.example",
                                      "https://example.org/a b",
                                      "https://example.org/\u202Egpj.exe",
                                      "https://example.org/\x01",
                                      "https://example.org/\xFF"}) {
    EXPECT_FALSE(IsWebLink(uri)) << uri;
  }
  EXPECT_FALSE(IsWebLink(absl::StrCat("https://example.org/", std::string(2048, 'a'))));
}

TEST(MarkupTest, EverythingOfOthersIsEscaped) {
  Markup out;
  out.Element("p", {{"title", "\"><script>&'"}}, "<script>alert(\"1\" & '2')</script>");
  EXPECT_EQ(out.text(),
            "<p title=\"&quot;&gt;&lt;script&gt;&amp;&#39;\">&lt;script&gt;alert(&quot;1&quot; &amp; "
            "&#39;2&#39;)&lt;/script&gt;</p>\n");
}

TEST(MarkupTest, WhatIsOpenIsClosedAtTheEndInnermostFirst) {
  Markup out;
  out.Open("section").Open("p", {{"id", ""}}).Text("x");
  EXPECT_FALSE(out.IsClosed());
  EXPECT_EQ(std::move(out).Finish(), "<section><p>x</p>\n</section>\n");
}

}  // namespace
}  // namespace palmares::portfolio
