// Links that may be shown, and what only looks like one.
#include "services/profiles/link_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

TEST(LinkCheckTest, HttpAndHttpsToANamedHostAreLinks) {
  for (const char* link : {
           "https://example.org",
           "http://example.org/",
           "HTTPS://Example.ORG/Path",
           "https://www.example.org:8443/a/b?c=d&e=%20f#g",
           "https://xn--bcher-kva.example/",
           "https://a-b.example.co.uk/~user/(1)/a,b;c=d!$'*+@:",
           "https://example.org?query",
           "https://example.org#fragment",
           "https://127.0.0.1.example.org/",
       }) {
    const std::optional<Problem> problem = FindLinkProblem(link);
    EXPECT_FALSE(problem.has_value()) << link << ": want " << problem->wanted;
  }
}

TEST(LinkCheckTest, EverythingElseIsRefused) {
  for (const char* link : {
           "javascript:alert(1)",
           "JavaScript://example.org/%0aalert(1)",
           " https://example.org",
           "https://example.org ",
           "https:/example.org",
           "https:example.org",
           "//example.org",
           "example.org",
           "data:text/html,<script>alert(1)</script>",
           "ftp://example.org/",
           "file:///etc/passwd",
           "vbscript:x",
           "view-source:https://example.org",
           "https://",
           "https:///path",
           "https://user@example.org/",
           "https://user:password@example.org/",
           "https://example.org@evil.example/",
           "https://example.org\\@evil.example/",
           "https:\\\\example.org",
           "https://example.org\\path",
           "https://localhost/",
           "https://127.0.0.1/",
           "https://2130706433/",
           "https://0x7f.1/",
           "https://[::1]/",
           "https://example.org:0/",
           "https://example.org:65536/",
           "https://example.org:/",
           "https://example.org:80a/",
           "https://example..org/",
           "https://-example.org/",
           "https://example.org./",
           "https://exa%6dple.org/",
           "https://b\u00fccher.example/",
           "https://ex\u0430mple.org/",  // a Cyrillic letter
           "https://example.org/b\u00fccher",
           "https://example.org/a b",
           "https://example.org/a\nb",
           "https://example.org/a\tb",
           "https://example.org/%",
           "https://example.org/%4",
           "https://example.org/%zz",
           "https://example.org/<script>",
           "https://example.org/\"onmouseover=",
           "https://example.org/\u202Egpj",
           "https://example.org/`x`",
           "https://example.org/{x}|^",
       }) {
    EXPECT_TRUE(FindLinkProblem(link).has_value()) << link;
  }
  EXPECT_TRUE(FindLinkProblem(absl::string_view("https://example.org/\0", 21)).has_value());
  EXPECT_TRUE(FindLinkProblem("https://example.org/\xff").has_value());
}

TEST(LinkCheckTest, ALinkHasALength) {
  const std::string longest = absl::StrCat("https://example.org/", std::string(2028, 'a'));
  EXPECT_FALSE(FindLinkProblem(longest).has_value());
  const std::optional<Problem> problem = FindLinkProblem(absl::StrCat(longest, "a"));
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->seen, "2049 bytes");
  EXPECT_TRUE(FindLinkProblem(absl::StrCat("https://", std::string(64, 'a'), ".org/")).has_value());
}

TEST(LinkCheckTest, WhatWasSeenIsShownWithoutItsTricks) {
  EXPECT_EQ(FindLinkProblem("java\nscript:\x1b")->seen, "java\\nscript:\\x1b");
  EXPECT_EQ(FindLinkProblem(std::string(1000, 'x'))->seen.size(), 60);
}

TEST(LocaleCheckTest, LanguageTagsHaveTheShapeOfBcp47) {
  for (const char* locale :
       {"en", "de-CH", "zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-1996", "DE-ch", "haw", "swh"}) {
    EXPECT_FALSE(FindLocaleProblem(locale).has_value()) << locale;
  }
  for (const char* locale : {"e", "englishlanguage", "en_US", "en-", "-en", "en--US", "en-U", "en-x-private",
                             "en-u-ca-x", "1en", "en-US-US", "d\u00e9", "en\n", "abcd"}) {
    EXPECT_TRUE(FindLocaleProblem(locale).has_value()) << locale;
  }
}

}  // namespace
}  // namespace palmares::profiles
