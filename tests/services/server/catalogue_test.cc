// Courses, and events, editions and races that are taken out again, through a running server.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kMarathon[] =
    "bib,name,sex,age,country,category,gun\n"
    "1,Ada Quick,W,31,KEN,W30,2:25:00\n"
    "2,Bea Next,W,36,KEN,W35,2:31:00\n"
    "3,Cy Fair,M,30,USA,M30,2:12:00\n"
    "4,Di Late,W,33,USA,W30,2:40:00\n";

class CatalogueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4), "marathon");
    v1::CreateCourseRequest request;
    request.set_parent("events/town-run");
    request.set_course_id("river");
    request.mutable_course()->set_discipline("marathon");
    request.mutable_course()->mutable_facts()->set_certified(true);
    request.mutable_course()->mutable_facts()->set_net_drop_mm(10'000);
    request.mutable_course()->mutable_facts()->set_separation_permille(300);
    ASSERT_CALL(server_.events->CreateCourse(server_.AsOperator().get(), request, &course_));
  }
  grpc::Status RunOn(const std::string& race, const std::string& course, v1::Race* changed) {
    v1::UpdateRaceRequest request;
    request.mutable_race()->set_name(race);
    request.mutable_race()->set_course(course);
    request.set_reason("the course is known now");
    return server_.events->UpdateRace(server_.AsOperator().get(), request, changed);
  }
  grpc::Status SetDrop(int64_t net_drop_mm) {
    v1::UpdateCourseRequest request;
    v1::Course changed;
    request.mutable_course()->set_name("events/town-run/courses/river");
    request.mutable_course()->mutable_facts()->set_net_drop_mm(net_drop_mm);
    request.mutable_update_mask()->add_paths("facts.net_drop_mm");
    return server_.events->UpdateCourse(server_.AsOperator().get(), request, &changed);
  }
  std::vector<std::string> LegalMarks() {
    v1::RankingQuery query = QueryOf("marathon", v1::SEX_WOMEN);
    query.set_legal_only(true);
    return server_.Ranking(query);
  }
  grpc::Status DeleteRace(const std::string& race, bool force) {
    v1::DeleteRaceRequest request;
    v1::DeleteRaceResponse response;
    request.set_name(race);
    request.set_force(force);
    return server_.events->DeleteRace(server_.AsOperator().get(), request, &response);
  }
  void ExpectViewsEqualARebuild() {
    v1::VerifyRequest request;
    v1::AdministrationJob job;
    auto context = server_.AsOperator();
    auto stream = server_.administration->Verify(context.get(), request);
    while (stream->Read(&job)) {
    }
    EXPECT_CALL_OK(stream->Finish());
    EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.DebugString();
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }

  RunningServer server_;
  std::string first_;
  v1::Course course_;
};

TEST_F(CatalogueTest, ARaceTakesTheFactsOfItsCourseAndFollowsThem) {
  server_.MustImport(first_, kMarathon);
  EXPECT_EQ(course_.name(), "events/town-run/courses/river");
  EXPECT_EQ(course_.display_name(), "river");
  v1::Race race;
  ASSERT_CALL(RunOn(first_, course_.name(), &race));
  EXPECT_EQ(race.course(), course_.name());
  EXPECT_EQ(race.course_facts().net_drop_mm(), 10'000);
  EXPECT_EQ(LegalMarks().size(), 3);

  ASSERT_CALL(SetDrop(136'000));  // more than a thousandth of the distance
  EXPECT_THAT(LegalMarks(), IsEmpty());
  server_.Restart();
  EXPECT_THAT(LegalMarks(), IsEmpty());
  ASSERT_CALL(SetDrop(10'000));
  EXPECT_EQ(LegalMarks().size(), 3);
  ExpectViewsEqualARebuild();
}

TEST_F(CatalogueTest, ACourseOfAnotherDisciplineOrEventOrNoneIsRefused) {
  v1::Race race;
  EXPECT_EQ(RunOn(first_, "events/town-run/courses/hill", &race).error_code(), grpc::StatusCode::NOT_FOUND);
  const std::string ten = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4), "10km-road", "ten");
  EXPECT_EQ(ViolatedField(RunOn(ten, course_.name(), &race)), "race.course");
  const std::string elsewhere = server_.MakeRace("hill-run", "2021", DateOf(2021, 5, 4), "marathon");
  EXPECT_EQ(ViolatedField(RunOn(elsewhere, course_.name(), &race)), "race.course");
}

TEST_F(CatalogueTest, ACourseThatARaceIsRunOnIsKept) {
  v1::Race race;
  ASSERT_CALL(RunOn(first_, course_.name(), &race));
  v1::DeleteCourseRequest request;
  v1::DeleteCourseResponse response;
  request.set_name(course_.name());
  EXPECT_EQ(Reason(server_.events->DeleteCourse(server_.AsOperator().get(), request, &response)), "IN_USE");
  ASSERT_CALL(DeleteRace(first_, false));
  ASSERT_CALL(server_.events->DeleteCourse(server_.AsOperator().get(), request, &response));
  v1::ListCoursesRequest list;
  v1::ListCoursesResponse courses;
  list.set_parent("events/-");
  ASSERT_CALL(server_.events->ListCourses(RunningServer::As("").get(), list, &courses));
  EXPECT_EQ(courses.courses_size(), 0);
}

TEST_F(CatalogueTest, ARecordOfACourseIsTheBestOfAllRacesOnIt) {
  const std::string other = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "marathon", "night");
  server_.MustImport(first_, kMarathon);
  server_.MustImport(other, "bib,name,sex,age,gun\n7,Eve Swift,W,25,2:24:00\n");
  v1::Race race;
  ASSERT_CALL(RunOn(first_, course_.name(), &race));
  ASSERT_CALL(RunOn(other, course_.name(), &race));
  v1::GetResultRequest get;
  v1::Result result;
  get.set_name(server_.ByBib(other, "7").name());
  ASSERT_CALL(server_.results->GetResult(RunningServer::As("").get(), get, &result));
  ASSERT_GE(result.bests_size(), 4);
  EXPECT_EQ(result.bests(0).kind(), v1::BestMark::KIND_PERSONAL_BEST) << "the athlete's own come first";
  EXPECT_EQ(result.bests(1).kind(), v1::BestMark::KIND_SEASON_BEST);
  EXPECT_EQ(result.bests(2).kind(), v1::BestMark::KIND_RACE_RECORD);
  EXPECT_EQ(result.bests(2).superseded_result(), "") << "the night race is one of its own";
  EXPECT_EQ(result.bests(3).kind(), v1::BestMark::KIND_COURSE_RECORD);
  EXPECT_EQ(result.bests(3).superseded_result(), server_.ByBib(first_, "1").name());

  v1::ListRecordsRequest request;
  v1::ListRecordsResponse records;
  request.set_parent(course_.name());
  request.set_sex(v1::SEX_WOMEN);
  request.set_progression(true);
  ASSERT_CALL(server_.rankings->ListRecords(RunningServer::As("").get(), request, &records));
  ASSERT_EQ(records.records_size(), 2);
  EXPECT_EQ(records.records(0).athlete_display_name(), "Eve Swift");
  EXPECT_EQ(records.records(0).kind(), "course");
  EXPECT_EQ(records.records(1).athlete_display_name(), "Ada Quick");
  EXPECT_EQ(records.records(1).fallen_date().year(), 2022);
}

TEST_F(CatalogueTest, ARaceWithRowsIsDeletedByForceAndItsResultsGoEverywhere) {
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(first_);
  header.set_state(v1::SHEET_STATE_PROVISIONAL);
  ASSERT_CALL(server_.Import(header, kMarathon, &imported, server_.operator_secret));
  const std::string athlete = server_.ByBib(first_, "1").athlete();
  EXPECT_EQ(server_.Ranking(QueryOf("marathon", v1::SEX_WOMEN)).size(), 3);
  EXPECT_EQ(Reason(DeleteRace(first_, false)), "HAS_CHILDREN");
  ASSERT_CALL(DeleteRace(first_, true));

  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_WOMEN)), IsEmpty());
  v1::GetRaceRequest get;
  v1::Race race;
  get.set_name(first_);
  EXPECT_EQ(server_.events->GetRace(RunningServer::As("").get(), get, &race).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::GetHistoryRequest request;
  v1::GetHistoryResponse response;
  request.set_athlete(athlete);
  EXPECT_EQ(server_.histories->GetHistory(RunningServer::As("").get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND)
      << "who has no public result is not public";
  ExpectViewsEqualARebuild();
  server_.Restart();
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_WOMEN)), IsEmpty());

  const std::string again = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4), "marathon");
  server_.MustImport(again, kMarathon);
  EXPECT_EQ(server_.Ranking(QueryOf("marathon", v1::SEX_WOMEN)).size(), 3);
}

TEST_F(CatalogueTest, AnOfficialSheetKeepsItsRaceEditionAndEvent) {
  server_.MustImport(first_, kMarathon);
  EXPECT_EQ(Reason(DeleteRace(first_, true)), "SHEET_ALREADY_OFFICIAL");
  v1::DeleteEditionRequest edition;
  v1::DeleteEditionResponse edition_response;
  edition.set_name("events/town-run/editions/2021");
  edition.set_force(true);
  EXPECT_EQ(Reason(server_.events->DeleteEdition(server_.AsOperator().get(), edition, &edition_response)),
            "SHEET_ALREADY_OFFICIAL");
  v1::DeleteEventRequest event;
  v1::DeleteEventResponse event_response;
  event.set_name("events/town-run");
  EXPECT_EQ(Reason(server_.events->DeleteEvent(server_.AsOperator().get(), event, &event_response)), "HAS_CHILDREN");
  event.set_force(true);
  EXPECT_EQ(Reason(server_.events->DeleteEvent(server_.AsOperator().get(), event, &event_response)),
            "SHEET_ALREADY_OFFICIAL");
  v1::UpdateRaceRequest update;
  v1::Race race;
  update.mutable_race()->set_name(first_);
  update.mutable_race()->set_discipline("half-marathon");
  EXPECT_EQ(Reason(server_.events->UpdateRace(server_.AsOperator().get(), update, &race)), "SHEET_ALREADY_OFFICIAL");
}

TEST_F(CatalogueTest, AnEventIsDeletedWithAllThatLiesBelow) {
  server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "marathon");
  v1::DeleteEventRequest request;
  v1::DeleteEventResponse response;
  request.set_name("events/town-run");
  request.set_force(true);
  ASSERT_CALL(server_.events->DeleteEvent(server_.AsOperator().get(), request, &response));
  v1::ListRacesRequest list;
  v1::ListRacesResponse races;
  list.set_parent("events/-/editions/-");
  ASSERT_CALL(server_.events->ListRaces(RunningServer::As("").get(), list, &races));
  EXPECT_EQ(races.races_size(), 0);
  EXPECT_EQ(server_.events->DeleteEvent(server_.AsOperator().get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(CatalogueTest, EditionsAreListedNewestFirstAndByTheirFilter) {
  server_.MakeRace("town-run", "2023", DateOf(2023, 5, 4));
  server_.MakeRace("hill-run", "first", DateOf(2022, 5, 4));
  v1::ListEditionsRequest request;
  v1::ListEditionsResponse response;
  request.set_parent("events/-");
  ASSERT_CALL(server_.events->ListEditions(RunningServer::As("").get(), request, &response));
  std::vector<std::string> names;
  for (const v1::Edition& edition : response.editions()) names.push_back(edition.name());
  EXPECT_THAT(names, ElementsAre("events/town-run/editions/2023", "events/hill-run/editions/first",
                                 "events/town-run/editions/2021"));
  request.set_filter("start_date = 2022-05-04");
  response.Clear();
  ASSERT_CALL(server_.events->ListEditions(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.editions_size(), 1);
  request.set_filter("colour = red");
  EXPECT_EQ(ViolatedField(server_.events->ListEditions(RunningServer::As("").get(), request, &response)), "filter");
}

TEST_F(CatalogueTest, PlacesWithinACategoryFollowThePlacesWhereTheSheetGivesNone) {
  server_.MustImport(first_, kMarathon);
  EXPECT_THAT(server_.Places(first_), ElementsAre("1:2/1/1", "2:3/2/1", "3:1/1/1", "4:4/3/2"));
}

}  // namespace
}  // namespace palmares::testing
