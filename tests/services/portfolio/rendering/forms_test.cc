// JSON-LD, CSV and QR codes.
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/portfolio/rendering/json_text.h"
#include "services/portfolio/rendering/qr_code.h"
#include "services/portfolio/rendering/rendering.h"
#include "tests/services/portfolio/rendering/samples.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

google::protobuf::Value ReadJson(const std::string& json) {
  google::protobuf::Value value;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &value).ok()) << json.substr(0, 200);
  return value;
}

const google::protobuf::Value& Field(const google::protobuf::Value& value, const std::string& name) {
  static const google::protobuf::Value nothing;
  const auto& fields = value.struct_value().fields();
  return fields.contains(name) ? fields.at(name) : nothing;
}

TEST(JsonLdTest, LooksAsItDid) {
  const v1::PortfolioContent content = ReadContent("sample");
  ExpectGolden("sample.jsonld", RenderJsonLd(MakePortfolio(content)));
}

TEST(JsonLdTest, KeysAreInOrder) {
  const v1::PortfolioContent content = ReadContent("sample");
  const std::string json = RenderJsonLd(MakePortfolio(content));
  EXPECT_EQ(SortedJson(ReadJson(json)), json);
}

TEST(JsonLdTest, APersonPerformedInSportsEventsAndEachMarkIsAProperty) {
  const v1::PortfolioContent content = ReadContent("sample");
  const google::protobuf::Value root = ReadJson(RenderJsonLd(MakePortfolio(content)));
  EXPECT_EQ(Field(root, "@context").string_value(), "https://schema.org");
  const auto& graph = Field(root, "@graph").list_value();
  const google::protobuf::Value& person = graph.values(0);
  EXPECT_EQ(Field(person, "@type").string_value(), "Person");
  EXPECT_EQ(Field(person, "name").string_value(), "Mara Muster");
  EXPECT_EQ(Field(person, "memberOf").list_value().values_size(), 2);
  const auto& events = Field(person, "performerIn").list_value();
  ASSERT_EQ(events.values_size(), content.verified().results_size());
  EXPECT_EQ(Field(events.values(1), "@type").string_value(), "SportsEvent");
  EXPECT_EQ(Field(events.values(1), "startDate").string_value(), "2024-04-21");
  const google::protobuf::Value& performance = graph.values(3);
  EXPECT_EQ(Field(Field(performance, "sportsEvent"), "@id").string_value(),
            Field(events.values(1), "@id").string_value());
  const google::protobuf::Value& mark = Field(performance, "result").list_value().values(0);
  EXPECT_EQ(Field(mark, "@type").string_value(), "PropertyValue");
  EXPECT_EQ(Field(mark, "value").string_value(), "2:33:10");
}

TEST(JsonLdTest, WhatIsSelfReportedIsAWorkOfTheAthleteAndNoPropertyOfTheirs) {
  const v1::PortfolioContent content = ReadContent("sample");
  const google::protobuf::Value root = ReadJson(RenderJsonLd(MakePortfolio(content)));
  google::protobuf::Value person = Field(root, "@graph").list_value().values(0);
  const google::protobuf::Value work = Field(person, "subjectOf").list_value().values(0);
  EXPECT_EQ(Field(Field(work, "author"), "@id").string_value(), Field(person, "@id").string_value());
  EXPECT_EQ(Field(work, "headline").string_value(), "Marathon, mountains and a day job");
  person.mutable_struct_value()->mutable_fields()->erase("subjectOf");
  EXPECT_THAT(SortedJson(person), Not(HasSubstr("mountains")));
  EXPECT_THAT(SortedJson(person), Not(HasSubstr("Runner of the year")));
}

TEST(SortedJsonTest, WholeNumbersHaveNoPointAndSignsOfMarkupAreEscaped) {
  EXPECT_EQ(SortedJson(ReadJson(R"({"b":[1,2.5,-0.0,1e15,true,null],"a":{"z":"<&>","y":"\u00e9\n"}})")),
            "{\"a\":{\"y\":\"é\\n\",\"z\":\"\\u003c\\u0026\\u003e\"},\"b\":[1,2.5,0,1000000000000000,true,null]}");
}

TEST(CsvTest, LooksAsItDid) {
  const v1::PortfolioContent content = ReadContent("sample");
  ExpectGolden("sample.csv", RenderCsv(MakePortfolio(content)));
}

TEST(CsvTest, HasALineForEachResultAndAsManyCellsInEach) {
  const v1::PortfolioContent content = ReadContent("elite");
  const std::string csv = RenderCsv(MakePortfolio(content));
  const std::vector<std::string> lines = absl::StrSplit(csv, "\r\n", absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(content.verified().results_size() + 1));
  const std::vector<std::string> header = absl::StrSplit(lines[0], ',');
  for (const std::string& line : lines) {
    if (line.find('"') != std::string::npos) continue;  // a comma within a cell
    EXPECT_EQ(std::vector<std::string>(absl::StrSplit(line, ',')).size(), header.size()) << line;
  }
}

TEST(QrCodeTest, CarriesThePageOrTheHash) {
  const v1::PortfolioContent content = ReadContent("sample");
  RenderedPortfolio portfolio = MakePortfolio(content);
  EXPECT_EQ(QrText(portfolio), "https://palmares.example/verify/sponsors");
  ExpectGolden("page.svg", RenderQrCode(portfolio, {}));
  portfolio.verification_uri.clear();
  EXPECT_EQ(QrText(portfolio), "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
  ExpectGolden("hash.svg", RenderQrCode(portfolio, {.locale = "fr", .chart_race = ""}));
  portfolio.verification_uri = "javascript:alert(1)";
  EXPECT_EQ(QrText(portfolio), "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
  portfolio.content_sha256_hex.clear();
  EXPECT_EQ(RenderQrCode(portfolio, {}), "");
}

TEST(QrCodeTest, RefusesWhatNoCodeHolds) {
  EXPECT_TRUE(RenderQrSvg(std::string(2331, 'x'), "title").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(RenderQrSvg(std::string(2332, 'x'), "title").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RenderQrSvg("", "title").status()));
}

}  // namespace
}  // namespace palmares::portfolio
