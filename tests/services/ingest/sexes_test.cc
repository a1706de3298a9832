// Whose sex is read from where, and what is refused.
#include <string>

#include "gtest/gtest.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

using athletics::Sex;

TEST(SexesTest, ASexThatCannotBeReadIsAnError) {
  const Reading reading =
      ReadSheet("name,sex,time\nAnn Example,F,2:30:00\nBea Sample,Q,2:31:00\nCid Test,,2:32:00\n", For("marathon"));
  EXPECT_TRUE(reading.report.refused);
  const Issue* issue = Find(reading.report, IssueCode::kUnknownSex);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(
      FormatIssue(*issue),
      "row 3, sex \"Q\": is no sex; want M, W or X, in words or letters of any common language, or nothing where it "
      "is not known [UNKNOWN_SEX]");
}

TEST(SexesTest, WithoutAColumnForItTheSexFollowsFromTheCategoryAndTheReportSaysSo) {
  const std::string text =
      "name,category,time\nAnn Example,F40,2:30:00\nBob Sample,SM,2:31:00\nCid Test,Male 40-44,2:32:00\n"
      "Dee Probe,V40,2:33:00\n";
  const Reading reading = ReadSheet(text, For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 4U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].sex, Sex::kWomen);
  EXPECT_EQ(reading.sheet.results[1].sex, Sex::kMen);
  EXPECT_EQ(reading.sheet.results[2].sex, Sex::kMen);
  EXPECT_EQ(reading.sheet.results[3].sex, Sex::kUnknown) << "veterans of both sexes";
  const Issue* told = Find(reading.report, IssueCode::kSexByCategory);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(
      FormatIssue(*told),
      "category: no column holds the sex; 3 rows take it from here: \"F40\" as W, \"Male 40-44\" as M, \"SM\" as M; "
      "not told by \"V40\" [SEX_BY_CATEGORY]");
  EXPECT_NE(Find(reading.report, IssueCode::kNoSex), nullptr);
  // A column for the sex, even with gaps, and the race's own go before it.
  const Reading gaps =
      ReadSheet("name,sex,category,time\nAnn Example,F,F40,2:30:00\nBob Sample,,M40,2:31:00\n", For("marathon"));
  EXPECT_EQ(gaps.sheet.results.at(1).sex, Sex::kUnknown);
  ReadOptions options = For("marathon");
  options.race_sex = Sex::kX;
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).sex, Sex::kX);
}

TEST(SexesTest, ALoneLetterIsASexWhereItsCounterpartIsInTheFile) {
  const Reading both = ReadSheet("name,cat,time\nAnn Example,F,2:30:00\nBob Sample,M,2:31:00\n", For("marathon"));
  ASSERT_EQ(both.sheet.results.size(), 2U) << FormatReport(both.report);
  EXPECT_EQ(both.sheet.results[1].sex, Sex::kMen);
  const Reading classes = ReadSheet("name,cat,time\nAnn Example,S,2:30:00\nBob Sample,M,2:31:00\n", For("marathon"));
  ASSERT_EQ(classes.sheet.results.size(), 2U) << FormatReport(classes.report);
  EXPECT_EQ(classes.sheet.results[1].sex, Sex::kUnknown) << "seniors and masters, perhaps";
}

}  // namespace
}  // namespace palmares::ingest
