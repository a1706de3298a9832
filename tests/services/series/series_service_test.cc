// Standings by each kind of rule, over a server.
#include "tests/services/series/series_harness.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kHeader[] = "place,bib,name,sex,age,club,gun\n";

class SeriesServiceTest : public SeriesHarness {
 protected:
  SeriesServiceTest() {
    for (int month = 3; month <= 5; ++month) {
      races_.push_back(server_.MakeRace("league", absl::StrCat("2025-", month), DateOf(2025, month, 4)));
    }
    server_.MustImport(races_[0], absl::StrCat(kHeader,
                                               "1,1,Ada Quick,W,39,North AC,0:31:00\n"
                                               "2,2,Bo Steady,M,42,North AC,0:32:00\n"
                                               "3,3,Cy Slow,M,44,South RC,0:33:00\n"
                                               "4,4,Di Later,W,33,South RC,0:34:00\n"
                                               ",5,Ed Behind,M,43,North AC,DNF\n"));
    server_.MustImport(races_[1], absl::StrCat(kHeader,
                                               "1,1,Cy Slow,M,44,South RC,0:31:30\n"
                                               "2,2,Bo Steady,M,42,NORTH A.C.,0:32:30\n"
                                               "3,3,Di Later,W,33,South RC,0:33:30\n"
                                               "4,4,Ed Behind,M,43,North AC,0:35:00\n"));
    server_.MustImport(races_[2], absl::StrCat(kHeader,
                                               "1,1,Ada Quick,W,40,North AC,0:30:00\n"
                                               "2,2,Ed Behind,M,43,North AC,0:31:00\n"
                                               "2,3,Bo Steady,M,42,North AC,0:31:00\n"
                                               "4,4,Cy Slow,M,45,South RC,0:36:00\n"));
  }
  std::vector<std::string> races_;
};

TEST_F(SeriesServiceTest, PointsByPlaceCountTheBestKAndSayWhatDoesNot) {
  ASSERT_CALL(Create("spring", races_,
                     "score = \"points\"\nbest = 2\n[points]\nby_place = [10, 8, 6]\nother = 1\n"
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n[[category]]\nname = \"W\"\nsex = \"W\"\n"));
  EXPECT_THAT(made_.categories(), ElementsAre("M", "W"));
  // Men's places: Bo 1, Cy 2; Cy 1, Bo 2, Ed 3; Ed and Bo share 1, Cy 3.
  EXPECT_THAT(Lines("spring", "M"), ElementsAre("1 Bo Steady 20", "2 Cy Slow 18", "3 Ed Behind 16"));
  EXPECT_THAT(Lines("spring", "W"), ElementsAre("1 Ada Quick 20", "2 Di Later 18"));
  EXPECT_EQ(Lines("spring", "M", /*page_size=*/1), Lines("spring", "M"));
  const v1::Standing bo = Standings("spring", "M")[0];
  ASSERT_EQ(bo.results_size(), 3);
  EXPECT_TRUE(bo.results(0).counts());
  EXPECT_EQ(bo.results(0).score(), 10'000);
  EXPECT_FALSE(bo.results(1).counts());
  EXPECT_EQ(bo.results(1).excluded_reason(), "BEYOND_BEST_K");
  EXPECT_EQ(bo.results(1).place(), 2);
  EXPECT_EQ(bo.results(2).place(), 1);
  EXPECT_THAT(bo.results(0).result(), HasSubstr(races_[0]));
  const v1::Standing ed = Standings("spring", "M")[2];
  EXPECT_EQ(ed.results(0).excluded_reason(), "NO_MARK");
}

TEST_F(SeriesServiceTest, EqualPlacesShareTheMeanOfTheirPointsWhereTheRulesSaySo) {
  ASSERT_CALL(Create("spring", races_,
                     "score = \"points\"\n[points]\nby_place = [10, 7.5]\ntied = \"mean\"\n"
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  EXPECT_THAT(Lines("spring", "M"), ElementsAre("1 Bo Steady 26.25", "2 Cy Slow 17.5", "3 Ed Behind 8.75"));
}

TEST_F(SeriesServiceTest, TheLowestSumOfTimesOrPlacesWins) {
  ASSERT_CALL(Create("time", races_, "score = \"time\"\nbest = 2\n[[category]]\nname = \"all\"\n"));
  EXPECT_THAT(Lines("time", "all"), ElementsAre("1 Ada Quick 1:01:00", "2 Bo Steady 1:03:00", "3 Cy Slow 1:04:30",
                                                "4 Ed Behind 1:06:00", "5 Di Later 1:07:30"));
  ASSERT_CALL(Create("places", races_, "score = \"places\"\nbest = 3\n[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  EXPECT_THAT(Lines("places", "M"), ElementsAre("1 Bo Steady 4", "2 Cy Slow 6"));
}

TEST_F(SeriesServiceTest, AgeGradesAndTablePointsAddUp) {
  ASSERT_CALL(Create("graded", races_, "score = \"age-grade\"\nbest = 1\n[[category]]\nname = \"all\"\n"));
  const std::vector<v1::Standing> graded = Standings("graded", "all");
  ASSERT_EQ(graded.size(), 5u);
  for (size_t i = 1; i < graded.size(); ++i) EXPECT_GE(graded[i - 1].score(), graded[i].score());
  EXPECT_GT(graded[0].score(), 80'000);
  EXPECT_LT(graded[0].score(), 110'000);
  ASSERT_CALL(Create("points", races_, "score = \"world-athletics\"\nbest = 1\n[[category]]\nname = \"all\"\n"));
  EXPECT_EQ(Standings("points", "all").size(), 5u);
}

TEST_F(SeriesServiceTest, AnAgeGroupIsThatOfTheRaceOrOfTheFirstOne) {
  const std::string rules =
      "score = \"points\"\n[points]\nby_place = [10, 8, 6, 4]\n[[category]]\nname = \"40-44\"\nage_group = \"40-44\"\n";
  ASSERT_CALL(Create("race", races_, rules));
  // Ada is 40 at the last race only; Cy 45 at it.
  EXPECT_THAT(Lines("race", "40-44"),
              ElementsAre("1 Bo Steady 26", "2 Cy Slow 18", "3 Ed Behind 14", "4 Ada Quick 10"));
  ASSERT_CALL(Create("first", races_, rules + "age_at = \"first-race\"\n"));
  EXPECT_THAT(Lines("first", "40-44"), ElementsAre("1 Bo Steady 28", "2 Cy Slow 24", "3 Ed Behind 16"));
}

TEST_F(SeriesServiceTest, TeamsAreTheBestOfAClubInARace) {
  ASSERT_CALL(Create("teams", races_, "score = \"places\"\nbest = 2\n[[category]]\nname = \"teams\"\nmembers = 2\n"));
  // North 1+2, 2+4, 1+2; South 3+4, 1+3, one only.
  const std::vector<v1::Standing> rows = Standings("teams", "teams");
  EXPECT_THAT(Lines("teams", "teams"), ElementsAre("1 North AC 6", "2 South RC 11"));
  ASSERT_EQ(rows[1].results_size(), 5);
  EXPECT_EQ(rows[1].results(4).excluded_reason(), "INCOMPLETE_TEAM");
  EXPECT_FALSE(rows[1].results(0).athlete().empty());
  EXPECT_EQ(rows[0].club(), "North AC");
  EXPECT_EQ(rows[0].athlete(), "");
}

TEST_F(SeriesServiceTest, WhoIsHiddenKeepsTheRankWithoutTheName) {
  ASSERT_CALL(Create("spring", races_,
                     "score = \"points\"\nbest = 2\n[points]\nby_place = [10, 8, 6]\n"
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  ASSERT_CALL(Create("teams", races_, "score = \"places\"\nbest = 2\n[[category]]\nname = \"teams\"\nmembers = 2\n"));
  const std::string bo = server_.ByBib(races_[0], "2").athlete();
  v1::HideAthleteRequest request;
  v1::Athlete hidden;
  request.set_name(bo);
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), request, &hidden));
  EXPECT_THAT(Lines("spring", "M"), ElementsAre("1  20", "2 Cy Slow 18", "3 Ed Behind 16"));
  EXPECT_EQ(Standings("spring", "M")[0].athlete(), "");
  EXPECT_EQ(Standings("spring", "M")[0].club(), "");
  for (const v1::Standing& team : Standings("teams", "teams")) {
    for (const v1::StandingResult& result : team.results()) EXPECT_NE(result.athlete(), bo);
  }
  // Not in standings of what was known then, either.
  v1::ListStandingsRequest then;
  v1::ListStandingsResponse known;
  then.set_parent("series/spring");
  then.set_category("M");
  then.mutable_as_of()->set_ledger_position(hidden.position() - 1);
  ASSERT_CALL(List(then, &known));
  ASSERT_EQ(known.standings_size(), 3);
  EXPECT_EQ(known.standings(0).athlete(), "");
  EXPECT_EQ(known.standings(0).display_name(), "");
  EXPECT_EQ(known.standings(1).display_name(), "Cy Slow");
}

TEST_F(SeriesServiceTest, ScoresAreCarriedOverAsGivenAndFromAnEarlierSeries) {
  const std::string categories = "[[category]]\nname = \"M\"\nsex = \"M\"\n";
  const std::string points = "score = \"points\"\n[points]\nby_place = [10, 8, 6]\n";
  ASSERT_CALL(Create("winter", {races_[0]}, points + categories));
  EXPECT_THAT(Lines("winter", "M"), ElementsAre("1 Bo Steady 10", "2 Cy Slow 8"));
  const std::string ed = server_.ByBib(races_[1], "4").athlete();
  ASSERT_CALL(Create("summer", {races_[1], races_[2]},
                     absl::StrCat(points, categories, "[carried_from]\nseries = \"series/winter\"\nper_cent = 50\n",
                                  "[[carried]]\ncategory = \"M\"\nathlete = \"", ed, "\"\nscore = 4.5\n")));
  EXPECT_THAT(Lines("summer", "M"), ElementsAre("1 Bo Steady 23", "2 Ed Behind 20.5", "3 Cy Slow 20"));
  EXPECT_EQ(Standings("summer", "M")[0].carried_score(), 5'000);

  v1::DeleteSeriesRequest remove;
  v1::DeleteSeriesResponse removed;
  remove.set_name("series/winter");
  const grpc::Status in_use = series_->DeleteSeries(server_.AsOperator().get(), remove, &removed);
  EXPECT_EQ(in_use.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(in_use), "IN_USE");
  // Winter may not carry over from summer: it would lead back to itself.
  v1::UpdateSeriesRequest update;
  v1::Series updated;
  update.mutable_series()->set_name("series/winter");
  update.mutable_series()->set_rules_text(points + categories + "[carried_from]\nseries = \"series/summer\"\n");
  update.mutable_update_mask()->add_paths("rules_text");
  const grpc::Status circle = series_->UpdateSeries(server_.AsOperator().get(), update, &updated);
  EXPECT_EQ(ViolatedField(circle), "series.rules_text");
  EXPECT_THAT(circle.error_message(), HasSubstr("does not carry over from this series"));
}

TEST_F(SeriesServiceTest, ACorrectionIsInTheNextStandingsAndItsInverseRestoresThem) {
  ASSERT_CALL(Create("spring", races_,
                     "score = \"points\"\nties = [\"countback\"]\n[points]\nby_place = [10, 8, 6]\n"
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  const std::vector<std::string> before = Lines("spring", "M");
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib(races_[1], "1").name());
  disqualify.set_reason("short cut");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_THAT(Lines("spring", "M"), ElementsAre("1 Bo Steady 30", "2 Ed Behind 18", "3 Cy Slow 14"));
  v1::ReinstateResultRequest reinstate;
  reinstate.set_name(disqualify.name());
  reinstate.set_reason("appeal");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &changed));
  EXPECT_EQ(Lines("spring", "M"), before);
}

TEST_F(SeriesServiceTest, StandingsOfAnEarlierDayLeaveOutLaterRaces) {
  ASSERT_CALL(Create("spring", races_,
                     "score = \"points\"\n[points]\nby_place = [10, 8, 6]\n[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  v1::ListStandingsRequest request;
  v1::ListStandingsResponse response;
  request.set_parent("series/spring");
  request.set_category("M");
  *request.mutable_as_of()->mutable_date() = DateOf(2025, 3, 31);
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.races_counted(), 1);
  EXPECT_EQ(response.total_size(), 2);
}

TEST_F(SeriesServiceTest, StandingsKnownThenStayWhatTheyWereWithTheRulesOfThen) {
  const std::string rules =
      "score = \"points\"\n[points]\nby_place = [10, 8, 6]\n[[category]]\nname = \"M\"\nsex = \"M\"\n";
  ASSERT_CALL(Create("spring", races_, rules));
  v1::ListStandingsRequest request;
  v1::ListStandingsResponse before, response;
  request.set_parent("series/spring");
  request.set_category("M");
  ASSERT_CALL(List(request, &before));
  ASSERT_GT(before.total_size(), 0);
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib(races_[1], "1").name());
  disqualify.set_reason("short cut");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  v1::DeleteSeriesRequest remove;
  v1::DeleteSeriesResponse removed;
  remove.set_name("series/spring");
  ASSERT_CALL(series_->DeleteSeries(server_.AsOperator().get(), remove, &removed));
  request.mutable_as_of()->set_ledger_position(before.position());
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.DebugString(), before.DebugString());
  request.mutable_as_of()->set_ledger_position(before.position() - 1);
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::NOT_FOUND) << "there was no such series yet";
  request.mutable_as_of()->set_ledger_position(1'000'000);
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::OUT_OF_RANGE);
  request.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_NOW);
  EXPECT_EQ(ViolatedField(List(request, &response)), "as_of.knowledge");
  request.mutable_as_of()->Clear();
  request.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
  EXPECT_EQ(ViolatedField(List(request, &response)), "as_of.date");
}

TEST_F(SeriesServiceTest, APageGoesOnAmongThoseOfAScoreWhenTheLastOfThePageBeforeLeft) {
  // Everybody scores the same in the first race.
  ASSERT_CALL(Create("equal", {races_[0], races_[1]},
                     "score = \"points\"\nbest = 1\n[points]\nby_place = [5, 5, 5, 5, 5, 5]\n"
                     "[[category]]\nname = \"M\"\nsex = \"M\"\n"));
  const std::vector<v1::Standing> all = Standings("equal", "M");
  ASSERT_GE(all.size(), 3U);
  v1::ListStandingsRequest request;
  v1::ListStandingsResponse first, second;
  request.set_parent("series/equal");
  request.set_category("M");
  request.set_page_size(1);
  ASSERT_CALL(List(request, &first));
  ASSERT_EQ(first.standings_size(), 1);
  for (const std::string& race : {races_[0], races_[1]}) {
    for (const v1::Result& result : server_.Results(race)) {
      if (result.athlete() != first.standings(0).athlete()) continue;
      v1::DisqualifyResultRequest disqualify;
      disqualify.set_rule("TR17.3.1");
      v1::ChangeResultResponse changed;
      disqualify.set_name(result.name());
      disqualify.set_reason("short cut");
      ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
    }
  }
  request.set_page_token(first.next_page_token());
  ASSERT_CALL(List(request, &second));
  ASSERT_EQ(second.standings_size(), 1);
  EXPECT_EQ(second.standings(0).athlete(), all[1].athlete());
}

TEST_F(SeriesServiceTest, ASeriesIsKeptOverARestartAndChangedByVersion) {
  const std::string rules = "score = \"points\"\n[points]\nby_place = [10]\n[[category]]\nname = \"M\"\nsex = \"M\"\n";
  ASSERT_CALL(Create("spring", races_, rules));
  const std::string etag = made_.etag();
  const std::vector<std::string> before = Lines("spring", "M");
  server_.Restart();
  series_ = v1::SeriesService::NewStub(server_.channel);
  EXPECT_EQ(Lines("spring", "M"), before);
  v1::UpdateSeriesRequest update;
  v1::Series updated;
  update.mutable_series()->set_name("series/spring");
  update.mutable_series()->add_races(races_[0]);
  update.mutable_series()->set_etag(etag);
  ASSERT_CALL(series_->UpdateSeries(server_.AsOperator().get(), update, &updated));
  EXPECT_THAT(updated.races(), ElementsAre(races_[0]));
  EXPECT_EQ(updated.rules_text(), rules);
  EXPECT_EQ(series_->UpdateSeries(server_.AsOperator().get(), update, &updated).error_code(),
            grpc::StatusCode::ABORTED);
  v1::DeleteSeriesRequest remove;
  v1::DeleteSeriesResponse removed;
  remove.set_name("series/spring");
  ASSERT_CALL(series_->DeleteSeries(server_.AsOperator().get(), remove, &removed));
  v1::GetSeriesRequest get;
  get.set_name("series/spring");
  get.set_min_position(removed.position());
  EXPECT_EQ(series_->GetSeries(RunningServer::As("").get(), get, &updated).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(SeriesServiceTest, WrongSeriesAreRefusedByFieldAndDryRunsChangeNothing) {
  const std::string rules = "score = \"points\"\n[points]\nby_place = [10]\n[[category]]\nname = \"M\"\n";
  EXPECT_EQ(ViolatedField(Create("Spring", races_, rules)), "series_id");
  EXPECT_EQ(ViolatedField(Create("spring", {}, rules)), "series.races");
  EXPECT_EQ(ViolatedField(Create("spring", {races_[0], races_[0]}, rules)), "series.races[1]");
  EXPECT_EQ(ViolatedField(Create("spring", {races_[0], "events/no/editions/no/races/no"}, rules)), "series.races[1]");
  const grpc::Status bad = Create("spring", races_, "score = \"goals\"\n[[category]]\nname = \"M\"\n");
  EXPECT_EQ(ViolatedField(bad), "series.rules_text");
  EXPECT_EQ(Reason(bad), "RULES_INVALID");
  EXPECT_THAT(bad.error_message(), HasSubstr("rules_text:1: score is \"goals\""));
  EXPECT_EQ(ViolatedField(Create("spring", races_, rules + "[carried_from]\nseries = \"series/none\"\n")),
            "series.rules_text");
  ASSERT_CALL(Create("spring", races_, rules, /*dry_run=*/true));
  EXPECT_THAT(made_.categories(), ElementsAre("M"));
  EXPECT_EQ(made_.etag(), "");
  v1::ListSeriesRequest list;
  v1::ListSeriesResponse listed;
  ASSERT_CALL(series_->ListSeries(RunningServer::As("").get(), list, &listed));
  EXPECT_EQ(listed.series_size(), 0);
  ASSERT_CALL(Create("spring", races_, rules));
  EXPECT_EQ(Create("spring", races_, rules).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  v1::ListStandingsRequest request;
  v1::ListStandingsResponse response;
  request.set_parent("series/spring");
  request.set_category("W");
  EXPECT_EQ(ViolatedField(List(request, &response)), "category");
  request.set_parent("series/autumn");
  EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  request.set_parent("series/spring");
  request.set_category("M");
  request.set_page_size(-1);
  EXPECT_EQ(ViolatedField(List(request, &response)), "page_size");
}

}  // namespace
}  // namespace palmares::testing
