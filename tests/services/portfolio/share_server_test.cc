// Shares of a whole server: made, opened, counted, closed.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kRace[] =
    "bib,name,sex,birth date,country,gun\n"
    "1,Ada Quicksilver,W,1990-02-03,KEN,31:00\n"
    "2,Bea Nextdoor,W,1985-02-03,KEN,32:00\n";

class ShareServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    race_ = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4));
    server_.MustImport(race_, kRace);
    ada_ = server_.ByBib(race_, "1").athlete();
    token_ = server_.MakeToken(v1::ROLE_ATHLETE, {ada_});
    absl::Time time;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, "2022-06-01T00:00:00Z", &time, nullptr));
    server_.now_us = absl::ToUnixMicros(time);
    Connect();
    v1::CreatePortfolioRequest request;
    request.set_parent(ada_);
    request.set_portfolio_id("season");
    request.mutable_portfolio()->set_display_name("Season");
    ASSERT_CALL(portfolios_->CreatePortfolio(RunningServer::As(token_).get(), request, &portfolio_));
  }
  void Connect() {
    portfolios_ = v1::PortfolioService::NewStub(server_.channel);
    shares_ = v1::ShareService::NewStub(server_.channel);
  }

  v1::Share Wanted() {
    v1::Share share;
    share.set_display_name("Shoe company");
    share.set_athlete(ada_);
    share.set_portfolio(portfolio_.name());
    return share;
  }
  grpc::Status Create(const v1::Share& share, v1::CreateShareResponse* out, const std::string& secret) {
    v1::CreateShareRequest request;
    *request.mutable_share() = share;
    return shares_->CreateShare(RunningServer::As(secret).get(), request, out);
  }
  v1::CreateShareResponse MustCreate(const v1::Share& share) {
    v1::CreateShareResponse out;
    EXPECT_CALL_OK(Create(share, &out, token_));
    return out;
  }
  grpc::Status Open(const std::string& secret, v1::OpenShareResponse* out, const std::string& token = "") {
    v1::OpenShareRequest request;
    request.set_secret(secret);
    return shares_->OpenShare(RunningServer::As(token).get(), request, out);
  }
  void ExpectClosed(const std::string& secret, const std::string& token = "") {
    v1::OpenShareResponse out;
    const grpc::Status status = Open(secret, &out, token);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(Reason(status), "SHARE_CLOSED");
    EXPECT_EQ(status.error_message(), "this share is not open") << "and nothing more, whyever";
  }
  std::vector<std::string> Views(const std::string& name) {
    v1::ListShareViewsRequest request;
    v1::ListShareViewsResponse response;
    request.set_parent(name);
    EXPECT_CALL_OK(shares_->ListShareViews(RunningServer::As(token_).get(), request, &response));
    std::vector<std::string> views;
    for (const v1::ShareView& view : response.share_views()) {
      views.push_back(absl::StrCat(view.method(), " ", view.network(), view.refused() ? " refused" : ""));
    }
    return views;
  }

  RunningServer server_;
  std::string race_, ada_, token_;
  v1::Portfolio portfolio_;
  std::unique_ptr<v1::PortfolioService::Stub> portfolios_;
  std::unique_ptr<v1::ShareService::Stub> shares_;
};

TEST_F(ShareServerTest, WhoHasTheSecretSeesThePortfolioAndIsLogged) {
  const v1::CreateShareResponse made = MustCreate(Wanted());
  EXPECT_THAT(made.secret(), StartsWith("palmares_share_"));
  EXPECT_THAT(made.secret(), StartsWith(made.share().prefix()));
  EXPECT_EQ(made.secret().size(), 15 + 43);
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened));
  EXPECT_EQ(opened.portfolio().name(), portfolio_.name());
  ASSERT_EQ(opened.history().entries_size(), 1);
  EXPECT_EQ(opened.history().entries(0).mark().text(), "31:00");
  EXPECT_EQ(opened.views_left(), -1);
  v1::VerifyPortfolioRequest verify;
  v1::VerifyPortfolioResponse verified;
  verify.set_credential(opened.credential());
  ASSERT_CALL(portfolios_->VerifyPortfolio(RunningServer::As("").get(), verify, &verified));
  EXPECT_TRUE(verified.authentic());
  EXPECT_THAT(Views(made.share().name()), ElementsAre("open local"));
}

TEST_F(ShareServerTest, AClosedShareAnswersSoAndNothingMore) {
  ExpectClosed("palmares_share_guessed");
  v1::Share limited = Wanted();
  limited.set_view_limit(2);
  const v1::CreateShareResponse twice = MustCreate(limited);
  v1::OpenShareResponse opened;
  EXPECT_CALL_OK(Open(twice.secret(), &opened));
  EXPECT_EQ(opened.views_left(), 1);
  EXPECT_CALL_OK(Open(twice.secret(), &opened));
  ExpectClosed(twice.secret());
  EXPECT_THAT(Views(twice.share().name()), ElementsAre("open local refused", "open local", "open local"));

  const v1::CreateShareResponse revoked = MustCreate(Wanted());
  v1::RevokeShareRequest revoke;
  v1::Share share;
  revoke.set_name(revoked.share().name());
  ASSERT_CALL(shares_->RevokeShare(RunningServer::As(token_).get(), revoke, &share));
  ExpectClosed(revoked.secret());
  EXPECT_EQ(Reason(shares_->RevokeShare(RunningServer::As(token_).get(), revoke, &share)), "ALREADY_REVOKED");

  const v1::CreateShareResponse expired = MustCreate(Wanted());
  server_.now_us += int64_t{91} * 24 * 3600 * 1'000'000;
  ExpectClosed(expired.secret());
}

TEST_F(ShareServerTest, ARevokedPortfolioClosesItsShares) {
  const v1::CreateShareResponse made = MustCreate(Wanted());
  v1::RevokePortfolioRequest request;
  v1::Portfolio out;
  request.set_name(portfolio_.name());
  ASSERT_CALL(portfolios_->RevokePortfolio(RunningServer::As(token_).get(), request, &out));
  ExpectClosed(made.secret());
}

TEST_F(ShareServerTest, RefusedLooksDoNotFillTheLedgerForEver) {
  v1::Share once = Wanted();
  once.set_view_limit(1);
  const v1::CreateShareResponse made = MustCreate(once);
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened));
  for (int i = 0; i < 110; ++i) ExpectClosed(made.secret());
  v1::ListShareViewsRequest request;
  v1::ListShareViewsResponse response;
  request.set_parent(made.share().name());
  request.set_page_size(1000);
  ASSERT_CALL(shares_->ListShareViews(RunningServer::As(token_).get(), request, &response));
  EXPECT_EQ(response.share_views_size(), 101);
}

TEST_F(ShareServerTest, AShareOfAPartShowsThePartAlone) {
  v1::Share part = Wanted();
  part.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_SUMMARY);
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(MustCreate(part).secret(), &opened));
  EXPECT_THAT(opened.history().entries(), IsEmpty());
  EXPECT_EQ(opened.history().summary().result_count(), 1);
}

TEST_F(ShareServerTest, AHoldersShareOpensForTheirTokenAlone) {
  const std::string sponsor = server_.MakeToken(v1::ROLE_SPONSOR, {});
  v1::ListTokensRequest list;
  v1::ListTokensResponse tokens;
  ASSERT_CALL(server_.access->ListTokens(server_.AsOperator().get(), list, &tokens));
  v1::Share held = Wanted();
  for (const v1::Token& token : tokens.tokens()) {
    if (token.role() == v1::ROLE_SPONSOR) held.set_holder(token.name());
  }
  const v1::CreateShareResponse made = MustCreate(held);
  ExpectClosed(made.secret());
  v1::OpenShareResponse opened;
  EXPECT_CALL_OK(Open(made.secret(), &opened, sponsor));
  // A generator with that token is sent it in the stream, and nobody else is.
  v1::StreamPortfoliosRequest request;
  v1::StreamPortfoliosResponse one;
  auto context = RunningServer::As(sponsor);
  auto reader = portfolios_->StreamPortfolios(context.get(), request);
  ASSERT_TRUE(reader->Read(&one));
  EXPECT_EQ(one.portfolio().name(), portfolio_.name());
  EXPECT_FALSE(reader->Read(&one));
  EXPECT_CALL_OK(reader->Finish());
  auto other = RunningServer::As(server_.MakeToken(v1::ROLE_SPONSOR, {}));
  auto nothing = portfolios_->StreamPortfolios(other.get(), request);
  EXPECT_FALSE(nothing->Read(&one));
  EXPECT_CALL_OK(nothing->Finish());
}

TEST_F(ShareServerTest, ALiveHistoryIsSharedToo) {
  v1::Share live = Wanted();
  live.clear_portfolio();
  const v1::CreateShareResponse made = MustCreate(live);
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened));
  EXPECT_EQ(opened.history().entries_size(), 1);
  EXPECT_EQ(opened.credential(), "");
  server_.MustImport(server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4)),
                     "bib,name,sex,birth date,country,gun\n11,Ada Quicksilver,W,1990-02-03,KEN,30:30\n");
  ASSERT_CALL(Open(made.secret(), &opened));
  EXPECT_EQ(opened.history().entries_size(), 2);
}

TEST_F(ShareServerTest, ACorrectionIsToldOnTheNextLook) {
  const v1::CreateShareResponse made = MustCreate(Wanted());
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "1").name());
  request.set_rule("TR16.8");
  request.set_reason("false start");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened));
  EXPECT_EQ(opened.portfolio().state(), v1::Portfolio::STATE_SUPERSEDED);
  EXPECT_THAT(opened.portfolio().corrections(), SizeIs(1));
}

TEST_F(ShareServerTest, ItsTermsChangeAndItsSecretIsKeptNowhere) {
  const v1::CreateShareResponse made = MustCreate(Wanted());
  v1::UpdateShareRequest request;
  v1::Share changed;
  request.mutable_share()->set_name(made.share().name());
  request.mutable_share()->set_view_limit(5);
  request.mutable_update_mask()->add_paths("view_limit");
  ASSERT_CALL(shares_->UpdateShare(RunningServer::As(token_).get(), request, &changed));
  EXPECT_EQ(changed.view_limit(), 5);
  EXPECT_EQ(changed.display_name(), "Shoe company");
  request.mutable_update_mask()->add_paths("athlete");
  EXPECT_EQ(ViolatedField(shares_->UpdateShare(RunningServer::As(token_).get(), request, &changed)), "update_mask");
  v1::GetShareRequest get;
  get.set_name(made.share().name());
  ASSERT_CALL(shares_->GetShare(RunningServer::As(token_).get(), get, &changed));
  EXPECT_FALSE(absl::StrContains(changed.SerializeAsString(), made.secret()));
  const std::string stranger = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "2").athlete()});
  EXPECT_EQ(shares_->GetShare(RunningServer::As(stranger).get(), get, &changed).error_code(),
            grpc::StatusCode::NOT_FOUND);
  server_.Restart();
  Connect();
  v1::OpenShareResponse opened;
  EXPECT_CALL_OK(Open(made.secret(), &opened));
}

}  // namespace
}  // namespace palmares::testing
