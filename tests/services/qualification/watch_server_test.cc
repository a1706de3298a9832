// Verdicts that change are told as they change, and again to who comes back with a position.
#include <thread>

#include "absl/strings/str_cat.h"
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
  EXPECT_THAT(NextChanges(*stream, &position), ::testing::ElementsAre(abe + kOut));
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
