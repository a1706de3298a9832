// Goals, boards and grants as they are read back and listed: who sees which, in what order, by what pages.
#include "absl/strings/str_cat.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GoalRecordsServerTest : public ::testing::Test {
 protected:
  GoalRecordsServerTest()
      : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))),
        goals_(v1::GoalService::NewStub(server_.channel)) {
    server_.MustImport(race_, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:32:00\n2,2,Ben Bold,M,31,0:34:00\n");
    abe_ = server_.ByBib(race_, "1").athlete();
    ben_ = server_.ByBib(race_, "2").athlete();
    abes_ = server_.MakeToken(v1::ROLE_ATHLETE, {abe_});
    bens_ = server_.MakeToken(v1::ROLE_ATHLETE, {ben_});
    coachs_ = server_.MakeToken(v1::ROLE_COACH, {});
    v1::Caller caller;
    EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(coachs_).get(), {}, &caller));
    coach_ = caller.token();
  }

  v1::Goal MustSetGoal(const std::string& athlete, const std::string& secret, const std::string& id,
                       const v1::Date& due, const std::string& mark = "0:31:00") {
    v1::CreateGoalRequest request;
    v1::Goal goal;
    request.set_parent(athlete);
    request.set_goal_id(id);
    request.mutable_goal()->set_display_name(id);
    request.mutable_goal()->mutable_mark_target()->set_discipline("10km-road");
    request.mutable_goal()->mutable_mark_target()->mutable_mark()->set_text(mark);
    *request.mutable_goal()->mutable_due_date() = due;
    EXPECT_CALL_OK(goals_->CreateGoal(RunningServer::As(secret).get(), request, &goal));
    return goal;
  }

  grpc::Status ListGoals(const std::string& secret, const std::string& parent, v1::ListGoalsResponse* response,
                         const std::string& filter = "") {
    v1::ListGoalsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    response->Clear();
    return goals_->ListGoals(RunningServer::As(secret).get(), request, response);
  }

  static std::vector<std::string> Names(const v1::ListGoalsResponse& response) {
    std::vector<std::string> names;
    for (const v1::Goal& goal : response.goals()) names.push_back(goal.display_name());
    return names;
  }

  v1::Grant MustGrant(const std::string& athlete, const std::string& secret, const std::string& id) {
    v1::CreateGrantRequest request;
    v1::Grant grant;
    request.set_parent(athlete);
    request.set_grant_id(id);
    request.mutable_grant()->set_holder(coach_);
    request.mutable_grant()->set_relation(v1::Grant::RELATION_COACH);
    request.mutable_grant()->mutable_expire_time()->set_seconds(server_.now_us / 1'000'000 + 3600);
    EXPECT_CALL_OK(server_.access->CreateGrant(RunningServer::As(secret).get(), request, &grant));
    return grant;
  }

  v1::Board MustMakeBoard(const std::string& id, const std::string& display_name) {
    v1::CreateBoardRequest request;
    v1::Board board;
    request.set_board_id(id);
    request.mutable_board()->set_display_name(display_name);
    request.mutable_board()->add_athletes(abe_);
    request.mutable_board()->set_goals(true);
    EXPECT_CALL_OK(goals_->CreateBoard(RunningServer::As(coachs_).get(), request, &board));
    return board;
  }

  grpc::Status GetBoard(const std::string& secret, const std::string& name, v1::Board* board) {
    v1::GetBoardRequest request;
    request.set_name(name);
    return goals_->GetBoard(RunningServer::As(secret).get(), request, board);
  }

  RunningServer server_;
  const std::string race_;
  std::unique_ptr<v1::GoalService::Stub> goals_;
  std::string abe_, ben_, abes_, bens_, coachs_, coach_;
};

TEST_F(GoalRecordsServerTest, GoalsAreListedNextDueFirstWithTheirProgress) {
  MustSetGoal(abe_, abes_, "late", DateOf(2026, 12, 1));
  MustSetGoal(abe_, abes_, "soon", DateOf(2026, 6, 2), "0:30:00");
  MustSetGoal(abe_, abes_, "next", DateOf(2026, 9, 1));
  MustSetGoal(ben_, bens_, "of-another", DateOf(2026, 6, 5));
  v1::ListGoalsResponse listed;
  ASSERT_CALL(ListGoals(abes_, abe_, &listed));
  EXPECT_THAT(Names(listed), ElementsAre("soon", "next", "late"));
  const v1::Goal& soon = listed.goals(0);
  EXPECT_EQ(soon.name(), abe_ + "/goals/soon");
  EXPECT_EQ(soon.mark_target().mark().text(), "30:00");
  EXPECT_EQ(soon.due_date().day(), 2);
  EXPECT_EQ(soon.progress().state(), v1::GoalProgress::STATE_OPEN);
  EXPECT_EQ(soon.progress().starting_gap().value(), 2 * 60000);
  EXPECT_GT(listed.position(), 0);
  EXPECT_EQ(soon.position(), 0) << "a list says it once";

  server_.now_us += int64_t{2} * 24 * 3600 * 1'000'000;  // the third of June: the first day has passed
  ASSERT_CALL(ListGoals(abes_, abe_, &listed, "progress.state = \"missed\""));
  EXPECT_THAT(Names(listed), ElementsAre("soon"));
  ASSERT_CALL(ListGoals(abes_, abe_, &listed, "due_date = \"2026-09-01\""));
  EXPECT_THAT(Names(listed), ElementsAre("next"));
  EXPECT_EQ(ViolatedField(ListGoals(abes_, abe_, &listed, "weather = \"fair\"")), "filter");
}

TEST_F(GoalRecordsServerTest, GoalsComeInPagesThatHoldEachOnce) {
  for (int day = 1; day <= 5; ++day) MustSetGoal(abe_, abes_, absl::StrCat("g", day), DateOf(2026, 7, 6 - day));
  std::vector<std::string> seen;
  v1::ListGoalsRequest request;
  v1::ListGoalsResponse page;
  request.set_parent(abe_);
  request.set_page_size(2);
  int pages = 0;
  do {
    page.Clear();
    ASSERT_CALL(goals_->ListGoals(RunningServer::As(abes_).get(), request, &page));
    ASSERT_LE(page.goals_size(), 2);
    for (const v1::Goal& goal : page.goals()) seen.push_back(goal.display_name());
    if (++pages == 1) MustSetGoal(abe_, abes_, "new", DateOf(2026, 6, 10));  // before what was shown
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_THAT(seen, ElementsAre("g5", "g4", "g3", "g2", "g1"));
}

TEST_F(GoalRecordsServerTest, GoalsOfAllAreThoseThatTheCallerMaySee) {
  MustSetGoal(abe_, abes_, "abes", DateOf(2026, 8, 1));
  MustSetGoal(ben_, bens_, "bens", DateOf(2026, 7, 1));
  v1::ListGoalsResponse listed;
  ASSERT_CALL(ListGoals(coachs_, "athletes/-", &listed));
  EXPECT_THAT(Names(listed), IsEmpty());
  ASSERT_CALL(ListGoals(coachs_, abe_, &listed));
  EXPECT_THAT(Names(listed), IsEmpty());
  MustGrant(abe_, abes_, "coach");
  ASSERT_CALL(ListGoals(coachs_, "athletes/-", &listed));
  EXPECT_THAT(Names(listed), ElementsAre("abes"));
  MustGrant(ben_, bens_, "coach");
  ASSERT_CALL(ListGoals(coachs_, "athletes/-", &listed));
  EXPECT_THAT(Names(listed), ElementsAre("bens", "abes"));
  EXPECT_EQ(ListGoals(coachs_, "athletes/none", &listed).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GoalRecordsServerTest, ABoardIsReadBackAsItWasMadeByItsOwnerAlone) {
  MustGrant(abe_, abes_, "coach");
  const v1::Board made = MustMakeBoard("squad", "Squad");
  v1::Board board;
  ASSERT_CALL(GetBoard(coachs_, "boards/squad", &board));
  EXPECT_EQ(board.name(), "boards/squad");
  EXPECT_EQ(board.display_name(), "Squad");
  EXPECT_THAT(board.athletes(), ElementsAre(abe_));
  EXPECT_THAT(board.standards(), IsEmpty());
  EXPECT_TRUE(board.goals());
  EXPECT_EQ(board.etag(), made.etag());
  EXPECT_EQ(board.create_time().seconds(), server_.now_us / 1'000'000);
  EXPECT_GE(board.position(), made.position());
  const std::string other = server_.MakeToken(v1::ROLE_COACH, {});
  EXPECT_EQ(GetBoard(other, "boards/squad", &board).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(GetBoard(coachs_, "boards/none", &board).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(GetBoard("", "boards/squad", &board).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(GoalRecordsServerTest, ABoardIsChangedAndDeletedWithItsEtag) {
  MustGrant(abe_, abes_, "coach");
  MustGrant(ben_, bens_, "coach");
  const v1::Board made = MustMakeBoard("squad", "Squad");
  v1::UpdateBoardRequest update;
  v1::Board changed;
  update.mutable_board()->set_name(made.name());
  update.mutable_board()->set_etag(made.etag());
  update.mutable_board()->set_display_name("not taken: it is not in the mask");
  update.mutable_board()->add_athletes(ben_);
  update.mutable_update_mask()->add_paths("athletes");
  ASSERT_CALL(goals_->UpdateBoard(RunningServer::As(coachs_).get(), update, &changed));
  EXPECT_EQ(changed.display_name(), "Squad");
  EXPECT_THAT(changed.athletes(), ElementsAre(ben_));
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_EQ(goals_->UpdateBoard(RunningServer::As(coachs_).get(), update, &changed).error_code(),
            grpc::StatusCode::ABORTED)
      << "it has changed since";
  update.mutable_board()->clear_etag();
  update.mutable_update_mask()->add_paths("colour");
  EXPECT_EQ(ViolatedField(goals_->UpdateBoard(RunningServer::As(coachs_).get(), update, &changed)), "update_mask");
  const std::string other = server_.MakeToken(v1::ROLE_COACH, {});
  update.mutable_update_mask()->clear_paths();
  EXPECT_EQ(goals_->UpdateBoard(RunningServer::As(other).get(), update, &changed).error_code(),
            grpc::StatusCode::NOT_FOUND);

  server_.Restart();
  goals_ = v1::GoalService::NewStub(server_.channel);
  v1::Board board;
  ASSERT_CALL(GetBoard(coachs_, made.name(), &board));
  EXPECT_THAT(board.athletes(), ElementsAre(ben_));
  v1::DeleteBoardRequest remove;
  v1::DeleteBoardResponse removed;
  remove.set_name(made.name());
  remove.set_etag(made.etag());
  EXPECT_EQ(goals_->DeleteBoard(RunningServer::As(coachs_).get(), remove, &removed).error_code(),
            grpc::StatusCode::ABORTED);
  remove.set_etag(board.etag());
  EXPECT_EQ(goals_->DeleteBoard(RunningServer::As(other).get(), remove, &removed).error_code(),
            grpc::StatusCode::NOT_FOUND);
  ASSERT_CALL(goals_->DeleteBoard(RunningServer::As(coachs_).get(), remove, &removed));
  EXPECT_GT(removed.position(), board.position());
  EXPECT_EQ(GetBoard(coachs_, made.name(), &board).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GoalRecordsServerTest, ACallersBoardsAreListedByDisplayNameInPages) {
  MustGrant(abe_, abes_, "coach");
  MustMakeBoard("a", "Winter");
  MustMakeBoard("b", "Spring");
  MustMakeBoard("c", "Summer");
  v1::ListBoardsRequest request;
  v1::ListBoardsResponse first, second;
  request.set_page_size(2);
  ASSERT_CALL(goals_->ListBoards(RunningServer::As(coachs_).get(), request, &first));
  ASSERT_EQ(first.boards_size(), 2);
  EXPECT_EQ(first.boards(0).display_name(), "Spring");
  EXPECT_EQ(first.boards(0).name(), "boards/b");
  EXPECT_EQ(first.boards(1).display_name(), "Summer");
  EXPECT_GT(first.position(), 0);
  request.set_page_token(first.next_page_token());
  ASSERT_CALL(goals_->ListBoards(RunningServer::As(coachs_).get(), request, &second));
  ASSERT_EQ(second.boards_size(), 1);
  EXPECT_EQ(second.boards(0).display_name(), "Winter");
  EXPECT_EQ(second.next_page_token(), "");
  v1::ListBoardsResponse others;
  ASSERT_CALL(goals_->ListBoards(RunningServer::As(abes_).get(), {}, &others));
  EXPECT_EQ(others.boards_size(), 0);
}

TEST_F(GoalRecordsServerTest, AGrantIsReadByWhoGaveItAndWhoHasItAndNobodyElse) {
  const v1::Grant made = MustGrant(abe_, abes_, "coach");
  const auto get = [&](const std::string& secret, v1::Grant* grant) {
    v1::GetGrantRequest request;
    request.set_name(abe_ + "/grants/coach");
    grant->Clear();
    return server_.access->GetGrant(RunningServer::As(secret).get(), request, grant);
  };
  v1::Grant grant;
  for (const std::string& secret : {abes_, coachs_, server_.operator_secret}) {
    ASSERT_CALL(get(secret, &grant));
    EXPECT_EQ(grant.name(), made.name());
    EXPECT_EQ(grant.holder(), coach_);
    EXPECT_EQ(grant.relation(), v1::Grant::RELATION_COACH);
    EXPECT_THAT(grant.rights(), ElementsAre(v1::Grant::RIGHT_READ_HISTORY, v1::Grant::RIGHT_READ_GOALS))
        << "those that the relation has by itself";
    EXPECT_EQ(grant.expire_time().seconds(), server_.now_us / 1'000'000 + 3600);
    EXPECT_FALSE(grant.has_revoke_time());
    EXPECT_FALSE(grant.waiting());
  }
  EXPECT_EQ(get(bens_, &grant).error_code(), grpc::StatusCode::NOT_FOUND);
  v1::RevokeGrantRequest revoke;
  revoke.set_name(made.name());
  ASSERT_CALL(server_.access->RevokeGrant(RunningServer::As(abes_).get(), revoke, &grant));
  server_.now_us += 5'000'000;
  ASSERT_CALL(get(abes_, &grant));
  EXPECT_EQ(grant.revoke_time().seconds(), server_.now_us / 1'000'000 - 5);
}

TEST_F(GoalRecordsServerTest, GrantsAreListedNewestFirstAndByWhetherTheyHold) {
  MustGrant(abe_, abes_, "one");
  MustGrant(abe_, abes_, "two");
  MustGrant(ben_, bens_, "three");
  v1::RevokeGrantRequest revoke;
  v1::Grant revoked;
  revoke.set_name(abe_ + "/grants/one");
  ASSERT_CALL(server_.access->RevokeGrant(RunningServer::As(abes_).get(), revoke, &revoked));
  const auto listed = [&](const std::string& secret, const std::string& parent, const std::string& filter) {
    v1::ListGrantsRequest request;
    v1::ListGrantsResponse response;
    request.set_parent(parent);
    request.set_filter(filter);
    EXPECT_CALL_OK(server_.access->ListGrants(RunningServer::As(secret).get(), request, &response));
    std::vector<std::string> names;
    for (const v1::Grant& grant : response.grants()) names.push_back(grant.name());
    return names;
  };
  const std::string one = abe_ + "/grants/one", two = abe_ + "/grants/two", three = ben_ + "/grants/three";
  EXPECT_THAT(listed(abes_, abe_, ""), ElementsAre(one, two)) << "by their last change";
  EXPECT_THAT(listed(abes_, abe_, "valid = \"true\""), ElementsAre(two));
  EXPECT_THAT(listed(coachs_, "athletes/-", "valid = \"true\""), ElementsAre(three, two));
  EXPECT_THAT(listed(coachs_, "athletes/-", "relation = \"sponsor\""), IsEmpty());
  EXPECT_THAT(listed(bens_, "athletes/-", ""), IsEmpty()) << "ben has none, he gave one";
}

}  // namespace
}  // namespace palmares::testing
