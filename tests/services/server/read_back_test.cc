// What was written is read back by the plain calls for one record or for several: athletes, merges, sanctions, events,
// editions, races, courses.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kReadBackSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,11,Ada Quick,W,31,KEN,0:31:00\n"
    "2,12,Bo Steady,M,42,USA,0:32:00\n";
constexpr char kReadBackOtherSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,21,Amina Swift,W,32,KEN,0:30:30\n";

class ReadBackTest : public ::testing::Test {
 protected:
  ReadBackTest()
      : first_(server_.MakeRace("town-run", "2024", DateOf(2024, 5, 5))),
        second_(server_.MakeRace("hill-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(first_, kReadBackSheet);
    server_.MustImport(second_, kReadBackOtherSheet);
    ada_ = server_.ByBib(first_, "11").athlete();
    bo_ = server_.ByBib(first_, "12").athlete();
    amina_ = server_.ByBib(second_, "21").athlete();
  }

  v1::AthleteMerge MustMergeAminaIntoAda() {
    v1::MergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_source_athlete(amina_);
    request.set_target_athlete(ada_);
    request.set_reason("her married name");
    request.set_merge_id("married");
    EXPECT_CALL_OK(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge));
    return merge;
  }

  v1::Sanction MustSanction(const std::string& athlete, const std::string& id, int year) {
    v1::CreateSanctionRequest request;
    v1::Sanction sanction;
    request.set_parent(athlete);
    request.set_sanction_id(id);
    *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(year, 1, 1);
    *request.mutable_sanction()->mutable_period()->mutable_end_date() = DateOf(year, 12, 31);
    request.mutable_sanction()->set_rule("ADR 2.1");
    request.mutable_sanction()->set_reason("presence of a prohibited substance");
    request.mutable_sanction()->set_evidence("https://example.org/decision/7");
    request.mutable_sanction()->set_leave_places_vacant(true);
    EXPECT_CALL_OK(server_.results->CreateSanction(server_.AsOperator().get(), request, &sanction));
    return sanction;
  }

  std::vector<std::string> Sanctions(const std::string& parent, const std::string& filter = "") {
    v1::ListSanctionsRequest request;
    v1::ListSanctionsResponse response;
    request.set_parent(parent);
    request.set_filter(filter);
    EXPECT_CALL_OK(server_.results->ListSanctions(RunningServer::As("").get(), request, &response));
    EXPECT_GT(response.position(), 0);
    std::vector<std::string> names;
    for (const v1::Sanction& sanction : response.sanctions()) names.push_back(sanction.name());
    return names;
  }

  RunningServer server_;
  const std::string first_, second_;
  std::string ada_, bo_, amina_;
};

TEST_F(ReadBackTest, ManyAthletesComeInTheOrderAskedForAndThoseMissingAreNamed) {
  v1::BatchGetAthletesRequest request;
  v1::BatchGetAthletesResponse response;
  request.add_names(bo_);
  request.add_names("athletes/none");
  request.add_names(ada_);
  ASSERT_CALL(server_.athletes->BatchGetAthletes(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.athletes_size(), 2);
  EXPECT_EQ(response.athletes(0).name(), bo_);
  EXPECT_EQ(response.athletes(0).display_name(), "Bo Steady");
  EXPECT_EQ(response.athletes(0).sex(), v1::SEX_MEN);
  EXPECT_EQ(response.athletes(0).result_count(), 1);
  EXPECT_EQ(response.athletes(1).name(), ada_);
  EXPECT_EQ(response.athletes(1).country(), "KEN");
  EXPECT_THAT(response.missing_names(), ElementsAre("athletes/none"));
  EXPECT_GT(response.position(), 0);

  const int64_t merged = MustMergeAminaIntoAda().position();
  request.clear_names();
  request.add_names(amina_);
  request.set_min_position(merged);
  response.Clear();
  ASSERT_CALL(server_.athletes->BatchGetAthletes(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.athletes_size(), 1);
  EXPECT_EQ(response.athletes(0).name(), ada_);
  EXPECT_EQ(response.athletes(0).redirected_from(), amina_);
  EXPECT_GE(response.position(), merged);

  for (int i = 0; i < 1000; ++i) request.add_names(ada_);
  EXPECT_EQ(ViolatedField(server_.athletes->BatchGetAthletes(RunningServer::As("").get(), request, &response)), "names")
      << "1,001 of them";
}

TEST_F(ReadBackTest, AMergeIsReadByItsNameAlsoAfterItWasTakenBack) {
  const v1::AthleteMerge made = MustMergeAminaIntoAda();
  v1::GetMergeRequest request;
  v1::AthleteMerge merge;
  request.set_name("merges/married");
  ASSERT_CALL(server_.identity->GetMerge(RunningServer::As("").get(), request, &merge));
  EXPECT_EQ(merge.name(), "merges/married");
  EXPECT_EQ(merge.source_athlete(), amina_);
  EXPECT_EQ(merge.target_athlete(), ada_);
  EXPECT_EQ(merge.reason(), "her married name");
  EXPECT_THAT(merge.moved_results(), ElementsAre(server_.ByBib(second_, "21").name()));
  EXPECT_EQ(merge.moved_result_count(), 1);
  EXPECT_FALSE(merge.undone());
  EXPECT_FALSE(merge.has_actor()) << "who did it is for operators";
  EXPECT_EQ(merge.etag(), made.etag());
  EXPECT_GE(merge.position(), made.position());
  ASSERT_CALL(server_.identity->GetMerge(server_.AsOperator().get(), request, &merge));
  EXPECT_NE(merge.actor().token(), "");

  v1::UnmergeAthletesRequest undo;
  undo.set_name(merge.name());
  undo.set_reason("two people after all");
  ASSERT_CALL(server_.identity->UnmergeAthletes(server_.AsOperator().get(), undo, &merge));
  server_.Restart();
  ASSERT_CALL(server_.identity->GetMerge(RunningServer::As("").get(), request, &merge));
  EXPECT_TRUE(merge.undone());
  EXPECT_NE(merge.etag(), made.etag());
  request.set_name("merges/none");
  EXPECT_EQ(server_.identity->GetMerge(RunningServer::As("").get(), request, &merge).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ReadBackTest, ASanctionIsReadWithWhatItDisqualifiesUntilItIsLifted) {
  const v1::Sanction made = MustSanction(bo_, "adr-1", 2024);
  v1::GetSanctionRequest request;
  v1::Sanction sanction;
  request.set_name(bo_ + "/sanctions/adr-1");
  ASSERT_CALL(server_.results->GetSanction(RunningServer::As("").get(), request, &sanction));
  EXPECT_EQ(sanction.name(), request.name());
  EXPECT_EQ(sanction.period().start_date().year(), 2024);
  EXPECT_EQ(sanction.period().end_date().month(), 12);
  EXPECT_EQ(sanction.rule(), "ADR 2.1");
  EXPECT_EQ(sanction.reason(), "presence of a prohibited substance");
  EXPECT_EQ(sanction.evidence(), "https://example.org/decision/7");
  EXPECT_TRUE(sanction.leave_places_vacant());
  EXPECT_FALSE(sanction.lifted());
  EXPECT_THAT(sanction.results(), ElementsAre(server_.ByBib(first_, "12").name()));
  EXPECT_EQ(sanction.result_count(), 1);
  EXPECT_EQ(sanction.etag(), made.etag());

  v1::LiftSanctionRequest lift;
  lift.set_name(sanction.name());
  lift.set_reason("appeal upheld");
  ASSERT_CALL(server_.results->LiftSanction(server_.AsOperator().get(), lift, &sanction));
  ASSERT_CALL(server_.results->GetSanction(RunningServer::As("").get(), request, &sanction));
  EXPECT_TRUE(sanction.lifted());
  EXPECT_THAT(sanction.results(), IsEmpty());
  EXPECT_NE(sanction.etag(), made.etag());
  request.set_name(bo_ + "/sanctions/none");
  EXPECT_EQ(server_.results->GetSanction(RunningServer::As("").get(), request, &sanction).error_code(),
            grpc::StatusCode::NOT_FOUND);
  request.set_name("sanctions/adr-1");
  EXPECT_EQ(ViolatedField(server_.results->GetSanction(RunningServer::As("").get(), request, &sanction)), "name");
}

TEST_F(ReadBackTest, SanctionsAreListedNewestFirstOfOneAthleteOrOfAll) {
  const std::string first = MustSanction(bo_, "adr-1", 2024).name();
  const std::string second = MustSanction(bo_, "adr-2", 2023).name();
  const std::string third = MustSanction(ada_, "adr-1", 2022).name();
  v1::LiftSanctionRequest lift;
  v1::Sanction lifted;
  lift.set_name(first);
  lift.set_reason("appeal upheld");
  ASSERT_CALL(server_.results->LiftSanction(server_.AsOperator().get(), lift, &lifted));
  EXPECT_THAT(Sanctions("athletes/-"), ElementsAre(third, second, first));
  EXPECT_THAT(Sanctions(bo_), ElementsAre(second, first));
  EXPECT_THAT(Sanctions(bo_, "lifted = true"), ElementsAre(first));
  EXPECT_THAT(Sanctions("athletes/-", "lifted = false"), ElementsAre(third, second));
  EXPECT_THAT(Sanctions(amina_), IsEmpty());

  v1::ListSanctionsRequest request;
  v1::ListSanctionsResponse page;
  request.set_parent("athletes/-");
  request.set_page_size(2);
  ASSERT_CALL(server_.results->ListSanctions(RunningServer::As("").get(), request, &page));
  EXPECT_EQ(page.sanctions_size(), 2);
  request.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_CALL(server_.results->ListSanctions(RunningServer::As("").get(), request, &page));
  ASSERT_EQ(page.sanctions_size(), 1);
  EXPECT_EQ(page.sanctions(0).name(), first);
  EXPECT_EQ(page.next_page_token(), "");
  request.set_parent("athletes/none");
  request.clear_page_token();
  EXPECT_EQ(server_.results->ListSanctions(RunningServer::As("").get(), request, &page).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ReadBackTest, ACourseIsReadWithAllItsFacts) {
  v1::CreateCourseRequest create;
  v1::Course made, course;
  create.set_parent("events/town-run");
  create.set_course_id("river");
  create.mutable_course()->set_display_name("Along the river");
  create.mutable_course()->set_discipline("10km-road");
  create.mutable_course()->set_source("the measurer's report");
  v1::CourseFacts& facts = *create.mutable_course()->mutable_facts();
  facts.set_certified(false);
  facts.set_net_drop_mm(-12'000);
  facts.set_separation_permille(300);
  ASSERT_CALL(server_.events->CreateCourse(server_.AsOperator().get(), create, &made));
  v1::GetCourseRequest request;
  request.set_name("events/town-run/courses/river");
  ASSERT_CALL(server_.events->GetCourse(RunningServer::As("").get(), request, &course));
  EXPECT_EQ(course.name(), request.name());
  EXPECT_EQ(course.display_name(), "Along the river");
  EXPECT_EQ(course.discipline(), "10km-road");
  EXPECT_EQ(course.source(), "the measurer's report");
  EXPECT_TRUE(course.facts().has_certified()) << "no is not the same as not known";
  EXPECT_FALSE(course.facts().certified());
  EXPECT_EQ(course.facts().net_drop_mm(), -12'000);
  EXPECT_EQ(course.facts().separation_permille(), 300);
  EXPECT_FALSE(course.facts().has_climb_mm());
  EXPECT_EQ(course.etag(), made.etag());
  EXPECT_GE(course.position(), made.position());
  request.set_name("events/town-run/courses/none");
  EXPECT_EQ(server_.events->GetCourse(RunningServer::As("").get(), request, &course).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ReadBackTest, EventsAreListedByTheirNamesInPages) {
  server_.MakeRace("bay-run", "2025", DateOf(2025, 7, 4));
  v1::UpdateEventRequest update;
  v1::Event changed;
  update.mutable_event()->set_name("events/bay-run");
  update.mutable_event()->set_country("KEN");
  update.mutable_update_mask()->add_paths("country");
  ASSERT_CALL(server_.events->UpdateEvent(server_.AsOperator().get(), update, &changed));
  v1::ListEventsRequest request;
  v1::ListEventsResponse page;
  request.set_page_size(2);
  ASSERT_CALL(server_.events->ListEvents(RunningServer::As("").get(), request, &page));
  ASSERT_EQ(page.events_size(), 2);
  EXPECT_EQ(page.events(0).name(), "events/bay-run");
  EXPECT_EQ(page.events(0).country(), "KEN");
  EXPECT_EQ(page.events(1).name(), "events/hill-run");
  request.set_page_token(page.next_page_token());
  page.Clear();
  ASSERT_CALL(server_.events->ListEvents(RunningServer::As("").get(), request, &page));
  ASSERT_EQ(page.events_size(), 1);
  EXPECT_EQ(page.events(0).name(), "events/town-run");
  EXPECT_EQ(page.next_page_token(), "");
  v1::ListEventsRequest filtered;
  filtered.set_filter("country = \"KEN\"");
  page.Clear();
  ASSERT_CALL(server_.events->ListEvents(RunningServer::As("").get(), filtered, &page));
  ASSERT_EQ(page.events_size(), 1);
  EXPECT_EQ(page.events(0).name(), "events/bay-run");
}

TEST_F(ReadBackTest, AnEditionAndARaceAreReadAsTheyWereMade) {
  v1::GetEditionRequest edition_request;
  v1::Edition edition;
  edition_request.set_name("events/town-run/editions/2024");
  ASSERT_CALL(server_.events->GetEdition(RunningServer::As("").get(), edition_request, &edition));
  EXPECT_EQ(edition.name(), edition_request.name());
  EXPECT_EQ(edition.display_name(), "2024");
  EXPECT_EQ(edition.start_date().year(), 2024);
  EXPECT_EQ(edition.start_date().month(), 5);
  EXPECT_EQ(edition.end_date().day(), 5) << "of one day";
  EXPECT_NE(edition.etag(), "");
  v1::GetRaceRequest race_request;
  v1::Race race;
  race_request.set_name(first_);
  ASSERT_CALL(server_.events->GetRace(RunningServer::As("").get(), race_request, &race));
  EXPECT_EQ(race.name(), first_);
  EXPECT_EQ(race.discipline(), "10km-road");
  EXPECT_EQ(race.places_clock(), v1::CLOCK_GUN);
  EXPECT_NE(race.etag(), "");
  edition_request.set_name("events/town-run/editions/1900");
  EXPECT_EQ(server_.events->GetEdition(RunningServer::As("").get(), edition_request, &edition).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace palmares::testing
