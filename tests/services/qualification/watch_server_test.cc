// Verdicts that change are told as they change, and again to who comes back with a position.
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr char kWatchedCup[] = R"(
schema = 1
id = "cup"
scheme = "cup"
edition = "2026"
name = "Cup 2026"
[event]
name = "Cup"
day = 2026-09-01
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-06-01T12:00:00
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[source]]
url = "https://example.org/cup"
)";

class WatchServerTest : public ::testing::Test {
 protected:
  WatchServerTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(kWatchedCup);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
    server_.MustImport(race_, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:32:00\n2,2,Ben Bold,M,30,0:34:00\n");
  }

  int64_t Disqualify(const std::string& bib) {
    v1::DisqualifyResultRequest request;
    request.set_rule("TR17.3.1");
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_reason("cut the course");
    EXPECT_CALL_OK(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
    return response.position();
  }

  int64_t Correct(const std::string& bib, int64_t mark) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.mutable_row()->set_gun_mark(mark);
    request.mutable_row()->set_official_mark(mark);
    request.mutable_update_mask()->add_paths("gun_mark");
    request.mutable_update_mask()->add_paths("official_mark");
    request.set_reason("clock");
    EXPECT_CALL_OK(server_.results->CorrectResult(server_.AsOperator().get(), request, &response));
    return response.position();
  }

  // "athlete: old -> new" of the next message that tells of changes.
  static std::vector<std::string> NextChanges(grpc::ClientReader<v1::WatchQualificationsResponse>& stream,
                                              int64_t* position, std::string* cause = nullptr) {
    v1::WatchQualificationsResponse message;
    std::vector<std::string> changes;
    while (changes.empty() && stream.Read(&message)) {
      for (const v1::VerdictChange& change : message.changes()) {
        changes.push_back(absl::StrCat(change.verdict().athlete(), ": ", v1::VerdictState_Name(change.old_state()),
                                       " -> ", v1::VerdictState_Name(change.verdict().state())));
        if (cause != nullptr) *cause = change.cause();
      }
    }
    *position = message.position();
    return changes;
  }

  RunningServer server_;
  const std::string race_;
};

constexpr char kOut[] = ": VERDICT_STATE_QUALIFIED -> VERDICT_STATE_NOT_YET";
constexpr char kIn[] = ": VERDICT_STATE_NOT_YET -> VERDICT_STATE_QUALIFIED";

TEST_F(WatchServerTest, AFlipIsToldAndTheSameFlipIsToldAgainFromItsPosition) {
  const std::string abe = server_.ByBib(race_, "1").athlete();
  const std::string ben = server_.ByBib(race_, "2").athlete();
  v1::WatchQualificationsRequest request;
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse first;
  ASSERT_TRUE(stream->Read(&first)) << "an empty message says from where on changes are told";
  EXPECT_EQ(first.changes_size(), 0);
  const int64_t start = first.position();
  int64_t position = 0;
  const int64_t disqualified = Disqualify("1");
  std::string live_cause;
  EXPECT_THAT(NextChanges(*stream, &position, &live_cause), ::testing::ElementsAre(abe + kOut));
  EXPECT_EQ(live_cause, race_ + "/results/1");
  EXPECT_GE(position, disqualified);
  const int64_t corrected = Correct("2", 1950000);
  EXPECT_THAT(NextChanges(*stream, &position), ::testing::ElementsAre(ben + kIn));
  context->TryCancel();
  (void)stream->Finish();

  request.set_start_position(start);
  const auto again_context = RunningServer::As("");
  const auto again = server_.qualification->WatchQualifications(again_context.get(), request);
  std::string cause;
  EXPECT_THAT(NextChanges(*again, &position, &cause), ::testing::ElementsAre(abe + kOut));
  EXPECT_EQ(position, disqualified);
  EXPECT_EQ(cause, race_ + "/results/1");
  EXPECT_THAT(NextChanges(*again, &position), ::testing::ElementsAre(ben + kIn));
  EXPECT_EQ(position, corrected);
  again_context->TryCancel();
  (void)again->Finish();

  // After a restart nothing but the ledger is left.
  server_.Restart();
  request.set_start_position(disqualified);
  request.add_athletes(ben);
  const auto late_context = RunningServer::As("");
  const auto late = server_.qualification->WatchQualifications(late_context.get(), request);
  EXPECT_THAT(NextChanges(*late, &position), ::testing::ElementsAre(ben + kIn));
  late_context->TryCancel();
  (void)late->Finish();
}

TEST_F(WatchServerTest, OnlyThoseAskedForAreTold) {
  v1::WatchQualificationsRequest request;
  request.add_athletes(server_.ByBib(race_, "2").athlete());
  request.add_standards("standards/cup");
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  (void)Disqualify("1");
  (void)Correct("2", 1950000);
  int64_t position = 0;
  EXPECT_THAT(NextChanges(*stream, &position), ::testing::ElementsAre(server_.ByBib(race_, "2").athlete() + kIn));
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, WhoIsMovedByAnothersResultIsTold) {
  v1::LoadStandardRequest load;
  v1::LoadStandardResponse loaded;
  load.set_rules_text(
      absl::StrReplaceAll(kWatchedCup, {{"\"cup\"", "\"small-cup\""},
                                        {"0:33:00", "0:35:00"},
                                        {"[[marks]]", "[field]\nselection = \"best-mark\"\nsize = 1\n[[marks]]"}}));
  ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  const std::string abe = server_.ByBib(race_, "1").athlete();
  const std::string ben = server_.ByBib(race_, "2").athlete();
  v1::WatchQualificationsRequest request;
  request.add_standards("standards/small-cup");
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  const std::string moved_out = ": VERDICT_STATE_QUALIFIED -> VERDICT_STATE_OUTSIDE_CUTOFF";
  const std::string moved_in = ": VERDICT_STATE_OUTSIDE_CUTOFF -> VERDICT_STATE_QUALIFIED";
  int64_t position = 0;
  (void)Correct("2", 1860000);  // 31:00, before Abe's 32:00
  std::string cause;
  EXPECT_THAT(NextChanges(*stream, &position, &cause),
              ::testing::UnorderedElementsAre(abe + moved_out, ben + moved_in));
  EXPECT_EQ(cause, race_ + "/results/2");
  (void)Disqualify("2");
  EXPECT_THAT(NextChanges(*stream, &position), ::testing::UnorderedElementsAre(abe + moved_in, ben + kOut));
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, WhoIsOutsideAndLosesTheMarkWasOutside) {
  v1::LoadStandardRequest load;
  v1::LoadStandardResponse loaded;
  load.set_rules_text(
      absl::StrReplaceAll(kWatchedCup, {{"\"cup\"", "\"small-cup\""},
                                        {"0:33:00", "0:35:00"},
                                        {"[[marks]]", "[field]\nselection = \"best-mark\"\nsize = 1\n[[marks]]"}}));
  ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  const std::string ben = server_.ByBib(race_, "2").athlete();
  v1::WatchQualificationsRequest request;
  request.add_standards("standards/small-cup");
  request.add_athletes(ben);
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  int64_t position = 0;
  (void)Correct("2", 2160000);  // 36:00
  EXPECT_THAT(NextChanges(*stream, &position),
              ::testing::ElementsAre(ben + ": VERDICT_STATE_OUTSIDE_CUTOFF -> VERDICT_STATE_NOT_YET"));
  (void)Correct("2", 2040000);
  EXPECT_THAT(NextChanges(*stream, &position),
              ::testing::ElementsAre(ben + ": VERDICT_STATE_NOT_YET -> VERDICT_STATE_OUTSIDE_CUTOFF"));
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, NearingDeadlinesAreToldOnce) {
  v1::WatchQualificationsRequest request;
  request.mutable_deadline_notice_duration()->set_seconds(86400);
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  do {
    ASSERT_TRUE(stream->Read(&message));
  } while (message.deadlines().empty());
  ASSERT_EQ(message.deadlines_size(), 1);
  EXPECT_EQ(message.deadlines(0).kind(), v1::Deadline::KIND_WINDOW_CLOSES);
  EXPECT_EQ(message.deadlines(0).standard(), "standards/cup");
  const absl::Time noon = absl::FromCivil(absl::CivilHour(2026, 6, 1, 11), absl::UTCTimeZone());
  EXPECT_EQ(message.deadlines(0).deadline_time().seconds(), absl::ToUnixSeconds(noon)) << "12:00 in London's summer";
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, AStandardThatIsLoadedIsTheCauseOfWhatItChanges) {
  v1::WatchQualificationsRequest request;
  request.add_athletes(server_.ByBib(race_, "2").athlete());
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  const int64_t start = message.position();
  v1::LoadStandardRequest load;
  v1::LoadStandardResponse loaded;
  load.set_rules_text(absl::StrReplaceAll(kWatchedCup, {{"0:33:00", "0:35:00"}}));
  ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  int64_t position = 0;
  std::string cause;
  EXPECT_THAT(NextChanges(*stream, &position, &cause), ::testing::ElementsAre(request.athletes(0) + kIn));
  EXPECT_EQ(cause, "standards/cup");
  context->TryCancel();
  (void)stream->Finish();
  request.set_start_position(start);
  const auto again_context = RunningServer::As("");
  const auto again = server_.qualification->WatchQualifications(again_context.get(), request);
  cause.clear();
  EXPECT_THAT(NextChanges(*again, &position, &cause), ::testing::ElementsAre(request.athletes(0) + kIn));
  EXPECT_EQ(cause, "standards/cup");
  again_context->TryCancel();
  (void)again->Finish();
}

TEST_F(WatchServerTest, WhoWasAwayOverAClosingMidnightHearsOfIt) {
  const std::string ben = server_.ByBib(race_, "2").athlete();
  v1::WatchQualificationsRequest request;
  request.add_athletes(ben);
  v1::WatchQualificationsResponse message;
  {
    const auto context = RunningServer::As("");
    const auto stream = server_.qualification->WatchQualifications(context.get(), request);
    ASSERT_TRUE(stream->Read(&message));
    context->TryCancel();
    (void)stream->Finish();
  }
  server_.now_us += int64_t{3} * 86'400'000'000;
  const int64_t corrected = Correct("2", 1950000);  // run in time, mended later
  request.set_start_position(message.position());
  constexpr char kClosed[] = ": VERDICT_STATE_NOT_YET -> VERDICT_STATE_EXPIRED";
  constexpr char kAfterAll[] = ": VERDICT_STATE_EXPIRED -> VERDICT_STATE_QUALIFIED";
  int64_t position = 0;
  {
    const auto context = RunningServer::As("");
    const auto stream = server_.qualification->WatchQualifications(context.get(), request);
    std::string cause = "none";
    EXPECT_THAT(NextChanges(*stream, &position, &cause), ::testing::ElementsAre(ben + kClosed));
    EXPECT_EQ(cause, "") << "a day passed";
    EXPECT_LT(position, corrected);
    EXPECT_THAT(NextChanges(*stream, &position), ::testing::ElementsAre(ben + kAfterAll));
    EXPECT_EQ(position, corrected);
    context->TryCancel();
    (void)stream->Finish();
  }
  // Who had heard of the midnight says so by the time of the message.
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(2026, 6, 2), absl::UTCTimeZone());
  request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(midnight));
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  EXPECT_THAT(NextChanges(*stream, &position), ::testing::ElementsAre(ben + kAfterAll));
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, AWindowClosesAtItsSecondInTheZoneOfItsStandard) {
  const std::string ben = server_.ByBib(race_, "2").athlete();
  constexpr char kClosed[] = ": VERDICT_STATE_NOT_YET -> VERDICT_STATE_EXPIRED";
  const absl::Time closed = absl::FromCivil(absl::CivilSecond(2026, 6, 1, 11, 0, 1), absl::UTCTimeZone());
  v1::WatchQualificationsRequest request;
  request.add_athletes(ben);
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse first;
  ASSERT_TRUE(stream->Read(&first));
  server_.now_us = absl::ToUnixMicros(closed);  // a second after 12:00 in London's summer, long before any midnight
  int64_t position = 0;
  std::string cause = "none";
  EXPECT_THAT(NextChanges(*stream, &position, &cause), ::testing::ElementsAre(ben + kClosed));
  EXPECT_EQ(cause, "");
  context->TryCancel();
  (void)stream->Finish();

  // Who comes back hours later hears of it with its time.
  server_.now_us += int64_t{5} * 3600 * 1'000'000;
  request.set_start_position(first.position());
  const auto again_context = RunningServer::As("");
  const auto again = server_.qualification->WatchQualifications(again_context.get(), request);
  v1::WatchQualificationsResponse message;
  do {
    ASSERT_TRUE(again->Read(&message));
  } while (message.changes().empty());
  EXPECT_EQ(message.changes(0).verdict().state(), v1::VERDICT_STATE_EXPIRED);
  EXPECT_EQ(message.change_time().seconds(), absl::ToUnixSeconds(closed));
  again_context->TryCancel();
  (void)again->Finish();
}

TEST_F(WatchServerTest, ADeadlineThatWasToldIsNotToldAgainToWhoComesBack) {
  v1::WatchQualificationsRequest request;
  request.mutable_deadline_notice_duration()->set_seconds(86400);
  // The position to come back with, and how many deadlines were told from `start` on.
  const auto watch_from = [&](int64_t start, int64_t mark) {
    request.set_start_position(start);
    const auto context = RunningServer::As("");
    const auto stream = server_.qualification->WatchQualifications(context.get(), request);
    v1::WatchQualificationsResponse message;
    EXPECT_TRUE(stream->Read(&message));
    const int64_t position = message.position();
    const int64_t corrected = Correct("2", mark);  // deadlines are told with what comes next, or before it
    int deadlines = message.deadlines_size();
    while (message.position() < corrected && stream->Read(&message)) deadlines += message.deadlines_size();
    context->TryCancel();
    (void)stream->Finish();
    return std::pair(position, deadlines);
  };
  const auto [position, told] = watch_from(0, 1950000);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(watch_from(position, 2040000).second, 0);
}

TEST_F(WatchServerTest, TheDayOfAGoalIsToldToItsAthlete) {
  const std::string abe = server_.ByBib(race_, "1").athlete();
  const std::string abes = server_.MakeToken(v1::ROLE_ATHLETE, {abe});
  v1::CreateGoalRequest create;
  v1::Goal goal;
  create.set_parent(abe);
  create.set_goal_id("cup");
  create.mutable_goal()->set_standard("standards/cup");
  *create.mutable_goal()->mutable_due_date() = DateOf(2026, 6, 2);
  ASSERT_CALL(v1::GoalService::NewStub(server_.channel)->CreateGoal(RunningServer::As(abes).get(), create, &goal));
  v1::WatchQualificationsRequest request;
  request.add_athletes(abe);
  request.mutable_deadline_notice_duration()->set_seconds(int64_t{3} * 86400);
  const auto context = RunningServer::As(abes);
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  do {
    ASSERT_TRUE(stream->Read(&message));
  } while (message.deadlines().empty());
  ASSERT_EQ(message.deadlines_size(), 2) << "the cup's window, and the goal";
  const v1::Deadline& due = message.deadlines(1);
  EXPECT_EQ(due.kind(), v1::Deadline::KIND_GOAL_DUE);
  EXPECT_EQ(due.athlete(), abe);
  EXPECT_EQ(due.goal(), abe + "/goals/cup");
  EXPECT_EQ(due.standard(), "standards/cup");
  const absl::Time end = absl::FromCivil(absl::CivilHour(2026, 6, 2, 23), absl::UTCTimeZone());
  EXPECT_EQ(due.deadline_time().seconds(), absl::ToUnixSeconds(end) - 1) << "midnight in London's summer";
  context->TryCancel();
  (void)stream->Finish();
}

TEST_F(WatchServerTest, AWatchEndsWhenTheServerShutsDown) {
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), v1::WatchQualificationsRequest());
  v1::WatchQualificationsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  std::thread drains([&] { server_.server->Drain(absl::Seconds(30)); });
  while (stream->Read(&message)) {
  }
  const grpc::Status status = stream->Finish();
  drains.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(status.error_message().find("shutting down"), std::string::npos) << status.error_message();
}

TEST_F(WatchServerTest, APositionThatWasNeverGivenOutIsRefused) {
  v1::WatchQualificationsRequest request;
  request.set_start_position(1'000'000);
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->WatchQualifications(context.get(), request);
  v1::WatchQualificationsResponse message;
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

}  // namespace
}  // namespace palmares::testing
