// Courses as real athletes ran them: the hot Boston of 2012 was slower than those before and after, Berlin's two years
// were alike, and nobody connects Boston with Berlin, whose names are hashes.
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

std::string ReadFirst(const std::string& path, int64_t most_lines) {
  std::ifstream in(path, std::ios::binary);
  std::string text, line;
  for (int64_t count = 0; count < most_lines && std::getline(in, line); ++count) absl::StrAppend(&text, line, "\n");
  return text;
}

TEST(RealCoursesTest, AHotYearIsASlowCourse) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA names no folder with race data";
  RunningServer server;
  constexpr int64_t kRows = 6000;  // the fastest of each year
  for (const int year : {2011, 2012, 2013}) {
    const std::string race = server.MakeRace("boston", absl::StrCat(year), DateOf(year, 4, 16), "marathon");
    v1::ImportHeader header;
    header.set_race(race);
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_file_name(absl::StrCat("boston_", year, ".csv"));
    (*header.mutable_units())["official"] = "decimal-minutes";
    v1::ImportSheetResponse response;
    ASSERT_CALL(server.Import(header,
                              ReadFirst(absl::StrCat(folder, "/results/boston_2001_2013/boston_", year, ".csv"), kRows),
                              &response, server.operator_secret));
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString().substr(0, 2000);
  }
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  request.add_courses("events/boston/editions/2012");
  request.add_courses("events/boston/editions/2013");
  request.set_reference_course("events/boston/editions/2011");
  ASSERT_CALL(server.rankings->CompareCourses(RunningServer::As("").get(), request, &response));
  ASSERT_TRUE(response.comparisons(0).enough());
  ASSERT_TRUE(response.comparisons(1).enough());
  EXPECT_GT(response.comparisons(0).athletes(), 100);
  EXPECT_GT(response.comparisons(0).low_percent(), 3);
  EXPECT_LT(response.comparisons(1).high_percent(), response.comparisons(0).low_percent());
}

}  // namespace
}  // namespace palmares::testing
