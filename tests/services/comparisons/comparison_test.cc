// Athletes head to head, fields and courses, over a server with made-up people.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/athletics/points.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ComparisonTest : public ::testing::Test {
 protected:
  grpc::Status Compare(const v1::CompareAthletesRequest& request, v1::CompareAthletesResponse* response) {
    response->Clear();
    return server_.rankings->CompareAthletes(RunningServer::As("").get(), request, response);
  }
  grpc::Status Courses(const v1::CompareCoursesRequest& request, v1::CompareCoursesResponse* response) {
    response->Clear();
    return server_.rankings->CompareCourses(RunningServer::As("").get(), request, response);
  }

  RunningServer server_;
};

constexpr char kHeader[] = "place,bib,name,sex,gun\n";

TEST_F(ComparisonTest, MeetingsAndWinsAreCountedByWhoFinished) {
  const std::string a = server_.MakeRace("town-run", "2023", DateOf(2023, 5, 4));
  const std::string b = server_.MakeRace("town-run", "2024", DateOf(2024, 5, 4));
  const std::string c = server_.MakeRace("track-day", "2025", DateOf(2025, 6, 1), "5000m");
  server_.MustImport(
      a, absl::StrCat(kHeader, "1,1,Ada Quick,W,0:31:00\n2,2,Bea Second,W,0:32:00\n3,3,Cy Slow,M,0:33:00\n"));
  server_.MustImport(b, absl::StrCat(kHeader, "1,1,Bea Second,W,0:31:30\n,2,Ada Quick,W,DNF\n,3,Cy Slow,M,DNS\n"));
  server_.MustImport(c, absl::StrCat(kHeader, "1,1,Bea Second,W,0:15:00\n1,2,Ada Quick,W,0:15:00\n"));
  v1::CompareAthletesRequest request;
  v1::CompareAthletesResponse response;
  for (const char* bib : {"1", "2", "3"}) request.add_athletes(server_.ByBib(a, bib).athlete());
  ASSERT_CALL(Compare(request, &response));
  ASSERT_EQ(response.meetings_size(), 3);
  EXPECT_EQ(response.meetings(0).race(), c);
  EXPECT_EQ(response.meetings(1).results_size(), 2);  // Cy did not start
  EXPECT_EQ(response.meetings(1).results(1).outcome(), v1::OUTCOME_DID_NOT_FINISH);
  EXPECT_EQ(response.meetings(2).results_size(), 3);
  ASSERT_EQ(response.pairs_size(), 3);
  EXPECT_EQ(response.pairs(0).first_ahead(), 1);
  EXPECT_EQ(response.pairs(0).second_ahead(), 0);
  EXPECT_EQ(response.pairs(0).tied(), 1);
  EXPECT_EQ(response.pairs(1).first_ahead(), 1);
  ASSERT_EQ(response.athletes_size(), 3);
  EXPECT_EQ(response.athletes(0).athlete_display_name(), "Ada Quick");
  ASSERT_EQ(response.athletes(1).bests_size(), 2);
  EXPECT_EQ(response.athletes(1).bests(0).mark().text(), "31:30");
  EXPECT_EQ(response.athletes(1).bests(1).points(),
            athletics::BuiltInScoringTables().Find("5000m", athletics::Sex::kWomen)->PointsFor(900'000));

  request.set_page_size(1);
  std::vector<std::string> races;
  do {
    ASSERT_CALL(Compare(request, &response));
    EXPECT_EQ(response.pairs_size(), request.page_token().empty() ? 3 : 0);
    for (const v1::Meeting& meeting : response.meetings()) races.push_back(meeting.race());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(races, ElementsAre(c, b, a));

  request.set_page_size(0);
  request.add_disciplines("5000 m");
  ASSERT_CALL(Compare(request, &response));
  EXPECT_EQ(response.meetings_size(), 1);
  EXPECT_EQ(response.pairs(0).first_ahead(), 0);
}

TEST_F(ComparisonTest, WrongComparisonsAreRefusedByField) {
  const std::string a = server_.MakeRace("town-run", "2023", DateOf(2023, 5, 4));
  server_.MustImport(a, absl::StrCat(kHeader, "1,1,Ada Quick,W,0:31:00\n2,2,Bea Second,W,0:32:00\n"));
  v1::CompareAthletesRequest request;
  v1::CompareAthletesResponse response;
  request.add_athletes(server_.ByBib(a, "1").athlete());
  EXPECT_EQ(ViolatedField(Compare(request, &response)), "athletes");
  request.add_athletes(request.athletes(0));
  EXPECT_EQ(ViolatedField(Compare(request, &response)), "athletes[1]");
  request.set_athletes(1, "athletes/999");
  EXPECT_EQ(Compare(request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_athletes(1, server_.ByBib(a, "2").athlete());
  request.add_disciplines("sackrace");
  EXPECT_EQ(ViolatedField(Compare(request, &response)), "disciplines[0]");
}

TEST_F(ComparisonTest, AFieldIsAsStrongAsItsBestStartersOfTheYearBefore) {
  const std::string long_ago = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4));
  const std::string before = server_.MakeRace("town-run", "2024", DateOf(2024, 5, 4));
  const std::string weak = server_.MakeRace("village-run", "2024", DateOf(2024, 9, 4));
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 3));
  server_.MustImport(long_ago, absl::StrCat(kHeader, "1,1,Ada Quick,W,0:29:00\n"));
  server_.MustImport(
      before, absl::StrCat(kHeader, "1,1,Ada Quick,W,0:31:00\n2,2,Bea Second,W,0:32:00\n3,3,Cy Slow,M,0:50:00\n"));
  server_.MustImport(weak, absl::StrCat(kHeader, "1,1,Cy Slow,M,0:49:00\n"));
  server_.MustImport(race, absl::StrCat(kHeader,
                                        "1,1,Ada Quick,W,0:30:00\n2,2,Bea Second,W,0:33:00\n3,3,New Comer,W,0:34:00\n"
                                        ",4,Cy Slow,M,DNS\n"));
  v1::GetFieldStrengthRequest request;
  v1::FieldStrength strength;
  request.set_race(race);
  ASSERT_CALL(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength));
  const auto* table = athletics::BuiltInScoringTables().Find("10km-road", athletics::Sex::kWomen);
  EXPECT_EQ(strength.starters(), 3);
  EXPECT_EQ(strength.starters_known(), 2);
  EXPECT_EQ(strength.starters_unknown(), 1);
  EXPECT_DOUBLE_EQ(strength.score(), (table->PointsFor(1'860'000) + table->PointsFor(1'920'000)) / 2.0);
  ASSERT_EQ(strength.strongest_size(), 2);
  EXPECT_EQ(strength.strongest(0).athlete_display_name(), "Ada Quick");
  EXPECT_EQ(strength.strongest(0).bests(0).mark().text(), "31:00");
  EXPECT_DOUBLE_EQ(strength.percentile(), 100);
  EXPECT_THAT(strength.method(), HasSubstr("12 months"));
  request.set_top(1);
  ASSERT_CALL(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength));
  EXPECT_DOUBLE_EQ(strength.score(), table->PointsFor(1'860'000));
  request.set_top(-1);
  EXPECT_EQ(ViolatedField(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength)), "top");
  request.set_top(0);
  request.set_sex(static_cast<v1::Sex>(99));
  EXPECT_EQ(ViolatedField(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength)), "sex");
  request.clear_sex();
  request.set_race("events/no/editions/no/races/no");
  EXPECT_EQ(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ComparisonTest, OfAFieldOfUnknownStartersThereIsNoStrength) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 3));
  server_.MustImport(race, absl::StrCat(kHeader, "1,1,Ada Quick,W,0:30:00\n2,2,New Comer,W,0:34:00\n"));
  v1::GetFieldStrengthRequest request;
  v1::FieldStrength strength;
  request.set_race(race);
  ASSERT_CALL(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength));
  EXPECT_FALSE(strength.has_score());
  EXPECT_FALSE(strength.has_percentile());
  EXPECT_EQ(strength.starters(), 2);
  EXPECT_EQ(strength.starters_known(), 0);
  EXPECT_EQ(strength.starters_unknown(), 2);
  // With a score, but no other field to compare it with.
  const std::string next = server_.MakeRace("town-run", "2026", DateOf(2026, 5, 2), "half-marathon");
  server_.MustImport(next, absl::StrCat(kHeader, "1,1,Ada Quick,W,1:10:00\n"));
  request.set_race(next);
  ASSERT_CALL(server_.rankings->GetFieldStrength(RunningServer::As("").get(), request, &strength));
  EXPECT_TRUE(strength.has_score());
  EXPECT_FALSE(strength.has_percentile());
  EXPECT_EQ(strength.starters_unknown(), 0);
}

// Sixty runners on a fast and a slow course, forty of them on both, and one course that nobody else ran.
class CourseTest : public ComparisonTest {
 protected:
  CourseTest() {
    Random random(5);
    const auto sheet = [&](int first, int last, int permille) {
      std::string csv = "bib,name,sex,gun\n";
      for (int runner = first; runner < last; ++runner) {
        const int64_t seconds = (1900 + runner * 10) * permille / 1000 + random.Below(21) - 10;
        const int64_t second = seconds % 60;
        absl::StrAppend(&csv, runner + 1, ",Given", runner, " Family", runner * 7, ",", runner % 2 == 0 ? "M" : "W",
                        ",0:", seconds / 60, ":", second < 10 ? "0" : "", second, "\n");
      }
      return csv;
    };
    server_.MustImport(server_.MakeRace("fast", "2024", DateOf(2024, 5, 4)), sheet(0, 50, 1000));
    server_.MustImport(server_.MakeRace("slow", "2024", DateOf(2024, 9, 4)), sheet(10, 60, 1050));
    server_.MustImport(server_.MakeRace("far-away", "2024", DateOf(2024, 9, 4)), sheet(60, 100, 1000));
  }
};

TEST_F(CourseTest, ASlowCourseIsFoundFromThoseWhoRanBoth) {
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  request.add_courses("events/slow");
  request.add_courses("events/far-away");
  request.set_reference_course("events/fast");
  ASSERT_CALL(Courses(request, &response));
  ASSERT_EQ(response.comparisons_size(), 2);
  const v1::CourseComparison& slow = response.comparisons(0);
  EXPECT_TRUE(slow.enough());
  EXPECT_EQ(slow.athletes(), 40);
  EXPECT_EQ(slow.pairs(), 40);
  EXPECT_NEAR(slow.effect_percent(), 5, 0.4);
  EXPECT_LE(slow.low_percent(), 5);
  EXPECT_GE(slow.high_percent(), 5);
  EXPECT_FALSE(response.comparisons(1).enough());
  EXPECT_THAT(response.comparisons(1).reason(), HasSubstr("fewer than 20 athletes"));
  EXPECT_THAT(response.method(), HasSubstr("median"));

  request.clear_reference_course();
  request.mutable_courses()->RemoveLast();
  request.add_courses("events/fast/editions/2024");
  ASSERT_CALL(Courses(request, &response));
  EXPECT_NEAR(response.comparisons(0).effect_percent(), 2.5, 0.3);
  EXPECT_NEAR(response.comparisons(1).effect_percent(), -2.4, 0.3);

  request.mutable_courses()->RemoveLast();
  ASSERT_CALL(Courses(request, &response));  // against everything else its athletes ran
  EXPECT_NEAR(response.comparisons(0).effect_percent(), 5, 0.4);
}

// Two courses that are alike. At the first everybody was at the line when the gun went; at the second they waited five
// minutes, and the sheet of the first has no chip times.
TEST_F(ComparisonTest, CoursesAreComparedOnOneClock) {
  std::string by_gun = "bib,name,sex,gun\n", both = "bib,name,sex,gun,chip\n", by_chip = "bib,name,sex,chip\n";
  for (int runner = 1; runner <= 30; ++runner) {
    const std::string who = absl::StrCat(runner, ",Given", runner, " Family", runner * 7, ",M,");
    const auto time = [runner](int minutes) { return absl::StrCat("0:", minutes, ":", 10 + runner); };
    absl::StrAppend(&by_gun, who, time(40), "\n");
    absl::StrAppend(&both, who, time(45), ",", time(40), "\n");
    absl::StrAppend(&by_chip, who, time(40), "\n");
  }
  server_.MustImport(server_.MakeRace("line", "2024", DateOf(2024, 5, 4)), by_gun);
  server_.MustImport(server_.MakeRace("crowd", "2024", DateOf(2024, 9, 4)), both);
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  request.add_courses("events/crowd");
  request.set_reference_course("events/line");
  ASSERT_CALL(Courses(request, &response));
  EXPECT_EQ(response.clock(), v1::CLOCK_GUN) << "the only one that both sheets have";
  EXPECT_THAT(response.method(), HasSubstr("by the gun"));
  EXPECT_NEAR(response.comparisons(0).effect_percent(), 12.4, 0.3);
  request.set_clock(v1::CLOCK_CHIP);
  ASSERT_CALL(Courses(request, &response));
  EXPECT_EQ(response.clock(), v1::CLOCK_CHIP);
  EXPECT_EQ(response.comparisons(0).pairs(), 0) << "a time by the gun makes no pair with one by the chip";
  EXPECT_FALSE(response.comparisons(0).enough());
  EXPECT_THAT(response.comparisons(0).reason(), HasSubstr("chip"));

  // Another one whose official times had to be taken from the chip.
  server_.MustImport(server_.MakeRace("chips", "2024", DateOf(2024, 7, 4)), by_chip);
  request.set_reference_course("events/chips");
  request.clear_clock();
  ASSERT_CALL(Courses(request, &response));
  EXPECT_EQ(response.clock(), v1::CLOCK_CHIP);
  EXPECT_EQ(response.comparisons(0).pairs(), 30);
  EXPECT_NEAR(response.comparisons(0).effect_percent(), 0, 0.01);
  request.set_clock(v1::CLOCK_GUN);
  ASSERT_CALL(Courses(request, &response));
  EXPECT_EQ(response.comparisons(0).pairs(), 0);
  request.set_clock(v1::CLOCK_OFFICIAL);
  EXPECT_EQ(ViolatedField(Courses(request, &response)), "clock");
}

TEST_F(CourseTest, ResultsTooFarApartMakeNoPair) {
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  request.add_courses("events/slow");
  request.set_reference_course("events/fast");
  *request.mutable_period()->mutable_start_date() = DateOf(2024, 6, 1);
  ASSERT_CALL(Courses(request, &response));
  EXPECT_FALSE(response.comparisons(0).enough());
  EXPECT_EQ(response.comparisons(0).athletes(), 0);
}

TEST_F(CourseTest, AKeptCourseIsTheRacesThatHaveIt) {
  v1::CreateCourseRequest make;
  v1::Course course;
  make.set_parent("events/fast");
  make.set_course_id("river");
  make.mutable_course()->set_discipline("10km-road");
  ASSERT_CALL(server_.events->CreateCourse(server_.AsOperator().get(), make, &course));
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  request.add_courses("events/slow");
  request.set_reference_course(course.name());
  request.set_discipline("10km-road");
  ASSERT_CALL(Courses(request, &response));
  EXPECT_FALSE(response.comparisons(0).enough()) << "no race has the course yet";
  v1::UpdateRaceRequest change;
  v1::Race race;
  change.mutable_race()->set_name("events/fast/editions/2024/races/open");
  change.mutable_race()->set_course(course.name());
  change.set_reason("the course is known now");
  ASSERT_CALL(server_.events->UpdateRace(server_.AsOperator().get(), change, &race));
  ASSERT_CALL(Courses(request, &response));
  EXPECT_TRUE(response.comparisons(0).enough());
  EXPECT_NEAR(response.comparisons(0).effect_percent(), 5, 0.4);
  request.clear_discipline();
  ASSERT_CALL(Courses(request, &response));  // the one that was run on both
  EXPECT_EQ(response.comparisons(0).pairs(), 40);

  request.set_courses(0, course.name());
  request.set_reference_course("events/slow");
  ASSERT_CALL(Courses(request, &response));
  EXPECT_EQ(response.comparisons(0).course(), course.name());
  EXPECT_NEAR(response.comparisons(0).effect_percent(), -4.8, 0.4);
  request.set_reference_course("events/fast/editions/2024");
  EXPECT_EQ(ViolatedField(Courses(request, &response)), "courses") << "its race was run on the course";
  request.set_reference_course("events/fast/courses/none");
  EXPECT_EQ(Courses(request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CourseTest, WrongCoursesAreRefused) {
  v1::CompareCoursesRequest request;
  v1::CompareCoursesResponse response;
  EXPECT_EQ(ViolatedField(Courses(request, &response)), "courses");
  request.add_courses("events/slow");
  request.add_courses("events/slow/editions/2024");
  EXPECT_EQ(ViolatedField(Courses(request, &response)), "courses");
  request.set_courses(1, "events/nowhere");
  EXPECT_EQ(Courses(request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_courses(1, "events/fast");
  request.set_discipline("long-jump");
  EXPECT_EQ(ViolatedField(Courses(request, &response)), "discipline");
}

}  // namespace
}  // namespace palmares::testing
