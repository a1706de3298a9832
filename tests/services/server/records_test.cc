// Records and bests at the time of a result, legal and in all conditions apart; and what a mark is legal for.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RecordsTest : public ::testing::Test {
 protected:
  std::string Publish(int year, const std::string& discipline, const std::string& rows) {
    const std::string race = server_.MakeRace("town-run", absl::StrCat(year), DateOf(year, 5, 4), discipline);
    server_.MustImport(race, absl::StrCat("bib,name,sex,age,country,wind,gun\n", rows));
    return race;
  }
  v1::Result Get(const std::string& race, const std::string& bib) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(server_.ByBib(race, bib).name());
    EXPECT_CALL_OK(server_.results->GetResult(RunningServer::As("").get(), request, &result));
    return result;
  }
  static std::vector<std::string> Text(const google::protobuf::RepeatedPtrField<v1::BestMark>& bests) {
    std::vector<std::string> texts;
    for (const v1::BestMark& best : bests) {
      texts.push_back(absl::StrCat(v1::BestMark::Kind_Name(best.kind()).substr(5), best.legal() ? " legal" : " all",
                                   best.superseded_result().empty() ? " first" : ""));
    }
    return texts;
  }
  std::vector<std::string> Records(bool progression, bool legal) {
    v1::ListRecordsRequest request;
    v1::ListRecordsResponse response;
    request.set_parent("events/town-run");
    request.set_progression(progression);
    request.set_legal_only(legal);
    EXPECT_CALL_OK(server_.rankings->ListRecords(RunningServer::As("").get(), request, &response));
    std::vector<std::string> lines;
    for (const v1::Record& record : response.records()) {
      lines.push_back(
          absl::StrCat(record.athlete_display_name(), " ", record.mark().text(), " ", record.date().year(),
                       record.fallen_date().year() == 0 ? "" : absl::StrCat("-", record.fallen_date().year())));
    }
    return lines;
  }

  RunningServer server_;
};

TEST_F(RecordsTest, ARecordIsTheBestUntilItsDayAndFallsWhenItIsBeaten) {
  const std::string first = Publish(2021, "100m", "1,Ada Quick,M,31,KEN,1.0,10.50\n2,Bo Next,M,30,KEN,1.0,10.60\n");
  const std::string windy = Publish(2022, "100m", "1,Cy Blown,M,25,USA,3.1,10.20\n");
  const std::string third = Publish(2023, "100m", "1,Di Fair,M,25,USA,0.5,10.30\n2,Ada Quick,M,33,KEN,0.5,10.50\n");
  EXPECT_THAT(Text(Get(first, "1").bests()),
              ElementsAre("PERSONAL_BEST legal first", "SEASON_BEST legal first", "RACE_RECORD legal first",
                          "LIST_LEAD legal first", "NATIONAL_BEST legal first"));
  EXPECT_THAT(Text(Get(first, "2").bests()), ElementsAre("PERSONAL_BEST legal first", "SEASON_BEST legal first"));
  EXPECT_THAT(Text(Get(windy, "1").bests()),
              ElementsAre("PERSONAL_BEST all first", "SEASON_BEST all first", "RACE_RECORD all", "LIST_LEAD all first",
                          "NATIONAL_BEST all first"));
  EXPECT_THAT(Text(Get(third, "1").bests()),
              ElementsAre("PERSONAL_BEST legal first", "SEASON_BEST legal first", "RACE_RECORD legal",
                          "LIST_LEAD legal first", "NATIONAL_BEST legal first"));
  EXPECT_THAT(Text(Get(third, "2").bests()), Not(Contains(HasSubstr("RECORD")))) << "an equal mark is no new record";
  EXPECT_THAT(Records(false, false), ElementsAre("Cy Blown 10.20 2022"));
  EXPECT_THAT(Records(false, true), ElementsAre("Di Fair 10.30 2023"));
  EXPECT_THAT(Records(true, true), ElementsAre("Di Fair 10.30 2023", "Ada Quick 10.50 2021-2023"));
}

TEST_F(RecordsTest, AResultSaysWhetherItWasItsAthletesBestAndOfWhichYear) {
  const std::string first = Publish(2021, "100m", "1,Ada Quick,M,31,KEN,1.0,10.50\n9,Cy First,M,31,KEN,1.0,9.90\n");
  const v1::Result old = server_.ByBib(first, "1");
  const auto publish = [&](const std::string& id, int year, int month, const std::string& wind,
                           const std::string& mark) {
    const std::string race = server_.MakeRace("town-run", absl::StrCat(year), DateOf(year, month, 4), "100m", id);
    server_.MustImport(race, absl::StrCat("bib,name,sex,age,wind,gun,athlete\n1,Ada Quick,M,32,", wind, ",", mark, ",",
                                          old.athlete(), "\n9,Cy First,M,32,0.0,9.85,\n"));
    return race;
  };
  const std::string slower = publish("spring", 2022, 3, "0.5", "10.60");
  const std::string equal = publish("summer", 2022, 5, "0.5", "10.50");
  const std::string windy = publish("autumn", 2022, 7, "3.1", "10.20");
  const std::string better = publish("winter", 2022, 9, "0.5", "10.40");
  EXPECT_THAT(Text(Get(first, "1").bests()), ElementsAre("PERSONAL_BEST legal first", "SEASON_BEST legal first"));
  EXPECT_THAT(Text(Get(slower, "1").bests()), ElementsAre("SEASON_BEST legal first"));
  EXPECT_THAT(Text(Get(equal, "1").bests()), ElementsAre("SEASON_BEST legal")) << "an equal mark is no new best";
  EXPECT_THAT(Text(Get(windy, "1").bests()), ElementsAre("PERSONAL_BEST all", "SEASON_BEST all"));
  const v1::Result best = Get(better, "1");
  EXPECT_THAT(Text(best.bests()), ElementsAre("PERSONAL_BEST legal", "SEASON_BEST legal"));
  EXPECT_EQ(best.bests(0).superseded_result(), old.name()) << "the first of the equal ones";
  v1::HideAthleteRequest hide;
  v1::Athlete hidden;
  hide.set_name(old.athlete());
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), hide, &hidden));
  EXPECT_THAT(Get(better, "1").bests(), IsEmpty()) << "nothing is told of other results of who is hidden";
}

TEST_F(RecordsTest, APageOfRecordsGoesOnWhereItWasWhenANewerRecordComes) {
  Publish(2021, "100m", "1,Ada Quick,M,31,KEN,1.0,10.50\n");
  Publish(2023, "100m", "1,Di Fair,M,25,USA,0.5,10.30\n");
  v1::ListRecordsRequest request;
  v1::ListRecordsResponse first, second;
  request.set_parent("events/town-run");
  request.set_progression(true);
  request.set_page_size(1);
  ASSERT_CALL(server_.rankings->ListRecords(RunningServer::As("").get(), request, &first));
  ASSERT_EQ(first.records_size(), 1);
  EXPECT_EQ(first.records(0).athlete_display_name(), "Di Fair");
  Publish(2024, "100m", "1,Ed Newest,M,25,USA,0.5,10.20\n");
  request.set_page_token(first.next_page_token());
  ASSERT_CALL(server_.rankings->ListRecords(RunningServer::As("").get(), request, &second));
  ASSERT_EQ(second.records_size(), 1);
  EXPECT_EQ(second.records(0).athlete_display_name(), "Ada Quick");
  EXPECT_TRUE(second.next_page_token().empty());
}

TEST_F(RecordsTest, ARecordOfWhoIsDisqualifiedIsTheNextBestsAtOnce) {
  const std::string race = Publish(2021, "10km-road", "1,Ada Quick,W,31,KEN,,31:00\n2,Bo Next,W,30,KEN,,32:00\n");
  EXPECT_THAT(Records(false, false), ElementsAre("Ada Quick 31:00 2021"));
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race, "1").name());
  request.set_rule("TR17");
  request.set_reason("cut the course");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  EXPECT_THAT(Records(false, false), ElementsAre("Bo Next 32:00 2021"));
}

TEST_F(RecordsTest, ListsSayWhichRecordsTheirRowsAre) {
  const auto listed = [this](v1::Sex sex) {
    std::vector<std::string> lines;
    for (const v1::RankingRow& row : server_.RankingRows(QueryOf("100m", sex))) {
      lines.push_back(absl::StrCat(row.athlete_display_name(), ": ", absl::StrJoin(row.records(), " ")));
    }
    return lines;
  };
  Publish(2021, "100m", "1,Ada Quick,M,31,KEN,1.0,10.50\n2,Bo Next,M,30,USA,1.0,10.60\n");
  EXPECT_THAT(listed(v1::SEX_MEN), ElementsAre("Ada Quick: list", "Bo Next: ")) << "there was none to beat";
  const std::string second = Publish(2022, "100m", "1,Cy Blown,M,25,USA,3.1,10.20\n2,Di Fair,M,25,KEN,3.1,10.40\n");
  EXPECT_THAT(listed(v1::SEX_MEN),
              ElementsAre("Cy Blown: race national list", "Di Fair: national", "Ada Quick: ", "Bo Next: "));
  const std::string third = Publish(2023, "100m", "1,Ed Legal,M,25,GBR,0.5,10.45\n");
  EXPECT_THAT(listed(v1::SEX_MEN), ElementsAre("Cy Blown: race national list", "Di Fair: national", "Ed Legal: race",
                                               "Ada Quick: ", "Bo Next: "))
      << "the record among legal marks, too";
  v1::DisqualifyResultRequest request;
  request.set_rule("TR16.8");
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(second, "1").name());
  request.set_reason("false start");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  EXPECT_THAT(listed(v1::SEX_MEN),
              ElementsAre("Di Fair: race national list", "Ed Legal: race", "Ada Quick: ", "Bo Next: "));
  v1::ReinstateResultRequest reinstate;
  reinstate.set_name(request.name());
  reinstate.set_reason("the appeal was upheld");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &response));
  EXPECT_EQ(listed(v1::SEX_MEN)[0], "Cy Blown: race national list");
}

TEST_F(RecordsTest, AHistorySaysBestsAmongLegalMarksAndInAllConditions) {
  const std::string first = Publish(2021, "100m", "1,Ada Quick,M,31,KEN,1.0,10.50\n");
  const std::string athlete = server_.ByBib(first, "1").athlete();
  const std::string windy = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "100m");
  server_.MustImport(windy,
                     absl::StrCat("bib,name,sex,age,wind,gun,athlete\n1,Ada Quick,M,32,3.1,10.20,", athlete, "\n"));
  v1::GetHistoryRequest request;
  v1::GetHistoryResponse response;
  request.set_athlete(athlete);
  request.set_summary(true);
  request.set_view(v1::HISTORY_VIEW_FULL);
  ASSERT_CALL(server_.histories->GetHistory(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.history().entries_size(), 2);
  EXPECT_THAT(Text(response.history().entries(0).bests()),
              ElementsAre("PERSONAL_BEST all", "SEASON_BEST all first", "RACE_RECORD all", "LIST_LEAD all first"));
  EXPECT_THAT(Text(response.history().entries(1).bests()),
              ElementsAre("PERSONAL_BEST legal first", "SEASON_BEST legal first", "RACE_RECORD legal first",
                          "LIST_LEAD legal first", "NATIONAL_BEST legal first"));
  ASSERT_EQ(response.history().summary().disciplines_size(), 1);
  EXPECT_EQ(response.history().summary().disciplines(0).personal_best().mark().text(), "10.50");
  EXPECT_EQ(response.history().summary().disciplines(0).personal_best_all_conditions().mark().text(), "10.20");
}

TEST_F(RecordsTest, AMarkIsLegalOrNotForEachPurposeAndTheFirstRuleSaysWhy) {
  const std::string race = Publish(2022, "100m", "1,Cy Blown,M,25,USA,3.1,10.20\n");
  const v1::Result result = Get(race, "1");
  ASSERT_EQ(result.legality_size(), 4);
  EXPECT_EQ(result.legality(1).purpose(), v1::Legality::PURPOSE_WORLD_ATHLETICS_LIST);
  EXPECT_EQ(result.legality(1).state(), v1::Legality::STATE_NOT_LEGAL);
  EXPECT_EQ(result.legality(1).rule(), "wind");
  EXPECT_EQ(result.legality(1).text(), "tail wind 3.1 m/s, at most 2.0 m/s");
}

// "RECORD LEGAL", and the rule where it is not.
std::string ForRecords(const v1::Result& result) {
  for (const v1::Legality& legality : result.legality()) {
    if (legality.purpose() != v1::Legality::PURPOSE_RECORD) continue;
    return absl::StrCat(v1::Legality::State_Name(legality.state()), legality.rule().empty() ? "" : " ",
                        legality.rule());
  }
  return "none";
}

TEST_F(RecordsTest, AMarkOnTheTrackIsARecordByWhoRanHowItWasTimedAndWhere) {
  struct Case {
    const char* discipline;
    v1::Sex sex;
    v1::Timing timing;
    bool indoor, oversized;
    const char* time;
    const char* want;
  };
  const Case cases[] = {
      {"5000m", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, false, false, "15:01.00", "STATE_LEGAL"},
      {"5000m", v1::SEX_UNSPECIFIED, v1::TIMING_AUTOMATIC, false, false, "15:01.00", "STATE_UNKNOWN mixed race"},
      {"4x400m", v1::SEX_WOMEN, v1::TIMING_HAND, false, false, "3:30.00", "STATE_NOT_LEGAL timing"},
      {"4x400m", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, false, false, "3:30.00", "STATE_LEGAL"},
      {"800m-short", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, true, true, "2:01.00", "STATE_NOT_LEGAL track size"},
      {"800m-short", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, true, false, "2:01.00", "STATE_LEGAL"},
      {"60m", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, true, true, "7.20", "STATE_LEGAL"},
      {"60m", v1::SEX_WOMEN, v1::TIMING_AUTOMATIC, false, false, "7.20", "STATE_UNKNOWN wind"}};
  int number = 0;
  for (const Case& example : cases) {
    const std::string race =
        server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), example.discipline, absl::StrCat("race-", ++number));
    v1::UpdateRaceRequest request;
    v1::Race updated;
    request.mutable_race()->set_name(race);
    request.mutable_race()->set_sex(example.sex);
    request.mutable_race()->set_timing(example.timing);
    if (example.indoor) {
      request.mutable_race()->mutable_course_facts()->set_indoor(true);
      request.mutable_race()->mutable_course_facts()->set_short_track(!example.oversized);
    }
    for (const char* path : {"sex", "timing", "course_facts"}) request.mutable_update_mask()->add_paths(path);
    ASSERT_CALL(server_.events->UpdateRace(server_.AsOperator().get(), request, &updated));
    server_.MustImport(race, absl::StrCat("bib,name,sex,age,gun\n1,Ada Quick,W,25,", example.time, "\n"));
    EXPECT_EQ(ForRecords(Get(race, "1")), example.want) << example.discipline << " " << number;
  }
}

TEST_F(RecordsTest, IndoorsAWindThatWasNotMeasuredCostsNoPoints) {
  const auto points = [this](const std::string& id, bool indoor) {
    const std::string race = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "200m", id);
    v1::UpdateRaceRequest request;
    v1::Race updated;
    request.mutable_race()->set_name(race);
    request.mutable_race()->mutable_course_facts()->set_indoor(indoor);
    request.mutable_update_mask()->add_paths("course_facts");
    EXPECT_CALL_OK(server_.events->UpdateRace(server_.AsOperator().get(), request, &updated));
    server_.MustImport(race, "bib,name,sex,age,gun\n1,Ada Quick,W,25,24.00\n");
    return Get(race, "1").points();
  };
  EXPECT_EQ(points("indoors", true), points("outdoors", false) + 30);
}

TEST_F(RecordsTest, AWindForAMarathonIsRefused) {
  const std::string race = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "marathon");
  v1::ImportHeader header;
  v1::ImportSheetResponse response;
  header.set_race(race);
  ASSERT_CALL(server_.Import(header, "bib,name,sex,age,wind,gun\n1,Cy Slow,M,25,1.1,2:40:00\n", &response,
                             server_.operator_secret));
  EXPECT_FALSE(response.report().accepted());
  ASSERT_GT(response.report().issues_size(), 0);
  EXPECT_EQ(response.report().issues(0).code(), "UNEXPECTED_WIND");
}

}  // namespace
}  // namespace palmares::testing
