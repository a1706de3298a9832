// Goals, grants and boards through a whole server: who may see and write what, and how far each goal is.
#include "absl/strings/str_cat.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

class GoalServerTest : public ::testing::Test {
 protected:
  GoalServerTest()
      : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))),
        goals_(v1::GoalService::NewStub(server_.channel)) {
    server_.MustImport(race_, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:32:00\n2,2,Ben Bold,M,31,0:34:00\n");
    abe_ = server_.ByBib(race_, "1").athlete();
    ben_ = server_.ByBib(race_, "2").athlete();
    abes_ = server_.MakeToken(v1::ROLE_ATHLETE, {abe_});
    coachs_ = server_.MakeToken(v1::ROLE_COACH, {});
    v1::Caller caller;
    EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(coachs_).get(), {}, &caller));
    coach_ = caller.token();
  }

  grpc::Status SetGoal(const std::string& secret, v1::Goal* response, const std::string& mark = "0:31:00") {
    v1::CreateGoalRequest request;
    request.set_parent(abe_);
    request.set_goal_id("sub-31");
    request.mutable_goal()->set_display_name("under 31");
    request.mutable_goal()->mutable_mark_target()->set_discipline("10km-road");
    request.mutable_goal()->mutable_mark_target()->mutable_mark()->set_text(mark);
    *request.mutable_goal()->mutable_due_date() = DateOf(2026, 8, 1);
    return goals_->CreateGoal(RunningServer::As(secret).get(), request, response);
  }

  v1::Grant MustGrant(const std::vector<v1::Grant::Right>& rights = {}) {
    v1::CreateGrantRequest request;
    v1::Grant grant;
    request.set_parent(abe_);
    request.set_grant_id("coach");
    request.mutable_grant()->set_holder(coach_);
    request.mutable_grant()->set_relation(v1::Grant::RELATION_COACH);
    for (const v1::Grant::Right right : rights) request.mutable_grant()->add_rights(right);
    EXPECT_CALL_OK(server_.access->CreateGrant(RunningServer::As(abes_).get(), request, &grant));
    return grant;
  }

  v1::ListBoardCellsResponse Cells(const std::string& secret) {
    v1::ListBoardCellsRequest request;
    v1::ListBoardCellsResponse response;
    request.set_parent("boards/squad");
    EXPECT_CALL_OK(goals_->ListBoardCells(RunningServer::As(secret).get(), request, &response));
    return response;
  }

  RunningServer server_;
  const std::string race_;
  std::unique_ptr<v1::GoalService::Stub> goals_;
  std::string abe_, ben_, abes_, coachs_, coach_;
};

TEST_F(GoalServerTest, AGoalIsOpenUntilAResultReachesItInTime) {
  v1::Goal goal;
  ASSERT_CALL(SetGoal(abes_, &goal));
  EXPECT_EQ(goal.name(), abe_ + "/goals/sub-31");
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_OPEN);
  EXPECT_EQ(goal.progress().starting_gap().value(), 60000) << "32:00 when it was set";
  EXPECT_FALSE(goal.progress().has_best_mark()) << "nothing was run since";
  EXPECT_EQ(goal.progress().days_left(), 61);
  const std::string next = server_.MakeRace("next-run", "2026", DateOf(2026, 7, 1));
  server_.MustImport(next, "place,bib,name,sex,age,gun\n1,5,Abe Able,M,31,0:30:59\n");
  ASSERT_EQ(server_.ByBib(next, "5").athlete(), abe_);
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 7, 2), absl::UTCTimeZone()));
  v1::GetGoalRequest get;
  get.set_name(goal.name());
  ASSERT_CALL(goals_->GetGoal(RunningServer::As(abes_).get(), get, &goal));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_REACHED);
  EXPECT_EQ(goal.progress().gap().value(), -1000);
  EXPECT_EQ(goal.progress().best_result(), server_.ByBib(next, "5").name());
}

TEST_F(GoalServerTest, AGoalWhoseDayHasPassedIsMissed) {
  v1::Goal goal;
  ASSERT_CALL(SetGoal(abes_, &goal));
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 8, 2), absl::UTCTimeZone()));
  v1::GetGoalRequest get;
  get.set_name(goal.name());
  ASSERT_CALL(goals_->GetGoal(RunningServer::As(abes_).get(), get, &goal));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_MISSED);
  EXPECT_EQ(goal.progress().days_left(), -1);
}

TEST_F(GoalServerTest, AGoalOfAStandardGoesByTheDaysOfItsTimeZone) {
  v1::LoadStandardRequest load;
  v1::LoadStandardResponse loaded;
  load.set_rules_text(R"(
schema = 1
id = "island-cup"
scheme = "island-cup"
edition = "2026"
name = "Island Cup 2026"
[event]
name = "Island Cup"
day = 2026-09-01
[window]
time_zone = "Pacific/Honolulu"
opens = 2026-01-01
closes = 2026-08-01
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:31:00"
[[source]]
url = "https://example.org/cup"
)");
  ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  const auto at = [&](int day, int hour) {
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilHour(2026, 6, day, hour), absl::UTCTimeZone()));
  };
  at(2, 5);  // seven in the evening of the first, in Honolulu
  v1::CreateGoalRequest request;
  v1::Goal goal;
  request.set_parent(abe_);
  request.set_goal_id("cup");
  request.mutable_goal()->set_standard("standards/island-cup");
  *request.mutable_goal()->mutable_due_date() = DateOf(2026, 5, 31);
  EXPECT_EQ(ViolatedField(goals_->CreateGoal(RunningServer::As(abes_).get(), request, &goal)), "goal.due_date");
  *request.mutable_goal()->mutable_due_date() = DateOf(2026, 6, 1);
  ASSERT_CALL(goals_->CreateGoal(RunningServer::As(abes_).get(), request, &goal));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_OPEN);
  EXPECT_EQ(goal.progress().days_left(), 0);
  v1::GetGoalRequest get;
  get.set_name(goal.name());
  at(2, 9);
  ASSERT_CALL(goals_->GetGoal(RunningServer::As(abes_).get(), get, &goal));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_OPEN) << "an hour before midnight there";
  at(2, 10);
  ASSERT_CALL(goals_->GetGoal(RunningServer::As(abes_).get(), get, &goal));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_MISSED);
  EXPECT_EQ(goal.progress().days_left(), -1);
}

TEST_F(GoalServerTest, GoalsAreChangedAndDeletedWithTheirEtag) {
  v1::Goal goal;
  ASSERT_CALL(SetGoal(abes_, &goal));
  EXPECT_EQ(SetGoal(abes_, &goal).error_code(), grpc::StatusCode::ALREADY_EXISTS);
  v1::UpdateGoalRequest update;
  update.mutable_goal()->set_name(goal.name());
  update.mutable_goal()->set_etag(goal.etag());
  update.mutable_goal()->set_display_name("fast");
  update.mutable_update_mask()->add_paths("display_name");
  v1::Goal changed;
  ASSERT_CALL(goals_->UpdateGoal(RunningServer::As(abes_).get(), update, &changed));
  EXPECT_EQ(changed.display_name(), "fast");
  EXPECT_EQ(changed.mark_target().mark().value(), 31 * 60000);
  EXPECT_EQ(goals_->UpdateGoal(RunningServer::As(abes_).get(), update, &changed).error_code(),
            grpc::StatusCode::ABORTED);
  server_.Restart();
  goals_ = v1::GoalService::NewStub(server_.channel);
  v1::DeleteGoalRequest remove;
  v1::DeleteGoalResponse removed;
  remove.set_name(goal.name());
  ASSERT_CALL(goals_->DeleteGoal(RunningServer::As(abes_).get(), remove, &removed));
  EXPECT_EQ(goals_->DeleteGoal(RunningServer::As(abes_).get(), remove, &removed).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(GoalServerTest, BadGoalsAreRefusedWithTheirField) {
  v1::Goal goal;
  EXPECT_EQ(ViolatedField(SetGoal(abes_, &goal, "0:61:99")), "goal.mark_target.mark");
  v1::CreateGoalRequest request;
  request.set_parent(abe_);
  request.mutable_goal()->mutable_mark_target()->set_discipline("10km-road");
  request.mutable_goal()->mutable_mark_target()->mutable_mark()->set_text("0:31:00");
  *request.mutable_goal()->mutable_due_date() = DateOf(2026, 5, 31);
  EXPECT_EQ(ViolatedField(goals_->CreateGoal(RunningServer::As(abes_).get(), request, &goal)), "goal.due_date");
}

// Goals are shown in profiles and signed with portfolios, and so are held to what profiles are held to.
TEST_F(GoalServerTest, NamesThatMisleadOrAreEndlessAreRefused) {
  std::string emoji;
  while (emoji.size() < (1 << 20)) emoji += "\U0001F600";
  for (const std::string& name : {std::string("under \u202E13"), std::string("two\nlines"), emoji}) {
    v1::CreateGoalRequest request;
    v1::Goal goal;
    request.set_parent(abe_);
    request.mutable_goal()->set_display_name(name);
    v1::CreateBoardRequest board;
    v1::Board made;
    board.mutable_board()->set_display_name(name);
    EXPECT_EQ(ViolatedField(goals_->CreateGoal(RunningServer::As(abes_).get(), request, &goal)), "goal.display_name");
    EXPECT_EQ(ViolatedField(goals_->CreateBoard(RunningServer::As(abes_).get(), board, &made)), "board.display_name");
  }
  v1::Goal goal;
  ASSERT_CALL(SetGoal(abes_, &goal));
  v1::UpdateGoalRequest rename;
  rename.mutable_goal()->set_name(goal.name());
  rename.mutable_goal()->set_display_name("<script>alert(1)</script> \u202E");
  rename.mutable_update_mask()->add_paths("display_name");
  EXPECT_EQ(ViolatedField(goals_->UpdateGoal(RunningServer::As(abes_).get(), rename, &goal)), "goal.display_name");
  rename.mutable_goal()->set_display_name("<b>under 31</b>");
  EXPECT_CALL_OK(goals_->UpdateGoal(RunningServer::As(abes_).get(), rename, &goal));
  EXPECT_EQ(goal.display_name(), "<b>under 31</b>") << "it is text like any other";
}

TEST_F(GoalServerTest, ACoachSeesTheGoalsOfThoseWhoGrantedItAndOnlyWhileTheyDo) {
  v1::Goal goal;
  ASSERT_CALL(SetGoal(abes_, &goal));
  v1::GetGoalRequest get;
  get.set_name(goal.name());
  EXPECT_EQ(goals_->GetGoal(RunningServer::As(coachs_).get(), get, &goal).error_code(), grpc::StatusCode::NOT_FOUND);
  const v1::Grant grant = MustGrant();
  ASSERT_CALL(goals_->GetGoal(RunningServer::As(coachs_).get(), get, &goal));
  EXPECT_EQ(SetGoal(coachs_, &goal).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "reading is not writing";
  v1::Caller caller;
  ASSERT_CALL(server_.access->GetCaller(RunningServer::As(coachs_).get(), {}, &caller));
  EXPECT_THAT(caller.grants(), ::testing::ElementsAre(grant.name()));

  v1::CreateBoardRequest board;
  board.set_board_id("squad");
  board.mutable_board()->set_display_name("Squad");
  board.mutable_board()->add_athletes(abe_);
  board.mutable_board()->set_goals(true);
  v1::Board made;
  ASSERT_CALL(goals_->CreateBoard(RunningServer::As(coachs_).get(), board, &made));
  const v1::ListBoardCellsResponse cells = Cells(coachs_);
  ASSERT_EQ(cells.cells_size(), 1);
  EXPECT_EQ(cells.cells(0).target(), goal.name());
  EXPECT_EQ(cells.cells(0).athlete_display_name(), "Abe Able");
  EXPECT_EQ(cells.cells(0).last_mark().value(), 32 * 60000);
  EXPECT_EQ(cells.cells(0).deadline_date().month(), 8);
  board.set_board_id("more");
  board.mutable_board()->add_athletes(ben_);
  EXPECT_EQ(ViolatedField(goals_->CreateBoard(RunningServer::As(coachs_).get(), board, &made)), "board.athletes[1]");

  v1::RevokeGrantRequest revoke;
  v1::Grant revoked;
  revoke.set_name(grant.name());
  ASSERT_CALL(server_.access->RevokeGrant(RunningServer::As(abes_).get(), revoke, &revoked));
  EXPECT_EQ(Reason(server_.access->RevokeGrant(RunningServer::As(abes_).get(), revoke, &revoked)), "ALREADY_REVOKED");
  EXPECT_EQ(goals_->GetGoal(RunningServer::As(coachs_).get(), get, &goal).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Cells(coachs_).cells_size(), 0);
  EXPECT_THAT(Cells(coachs_).ended_athletes(), ::testing::ElementsAre(abe_));
}

TEST_F(GoalServerTest, AGrantThatExpiresEndsByItself) {
  v1::CreateGrantRequest request;
  v1::Grant grant;
  request.set_parent(abe_);
  request.mutable_grant()->set_holder(coach_);
  request.mutable_grant()->set_relation(v1::Grant::RELATION_COACH);
  request.mutable_grant()->add_rights(v1::Grant::RIGHT_WRITE_GOALS);
  request.mutable_grant()->mutable_expire_time()->set_seconds(server_.now_us / 1'000'000 + 60);
  ASSERT_CALL(server_.access->CreateGrant(RunningServer::As(abes_).get(), request, &grant));
  v1::Goal goal;
  ASSERT_CALL(SetGoal(coachs_, &goal));
  server_.now_us += 61'000'000;
  v1::DeleteGoalRequest remove;
  v1::DeleteGoalResponse removed;
  remove.set_name(goal.name());
  EXPECT_EQ(goals_->DeleteGoal(RunningServer::As(coachs_).get(), remove, &removed).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(GoalServerTest, GrantsAreTheAthletesAloneToGiveAndAMinorsGuardians) {
  v1::CreateGrantRequest request;
  v1::Grant grant;
  request.set_parent(ben_);
  request.mutable_grant()->set_holder(coach_);
  request.mutable_grant()->set_relation(v1::Grant::RELATION_COACH);
  EXPECT_EQ(server_.access->CreateGrant(RunningServer::As(abes_).get(), request, &grant).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(server_.access->CreateGrant(RunningServer::As("").get(), request, &grant).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  const std::string young = server_.MakeRace("young-run", "2026", DateOf(2026, 5, 1));
  server_.MustImport(young, "bib,name,sex,birth_date,gun\n8,Kim Kid,W,2012-03-04,0:45:00\n");
  const std::string kid = server_.ByBib(young, "8").athlete();
  const std::string kids = server_.MakeToken(v1::ROLE_ATHLETE, {kid});
  request.set_parent(kid);
  EXPECT_EQ(Reason(server_.access->CreateGrant(RunningServer::As(kids).get(), request, &grant)), "GUARDIAN_REQUIRED");
  request.mutable_grant()->set_relation(v1::Grant::RELATION_GUARDIAN);
  request.set_grant_id("parent");
  ASSERT_CALL(server_.access->CreateGrant(RunningServer::As(kids).get(), request, &grant));
  EXPECT_TRUE(grant.waiting());
  v1::ListGrantsRequest list;
  v1::ListGrantsResponse listed;
  list.set_parent(kid);
  EXPECT_EQ(server_.access->ListGrants(RunningServer::As(coachs_).get(), list, &listed).error_code(),
            grpc::StatusCode::PERMISSION_DENIED)
      << "it waits";
  ASSERT_CALL(server_.access->CreateGrant(server_.AsOperator().get(), request, &grant));
  EXPECT_FALSE(grant.waiting());
  ASSERT_CALL(server_.access->ListGrants(RunningServer::As(coachs_).get(), list, &listed));
  EXPECT_EQ(listed.grants_size(), 1);
}

}  // namespace
}  // namespace palmares::testing
