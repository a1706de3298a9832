// Text of others that was written to harm: it is shown, and does nothing.
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/portfolio/rendering/rendering.h"
#include "tests/services/portfolio/rendering/samples.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Puts the text into every text field of a message, whatever it is for.
void FillTexts(const std::string& text, google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        if (field->is_repeated()) {
          reflection.SetRepeatedString(&message, field, i, text);
        } else {
          reflection.SetString(&message, field, text);
        }
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        FillTexts(text, field->is_repeated() ? *reflection.MutableRepeatedMessage(&message, field, i)
                                             : *reflection.MutableMessage(&message, field));
      }
    }
  }
}

// A portfolio whose every text is `text`.
std::string RenderWith(const std::string& text, const std::string& chart_race = "") {
  v1::PortfolioContent content = ReadContent("sample");
  FillTexts(text, content);
  RenderedPortfolio portfolio = MakePortfolio(content);
  portfolio.issuer = text;
  portfolio.portfolio_name = text;
  portfolio.signing_key = text;
  portfolio.content_sha256_hex = text;
  portfolio.verification_uri = text;
  v1::Correction correction;
  correction.set_text(text);
  correction.set_result(text);
  portfolio.corrections.push_back(correction);
  return RenderHtml(portfolio, {.locale = text, .chart_race = chart_race.empty() ? text : chart_race});
}

class HostileTextTest : public ::testing::TestWithParam<std::string> {};

TEST_P(HostileTextTest, IsShownAndDoesNothingWhereverItStands) {
  const std::string html = RenderWith(GetParam());
  const std::vector<Element> page = Parse(html);
  ASSERT_THAT(page, Not(IsEmpty()));
  for (const Element& element : page) {
    EXPECT_THAT(element.name, Not(::testing::AnyOf("script", "img", "iframe", "b", "plaintext", "foreignObject")));
    for (const auto& [name, value] : element.attributes) {
      EXPECT_FALSE(absl::StartsWith(name, "on")) << element.name << " " << name << "=" << value;
      if (name == "href") {
        EXPECT_TRUE(absl::StartsWith(value, "#")) << value;
      }
    }
  }
  // As many elements as with a harmless text: nothing was opened, nothing closed too early.
  EXPECT_EQ(Select(page, "section").size(), Select(Parse(RenderWith("harmless")), "section").size());
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileTextTest,
    ::testing::Values("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
                      "javascript:alert(1)", "JAVASCRIPT:alert(document.domain)//https://example.org",
                      "data:text/html;base64,PHNjcmlwdD4=", "</style></title></textarea><script>x</script>",
                      "]]><!--<plaintext>", "&lt;script&gt;&#x3C;b&#x3E;", "<svg><foreignObject><iframe/>", "http://",
                      "vbscript:x", "{{7*7}}${7*7}<%= 7*7 %>", "\xFF\xFE<\xC0\xBCscript>", std::string("nul\0nul", 7)));

TEST(HostileTextsTest, DirectionOverridesNeverReachThePage) {
  for (const std::string code : {"\u202A", "\u202B", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_THAT(RenderWith(absl::StrCat("paid ", code, "000,1 RUE")), Not(HasSubstr(code)));
  }
}

TEST(HostileTextsTest, TextOfOthersIsIsolatedInItsDirection) {
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_athlete()->set_display_name("שלום");
  content.mutable_self_reported()->mutable_profile()->set_biography("مرحبا (1)");
  const std::string page = RenderHtml(MakePortfolio(content), {});
  EXPECT_THAT(page, HasSubstr("<h1 dir=\"auto\">שלום</h1>"));
  EXPECT_THAT(page, HasSubstr("<p dir=\"auto\">مرحبا (1)</p>"));
}

TEST(HostileTextsTest, AMegabyteOfEmojiIsCut) {
  std::string emoji;
  while (emoji.size() < (1 << 20)) emoji += "😀";
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_self_reported()->mutable_profile()->set_biography(emoji);
  content.mutable_self_reported()->mutable_profile()->set_headline(emoji);
  content.mutable_athlete()->set_display_name(emoji);
  const std::string page = RenderHtml(MakePortfolio(content), {});
  EXPECT_THAT(Parse(page), Not(IsEmpty()));
  EXPECT_LT(page.size(), 300'000U);
}

TEST(HostileTextsTest, ALinkThatIsNoneIsShownAsText) {
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_self_reported()->mutable_profile()->set_photo_uri("javascript:alert(1)");
  content.mutable_self_reported()->mutable_media(0)->set_uri("data:text/html,x");
  const std::string page = RenderHtml(MakePortfolio(content), {});
  EXPECT_THAT(page, HasSubstr("<bdi>javascript:alert(1)</bdi>"));
  EXPECT_THAT(page, HasSubstr("<bdi>The carpenter who runs</bdi> <bdi><code>data:text/html,x</code></bdi>"));
}

TEST(HostileTextsTest, ThousandsOfLineEndsMakeNoParagraphs) {
  v1::PortfolioContent content = ReadContent("sample");
  content.mutable_self_reported()->mutable_profile()->set_biography(absl::StrCat(std::string(4000, '\n'), "end"));
  const std::vector<Element> page = Parse(RenderHtml(MakePortfolio(content), {}));
  EXPECT_LT(Select(page, "p").size(), 60U);
}

TEST(HostileTextsTest, NumbersThatCannotBeAreDrawnWithoutHarm) {
  v1::PortfolioContent content = ReadContent("sample");
  v1::HistoryEntry& entry = *content.mutable_verified()->mutable_results(1);
  entry.mutable_date()->set_month(13);
  entry.set_percentile(std::numeric_limits<double>::quiet_NaN());
  entry.mutable_splits(0)->set_distance_mm(-5);
  entry.mutable_splits(1)->mutable_mark()->set_value(0);
  content.mutable_verified()->mutable_results(2)->set_percentile(1e300);
  content.mutable_verified()->mutable_results(4)->mutable_date()->set_year(-2000);
  content.mutable_verified()->mutable_summary()->mutable_consistency()->set_spread_percent(
      std::numeric_limits<double>::infinity());
  EXPECT_THAT(Parse(RenderHtml(MakePortfolio(content), {.locale = "", .chart_race = entry.result()})), Not(IsEmpty()));
}

TEST(HostileTextsTest, CsvCellsAreNoFormulas) {
  v1::PortfolioContent content = ReadContent("sample");
  v1::HistoryEntry& entry = *content.mutable_verified()->mutable_results(0);
  entry.set_race_display_name("=HYPERLINK(\"http://evil.example\")");
  entry.set_club("@SUM(A1)");
  entry.set_category("+1");
  entry.mutable_mark()->set_text("-2+3");
  const std::string csv = RenderCsv(MakePortfolio(content));
  EXPECT_THAT(csv, HasSubstr(",\"'=HYPERLINK(\"\"http://evil.example\"\")\","));
  EXPECT_THAT(csv, HasSubstr(",'@SUM(A1),"));
  EXPECT_THAT(csv, HasSubstr(",'+1,"));
  EXPECT_THAT(csv, HasSubstr(",'-2+3,"));
}

TEST(HostileTextsTest, JsonLdMayStandInAPage) {
  v1::PortfolioContent content = ReadContent("sample");
  FillTexts("</script><script>alert(1)</script>\u202E\"", content);
  const std::string json = RenderJsonLd(MakePortfolio(content));
  EXPECT_THAT(json, Not(HasSubstr("<")));
  EXPECT_THAT(json, Not(HasSubstr("\u202E")));
  google::protobuf::Struct read;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok());
}

}  // namespace
}  // namespace palmares::portfolio
