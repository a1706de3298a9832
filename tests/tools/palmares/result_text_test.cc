#include "tools/palmares/result_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Mark MarkOf(v1::Unit unit, const char* text) {
  v1::Mark mark;
  mark.set_value(1);
  mark.set_unit(unit);
  mark.set_text(text);
  return mark;
}

v1::ListResultsResponse TwoRows() {
  v1::ListResultsResponse results;
  for (const char* name : {"Ann", "Bea"}) {
    v1::Result* result = results.add_results();
    result->mutable_row()->set_name(name);
    result->mutable_row()->set_division(v1::DIVISION_RUNNING);
    result->set_outcome(v1::OUTCOME_FINISHED);
    *result->mutable_mark() = MarkOf(v1::UNIT_MILLISECONDS, "1:39.50");
  }
  return results;
}

std::string ForPeople(const v1::ListResultsResponse& results) {
  std::ostringstream out;
  PrintTable(out, ResultTable(results), 0);
  return out.str();
}

std::string ForPrograms(const v1::ListResultsResponse& results) {
  std::ostringstream out;
  PrintCsv(out, ResultTable(results));
  return out.str();
}

TEST(ResultTextTest, ALengthHasTheWholeCentimetresThatCount) {
  EXPECT_EQ(MarkText(MarkOf(v1::UNIT_MILLIMETRES, "5.899")), "5.89") << "19-04.25, and never more";
  EXPECT_EQ(MarkText(MarkOf(v1::UNIT_MILLIMETRES, "8.95")), "8.95");
  EXPECT_EQ(MarkText(MarkOf(v1::UNIT_MILLIMETRES, "18500")), "18500") << "a race by time";
  EXPECT_EQ(MarkText(MarkOf(v1::UNIT_MILLISECONDS, "9.585")), "9.585") << "a reading of the clock";
}

TEST(ResultTextTest, ATimeByHandHasTheSportsSignAndItsTenths) {
  EXPECT_EQ(HandMarkText(MarkOf(v1::UNIT_MILLISECONDS, "1:39.50")), "1:39.5h");
  EXPECT_EQ(HandMarkText(MarkOf(v1::UNIT_MILLISECONDS, "1:40.00")), "1:40.0h");
  EXPECT_EQ(HandMarkText(MarkOf(v1::UNIT_MILLISECONDS, "10.2")), "10.2h");
  EXPECT_EQ(HandMarkText(MarkOf(v1::UNIT_MILLISECONDS, "2:10:22")), "2:10:22") << "off the track a second is a second";
  EXPECT_EQ(HandMarkText(MarkOf(v1::UNIT_MILLIMETRES, "8.95")), "8.95");
}

TEST(ResultTextTest, MarksByHandAreMarkedForPeopleAsTheRowOrElseTheRaceWasTimed) {
  v1::ListResultsResponse results = TwoRows();
  EXPECT_THAT(ForPeople(results), Not(HasSubstr("h")));
  results.mutable_results(1)->mutable_row()->set_timing(v1::TIMING_HAND);
  EXPECT_THAT(ForPeople(results), HasSubstr("1:39.50  "));
  EXPECT_THAT(ForPeople(results), HasSubstr("1:39.5h  "));
  results.mutable_race()->set_timing(v1::TIMING_HAND);
  EXPECT_THAT(ForPeople(results), Not(HasSubstr("1:39.50")));
  results.mutable_results(0)->mutable_row()->set_timing(v1::TIMING_AUTOMATIC);
  EXPECT_THAT(ForPeople(results), HasSubstr("1:39.50  "));
  EXPECT_THAT(ForPrograms(results), Not(HasSubstr("1:39.5h")));
  EXPECT_THAT(ResultText(results.results(1), v1::TIMING_UNSPECIFIED), HasSubstr("1:39.5h\n"));
  EXPECT_THAT(ResultText(TwoRows().results(0), v1::TIMING_HAND), HasSubstr("timed        hand\n"));
}

TEST(ResultTextTest, TheDivisionIsShownWhereNotAllAreOnFoot) {
  v1::ListResultsResponse results = TwoRows();
  EXPECT_THAT(ForPeople(results), Not(HasSubstr("DIVISION")));
  results.mutable_results(0)->mutable_row()->clear_division();
  EXPECT_THAT(ForPeople(results), Not(HasSubstr("DIVISION"))) << "not said is running";
  results.mutable_results(1)->mutable_row()->set_division(v1::DIVISION_WHEELCHAIR);
  EXPECT_THAT(ForPeople(results), HasSubstr("  NAME  DIVISION  "));
  EXPECT_THAT(ForPeople(results), HasSubstr("  Bea   wheelchair"));
  EXPECT_EQ(ForPrograms(results).find("division"), ForPrograms(results).rfind("division")) << "one column for programs";
}

TEST(ResultTextTest, TheOutcomeIsShownWhereNotAllFinished) {
  v1::ListResultsResponse results = TwoRows();
  EXPECT_THAT(ForPeople(results), Not(HasSubstr("OUTCOME")));
  EXPECT_THAT(ForPrograms(results), HasSubstr(",finished,"));
  results.mutable_results(1)->set_outcome(v1::OUTCOME_DID_NOT_FINISH);
  EXPECT_THAT(ForPeople(results), HasSubstr("DNF"));
}

}  // namespace
}  // namespace palmares::tools
