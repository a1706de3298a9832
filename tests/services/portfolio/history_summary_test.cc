// What follows from an athlete's results, through the whole server: the ranks are those of the rankings, the standards
// those that qualification says are met, and every number names results that can be asked for.
#include <set>

#include "tests/services/portfolio/history_harness.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistorySummaryTest : public HistoryHarness {
 protected:
  HistorySummaryTest() : HistoryHarness(/*catalogue=*/true) {}

  // A race of Ada's, with the athletes of the first one named.
  std::string Race(const std::string& event, int year, const std::string& discipline, const std::string& rows) {
    std::string csv = "bib,name,sex,age,country,gun,athlete\n";
    absl::StrAppend(&csv, rows);
    return Publish(event, year, discipline, csv);
  }
  static std::vector<std::string> Milestones(const v1::HistorySummary& summary) {
    std::vector<std::string> texts;
    for (const v1::Milestone& milestone : summary.milestones()) {
      texts.push_back(absl::StrCat(milestone.date().year(), " ", milestone.text()));
    }
    return texts;
  }
  static std::vector<std::string> Ranks(const v1::HistorySummary& summary) {
    std::vector<std::string> texts;
    for (const v1::RankPoint& rank : summary.ranks()) {
      texts.push_back(absl::StrCat(rank.season(), " ", rank.discipline(), " ", rank.scope(), " ", rank.rank(), "/",
                                   rank.total_size()));
    }
    return texts;
  }
  static std::vector<std::string> Opponents(const v1::HistorySummary& summary) {
    std::vector<std::string> texts;
    for (const v1::Opponent& opponent : summary.best_opponents()) {
      texts.push_back(absl::StrCat(opponent.athlete_display_name(), " ", opponent.opponent_points() > 0));
    }
    return texts;
  }
};

TEST_F(HistorySummaryTest, DisciplinesComeMostResultsFirstAndSeasonsNewestFirst) {
  const std::string first = Race("b-run", 2019, "10km-road", "1,Ada Quick,W,31,KEN,33:00,\n");
  const std::string ada = AthleteOf(first, "1");
  Race("a-run", 2020, "5km-road", absl::StrCat("1,Ada Quick,W,32,KEN,16:00,", ada, "\n"));
  Race("b-run", 2020, "10km-road", absl::StrCat("1,Ada Quick,W,32,KEN,32:00,", ada, "\n"));
  Race("b-run", 2021, "10km-road", absl::StrCat("1,Ada Quick,W,33,KEN,34:00,", ada, "\n"));
  const v1::HistorySummary summary = Summary(ada);
  ASSERT_EQ(summary.disciplines_size(), 2);
  EXPECT_EQ(summary.disciplines(0).discipline(), "10km-road");
  EXPECT_EQ(summary.disciplines(1).discipline(), "5km-road");
  std::vector<std::string> seasons, progression;
  for (const v1::DerivedMark& mark : summary.disciplines(0).season_bests()) seasons.push_back(mark.mark().text());
  for (const v1::DerivedMark& mark : summary.disciplines(0).progression()) progression.push_back(mark.mark().text());
  EXPECT_THAT(seasons, ElementsAre("34:00", "32:00", "33:00"));
  EXPECT_THAT(progression, ElementsAre("33:00", "32:00"));
  EXPECT_EQ(summary.disciplines(0).best_points_result(), summary.disciplines(0).progression(1).result());
  EXPECT_EQ(summary.disciplines(0).best_age_grade_result(), summary.disciplines(0).progression(1).result());
  EXPECT_EQ(summary.consistency().wins(), 4);
  ASSERT_EQ(summary.levels_size(), 1);
  EXPECT_EQ(summary.levels(0).level(), "unknown");
  EXPECT_EQ(summary.levels(0).results_size(), 4);
  EXPECT_EQ(summary.active_period().start_date().year(), 2019);
}

TEST_F(HistorySummaryTest, APeriodHasItsOwnBestsButFirstsAndCountsAreOfTheWholeHistory) {
  const std::string first = Race("b-run", 2015, "10km-road", "1,Ada Quick,W,31,KEN,32:00,\n");
  const std::string ada = AthleteOf(first, "1");
  for (int year = 2016; year <= 2019; ++year) {
    Race("b-run", year, "10km-road",
         absl::StrCat("1,Ada Quick,W,", year - 1984, ",KEN,", year - 1980, ":00,", ada, "\n"));
  }
  v1::GetHistorySummaryRequest request;
  v1::HistorySummary summary;
  request.set_athlete(ada);
  *request.mutable_period()->mutable_start_date() = DateOf(2017, 1, 1);
  ASSERT_CALL(server_.histories->GetHistorySummary(Anybody().get(), request, &summary));
  EXPECT_EQ(summary.result_count(), 3);
  EXPECT_EQ(summary.disciplines(0).personal_best_all_conditions().mark().text(), "37:00");
  EXPECT_THAT(Milestones(summary), ElementsAre("2019 won the b-run 2019, open", "2019 fifth finish of the b-run",
                                               "2018 won the b-run 2018, open", "2017 won the b-run 2017, open"));
  EXPECT_EQ(summary.consistency().results_size(), 3);
  *request.mutable_period()->mutable_end_date() = DateOf(2022, 5, 3);
  ASSERT_CALL(server_.histories->GetHistorySummary(Anybody().get(), request, &summary));
  EXPECT_EQ(summary.consistency().results_size(), 0) << "of the last three years one is left, which says nothing";
}

TEST_F(HistorySummaryTest, RanksAreThoseOfTheRankings) {
  const std::string race = Race(
      "b-run", 2019, "10km-road",
      "1,Ada Quick,W,31,KEN,33:00,\n2,Bea Fast,W,30,KEN,31:00,\n3,Cy Fast,W,30,ETH,30:00,\n4,Di Slow,W,30,KEN,40:00,\n"
      "5,Ed Man,M,30,KEN,29:00,\n");
  const std::string ada = AthleteOf(race, "1");
  Race("c-run", 2019, "10km-road", absl::StrCat("1,Ada Quick,W,31,KEN,32:30,", ada, "\n2,Fe Same,W,30,USA,32:30,\n"));
  Race("b-run", 2020, "10km-road", absl::StrCat("1,Ada Quick,W,32,KEN,35:00,", ada, "\n"));
  const v1::HistorySummary summary = Summary(ada);
  EXPECT_THAT(Ranks(summary), ElementsAre("2020 10km-road world 1/1", "2020 10km-road KEN 1/1",
                                          "2019 10km-road world 3/5", "2019 10km-road KEN 2/3"));
  for (const v1::RankPoint& rank : summary.ranks()) {
    v1::GetRankRequest request;
    v1::Rank answer;
    *request.mutable_query() = QueryOf(rank.discipline(), v1::SEX_WOMEN);
    request.mutable_query()->set_season(rank.season());
    if (rank.scope() != "world") request.mutable_query()->mutable_scope()->set_country(rank.scope());
    request.set_athlete(ada);
    ASSERT_CALL(server_.rankings->GetRank(Anybody().get(), request, &answer));
    EXPECT_EQ(answer.rank(), rank.rank());
    EXPECT_EQ(answer.total_size(), rank.total_size());
    EXPECT_EQ(answer.row().result(), rank.result());
  }
  Race("d-run", 2019, "10km-road", "1,Gi New,W,30,KEN,31:30,\n");
  EXPECT_THAT(Ranks(Summary(ada)), Contains("2019 10km-road KEN 3/4")) << "a list follows what comes";
}

TEST_F(HistorySummaryTest, OpponentsAreAsGoodAsWhatTheyHadDoneBefore) {
  const std::string before = Race("a-run", 2018, "10km-road",
                                  "1,Bea Fast,W,30,KEN,31:00,\n2,Cy Best,W,30,ETH,30:00,\n3,Di Slow,W,30,KEN,45:00,\n"
                                  "4,Ed Man,M,30,KEN,28:00,\n");
  const auto again = [&](const std::string& row, const std::string& bib) {
    return absl::StrCat(row, ",", AthleteOf(before, bib), "\n");
  };
  const std::string race =
      Race("b-run", 2019, "10km-road",
           absl::StrCat("1,Ada Quick,W,31,KEN,33:00,\n", again("2,Bea Fast,W,31,KEN,34:00", "1"),
                        again("3,Cy Best,W,31,ETH,32:00", "2"), again("4,Di Slow,W,31,KEN,46:00", "3"),
                        again("5,Ed Man,M,31,KEN,50:00", "4"), "6,Fe New,W,31,KEN,47:00,\n"));
  const std::string ada = AthleteOf(race, "1");
  EXPECT_THAT(Opponents(Summary(ada)), ElementsAre("Bea Fast 1", "Di Slow 1"))
      << "neither men, nor who was ahead, nor of whom nothing was known";
  Race("c-run", 2020, "10km-road",
       absl::StrCat("1,Ada Quick,W,32,KEN,33:00,", ada, "\n", again("3,Cy Best,W,32,ETH,33:10", "2"),
                    again("2,Bea Fast,W,32,KEN,33:20", "1")));
  const v1::HistorySummary summary = Summary(ada);
  EXPECT_THAT(Opponents(summary), ElementsAre("Cy Best 1", "Bea Fast 1", "Di Slow 1"));
  EXPECT_THAT(summary.best_opponents(1).result(), ::testing::StartsWith("events/c-run")) << "the newest of equal ones";
  EXPECT_EQ(ResultOf(summary.best_opponents(0).opponent_result()).athlete(), summary.best_opponents(0).athlete());
  EXPECT_EQ(ResultOf(server_.ByBib(before, "2").name()).points(), summary.best_opponents(0).opponent_points());
  EXPECT_EQ(summary.best_opponents(0).opponent_points_result(), server_.ByBib(before, "2").name());

  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(before, "2").name());
  request.set_rule("TR17");
  request.set_reason("cut the course");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  const v1::HistorySummary after = Summary(ada);
  EXPECT_THAT(Opponents(after), ElementsAre("Bea Fast 1", "Cy Best 1", "Di Slow 1"))
      << "by the 32:00 of the year before";
  EXPECT_LT(after.best_opponents(1).opponent_points(), summary.best_opponents(0).opponent_points());
}

TEST_F(HistorySummaryTest, RecordsNeedSomebodyWhoWasBeaten) {
  const std::string first = Race("b-run", 2018, "10km-road", "1,Ada Quick,W,31,KEN,33:00,\n");
  const std::string ada = AthleteOf(first, "1");
  Race("b-run", 2019, "10km-road", absl::StrCat("1,Ada Quick,W,32,KEN,32:00,", ada, "\n"));
  EXPECT_THAT(Milestones(Summary(ada)),
              ElementsAre("2019 race record: 32:00, b-run 2019, open", "2019 won the b-run 2019, open",
                          "2018 met Latvian sports classes 2026", "2018 first finish: 10 Kilometres Road",
                          "2018 won the b-run 2018, open"));
}

TEST_F(HistorySummaryTest, AStandardIsMetByTheFirstResultThatCounts) {
  const std::string first = Race("town", 2023, "marathon", "1,Ada Quick,W,31,KEN,3:40:00,\n");
  const std::string ada = AthleteOf(first, "1");
  const std::string met = Race("town", 2024, "marathon", absl::StrCat("1,Ada Quick,W,32,KEN,2:50:00,", ada, "\n"));
  Race("village", 2024, "marathon", absl::StrCat("1,Ada Quick,W,32,KEN,2:45:00,", ada, "\n"));
  const v1::HistorySummary summary = Summary(ada);
  std::set<std::string> standards;
  for (const v1::Milestone& milestone : summary.milestones()) {
    if (milestone.kind() != v1::Milestone::KIND_QUALIFIED) continue;
    EXPECT_TRUE(standards.insert(milestone.standard()).second) << milestone.standard() << " twice";
    v1::QualifyRequest request;
    v1::QualifyResponse response;
    request.set_athlete(ada);
    request.add_standards(milestone.standard());
    *request.mutable_as_of_date() = milestone.date();
    ASSERT_CALL(server_.qualification->Qualify(Anybody().get(), request, &response));
    EXPECT_EQ(response.verdicts(0).state(), v1::VERDICT_STATE_QUALIFIED) << milestone.standard();
  }
  EXPECT_THAT(standards, Contains("standards/boston-2025"));
  for (const v1::Milestone& milestone : summary.milestones()) {
    if (milestone.standard() == "standards/boston-2025") {
      EXPECT_EQ(milestone.result(), server_.ByBib(met, "1").name());
    }
  }
}

TEST_F(HistorySummaryTest, AnAthleteWithoutResultsHasAnEmptySummary) {
  v1::CreateAthleteRequest request;
  v1::Athlete athlete;
  request.mutable_athlete()->set_display_name("Zoe Blank");
  ASSERT_CALL(server_.athletes->CreateAthlete(server_.AsOperator().get(), request, &athlete));
  const v1::HistorySummary summary = Summary(athlete.name());
  EXPECT_EQ(summary.athlete(), athlete.name());
  EXPECT_EQ(summary.result_count(), 0);
  EXPECT_FALSE(summary.has_consistency());
}

TEST_F(HistorySummaryTest, AnOpponentUnder18IsNotNamed) {
  const std::string header = "bib,name,sex,birth date,gun\n";
  Publish("town-run", 2025, "10km-road", header + "1,Kit Young,M,2011-01-02,36:00\n2,Bo Even,M,1990-01-02,35:00\n");
  const std::string race =
      Publish("town-run", 2026, "10km-road",
              header + "1,Al Quick,M,1991-01-02,31:00\n2,Kit Young,M,2011-01-02,34:00\n3,Bo Even,M,1990-01-02,35:00\n");
  const v1::HistorySummary summary = Summary(AthleteOf(race, "1"));
  std::vector<std::string> names;
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    names.push_back(absl::StrCat(opponent.athlete_display_name(), " ", opponent.athlete() == AthleteOf(race, "2")));
  }
  EXPECT_THAT(names, ElementsAre("Bo Even 0", " 1"));
}

}  // namespace
}  // namespace palmares::testing
