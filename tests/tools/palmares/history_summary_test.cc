// A summary in words, and as lines of a table.
#include "tools/palmares/history_summary.h"

#include <sstream>
#include <string>

#include "tests/testing.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::DerivedMark Mark(const std::string& text, int year, const std::string& result) {
  v1::DerivedMark mark;
  mark.mutable_mark()->set_text(text);
  mark.set_result(result);
  mark.mutable_date()->set_year(year);
  mark.mutable_date()->set_month(4);
  mark.mutable_date()->set_day(15);
  mark.set_season(year);
  return mark;
}

v1::HistorySummary Summary() {
  v1::HistorySummary summary;
  summary.set_athlete("athletes/1042");
  summary.set_result_count(2);
  *summary.mutable_active_period()->mutable_start_date() = Mark("", 2012, "").date();
  *summary.mutable_active_period()->mutable_end_date() = Mark("", 2013, "").date();
  summary.mutable_consistency()->set_starts(2);
  summary.mutable_consistency()->set_finishes(1);
  summary.mutable_consistency()->set_finish_rate_percent(50);
  summary.mutable_consistency()->set_races_per_season(1);
  v1::DisciplineSummary* discipline = summary.add_disciplines();
  discipline->set_discipline("marathon");
  discipline->set_division(v1::DIVISION_RUNNING);
  *discipline->mutable_personal_best() = Mark("2:10:22", 2013, "r/1");
  *discipline->mutable_personal_best_all_conditions() = Mark("2:05:00", 2012, "r/2");
  *discipline->add_season_bests() = Mark("2:10:22", 2013, "r/1");
  discipline->set_best_points(1234);
  discipline->set_best_points_result("r/2");
  discipline->mutable_pacing()->set_races(3);
  discipline->mutable_pacing()->set_second_half_percent(6.25);
  discipline->mutable_pacing()->set_negative_splits(1);
  discipline->mutable_pacing()->add_results("r/1");
  discipline->mutable_pacing()->add_results("r/2");
  discipline->mutable_age_trend()->set_change_percent_per_year(-0.5);
  discipline->mutable_age_trend()->set_low_percent(-1);
  discipline->mutable_age_trend()->set_high_percent(0.25);
  v1::LevelCount* level = summary.add_levels();
  level->set_level("world");
  level->set_starts(2);
  v1::Milestone* milestone = summary.add_milestones();
  milestone->set_kind(v1::Milestone::KIND_FINISHES);
  *milestone->mutable_date() = Mark("", 2013, "").date();
  milestone->set_text("tenth finish of the \x1b[31mTown Run");
  milestone->set_result("r/1");
  return summary;
}

TEST(HistorySummaryTest, WordsSayEveryPartThatThereIs) {
  const std::string text = SummaryText(Summary(), 80);
  EXPECT_THAT(text, HasSubstr("2 results, 2012-04-15 to 2013-04-15\n2 starts, 1 finished (50.0 %), 1.0 a season\n"));
  EXPECT_THAT(text, HasSubstr("personal best  2:10:22 (2013-04-15)"));
  EXPECT_THAT(text, HasSubstr("all conditions 2:05:00 (2012-04-15)"));
  EXPECT_THAT(text, HasSubstr("second half +6.3 %, variation 0.0 %, 1 negative split (3 races)"));
  EXPECT_THAT(text, HasSubstr("-0.5 % a year (-1.0 % to +0.3 %)\n"));
  EXPECT_THAT(text, HasSubstr("2013-04-15  tenth finish of the"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "a terminal is told nothing";
  EXPECT_THAT(text, Not(HasSubstr("season lists"))) << "an empty table is left out";
}

TEST(HistorySummaryTest, EveryLineOfTheTableNamesItsResults) {
  std::ostringstream csv;
  PrintCsv(csv, SummaryTable(Summary()));
  EXPECT_THAT(csv.str(), HasSubstr("section,discipline,name,value,results\n"));
  EXPECT_THAT(csv.str(), HasSubstr("bests,marathon,personal_best,2:10:22,r/1\n"));
  EXPECT_THAT(csv.str(), HasSubstr("bests,marathon,points,1234,r/2\n"));
  EXPECT_THAT(csv.str(), HasSubstr("pacing,marathon,second_half_percent,6.25,r/1 r/2\n"));
  EXPECT_THAT(csv.str(), HasSubstr("levels,,world_starts,2,\n"));
}

}  // namespace
}  // namespace palmares::tools
