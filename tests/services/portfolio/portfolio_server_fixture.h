// A whole server with an athlete, Ada, who ran in two editions of a race, and what tests of her portfolios ask of it.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_SERVER_FIXTURE_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_SERVER_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "services/credentials/key_document.h"
#include "services/portfolio/portfolio_credential.h"
#include "tests/services/portfolio/portfolio_calls.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {

inline constexpr char kFirstTownRun[] =
    "bib,name,sex,birth date,country,gun\n"
    "1,Ada Quicksilver,W,1990-02-03,KEN,31:00\n"
    "2,Bea Nextdoor,W,1985-02-03,KEN,32:00\n"
    "3,Cy Youngster,M,2008-02-03,USA,33:00\n";
inline constexpr char kSecondTownRun[] =
    "bib,name,sex,birth date,country,gun\n"
    "11,Ada Quicksilver,W,1990-02-03,KEN,30:30\n"
    "12,Dee Faster,W,1991-02-03,KEN,30:10\n";

// A standard, standards/cup, that Ada met in 2021 and not since.
inline constexpr char kCupOfTown[] = R"(
schema = 1
id = "cup"
scheme = "cup"
edition = "2023"
name = "Cup"
[event]
name = "Cup"
day = 2023-01-10
[window]
time_zone = "Europe/London"
opens = 2021-01-01
closes = 2021-12-31
[[marks]]
discipline = "10km-road"
sex = "W"
mark = "0:33:00"
[[source]]
url = "https://example.org/cup"
)";

class PortfolioServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4));
    second_ = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4));
    server_.MustImport(first_, kFirstTownRun);
    server_.MustImport(second_, kSecondTownRun);
    ada_ = server_.ByBib(first_, "1").athlete();
    ASSERT_EQ(server_.ByBib(second_, "11").athlete(), ada_);
    token_ = server_.MakeToken(v1::ROLE_ATHLETE, {ada_});
    absl::Time time;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2022-06-01T00:00:00Z", &time, nullptr));
    server_.now_us = absl::ToUnixMicros(time);
    Connect();
  }
  void Connect() { portfolios_ = v1::PortfolioService::NewStub(server_.channel); }

  grpc::Status Create(const std::string& athlete, const std::string& id, v1::Portfolio* out, const std::string& secret,
                      const v1::PortfolioSelection& selection = {}) {
    v1::CreatePortfolioRequest request;
    request.set_parent(athlete);
    request.set_portfolio_id(id);
    request.mutable_portfolio()->set_display_name("Season");
    *request.mutable_portfolio()->mutable_selection() = selection;
    return portfolios_->CreatePortfolio(RunningServer::As(secret).get(), request, out);
  }
  v1::Portfolio MustCreate(const std::string& id, const v1::PortfolioSelection& selection = {}) {
    v1::Portfolio out;
    EXPECT_CALL_OK(Create(ada_, id, &out, token_, selection));
    return out;
  }
  v1::Portfolio Get(const std::string& name) {
    v1::GetPortfolioRequest request;
    v1::Portfolio out;
    request.set_name(name);
    EXPECT_CALL_OK(portfolios_->GetPortfolio(RunningServer::As(token_).get(), request, &out));
    return out;
  }
  grpc::Status Export(const v1::ExportPortfolioRequest& request, std::string* content) {
    auto context = RunningServer::As(token_);
    auto reader = portfolios_->ExportPortfolio(context.get(), request);
    v1::FileChunk chunk;
    while (reader->Read(&chunk)) content->append(chunk.data());
    return reader->Finish();
  }
  std::string Credential(const std::string& name, int32_t version = 0) {
    v1::ExportPortfolioRequest request;
    request.set_name(name);
    request.set_version(version);
    std::string text;
    EXPECT_CALL_OK(Export(request, &text));
    return text;
  }
  v1::VerifyPortfolioResponse Verify(const std::string& credential) {
    v1::VerifyPortfolioRequest request;
    v1::VerifyPortfolioResponse response;
    request.set_credential(credential);
    EXPECT_CALL_OK(portfolios_->VerifyPortfolio(RunningServer::As("").get(), request, &response));
    return response;
  }
  std::vector<credentials::PublishedKey> Keys() {
    v1::ListSigningKeysResponse response;
    EXPECT_CALL_OK(portfolios_->ListSigningKeys(RunningServer::As("").get(), {}, &response));
    const auto keys = credentials::ReadKeyDocument(response.key_document());
    EXPECT_TRUE(keys.ok()) << keys.status();
    return keys.value_or(std::vector<credentials::PublishedKey>());
  }
  v1::PortfolioContent ContentOf(const std::string& name) {
    const auto verified =
        portfolio::VerifyCredential(Credential(name), Keys(), absl::FromUnixMicros(server_.now_us.load()));
    EXPECT_TRUE(verified.authentic()) << verified.failure_text;
    return verified.content;
  }
  bool IsListed(const std::string& list, int64_t index) {
    v1::GetStatusListRequest request;
    v1::StatusList response;
    request.set_status_list_id(list);
    EXPECT_CALL_OK(portfolios_->GetStatusList(RunningServer::As("").get(), request, &response));
    portfolio::VerifiedPortfolio asked;
    asked.terms.status_index = index;
    const auto signature = credentials::ReadSignature(response.credential());
    EXPECT_TRUE(signature.ok());
    asked.terms.issuer = absl::StrCat("urn:palmares:", Keys().back().id);
    const auto set =
        portfolio::ReadStatus(response.credential(), list, asked, Keys(), absl::FromUnixMicros(server_.now_us.load()));
    EXPECT_TRUE(set.ok()) << set.status();
    return set.value_or(false);
  }
  void Disqualify(const std::string& race, const std::string& bib) {
    server_.Disqualify(server_.ByBib(race, bib).name());
  }
  void Reinstate(const std::string& race, const std::string& bib) {
    v1::ReinstateResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race, bib).name());
    request.set_reason("video");
    EXPECT_CALL_OK(server_.results->ReinstateResult(server_.AsOperator().get(), request, &response));
  }

  grpc::Status ExportAs(const std::string& secret, const std::string& name) {
    v1::ExportPortfolioRequest request;
    request.set_name(name);
    auto context = RunningServer::As(secret);
    auto reader = portfolios_->ExportPortfolio(context.get(), request);
    v1::FileChunk chunk;
    while (reader->Read(&chunk)) continue;
    return reader->Finish();
  }
  std::vector<std::string> Told(int64_t start) { return ToldOfPortfolios(server_, token_, start); }
  int64_t Position() {
    v1::GetPositionResponse response;
    EXPECT_CALL_OK(server_.ledger->GetPosition(RunningServer::As("").get(), v1::GetPositionRequest(), &response));
    return response.position();
  }
  std::vector<std::string> StreamedSince(int64_t start) {
    std::vector<std::string> names;
    for (const v1::StreamPortfoliosResponse& one : StreamedPortfolios(*portfolios_, token_, start)) {
      names.push_back(one.portfolio().name());
    }
    return names;
  }
  void LoadCup() {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(kCupOfTown);
    ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
  }
  // The secret of a token that manages Ada's affairs.
  std::string MakeManager() {
    v1::CreateTokenRequest request;
    v1::CreateTokenResponse token;
    request.mutable_token()->set_role(v1::ROLE_SPONSOR);
    request.mutable_token()->set_display_name("manager");
    EXPECT_CALL_OK(server_.access->CreateToken(server_.AsOperator().get(), request, &token));
    v1::CreateGrantRequest grant;
    v1::Grant granted;
    grant.set_parent(ada_);
    grant.mutable_grant()->set_holder(token.token().name());
    grant.mutable_grant()->set_relation(v1::Grant::RELATION_MANAGER);
    EXPECT_CALL_OK(server_.access->CreateGrant(RunningServer::As(token_).get(), grant, &granted));
    return token.secret();
  }
  std::string MakeGoal(const std::string& id, bool listed) {
    v1::CreateGoalRequest request;
    v1::Goal goal;
    request.set_parent(ada_);
    request.set_goal_id(id);
    request.mutable_goal()->set_display_name(id);
    request.mutable_goal()->set_listed_in_profile(listed);
    *request.mutable_goal()->mutable_due_date() = DateOf(2023, 5, 4);
    request.mutable_goal()->mutable_mark_target()->set_discipline("10km-road");
    request.mutable_goal()->mutable_mark_target()->mutable_mark()->set_text("30:00");
    EXPECT_CALL_OK(
        v1::GoalService::NewStub(server_.channel)->CreateGoal(RunningServer::As(token_).get(), request, &goal));
    return goal.name();
  }

  RunningServer server_;
  std::string first_, second_, ada_, token_;
  std::unique_ptr<v1::PortfolioService::Stub> portfolios_;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_PORTFOLIO_SERVER_FIXTURE_H_
