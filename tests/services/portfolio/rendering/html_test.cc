// The HTML rendering as it is read: by people, by browsers, on paper.
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/portfolio/rendering/rendering.h"
#include "tests/services/portfolio/rendering/samples.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr absl::string_view kChosen = "events/muster-marathon/editions/2024/races/women/results/1";

std::string RenderSample(RenderOptions options = {.locale = "", .chart_race = std::string(kChosen)}) {
  const v1::PortfolioContent content = ReadContent("sample");
  return RenderHtml(MakePortfolio(content), options);
}

TEST(HtmlTest, LooksAsItDid) {
  ExpectGolden("sample.html", RenderSample());
  const v1::PortfolioContent elite = ReadContent("elite");
  RenderedPortfolio portfolio = MakePortfolio(elite);
  portfolio.verification_uri.clear();
  ExpectGolden("elite.html", RenderHtml(portfolio, {.locale = "de-CH",
                                                    .chart_race = "events/berlin-marathon/editions/2022/races/men"}));
}

TEST(HtmlTest, IsWellFormedInEveryLanguageAndSaysWhichItIs) {
  for (const char* tag : {"en", "de", "fr", "es", "it", "pt", "nl", "ja"}) {
    const std::vector<Element> page = Parse(RenderSample({.locale = tag, .chart_race = ""}));
    ASSERT_THAT(page, Not(IsEmpty())) << tag;
    EXPECT_EQ(page[0].At("lang"), tag);
  }
}

TEST(HtmlTest, NothingIsLoadedAndNothingRuns) {
  const std::vector<Element> page = Parse(RenderSample());
  for (const Element& element : page) {
    EXPECT_THAT(element.name, Not(::testing::AnyOf("script", "link", "iframe", "object", "embed", "img", "form", "base",
                                                   "image", "use", "foreignObject", "animate", "set")));
    for (const auto& [name, value] : element.attributes) {
      EXPECT_FALSE(absl::StartsWith(name, "on")) << element.name << " " << name;
      EXPECT_THAT(name, Not(::testing::AnyOf("src", "srcset", "style", "action", "xlink:href")));
      if (name != "href") continue;
      EXPECT_TRUE(absl::StartsWith(value, "#") || absl::StartsWith(value, "https://")) << value;
    }
  }
}

TEST(HtmlTest, ThePolicyAllowsItsOwnStyleSheetAndNothingElse) {
  const std::vector<Element> page = Parse(RenderSample());
  const std::vector<const Element*> styles = Select(page, "style");
  ASSERT_THAT(styles, SizeIs(1));
  EXPECT_THAT(styles[0]->text, AllOf(Not(HasSubstr("url(")), Not(HasSubstr("@import"))));
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(styles[0]->text.data()),
                     styles[0]->text.size());
  const std::string digest =
      absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
  for (const Element* meta : Select(page, "meta")) {
    if (meta->At("http-equiv") != "Content-Security-Policy") continue;
    EXPECT_EQ(meta->At("content"), absl::StrCat("default-src 'none'; img-src data:; style-src 'sha256-", digest,
                                                "'; base-uri 'none'; form-action 'none'"));
    return;
  }
  ADD_FAILURE() << "no policy";
}

TEST(HtmlTest, HeadingsGoDownOneLevelAtATime) {
  int last = 0;
  int firsts = 0;
  for (const Element& element : Parse(RenderSample())) {
    if (element.name.size() != 2 || element.name[0] != 'h' || !absl::ascii_isdigit(element.name[1])) continue;
    const int level = element.name[1] - '0';
    EXPECT_LE(level, last + 1) << element.text;
    EXPECT_FALSE(element.text.empty());
    firsts += level == 1 ? 1 : 0;
    last = level;
  }
  EXPECT_EQ(firsts, 1);
}

TEST(HtmlTest, EachTableHasACaptionAndScopedHeaders) {
  const std::vector<Element> page = Parse(RenderSample());
  EXPECT_GE(Select(page, "table").size(), 15U);
  EXPECT_EQ(Select(page, "caption").size(), Select(page, "table").size());
  for (const Element* header : Select(page, "th")) {
    EXPECT_THAT(header->At("scope"), ::testing::AnyOf("col", "row"));
  }
}

TEST(HtmlTest, IdsAreUniqueAndEveryReferenceLeadsSomewhere) {
  const std::vector<Element> page = Parse(RenderSample());
  std::set<std::string> ids;
  for (const Element& element : page) {
    if (!element.At("id").empty()) {
      EXPECT_TRUE(ids.insert(element.At("id")).second) << element.At("id");
    }
  }
  for (const Element& element : page) {
    const std::string href = element.At("href");
    if (absl::StartsWith(href, "#")) {
      EXPECT_TRUE(ids.contains(href.substr(1))) << href;
    }
    for (const absl::string_view id : absl::StrSplit(element.At("aria-labelledby"), ' ', absl::SkipEmpty())) {
      EXPECT_TRUE(ids.contains(std::string(id))) << id;
    }
  }
}

TEST(HtmlTest, LinksGiveNothingAway) {
  int links = 0;
  const std::vector<Element> page = Parse(RenderSample());
  for (const Element* link : Select(page, "a")) {
    if (absl::StartsWith(link->At("href"), "#")) continue;
    ++links;
    EXPECT_EQ(link->At("rel"), "noopener noreferrer nofollow");
  }
  EXPECT_GE(links, 4);
}

TEST(HtmlTest, EverySectionSaysWhetherItIsVerifiedOrSelfReported) {
  const std::vector<Element> page = Parse(RenderSample());
  const std::set<std::string> verified = {"summary",  "bests",   "progression", "qualifications",
                                          "rankings", "records", "results",     "other-results"};
  const std::set<std::string> said = {"profile", "media", "community", "sponsorships", "reach", "goals"};
  size_t found = 0;
  for (const Element* section : Select(page, "section")) {
    const bool is_verified = verified.contains(section->At("id"));
    if (!is_verified && !said.contains(section->At("id"))) continue;
    ++found;
    EXPECT_EQ(section->At("class"), is_verified ? "verified" : "said") << section->At("id");
    const size_t index = static_cast<size_t>(section - page.data());
    const auto badge = std::find_if(page.begin() + static_cast<std::ptrdiff_t>(index), page.end(),
                                    [](const Element& element) { return element.name == "strong"; });
    EXPECT_EQ(badge->text, is_verified ? "Verified" : "Self-reported") << section->At("id");
  }
  EXPECT_EQ(found, verified.size() + said.size());
}

TEST(HtmlTest, AnItemThatAClubVerifiedSaysSoAmongWhatIsSelfReported) {
  std::vector<std::string> origins;
  const std::vector<Element> page = Parse(RenderSample());
  for (const Element* badge : Select(page, "strong")) {
    if (page[badge->ancestors[badge->ancestors.size() - 2]].name == "li") origins.push_back(badge->text);
  }
  EXPECT_THAT(origins, ::testing::ElementsAre("Verified", "Self-reported", "Self-reported", "Self-reported",
                                              "Self-reported", "Self-reported"));
}

TEST(HtmlTest, SectionsComeInTheOrderOfTheSelection) {
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_selection()->clear_sections();
  content.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  content.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_REACH);
  const std::string page = RenderHtml(MakePortfolio(content), {});
  const size_t results = page.find("<section id=\"results\"");
  const size_t reach = page.find("<section id=\"reach\"");
  const size_t summary = page.find("<section id=\"summary\"");  // there, though not selected: nothing is hidden
  EXPECT_LT(results, reach);
  EXPECT_LT(reach, summary);
  EXPECT_NE(summary, std::string::npos);
}

TEST(HtmlTest, VerifiedNumbersNameTheResultsThatTheyAreFrom) {
  const std::string page = RenderSample();
  // The spread is from the fourth, second and first result of the list; the first marathon is not in the list.
  EXPECT_THAT(page, HasSubstr("Spread of marks in per cent, three years</th><td class=\"n\">1.23 %</td><td>"
                              "<a class=\"ref\" href=\"#r2\">[2]</a> <a class=\"ref\" href=\"#r5\">[5]</a> "
                              "<a class=\"ref\" href=\"#r8\">[8]</a></td>"));
  EXPECT_THAT(page, HasSubstr("<td><code>events/erster-marathon/editions/2018/races/women/results/77</code></td>"));
}

TEST(HtmlTest, RunsOfResultsAreShortened) {
  v1::PortfolioContent content = ReadContent("sample");
  v1::LevelCount* level = content.mutable_verified()->mutable_summary()->add_levels();
  for (const v1::HistoryEntry& entry : content.verified().results()) level->add_results(entry.result());
  level->mutable_results()->DeleteSubrange(4, 1);
  EXPECT_THAT(RenderHtml(MakePortfolio(content), {}),
              HasSubstr("href=\"#r1\">[1]</a>–<a class=\"ref\" href=\"#r4\">[4]</a> <a class=\"ref\" "
                        "href=\"#r6\">[6]</a>–<a class=\"ref\" href=\"#r9\">[9]</a>"));
}

TEST(HtmlTest, APortfolioThatIsNotGoodAnyMoreSaysSoBeforeAllElse) {
  const v1::PortfolioContent content = ReadContent("sample");
  RenderedPortfolio portfolio = MakePortfolio(content);
  EXPECT_THAT(Select(Parse(RenderHtml(portfolio, {})), "section", "notice"), IsEmpty());
  portfolio.state = v1::Portfolio::STATE_REVOKED;
  std::vector<Element> page = Parse(RenderHtml(portfolio, {}));
  const std::vector<const Element*> notices = Select(page, "section", "notice");
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0], Select(page, "section")[0]);
  EXPECT_THAT(notices[0]->text, HasSubstr("This portfolio was revoked. Do not rely on it."));
  portfolio.state = v1::Portfolio::STATE_EXPIRED;
  EXPECT_THAT(RenderHtml(portfolio, {}), HasSubstr("The time of this portfolio is over."));
}

TEST(HtmlTest, WhatWasCorrectedSinceStandsOnTopWithItsResult) {
  const v1::PortfolioContent content = ReadContent("sample");
  RenderedPortfolio portfolio = MakePortfolio(content);
  portfolio.state = v1::Portfolio::STATE_SUPERSEDED;
  v1::Correction correction;
  correction.set_result(std::string(kChosen));
  correction.set_text("disqualified on 2025-05-02");
  correction.mutable_change_time()->set_seconds(1746144000);
  portfolio.corrections.push_back(correction);
  const std::vector<Element> page = Parse(RenderHtml(portfolio, {}));
  const Element* first = Select(page, "section")[0];
  EXPECT_EQ(first->At("class"), "notice");
  EXPECT_THAT(first->text,
              AllOf(HasSubstr("2025-05-02 00:00:00 UTC"), HasSubstr("disqualified on 2025-05-02"), HasSubstr("[2]")));
}

TEST(HtmlTest, EnglishSentencesAreMarkedAsSuchInOtherLanguages) {
  EXPECT_THAT(RenderSample({.locale = "de", .chart_race = ""}),
              HasSubstr("<span lang=\"en\" dir=\"auto\">won the Muster Marathon</span>"));
  EXPECT_THAT(RenderSample(), HasSubstr("<span dir=\"auto\">won the Muster Marathon</span>"));
}

TEST(HtmlTest, EachChartHasATitleADescriptionAndATableWithTheSameNumbers) {
  const std::vector<Element> page = Parse(RenderSample());
  const std::vector<const Element*> charts = Select(page, "svg", "chart");
  EXPECT_THAT(charts, SizeIs(4));  // progression of the marathon, calendar, percentiles, splits
  for (const Element* chart : charts) {
    EXPECT_EQ(chart->At("role"), "img");
    const auto* title = chart + 1;
    const auto* description = chart + 2;
    EXPECT_EQ(title->name, "title");
    EXPECT_FALSE(title->text.empty());
    EXPECT_EQ(description->name, "desc");
    EXPECT_FALSE(description->text.empty());
    const std::string figure_title = title->text;
    const auto after = page.begin() + (chart - page.data());
    const auto table = std::find_if(after, page.end(), [](const Element& element) { return element.name == "table"; });
    ASSERT_NE(table, page.end());
    EXPECT_EQ((table + 1)->name, "caption");
    EXPECT_EQ((table + 1)->text, figure_title);
  }
}

TEST(HtmlTest, APortfolioWithNothingInItIsAPageStill) {
  v1::PortfolioContent content;
  RenderedPortfolio portfolio;
  portfolio.content = &content;
  const std::vector<Element> page = Parse(RenderHtml(portfolio, {.locale = "fr", .chart_race = "events/none"}));
  EXPECT_EQ(Select(page, "h1").at(0)->text, "Athlète");
  EXPECT_THAT(Select(page, "svg"), IsEmpty());
}

TEST(HtmlTest, APseudonymStandsForTheName) {
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_athlete()->clear_display_name();
  content.mutable_athlete()->set_pseudonym("a7k2");
  const std::string page = RenderHtml(MakePortfolio(content), {});
  EXPECT_THAT(page, HasSubstr("<h1 dir=\"auto\">a7k2</h1>"));
  EXPECT_THAT(page, HasSubstr("<title>a7k2 – Portfolio</title>"));
}

// The style sheet's colours, by name, of the light or the dark scheme.
std::map<std::string, std::string> Colours(const std::string& style, bool dark) {
  std::map<std::string, std::string> colours;
  const size_t second = style.find(":root", style.find(":root") + 1);
  const std::string part = dark ? style.substr(second) : style.substr(0, second);
  for (const absl::string_view line : absl::StrSplit(part.substr(0, part.find("* {")), '\n')) {
    const std::vector<std::string> pair = absl::StrSplit(absl::StripAsciiWhitespace(line), ": ");
    if (pair.size() == 2 && absl::StartsWith(pair[0], "--"))
      colours[pair[0]] = std::string(absl::StripSuffix(pair[1], ";"));
  }
  return colours;
}

double Luminance(const std::string& colour) {
  const std::string bytes = absl::HexStringToBytes(colour.substr(1));
  constexpr double kWeights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    const double part = static_cast<uint8_t>(bytes[i]) / 255.0;
    sum += kWeights[i] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double Contrast(const std::string& a, const std::string& b) {
  const auto [low, high] = std::minmax({Luminance(a), Luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

TEST(HtmlTest, TextAndSignsStandOutFromWhatIsBehindThemInLightAndDark) {
  const std::vector<Element> page = Parse(RenderSample());
  const std::string style = Select(page, "style").at(0)->text;
  for (const bool dark : {false, true}) {
    const std::map<std::string, std::string> colours = Colours(style, dark);
    ASSERT_EQ(colours.size(), 12U);
    for (const char* text : {"--ink", "--soft", "--link", "--verified", "--said", "--standard"}) {
      for (const char* ground : {"--paper", "--tint"}) {
        EXPECT_GE(Contrast(colours.at(text), colours.at(ground)), 4.5) << text << " on " << ground << dark;
      }
    }
    EXPECT_GE(Contrast(colours.at("--ink"), colours.at("--alarm-tint")), 4.5) << dark;
    EXPECT_GE(Contrast(colours.at("--link"), colours.at("--alarm-tint")), 4.5) << dark;
    EXPECT_GE(Contrast(colours.at("--soft"), colours.at("--alarm-tint")), 4.5) << dark;
    EXPECT_GE(Contrast(colours.at("--alarm"), colours.at("--alarm-tint")), 4.5) << dark;
  }
}

}  // namespace
}  // namespace palmares::portfolio
