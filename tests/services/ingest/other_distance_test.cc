// A field of times that fits another distance than the race's.
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

// A field of 30 from the time on, ten seconds apart.
std::string Field30(int first_second) {
  std::string text = "name,time\n";
  for (int i = 0; i < 30; ++i) {
    const int second = first_second + 10 * i;
    absl::StrAppend(&text, "Runner ", std::string(1, static_cast<char>('A' + i % 26)), i, ",", second / 3600, ":",
                    second / 600 % 6, second / 60 % 10, ":", second % 60 / 10, second % 10, "\n");
  }
  return text;
}

TEST(OtherDistanceTest, TimesOfAnotherDistanceAreToldWithTheDistanceTheyFit) {
  constexpr int kMarathon = 2 * 3600 + 10 * 60;
  constexpr int kHalf = 3600 + 3 * 60;
  const auto told = [](const Reading& reading) {
    const Issue* issue = Find(reading.report, IssueCode::kOtherDistance);
    return issue == nullptr ? "" : FormatIssue(*issue);
  };
  EXPECT_EQ(
      told(ReadSheet(Field30(kMarathon), For("half-marathon"))),
      "time \"2:10:00\": the fastest of 30 finishers, is too slow for the half-marathon; the times fit the marathon; "
      "want the race's own distance, or the column's unit [OTHER_DISTANCE]");
  EXPECT_TRUE(absl::StrContains(told(ReadSheet(Field30(kHalf), For("marathon"))), "the times fit the half-marathon"));
  EXPECT_EQ(told(ReadSheet(Field30(kMarathon), For("marathon"))), "");
  EXPECT_EQ(told(ReadSheet(Field30(kHalf), For("half-marathon"))), "");
  EXPECT_EQ(told(ReadSheet(Field30(3 * 3600 + 600), For("marathon"))), "") << "a small field's fastest";
}

std::string ToldOfFew(const std::string& times, const std::string& discipline) {
  const Reading reading = ReadSheet(absl::StrCat("name,sex,time\n", times), For(discipline));
  const Issue* issue = Find(reading.report, IssueCode::kOtherDistance);
  return issue == nullptr ? "" : FormatIssue(*issue);
}

TEST(OtherDistanceTest, AFewFinishersOfAnotherDistanceAreToldWhereTheyAreFarOutside) {
  EXPECT_EQ(ToldOfFew("Ann Example,W,2:31:00\nBob Sample,M,2:21:00\nCid Test,M,2:40:10\n", "10km-road"),
            "time \"2:21:00\": the fastest of 3 finishers, is too slow for the 10km-road; the times fit the marathon; "
            "want the race's own distance, or the column's unit [OTHER_DISTANCE]");
  EXPECT_EQ(
      ToldOfFew("Ann Example,W,4:31:00\nBob Sample,M,4:21:00\nCid Test,M,4:40:10\n", "10km-road"),
      "time \"4:21:00\": the fastest of 3 finishers, is too slow for the 10km-road; want the race's own distance, "
      "or the column's unit [OTHER_DISTANCE]");
  EXPECT_EQ(ToldOfFew("Ann Example,W,2:31:00\nBob Sample,M,2:21:00\n", "10km-road"), "") << "two are no field";
}

TEST(OtherDistanceTest, AFewWhoAreSlowAreLeftAlone) {
  EXPECT_EQ(ToldOfFew("Ann Example,W,1:51:00\nBob Sample,M,1:47:00\nCid Test,M,2:10:10\n", "10km-road"), "")
      << "walkers";
  EXPECT_EQ(ToldOfFew("Ann Example,W,59:00\nBob Sample,M,58:00\nCid Test,M,1:10:10\n", "5km-road"), "") << "walkers";
  EXPECT_EQ(ToldOfFew("Ann Example,W,8:31:00\nBob Sample,M,8:21:00\nCid Test,M,8:40:10\n", "marathon"), "")
      << "walkers";
  EXPECT_EQ(ToldOfFew("Ann Example,W,27.10\nBob Sample,M,25.15\nCid Test,M,31.20\n", "100m"), "") << "children";
  EXPECT_EQ(ToldOfFew("Ann Example,W,1:21:00\nBob Sample,M,1:14:00\nCid Test,M,1:30:10\n", "10km-road"), "");
}

TEST(OtherDistanceTest, WhereNoUnitFitsTheDistanceTheOneThatTheTimesFitIsNamed) {
  const Reading reading =
      ReadSheet("name,time\nAnn Example,2:20:00\nBob Sample,4:21:00\nCid Test,4:40:00\n", For("5km-road"));
  const Issue* issue = Find(reading.report, IssueCode::kAmbiguousUnit);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(FormatIssue(*issue),
            "time \"2:20:00\": no unit fits the 5km-road; the times fit the marathon as clock; want the race's own "
            "distance, or the column's unit in the manifest, such as \"decimal-minutes\" [AMBIGUOUS_UNIT]");
}

}  // namespace
}  // namespace palmares::ingest
