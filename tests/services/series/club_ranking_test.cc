// Rankings of clubs by their best members.
#include <functional>

#include "palmares/v1/clubs.grpc.pb.h"
#include "tests/services/series/series_harness.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Men: North 31:00, 34:00, 37:00; South 32:00, 33:00; East 32:30, 32:30; West 30:00 alone.
constexpr char kClubSheet[] =
    "bib,name,sex,age,country,club,gun\n"
    "1,Al First,M,31,USA,West,30:00\n"
    "2,Bo Second,M,32,USA,North AC,31:00\n"
    "3,Cy Third,M,33,USA,South,32:00\n"
    "4,Di Woman,W,34,USA,West,32:10\n"
    "5,Ed Fourth,M,35,USA,East,32:30\n"
    "6,Fy Fifth,M,36,KEN,EAST,32:30\n"
    "7,Gus Sixth,M,37,USA,south,33:00\n"
    "8,Hal Seventh,M,38,USA,NORTH A.C.,34:00\n"
    "9,Ike Eighth,M,39,USA,North AC,37:00\n"
    "10,Jo Alone,M,39,USA,,31:30\n";

class ClubRankingTest : public SeriesHarness {
 protected:
  ClubRankingTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(race_, kClubSheet);
  }

  static v1::RankingQuery Men() { return QueryOf("10km-road", v1::SEX_MEN); }

  // "rank club score".
  std::vector<std::string> ClubLines(const v1::RankingQuery& query, int32_t members, int page_size = 1000) {
    std::vector<std::string> lines;
    for (const v1::Standing& row : Clubs(query, members, page_size)) {
      lines.push_back(absl::StrCat(row.rank(), " ", row.display_name(), " ", row.score_text()));
    }
    return lines;
  }

  void Keep(const std::string& id, const std::string& name, const std::string& alias) {
    v1::CreateClubRequest request;
    v1::Club club;
    request.set_club_id(id);
    request.mutable_club()->set_display_name(name);
    request.mutable_club()->add_aliases(alias);
    ASSERT_CALL(clubs_->CreateClub(server_.AsOperator().get(), request, &club));
  }

  const std::string race_;
  std::unique_ptr<v1::ClubService::Stub> clubs_ = v1::ClubService::NewStub(server_.channel);
};

TEST_F(ClubRankingTest, TheBestMembersAddUpAndEqualSumsShareARank) {
  EXPECT_THAT(ClubLines(Men(), 1), ElementsAre("1 West 30:00", "2 North AC 31:00", "3 South 32:00", "4 East 32:30"));
  // North 31:00 + 34:00, South 32:00 + 33:00 and East twice 32:30 are equal; West has one man alone.
  EXPECT_THAT(ClubLines(Men(), 2), ElementsAre("1 East 1:05:00", "1 North AC 1:05:00", "1 South 1:05:00"));
  EXPECT_THAT(ClubLines(Men(), 3), ElementsAre("1 North AC 1:42:00"));
  EXPECT_THAT(ClubLines(Men(), 4), IsEmpty());
  server_.MustImport(
      server_.MakeRace("other-run", "2025", DateOf(2025, 6, 4)),
      "bib,name,sex,age,country,club,gun\n1,Kay Late,M,25,USA,Rear,39:00\n2,Lu Late,M,26,USA,Rear,39:30\n");
  EXPECT_EQ(ClubLines(Men(), 2).back(), "4 Rear 1:18:30") << "the ranks that are shared are skipped";
}

TEST_F(ClubRankingTest, AClubSaysWhoCountsWithTheirRanksInTheList) {
  const std::vector<v1::Standing> clubs = Clubs(Men(), 2);
  ASSERT_THAT(clubs, SizeIs(3));
  const v1::Standing& north = clubs[1];
  EXPECT_EQ(north.club(), "North AC");
  EXPECT_EQ(north.athlete(), "");
  EXPECT_EQ(north.score(), 3'900'000);
  ASSERT_THAT(north.results(), SizeIs(2));
  EXPECT_EQ(north.results(0).athlete(), server_.ByBib(race_, "2").athlete());
  EXPECT_EQ(north.results(0).result(), server_.ByBib(race_, "2").name());
  EXPECT_EQ(north.results(0).score(), 1'860'000);
  EXPECT_EQ(north.results(0).place(), 2);
  EXPECT_TRUE(north.results(0).counts());
  EXPECT_EQ(north.results(1).place(), 8);
  const v1::Standing& east = clubs[0];
  EXPECT_EQ(east.results(0).place(), 5);
  EXPECT_EQ(east.results(1).place(), 5) << "equal marks share the rank in the list";
}

TEST_F(ClubRankingTest, AliasesMakeTwoFormsOneClub) {
  Keep("big-south", "Big South", "South");
  EXPECT_THAT(ClubLines(Men(), 2), ElementsAre("1 Big South 1:05:00", "1 East 1:05:00", "1 North AC 1:05:00"));
  v1::UpdateClubRequest update;
  v1::Club club;
  update.mutable_club()->set_name("clubs/big-south");
  update.mutable_club()->add_aliases("South");
  update.mutable_club()->add_aliases("EAST");
  ASSERT_CALL(clubs_->UpdateClub(server_.AsOperator().get(), update, &club));
  EXPECT_THAT(ClubLines(Men(), 2), ElementsAre("1 Big South 1:04:30", "2 North AC 1:05:00"));
  EXPECT_EQ(Clubs(Men(), 2)[0].club(), "clubs/big-south");
}

TEST_F(ClubRankingTest, PagesGoOnWhereTheyEnded) {
  EXPECT_EQ(ClubLines(Men(), 1, /*page_size=*/1), ClubLines(Men(), 1));
  EXPECT_EQ(ClubLines(Men(), 2, /*page_size=*/2), ClubLines(Men(), 2));
  v1::ListClubRankingRequest request;
  v1::ListClubRankingResponse response;
  *request.mutable_query() = Men();
  request.set_members(1);
  request.set_page_size(2);
  ASSERT_CALL(ListClubs(request, &response));
  EXPECT_EQ(response.total_size(), 4);
  EXPECT_GT(response.position(), 0);
  request.set_page_token(response.next_page_token());
  request.set_members(2);
  EXPECT_EQ(ViolatedField(ListClubs(request, &response)), "page_token");
}

TEST_F(ClubRankingTest, TheListIsAnyThatRankingsServe) {
  v1::RankingQuery query = Men();
  query.mutable_scope()->set_country("USA");
  query.mutable_scope()->set_club("clubs/nobody");  // is not looked at
  EXPECT_THAT(ClubLines(query, 2), ElementsAre("1 North AC 1:05:00", "1 South 1:05:00"));
  query = Men();
  query.set_season(2024);
  EXPECT_THAT(ClubLines(query, 1), IsEmpty());
  query = Men();
  query.set_order(v1::RANKING_ORDER_POINTS);
  const std::vector<v1::Standing> points = Clubs(query, 2);
  ASSERT_THAT(points, SizeIs(3));
  for (const v1::Standing& club : points) {
    EXPECT_EQ(club.score(), club.results(0).score() + club.results(1).score());
    EXPECT_EQ(club.score() % 1000, 0);
    EXPECT_GE(points[0].score(), club.score());
  }
}

TEST_F(ClubRankingTest, WhatWasKnownThenIsTheListOfThen) {
  v1::ListClubRankingRequest request;
  v1::ListClubRankingResponse before;
  *request.mutable_query() = Men();
  request.set_members(2);
  ASSERT_CALL(ListClubs(request, &before));
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib(race_, "2").name());
  disqualify.set_reason("short cut");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_THAT(ClubLines(Men(), 2), ElementsAre("1 East 1:05:00", "1 South 1:05:00", "3 NORTH A.C. 1:11:00"));
  v1::RankingQuery then = Men();
  then.mutable_as_of()->set_ledger_position(before.position());
  EXPECT_THAT(ClubLines(then, 2), SizeIs(3));
  EXPECT_EQ(Clubs(then, 2)[1].score(), 3'900'000);
}

TEST_F(ClubRankingTest, WhoIsHiddenCountsWithoutTheName) {
  const std::string athlete = server_.ByBib(race_, "2").athlete();
  v1::HideAthleteRequest request;
  v1::Athlete hidden;
  request.set_name(athlete);
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), request, &hidden));
  const std::vector<v1::Standing> clubs = Clubs(Men(), 2);
  ASSERT_THAT(clubs, SizeIs(3));
  EXPECT_EQ(clubs[1].score(), 3'900'000);
  EXPECT_EQ(clubs[1].results(0).athlete(), "");
  EXPECT_NE(clubs[1].results(1).athlete(), "");
}

TEST_F(ClubRankingTest, WhatMakesNoSenseIsRefusedByItsField) {
  const auto refused = [this](const std::function<void(v1::ListClubRankingRequest&)>& change) {
    v1::ListClubRankingRequest request;
    v1::ListClubRankingResponse response;
    *request.mutable_query() = Men();
    request.set_members(2);
    change(request);
    const grpc::Status status = ListClubs(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return ViolatedField(status);
  };
  EXPECT_EQ(refused([](auto& r) { r.clear_members(); }), "members");
  EXPECT_EQ(refused([](auto& r) { r.set_members(-1); }), "members");
  EXPECT_EQ(refused([](auto& r) { r.set_members(101); }), "members");
  EXPECT_EQ(refused([](auto& r) { r.set_page_size(-1); }), "page_size");
  EXPECT_EQ(refused([](auto& r) { r.set_page_token("other"); }), "page_token");
  EXPECT_EQ(refused([](auto& r) { r.clear_query(); }), "query.discipline");
  EXPECT_EQ(refused([](auto& r) { r.mutable_query()->set_all_performances(true); }), "query.all_performances");
  EXPECT_EQ(refused([](auto& r) { r.mutable_query()->set_order(v1::RANKING_ORDER_WORLD_RANKING); }), "query.order");
}

}  // namespace
}  // namespace palmares::testing
