// The change feed: results told as they change, and every change listed in order.
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kFeedSheet[] =
    "bib,name,sex,age,country,gun\n"
    "11,Ada Quick,W,31,KEN,2:31:00\n"
    "12,Bo Steady,M,42,USA,2:32:00\n"
    "13,Cy Slow,M,46,USA,2:33:00\n";

class FeedTest : public ::testing::Test {
 protected:
  FeedTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {}

  // What a caller who follows the race from a position on has in hand once all is told.
  std::map<std::string, std::string> Follow(int64_t start, const std::string& athlete = "", bool initial = false) {
    v1::WatchResultsRequest request;
    request.set_parent(race_);
    request.set_start_position(start);
    request.set_athlete(athlete);
    request.set_initial_state(initial);
    const int64_t newest = Position();
    const auto context = RunningServer::As("");
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const auto stream = server_.results->WatchResults(context.get(), request);
    std::map<std::string, std::string> results;
    v1::WatchResultsResponse message;
    while (stream->Read(&message)) {
      for (const std::string& name : message.removed_results()) results.erase(name);
      for (const v1::Result& result : message.results()) results[result.name()] = Text(result);
      if (message.position() >= newest) break;
    }
    context->TryCancel();
    (void)stream->Finish();
    return results;
  }
  std::map<std::string, std::string> Standing() {
    std::map<std::string, std::string> results;
    for (const v1::Result& result : server_.Results(race_)) results[result.name()] = Text(result);
    return results;
  }
  static std::string Text(const v1::Result& result) {
    return absl::StrCat(result.row().bib(), " ", result.place(), " ", result.mark().text(), " ", result.outcome(), " ",
                        result.athlete());
  }
  int64_t Position() {
    v1::GetPositionRequest request;
    v1::GetPositionResponse response;
    EXPECT_CALL_OK(server_.ledger->GetPosition(RunningServer::As("").get(), request, &response));
    return response.position();
  }
  grpc::Status Disqualify(const std::string& bib) {
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_rule("TR17");
    request.set_reason("cut the course");
    return server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response);
  }
  grpc::Status Sanction(const std::string& athlete) {
    v1::CreateSanctionRequest request;
    v1::Sanction sanction;
    request.set_parent(athlete);
    request.set_sanction_id("adr-1");
    request.mutable_sanction()->set_rule("ADR 2.1");
    request.mutable_sanction()->set_reason("a finding");
    *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(2025, 1, 1);
    *request.mutable_sanction()->mutable_period()->mutable_end_date() = DateOf(2025, 12, 31);
    return server_.results->CreateSanction(server_.AsOperator().get(), request, &sanction);
  }
  // "kind action name-end" of all changes after a position.
  std::vector<std::string> List(int64_t start, const std::string& secret, int32_t page_size = 0) {
    v1::ListChangesRequest request;
    request.set_start_position(start);
    request.set_page_size(page_size);
    std::vector<std::string> lines;
    do {
      v1::ListChangesResponse response;
      EXPECT_CALL_OK(server_.ledger->ListChanges(RunningServer::As(secret).get(), request, &response));
      for (const v1::WatchChangesResponse& entry : response.entries()) {
        for (const v1::Change& change : entry.changes()) {
          lines.push_back(absl::StrCat(v1::ChangeKind_Name(change.kind()).substr(12), " ",
                                       v1::Change::Action_Name(change.action()).substr(7), " ", change.name(), ": ",
                                       change.summary()));
        }
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return lines;
  }

  RunningServer server_;
  std::string race_;
};

TEST_F(FeedTest, WhoFollowsARaceFromTheBeginningHasItsResultsAsTheyStand) {
  server_.MustImport(race_, kFeedSheet);
  EXPECT_EQ(Follow(-1), Standing());
  ASSERT_CALL(Disqualify("12"));
  EXPECT_EQ(Follow(-1), Standing());
  ASSERT_CALL(Sanction(server_.ByBib(race_, "11").athlete()));
  EXPECT_EQ(Follow(-1), Standing());
  EXPECT_EQ(Follow(0, "", true), Standing());
}

TEST_F(FeedTest, OnlyWhatChangedAfterThePositionIsToldWithWhoMovedUp) {
  server_.MustImport(race_, kFeedSheet);
  const int64_t start = Position();
  ASSERT_CALL(Disqualify("12"));
  const std::map<std::string, std::string> told = Follow(start);
  EXPECT_EQ(told.size(), 2) << "who was disqualified, and who moved up";
  EXPECT_EQ(told.count(server_.ByBib(race_, "11").name()), 0);
  const std::string athlete = server_.ByBib(race_, "13").athlete();
  EXPECT_EQ(Follow(start, athlete).size(), 1);
}

TEST_F(FeedTest, ASanctionIsToldOfWhomItDisqualifiesAndWhoMovesUp) {
  server_.MustImport(race_, kFeedSheet);
  const int64_t start = Position();
  ASSERT_CALL(Sanction(server_.ByBib(race_, "12").athlete()));
  const std::map<std::string, std::string> told = Follow(start);
  EXPECT_EQ(told.size(), 2);
  const std::vector<std::string> changes = List(start, "");
  EXPECT_THAT(changes, Contains(StartsWith(absl::StrCat("RESULT UPDATED ", server_.ByBib(race_, "12").name()))));
  EXPECT_THAT(changes, Contains(StartsWith(absl::StrCat("RESULT UPDATED ", server_.ByBib(race_, "13").name()))));
}

TEST_F(FeedTest, ChangesAreListedInOrderOnceHoweverLargeThePages) {
  server_.MustImport(race_, kFeedSheet);
  ASSERT_CALL(Disqualify("12"));
  const std::vector<std::string> all = List(-1, server_.operator_secret);
  EXPECT_EQ(List(-1, server_.operator_secret, 1), all);
  EXPECT_THAT(all, Contains(absl::StrCat("EVENT CREATED ", race_, ": open was added")));
  EXPECT_THAT(all, Contains(absl::StrCat("SHEET CREATED ", race_, "/sheet: not shown became official")));
  EXPECT_THAT(all, Contains(StartsWith("ACCESS ")));
  EXPECT_THAT(List(-1, ""), Not(Contains(StartsWith("ACCESS ")))) << "for operators alone";
}

TEST_F(FeedTest, ADraftIsToldToItsOrganizerAndToNobodyElseUntilItIsPublished) {
  v1::ImportHeader header;
  v1::ImportSheetResponse response;
  header.set_race(race_);
  header.set_state(v1::SHEET_STATE_DRAFT);
  const int64_t start = Position();
  ASSERT_CALL(server_.Import(header, kFeedSheet, &response, server_.operator_secret));
  EXPECT_THAT(List(start, ""), Not(Contains(StartsWith("RESULT"))));
  EXPECT_THAT(List(start, ""), Not(Contains(StartsWith("SHEET"))));
  EXPECT_THAT(List(start, server_.operator_secret), Contains(StartsWith("RESULT CREATED")));
}

TEST_F(FeedTest, WrongStartsKindsAndRacesAreRefused) {
  v1::ListChangesRequest request;
  v1::ListChangesResponse response;
  request.set_start_position(1'000'000);
  EXPECT_EQ(Reason(server_.ledger->ListChanges(RunningServer::As("").get(), request, &response)), "POSITION_AHEAD");
  request.set_start_position(1);
  for (const v1::ChangeKind untold : {v1::CHANGE_KIND_RANK, v1::CHANGE_KIND_VERDICT, v1::CHANGE_KIND_PROFILE}) {
    request.clear_kinds();
    request.add_kinds(untold);
    EXPECT_EQ(ViolatedField(server_.ledger->ListChanges(RunningServer::As("").get(), request, &response)), "kinds")
        << v1::ChangeKind_Name(untold);
  }
  v1::WatchResultsRequest watch;
  v1::WatchResultsResponse message;
  watch.set_parent("events/town-run");
  const auto context = RunningServer::As("");
  const auto stream = server_.results->WatchResults(context.get(), watch);
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(ViolatedField(stream->Finish()), "parent");
}

}  // namespace
}  // namespace palmares::testing
