#include "palmares/v1/clubs.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

class ClubServiceTest : public ::testing::Test {
 protected:
  grpc::Status Create(const std::string& id, const std::string& name, const std::vector<std::string>& aliases = {},
                      const std::string& country = "") {
    v1::CreateClubRequest request;
    request.set_club_id(id);
    request.mutable_club()->set_display_name(name);
    request.mutable_club()->set_country(country);
    for (const std::string& alias : aliases) request.mutable_club()->add_aliases(alias);
    return clubs_->CreateClub(server_.AsOperator().get(), request, &made_);
  }
  v1::Club Get(const std::string& name) {
    v1::GetClubRequest request;
    v1::Club club;
    request.set_name(name);
    EXPECT_CALL_OK(clubs_->GetClub(RunningServer::As("").get(), request, &club));
    return club;
  }

  RunningServer server_;
  std::unique_ptr<v1::ClubService::Stub> clubs_ = v1::ClubService::NewStub(server_.channel);
  v1::Club made_;
};

TEST_F(ClubServiceTest, AClubIsKeptOverARestartAndCountsItsMembersByAnyForm) {
  ASSERT_CALL(Create("baa", "Boston Athletic Association", {"B.A.A."}, "United States"));
  EXPECT_EQ(made_.name(), "clubs/baa");
  EXPECT_EQ(made_.country(), "USA");
  const std::string first = server_.MakeRace("town-run", "2024", DateOf(2024, 5, 4));
  const std::string second = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(first, "bib,name,sex,club,gun\n1,Ada Quick,W,BAA,0:31:00\n2,Bo Steady,M,B.A.A,0:32:00\n");
  server_.MustImport(second, "bib,name,sex,club,gun\n1,Ada Quick,W,Cambridge RC,0:31:10\n2,Bo Steady,M,,0:32:00\n");
  EXPECT_EQ(Get("clubs/baa").member_count(), 1);  // Ada has gone to another, Bo's newest row says nothing
  server_.Restart();
  clubs_ = v1::ClubService::NewStub(server_.channel);
  EXPECT_EQ(Get("clubs/baa").member_count(), 1);
  EXPECT_EQ(Get("clubs/baa").display_name(), "Boston Athletic Association");
}

TEST_F(ClubServiceTest, AChangeWantsTheVersionThatWasSeen) {
  ASSERT_CALL(Create("baa", "BAA"));
  const std::string etag = made_.etag();
  v1::UpdateClubRequest update;
  v1::Club updated;
  update.mutable_club()->set_name("clubs/baa");
  update.mutable_club()->set_city("Boston");
  update.mutable_club()->set_etag(etag);
  update.mutable_update_mask()->add_paths("city");
  ASSERT_CALL(clubs_->UpdateClub(server_.AsOperator().get(), update, &updated));
  EXPECT_EQ(updated.city(), "Boston");
  EXPECT_EQ(updated.display_name(), "BAA");
  EXPECT_NE(updated.etag(), etag);
  EXPECT_EQ(clubs_->UpdateClub(server_.AsOperator().get(), update, &updated).error_code(), grpc::StatusCode::ABORTED);
  update.mutable_club()->clear_etag();
  update.mutable_update_mask()->set_paths(0, "member_count");
  EXPECT_EQ(ViolatedField(clubs_->UpdateClub(server_.AsOperator().get(), update, &updated)), "update_mask");
}

TEST_F(ClubServiceTest, AClubWithMembersGoesOnlyByForce) {
  ASSERT_CALL(Create("baa", "BAA"));
  server_.MustImport(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4)),
                     "bib,name,sex,club,gun\n1,Ada Quick,W,BAA,0:31:00\n");
  v1::DeleteClubRequest request;
  v1::DeleteClubResponse response;
  request.set_name("clubs/baa");
  const grpc::Status refused = clubs_->DeleteClub(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(refused), "IN_USE");
  request.set_force(true);
  ASSERT_CALL(clubs_->DeleteClub(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(clubs_->DeleteClub(server_.AsOperator().get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ClubServiceTest, ClubsAreListedByDisplayNameInPagesAndNarrowed) {
  ASSERT_CALL(Create("c", "Alpha", {}, "KEN"));
  ASSERT_CALL(Create("a", "gamma", {}, "USA"));
  ASSERT_CALL(Create("b", "Beta", {}, "USA"));
  v1::ListClubsRequest request;
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    v1::ListClubsResponse response;
    ASSERT_CALL(clubs_->ListClubs(RunningServer::As("").get(), request, &response));
    for (const v1::Club& club : response.clubs()) names.push_back(club.display_name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("Alpha", "Beta", "gamma"));
  request.set_filter("country = USA");
  request.set_page_size(0);
  v1::ListClubsResponse response;
  ASSERT_CALL(clubs_->ListClubs(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.clubs_size(), 2);
}

TEST_F(ClubServiceTest, WrongClubsAreRefusedByFieldAndDryRunsChangeNothing) {
  EXPECT_EQ(ViolatedField(Create("BAA", "BAA")), "club_id");
  EXPECT_EQ(ViolatedField(Create("baa", "")), "club.display_name");
  EXPECT_EQ(ViolatedField(Create("baa", "BAA", {" "})), "club.aliases[0]");
  EXPECT_EQ(ViolatedField(Create("baa", "BAA", {}, "Atlantis")), "club.country");
  v1::CreateClubRequest request;
  request.set_club_id("baa");
  request.mutable_club()->set_display_name("BAA");
  request.set_validate_only(true);
  ASSERT_CALL(clubs_->CreateClub(server_.AsOperator().get(), request, &made_));
  EXPECT_EQ(made_.name(), "clubs/baa");
  EXPECT_EQ(made_.etag(), "");
  ASSERT_CALL(Create("baa", "BAA"));
  EXPECT_EQ(Create("baa", "BAA").error_code(), grpc::StatusCode::ALREADY_EXISTS);
  v1::CreateClubRequest anonymous = request;
  EXPECT_EQ(clubs_->CreateClub(RunningServer::As("").get(), anonymous, &made_).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace palmares::testing
