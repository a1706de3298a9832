// What the server answers to those who ask: lists and their pages, ranks, verdicts, and a reason where there is no
// answer.
#include <spdlog/sinks/null_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "services/server/call_observer.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kAnswersSheet[] =
    "place,bib,name,sex,age,country,club,gun\n"
    "1 / 2,W1,Wim Wheel,M,30,NED,,1:25:00\n"
    "1 / 4,11,Ada Quick,W,31,KEN,Lions,2:30:00\n"
    "2 / 4,12,Bo Steady,M,42,USA,Lions,2:40:00\n"
    "2 / 4,13,Cy Even,M,46,USA,Bears,2:40:00\n"
    "4 / 4,14,Ed Last,M,43,USA,Lions,2:50:00\n";

class AnswersTest : public ::testing::Test {
 protected:
  AnswersTest()
      : server_(/*catalogue=*/true), race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {
    server_.MustImport(race_, kAnswersSheet);
  }

  v1::ListResultsResponse Page(const std::string& token, int32_t size, grpc::Status* status) {
    v1::ListResultsRequest request;
    v1::ListResultsResponse response;
    request.set_parent(race_);
    request.set_page_size(size);
    request.set_page_token(token);
    *status = server_.results->ListResults(RunningServer::As("").get(), request, &response);
    return response;
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(AnswersTest, TiedMarksShareARankAndTheNextIsSkipped) {
  std::vector<std::string> ranks;
  for (const v1::RankingRow& row : server_.RankingRows(QueryOf("marathon", v1::SEX_MEN))) {
    ranks.push_back(absl::StrCat(row.rank(), " ", row.athlete_display_name(), " ", row.mark().text()));
  }
  EXPECT_THAT(ranks, ElementsAre("1 Bo Steady 2:40:00", "1 Cy Even 2:40:00", "3 Ed Last 2:50:00"))
      << "and a wheelchair racer is in no runners' list";
}

TEST_F(AnswersTest, APageStaysValidWhileDataChanges) {
  grpc::Status status;
  const v1::ListResultsResponse first = Page("", 2, &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(first.results_size(), 2);
  v1::DisqualifyResultRequest request;
  request.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  request.set_name(first.results(0).name());
  request.set_reason("cut the course");
  ASSERT_TRUE(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &changed).ok());
  const v1::ListResultsResponse second = Page(first.next_page_token(), 10, &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  for (const v1::Result& result : second.results()) EXPECT_NE(result.name(), first.results(1).name());
}

TEST_F(AnswersTest, AForeignOrForgedPageTokenIsRefused) {
  grpc::Status status;
  const std::string token = Page("", 2, &status).next_page_token();
  ASSERT_FALSE(token.empty());
  v1::ListResultsRequest other;
  v1::ListResultsResponse response;
  other.set_parent(race_);
  other.set_filter("sex = M");
  other.set_page_token(token);
  EXPECT_EQ(server_.results->ListResults(RunningServer::As("").get(), other, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  (void)Page("AAAA", 2, &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  (void)Page("", -1, &status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AnswersTest, AFilterForAValueThatNoRowHasIsAMistakeAndAnOutcomeIsReadInTheWordsOfFiles) {
  v1::ListResultsRequest request;
  v1::ListResultsResponse response;
  request.set_parent(race_);
  for (const char* filter : {"sex = Q", "division = flying", "outcome = lost"}) {
    request.set_filter(filter);
    EXPECT_EQ(ViolatedField(server_.results->ListResults(RunningServer::As("").get(), request, &response)), "filter")
        << filter;
  }
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  grpc::Status status;
  disqualify.set_name(Page("", 1, &status).results(0).name());
  disqualify.set_reason("cut the course");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  for (const char* filter : {"outcome = DQ", "outcome = dsq"}) {
    request.set_filter(filter);
    ASSERT_CALL(server_.results->ListResults(RunningServer::As("").get(), request, &response));
    EXPECT_EQ(response.total_size(), 1) << filter;
  }
}

TEST_F(AnswersTest, WhoIsNotInAListIsAnAnswerNotAnError) {
  v1::GetRankRequest request;
  v1::Rank rank;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_athlete(server_.ByBib(race_, "11").athlete());
  const grpc::Status status = server_.rankings->GetRank(RunningServer::As("").get(), request, &rank);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(rank.listed());
  EXPECT_FALSE(rank.unlisted_reason().empty());
  request.set_athlete(server_.ByBib(race_, "12").athlete());
  ASSERT_TRUE(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank).ok());
  EXPECT_EQ(rank.rank(), 1);
  EXPECT_EQ(rank.tied(), 1) << "others, not oneself";
  EXPECT_EQ(rank.total_size(), 3);
}

TEST_F(AnswersTest, AVerdictSaysWhyAndHowFar) {
  v1::QualifyRequest request;
  v1::QualifyResponse response;
  request.set_athlete(server_.ByBib(race_, "12").athlete());
  request.add_standards("standards/boston-2026");
  const grpc::Status status = server_.qualification->Qualify(RunningServer::As("").get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.verdicts_size(), 1);
  const v1::Verdict& verdict = response.verdicts(0);
  EXPECT_EQ(verdict.state(), v1::VERDICT_STATE_QUALIFIED) << verdict.explanation();
  EXPECT_EQ(verdict.required().mark().text(), "3:05:00") << "42 in May 2025 is 42 or 43 on 2026-04-20";
  EXPECT_EQ(verdict.margin().value(), -25 * 60 * 1000);
  EXPECT_EQ(verdict.counting().result(), server_.ByBib(race_, "12").name());
  EXPECT_EQ(verdict.counting().result_revision(), 1);
  v1::CorrectResultRequest correction;
  v1::ChangeResultResponse corrected;
  correction.set_name(verdict.counting().result());
  correction.set_reason("the entry form");
  correction.mutable_update_mask()->add_paths("club");
  correction.mutable_row()->set_club("Tigers");
  const grpc::Status changed = server_.results->CorrectResult(server_.AsOperator().get(), correction, &corrected);
  ASSERT_TRUE(changed.ok()) << changed.error_message();
  v1::QualifyResponse again;
  ASSERT_TRUE(server_.qualification->Qualify(RunningServer::As("").get(), request, &again).ok());
  ASSERT_EQ(again.verdicts_size(), 1);
  EXPECT_EQ(again.verdicts(0).counting().result_revision(), 2);
}

TEST(NotServedTest, AMethodThatNobodyWroteYetSaysSo) {
  v1::AdministrationService::Service unwritten;
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
  observers.push_back(server::MakeCallObserver(
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>())));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&unwritten);
  builder.experimental().SetInterceptorCreators(std::move(observers));
  const std::unique_ptr<grpc::Server> running = builder.BuildAndStart();
  ASSERT_NE(running, nullptr);
  const auto stub = v1::AdministrationService::NewStub(
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  const auto context = RunningServer::As("");
  const auto reader = stub->ExportPublicData(context.get(), v1::ExportPublicDataRequest());
  v1::FileChunk chunk;
  EXPECT_FALSE(reader->Read(&chunk));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_NE(status.error_message().find("not served by this version yet"), std::string::npos) << status.error_message();
  EXPECT_EQ(Reason(status), "NOT_IMPLEMENTED");
}

TEST_F(AnswersTest, WhatIsPersonalIsForWhoeverManagesTheRace) {
  const std::string race = server_.MakeRace("other-run", "2025", DateOf(2025, 6, 1));
  server_.MustImport(race, "bib,name,sex,birth_date,age,city,gun\n1,Ina Known,W,1990-03-04,35,Leeds,0:40:00\n");
  v1::GetResultRequest request;
  request.set_name(absl::StrCat(race, "/results/1"));
  v1::Result seen;
  ASSERT_TRUE(server_.results->GetResult(RunningServer::As("").get(), request, &seen).ok());
  EXPECT_EQ(seen.row().birth_date().year(), 1990);
  EXPECT_EQ(seen.row().birth_date().day(), 0);
  EXPECT_EQ(seen.row().city(), "");
  ASSERT_TRUE(server_.results->GetResult(server_.AsOperator().get(), request, &seen).ok());
  EXPECT_EQ(seen.row().birth_date().day(), 4);
  EXPECT_EQ(seen.row().city(), "Leeds");
}

TEST_F(AnswersTest, WhoStandsOnADraftAloneIsKnownToNobodyElse) {
  const std::string race = server_.MakeRace("other-run", "2025", DateOf(2025, 6, 1));
  v1::ImportHeader header;
  header.set_race(race);
  header.set_state(v1::SHEET_STATE_DRAFT);
  v1::ImportSheetResponse response;
  ASSERT_TRUE(
      server_.Import(header, "bib,name,sex,age,gun\n1,Sascha Secret,W,30,0:40:00\n", &response, server_.operator_secret)
          .ok());
  ASSERT_TRUE(response.report().accepted());
  v1::SearchAthletesRequest request;
  request.set_query("Sascha Secret");
  v1::SearchAthletesResponse found;
  ASSERT_TRUE(server_.athletes->SearchAthletes(RunningServer::As("").get(), request, &found).ok());
  EXPECT_EQ(found.matches_size(), 0);
  v1::SearchAthletesResponse found_by_operator;
  ASSERT_TRUE(server_.athletes->SearchAthletes(server_.AsOperator().get(), request, &found_by_operator).ok());
  ASSERT_EQ(found_by_operator.matches_size(), 1);
  v1::GetAthleteRequest get;
  v1::Athlete athlete;
  get.set_name(found_by_operator.matches(0).athlete().name());
  EXPECT_EQ(server_.athletes->GetAthlete(RunningServer::As("").get(), get, &athlete).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(AnswersTest, AnExpiredTokenIsRefusedFromItsTimeOn) {
  v1::CreateTokenRequest create;
  create.mutable_token()->set_role(v1::ROLE_ORGANIZER);
  create.mutable_token()->add_resources("events/town-run");
  const int64_t expires_s = server_.now_us / 1'000'000 + 3600;
  create.mutable_token()->mutable_expire_time()->set_seconds(expires_s);
  v1::CreateTokenResponse created;
  ASSERT_CALL(server_.access->CreateToken(server_.AsOperator().get(), create, &created));
  v1::GetCallerRequest request;
  v1::Caller caller;
  server_.now_us = expires_s * 1'000'000 - 1;
  EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(created.secret()).get(), request, &caller));
  server_.now_us = expires_s * 1'000'000;
  const grpc::Status late = server_.access->GetCaller(RunningServer::As(created.secret()).get(), request, &caller);
  EXPECT_EQ(late.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_NE(late.error_message().find("expired"), std::string::npos) << late.error_message();
}

TEST_F(AnswersTest, ATokenSaysWhenItWasLastUsed) {
  v1::CreateTokenRequest request;
  request.mutable_token()->set_role(v1::ROLE_FEDERATION);
  v1::CreateTokenResponse created;
  ASSERT_CALL(server_.access->CreateToken(server_.AsOperator().get(), request, &created));
  v1::GetTokenRequest get;
  get.set_name(created.token().name());
  v1::Token token;
  ASSERT_CALL(server_.access->GetToken(server_.AsOperator().get(), get, &token));
  EXPECT_FALSE(token.has_last_use_time());
  v1::Caller caller;
  ASSERT_CALL(server_.access->GetCaller(RunningServer::As(created.secret()).get(), v1::GetCallerRequest(), &caller));
  ASSERT_CALL(server_.access->GetToken(server_.AsOperator().get(), get, &token));
  constexpr int64_t kHourS = 3600;
  EXPECT_EQ(token.last_use_time().seconds(), server_.now_us / 1'000'000 / kHourS * kHourS);
}

TEST_F(AnswersTest, TheFirstTokenIsItsOwnersAloneAndIsMadeOnce) {
  const std::string path = absl::StrCat(server_.directory.path(), "/data/operator.token");
  struct stat file = {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  server_.Restart();
  EXPECT_NE(::stat(path.c_str(), &file), 0) << "there is an operator already";
  v1::ListTokensResponse tokens;
  ASSERT_CALL(server_.access->ListTokens(server_.AsOperator().get(), v1::ListTokensRequest(), &tokens));
  EXPECT_EQ(tokens.tokens_size(), 1);
}

TEST_F(AnswersTest, APositionThatWasNeverGivenOutIsOutOfRange) {
  v1::ListTokensRequest request;
  v1::ListTokensResponse response;
  ASSERT_CALL(server_.access->ListTokens(server_.AsOperator().get(), request, &response));
  request.set_min_position(response.position());
  EXPECT_CALL_OK(server_.access->ListTokens(server_.AsOperator().get(), request, &response));
  request.set_min_position(response.position() + 1);
  EXPECT_EQ(server_.access->ListTokens(server_.AsOperator().get(), request, &response).error_code(),
            grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(AnswersTest, AnOrganizerOfAllEventsMakesNewOnes) {
  const std::string one = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const std::string all = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/-"});
  v1::CreateEventRequest request;
  request.set_event_id("new-run");
  request.mutable_event()->set_display_name("New Run");
  v1::Event event;
  EXPECT_EQ(server_.events->CreateEvent(RunningServer::As(one).get(), request, &event).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_CALL_OK(server_.events->CreateEvent(RunningServer::As(all).get(), request, &event));
}

TEST_F(AnswersTest, ARevokedTokenIsRefused) {
  const std::string secret = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  v1::GetCallerRequest request;
  v1::Caller caller;
  ASSERT_TRUE(server_.access->GetCaller(RunningServer::As(secret).get(), request, &caller).ok());
  v1::RevokeTokenRequest revoke;
  v1::Token token;
  revoke.set_name(caller.token());
  ASSERT_TRUE(server_.access->RevokeToken(server_.AsOperator().get(), revoke, &token).ok());
  EXPECT_EQ(server_.access->GetCaller(RunningServer::As(secret).get(), request, &caller).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  revoke.set_name("tokens/operator");
  EXPECT_EQ(server_.access->RevokeToken(server_.AsOperator().get(), revoke, &token).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION)
      << "nobody could make a token any more";
}

}  // namespace
}  // namespace palmares::testing
