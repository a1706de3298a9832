// Columns that nothing reads: what is said of them, and when nothing is.
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "services/ingest/field.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

TEST(ColumnsTest, AColumnThatIsNotReadIsAWarningThatNamesTheNearestKnownHeader) {
  const Reading reading = ReadSheet("bib,name,gedner,shoes,time\n1,Ann Example,F,red,2:30:00\n", For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  ASSERT_EQ(reading.report.issues.size(), 3U) << "the two columns, and a finisher without a sex";
  EXPECT_EQ(reading.report.issues[0].severity, Severity::kWarning);
  EXPECT_EQ(
      FormatIssue(reading.report.issues[0]),
      "row 1, gedner \"F\": a column that is not read, as its header is not known; it is like \"gender\", sex; want "
      "the column's field in the manifest, such as sex, or \"ignore\" [UNKNOWN_COLUMN]");
  EXPECT_EQ(
      FormatIssue(reading.report.issues[1]),
      "row 1, shoes \"red\": a column that is not read, as its header is not known; want the column's field in the "
      "manifest, such as club, or \"ignore\" [UNKNOWN_COLUMN]");
}

TEST(ColumnsTest, NothingIsSaidOfAColumnThatIsDeclaredOrKnownOrEmpty) {
  ReadOptions options = For("marathon");
  options.mapping = {{"shoes", "ignore"}, {"gedner", "sex"}};
  const Reading reading =
      ReadSheet("bib,name,gedner,shoes,Age Grade %,empty one,time\n1,Ann Example,F,red,71.2,,2:30:00\n", options);
  ASSERT_EQ(reading.sheet.results.size(), 1U);
  EXPECT_TRUE(reading.report.issues.empty()) << FormatReport(reading.report);
}

TEST(ColumnsTest, AColumnThatIsNeededAndMisspelledIsNamedBesideTheError) {
  const Reading reading = ReadSheet("bib,naem,time\n1,Prince,2:30:00\n2,Cher,2:31:00\n", For("marathon"));
  EXPECT_NE(Find(reading.report, IssueCode::kNoNameColumn), nullptr);
  const Issue* issue = Find(reading.report, IssueCode::kUnknownColumn);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_TRUE(absl::StrContains(issue->what, "it is like \"name\", name")) << issue->what;
}

TEST(ColumnsTest, WithoutAHeaderAColumnIsNamedByItsNumber) {
  const Reading reading = ReadSheet(
      "1,0:35:14,\"SCOTT, Ann\",5.4x\n2,0:35:51,\"GREEN, Bob\",6.1x\n3,0:36:25,\"HILL, Cid\",7.0x\n", For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  const Issue* issue = Find(reading.report, IssueCode::kUnknownColumn);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(issue->column, "column 4");
  EXPECT_EQ(issue->value, "5.4x");
}

TEST(ColumnsTest, NearMissesAreOneLetterOffOrTwoInLongHeaders) {
  const auto like = [](absl::string_view header) {
    const auto near = FindNearMiss(header);
    return near ? near->header : "";
  };
  EXPECT_EQ(like("Naem"), "name");
  EXPECT_EQ(like("chip tmie"), "chiptime");
  EXPECT_EQ(like("Strat number"), "startnumber");
  EXPECT_EQ(like("Natoinalty"), "nationality");
  EXPECT_EQ(like("bbi"), "") << "three letters are like too much";
  EXPECT_EQ(like("favourite colour"), "");
}

}  // namespace
}  // namespace palmares::ingest
