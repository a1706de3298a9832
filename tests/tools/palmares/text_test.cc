#include "tools/palmares/text.h"

#include <gtest/gtest.h>

#include "palmares/v1/imports.pb.h"
#include "palmares/v1/races.pb.h"
#include "palmares/v1/verdicts.pb.h"
#include "tests/testing.h"

namespace palmares::tools {
namespace {

TEST(TextTest, VerdictsArePrintedAsDocumented) {
  const std::vector<std::string> expected = {"",        "qualified", "provisional", "outside-cutoff",
                                             "not-yet", "expired",   "ineligible",  "uncertain"};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(EnumCode(static_cast<v1::VerdictState>(i)), expected[i]);
}

TEST(TextTest, CodesOfEnumsAreReadBack) {
  EXPECT_EQ(*ParseEnumCode<v1::FileFormat>("proto-json"), v1::FILE_FORMAT_PROTO_JSON);
  EXPECT_EQ(*ParseEnumCode<v1::SheetState>("OFFICIAL"), v1::SHEET_STATE_OFFICIAL);
  EXPECT_EQ(ParseEnumCode<v1::Clock>("net").status().message(), "\"net\", want one of official, gun, chip");
  EXPECT_FALSE(ParseEnumCode<v1::Clock>("unspecified").ok());
}

TEST(TextTest, DatesAreReadAsFarAsTheyAreKnown) {
  for (const char* text : {"2013-04-15", "1990-05", "1990", "2012-02-29"}) {
    EXPECT_EQ(FormatDate(*ParseDate(text, "--from")), text);
  }
  for (const char* text :
       {"", "2013-4-15", "2013-02-29", "15.4.2013", "2013-13", "13-04-15", "2013-04-15-1", "2013-04-"}) {
    EXPECT_FALSE(ParseDate(text, "--from").ok()) << text;
  }
  EXPECT_EQ(ParseDay("1990", "--from").status().message(), "--from: \"1990\", want a whole date as 2013-04-15");
}

TEST(TextTest, TimesAreReadExactly) {
  EXPECT_EQ(*ParseMilliseconds("2:10:22"), 7822000);
  EXPECT_EQ(*ParseMilliseconds("13:01.00"), 781000);
  EXPECT_EQ(*ParseMilliseconds("9.58"), 9580);
  EXPECT_EQ(*ParseMilliseconds("2:10:22.4"), 7822400);
  EXPECT_EQ(*ParseMilliseconds("51:03:07"), 183787000);
  for (const char* text : {"", "2:75:00", "2:10:2", "2:10:22.", "1:2:3:4", "2h10", "-1", "9.5800", ":30", "9..5"}) {
    EXPECT_FALSE(ParseMilliseconds(text).ok()) << text;
  }
}

TEST(TextTest, GapsAreSecondsWithTheDigitsTheyHave) {
  const auto seconds = [](int64_t value) {
    v1::MarkGap gap;
    gap.set_unit(v1::UNIT_MILLISECONDS);
    gap.set_value(value);
    return GapSeconds(gap);
  };
  EXPECT_EQ(seconds(-274000), "-274");
  EXPECT_EQ(seconds(120), "0.12");
  EXPECT_EQ(seconds(-500), "-0.5");
  EXPECT_EQ(seconds(0), "0");
}

TEST(TextTest, TheNearestWordIsSuggestedAndNothingFarOff) {
  EXPECT_EQ(Nearest("resluts", {"races", "results", "rankings"}), "results");
  EXPECT_EQ(Nearest("--outptu", {"--output", "--quiet"}), "--output");
  EXPECT_EQ(Nearest("xylophone", {"races", "results"}), "");
}

TEST(TextTest, LinesKeepTheirEndsAndLoseWhatSteersATerminal) {
  EXPECT_EQ(PrintableLines("one\r\ntwo\nthree"), "one\r\ntwo\nthree");
  EXPECT_EQ(PrintableLines("\n\n"), "\n\n");
  EXPECT_EQ(PrintableLines("a\rb\x1b[31m\n"), "a\uFFFDb\uFFFD[31m\n");
}

TEST(TextTest, NothingIsRoundedInTheAthletesFavour) {
  EXPECT_EQ(FormatDown(98.19, 1), "98.1");
  EXPECT_EQ(FormatDown(98.2, 1), "98.2") << "what is exact stays";
  EXPECT_EQ(FormatDown(0.999, 2), "0.99") << "nearly certain is not certain";
  EXPECT_EQ(FormatDown(-0.01, 1), "-0.1");
  EXPECT_EQ(FormatUp(2.01, 1), "2.1") << "a wind above the limit stays above it";
  EXPECT_EQ(FormatUp(2.0, 1), "2.0");
  EXPECT_EQ(FormatUp(-1.25, 1), "-1.2");
  EXPECT_EQ(FormatUp(-0.04, 1), "0.0");
  EXPECT_EQ(FormatUp(0, 1), "0.0");
}

TEST(TextTest, BytesArePrintedForPeople) {
  EXPECT_EQ(FormatBytes(999), "999 B");
  EXPECT_EQ(FormatBytes(12345678), "12.3 MB");
}

}  // namespace
}  // namespace palmares::tools
