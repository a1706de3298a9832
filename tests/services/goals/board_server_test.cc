// Goals of a standard, and boards with columns of standards, through a whole server.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kGoalCup[] = R"(
schema = 1
id = "cup"
scheme = "cup"
edition = "2026"
name = "Cup"
[event]
name = "Cup"
day = 2027-01-10
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-12-31
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[source]]
url = "https://example.org/cup"
)";

class BoardServerTest : public ::testing::Test {
 protected:
  BoardServerTest()
      : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))),
        goals_(v1::GoalService::NewStub(server_.channel)) {
    server_.MustImport(race_, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:32:00\n2,2,Ben Bold,M,31,0:34:00\n");
    Load(kGoalCup);
    Load(absl::StrReplaceAll(kGoalCup,
                             {{"\"cup\"", "\"elite\""}, {"0:33:00", "0:31:00"}, {"2026-12-31", "2026-10-31"}}));
    abe_ = server_.ByBib(race_, "1").athlete();
    ben_ = server_.ByBib(race_, "2").athlete();
    abes_ = server_.MakeToken(v1::ROLE_ATHLETE, {abe_});
    bens_ = server_.MakeToken(v1::ROLE_ATHLETE, {ben_});
  }

  void Load(const std::string& rules) {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(rules);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
  }

  void GoTo(int year, int month, int day) {
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone()));
  }

  // Ben's goal of the cup.
  v1::Goal MustSetGoal(const v1::Date& due) {
    v1::CreateGoalRequest request;
    v1::Goal goal;
    request.set_parent(ben_);
    request.set_goal_id("cup");
    request.mutable_goal()->set_display_name("the cup");
    request.mutable_goal()->set_standard("standards/cup");
    *request.mutable_goal()->mutable_due_date() = due;
    EXPECT_CALL_OK(goals_->CreateGoal(RunningServer::As(bens_).get(), request, &goal));
    return goal;
  }

  v1::Goal BensGoal() {
    v1::GetGoalRequest request;
    v1::Goal goal;
    request.set_name(ben_ + "/goals/cup");
    EXPECT_CALL_OK(goals_->GetGoal(RunningServer::As(bens_).get(), request, &goal));
    return goal;
  }

  void BenRuns(const std::string& event, const v1::Date& date, const std::string& mark) {
    const std::string race = server_.MakeRace(event, absl::StrCat(date.year()), date);
    server_.MustImport(race, absl::StrCat("place,bib,name,sex,age,gun\n1,9,Ben Bold,M,32,", mark, "\n"));
    EXPECT_EQ(server_.ByBib(race, "9").athlete(), ben_);
  }

  v1::ForecastResponse Forecast(const v1::Date& by) {
    v1::ForecastRequest request;
    v1::ForecastResponse response;
    request.set_athlete(ben_);
    request.set_standard("standards/cup");
    if (by.year() != 0) *request.mutable_by_date() = by;
    EXPECT_CALL_OK(server_.qualification->Forecast(RunningServer::As("").get(), request, &response));
    return response;
  }

  std::string MustGrant(const std::string& athlete, const std::string& secret, const std::string& holder,
                        v1::Grant::Relation relation) {
    v1::CreateGrantRequest request;
    v1::Grant grant;
    request.set_parent(athlete);
    request.mutable_grant()->set_holder(holder);
    request.mutable_grant()->set_relation(relation);
    EXPECT_CALL_OK(server_.access->CreateGrant(RunningServer::As(secret).get(), request, &grant));
    return grant.name();
  }

  // A coach's board of both athletes against both standards.
  std::string MustMakeBoard() {
    const std::string coach = server_.MakeToken(v1::ROLE_COACH, {});
    v1::Caller caller;
    EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(coach).get(), {}, &caller));
    abes_grant_ = MustGrant(abe_, abes_, caller.token(), v1::Grant::RELATION_COACH);
    (void)MustGrant(ben_, bens_, caller.token(), v1::Grant::RELATION_COACH);
    v1::CreateBoardRequest request;
    v1::Board board;
    request.set_board_id("squad");
    request.mutable_board()->set_display_name("Squad");
    request.mutable_board()->add_athletes(abe_);
    request.mutable_board()->add_athletes(ben_);
    request.mutable_board()->add_standards("standards/elite");
    request.mutable_board()->add_standards("standards/cup");
    EXPECT_CALL_OK(goals_->CreateBoard(RunningServer::As(coach).get(), request, &board));
    return coach;
  }

  v1::ListBoardCellsRequest CellsRequest(const std::string& order, int32_t page_size = 0) {
    v1::ListBoardCellsRequest request;
    request.set_parent("boards/squad");
    request.set_order_by(order);
    request.set_page_size(page_size);
    return request;
  }

  v1::ListBoardCellsResponse Cells(const std::string& secret, const v1::ListBoardCellsRequest& request) {
    v1::ListBoardCellsResponse response;
    EXPECT_CALL_OK(goals_->ListBoardCells(RunningServer::As(secret).get(), request, &response));
    return response;
  }

  // "Abe cup", "Ben elite" ...
  static std::vector<std::string> Told(const v1::ListBoardCellsResponse& response) {
    std::vector<std::string> cells;
    for (const v1::BoardCell& cell : response.cells()) {
      cells.push_back(absl::StrCat(cell.athlete_display_name().substr(0, 3), " ",
                                   cell.target().substr(cell.target().rfind('/') + 1)));
    }
    return cells;
  }

  RunningServer server_;
  const std::string race_;
  std::unique_ptr<v1::GoalService::Stub> goals_;
  std::string abe_, ben_, abes_, bens_, abes_grant_;
};

TEST_F(BoardServerTest, AGoalOfAStandardIsReachedByWhatIsRunUpToItsDayAlone) {
  const v1::Goal goal = MustSetGoal(DateOf(2026, 8, 1));
  EXPECT_EQ(goal.progress().state(), v1::GoalProgress::STATE_OPEN);
  EXPECT_EQ(goal.progress().verdict(), v1::VERDICT_STATE_NOT_YET);
  EXPECT_EQ(goal.progress().starting_gap().value(), 60000) << "34:00 against 33:00";
  EXPECT_EQ(goal.progress().days_left(), 61);
  GoTo(2026, 8, 11);
  BenRuns("late-run", DateOf(2026, 8, 10), "0:32:30");
  v1::Goal now = BensGoal();
  EXPECT_EQ(now.progress().state(), v1::GoalProgress::STATE_MISSED) << "it was run after the day";
  EXPECT_EQ(now.progress().verdict(), v1::VERDICT_STATE_QUALIFIED) << "the standard is met all the same";
  EXPECT_EQ(now.progress().best_mark().value(), 34 * 60000);
  BenRuns("due-run", DateOf(2026, 8, 1), "0:32:59");
  now = BensGoal();
  EXPECT_EQ(now.progress().state(), v1::GoalProgress::STATE_REACHED) << "on the day itself";
  EXPECT_EQ(now.progress().gap().value(), -1000);
}

TEST_F(BoardServerTest, TheProbabilityOfAGoalIsThatOfItsOwnDay) {
  // By June the last race is a year ago; a race at the end of the year would follow a long pause.
  const v1::Goal goal = MustSetGoal(DateOf(2026, 6, 20));
  ASSERT_TRUE(goal.progress().has_probability());
  EXPECT_DOUBLE_EQ(goal.progress().probability(), Forecast(DateOf(2026, 6, 20)).probability());
  EXPECT_NE(goal.progress().probability(), Forecast(v1::Date()).probability());
}

TEST_F(BoardServerTest, AGoalThatIsOverdueCanStillBeRenamed) {
  (void)MustSetGoal(DateOf(2026, 8, 1));
  GoTo(2026, 8, 2);
  v1::UpdateGoalRequest request;
  v1::Goal changed;
  request.mutable_goal()->set_name(ben_ + "/goals/cup");
  request.mutable_goal()->set_display_name("once more");
  request.mutable_update_mask()->add_paths("display_name");
  ASSERT_CALL(goals_->UpdateGoal(RunningServer::As(bens_).get(), request, &changed));
  EXPECT_EQ(changed.display_name(), "once more");
  EXPECT_EQ(changed.progress().state(), v1::GoalProgress::STATE_MISSED);
  request.mutable_update_mask()->add_paths("due_date");
  *request.mutable_goal()->mutable_due_date() = DateOf(2026, 7, 31);
  EXPECT_EQ(ViolatedField(goals_->UpdateGoal(RunningServer::As(bens_).get(), request, &changed)), "goal.due_date");
  *request.mutable_goal()->mutable_due_date() = DateOf(2026, 9, 1);
  ASSERT_CALL(goals_->UpdateGoal(RunningServer::As(bens_).get(), request, &changed));
  EXPECT_EQ(changed.progress().state(), v1::GoalProgress::STATE_OPEN);
}

TEST_F(BoardServerTest, CellsAreOrderedAndNarrowedAsAsked) {
  const std::string coach = MustMakeBoard();
  const v1::ListBoardCellsResponse cells = Cells(coach, CellsRequest(""));
  EXPECT_THAT(Told(cells), ElementsAre("Abe cup", "Abe elite", "Ben cup", "Ben elite"));
  EXPECT_EQ(cells.cells(0).verdict(), v1::VERDICT_STATE_QUALIFIED);
  EXPECT_EQ(cells.cells(0).gap().value(), -60000);
  EXPECT_EQ(cells.cells(0).deadline_date().month(), 12);
  EXPECT_EQ(cells.cells(3).verdict(), v1::VERDICT_STATE_NOT_YET);
  EXPECT_EQ(cells.cells(3).last_mark().value(), 34 * 60000);
  EXPECT_THAT(Told(Cells(coach, CellsRequest("gap.percent"))),
              ElementsAre("Abe cup", "Ben cup", "Abe elite", "Ben elite"));
  EXPECT_THAT(Told(Cells(coach, CellsRequest("deadline_date"))),
              ElementsAre("Abe elite", "Ben elite", "Abe cup", "Ben cup"));
  v1::ListBoardCellsRequest request = CellsRequest("");
  request.set_filter("verdict = qualified");
  EXPECT_THAT(Told(Cells(coach, request)), ElementsAre("Abe cup"));
  request.set_filter(absl::StrCat("athlete = \"", ben_, "\""));
  EXPECT_THAT(Told(Cells(coach, request)), ElementsAre("Ben cup", "Ben elite"));
  v1::ListBoardCellsResponse none;
  EXPECT_EQ(ViolatedField(goals_->ListBoardCells(RunningServer::As(coach).get(), CellsRequest("name"), &none)),
            "order_by");
}

TEST_F(BoardServerTest, APageOfCellsGoesOnAfterACellThatHasGone) {
  const std::string coach = MustMakeBoard();
  v1::ListBoardCellsRequest request = CellsRequest("gap.percent", 3);
  const v1::ListBoardCellsResponse first = Cells(coach, request);
  EXPECT_THAT(Told(first), ElementsAre("Abe cup", "Ben cup", "Abe elite"));
  ASSERT_FALSE(first.next_page_token().empty());
  v1::RevokeGrantRequest revoke;
  v1::Grant revoked;
  revoke.set_name(abes_grant_);
  ASSERT_CALL(server_.access->RevokeGrant(RunningServer::As(abes_).get(), revoke, &revoked));
  request.set_page_token(first.next_page_token());
  const v1::ListBoardCellsResponse second = Cells(coach, request);
  EXPECT_THAT(Told(second), ElementsAre("Ben elite"));
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_THAT(second.ended_athletes(), ElementsAre(abe_));
}

TEST_F(BoardServerTest, ABoardOfAClubHasThoseWhoGrantedItToTheClub) {
  (void)MustGrant(ben_, bens_, "clubs/lions", v1::Grant::RELATION_CLUB_MANAGER);
  (void)MustGrant(abe_, abes_, "clubs/tigers", v1::Grant::RELATION_CLUB_MANAGER);
  const std::string manager = server_.MakeToken(v1::ROLE_COACH, {"clubs/lions"});
  v1::CreateBoardRequest request;
  v1::Board board;
  request.set_board_id("squad");
  request.mutable_board()->set_display_name("Lions");
  request.mutable_board()->set_club("clubs/lions");
  request.mutable_board()->add_standards("standards/cup");
  request.mutable_board()->set_goals(true);
  ASSERT_CALL(goals_->CreateBoard(RunningServer::As(manager).get(), request, &board));
  EXPECT_THAT(Told(Cells(manager, CellsRequest(""))), ElementsAre("Ben cup"));
  (void)MustSetGoal(DateOf(2026, 8, 1));
  const v1::ListBoardCellsResponse cells = Cells(manager, CellsRequest(""));
  ASSERT_EQ(cells.cells_size(), 2) << "the athletes' own goals come after the standards";
  EXPECT_EQ(cells.cells(1).target(), ben_ + "/goals/cup");
  EXPECT_EQ(cells.cells(1).deadline_date().month(), 8);
}

}  // namespace
}  // namespace palmares::testing
