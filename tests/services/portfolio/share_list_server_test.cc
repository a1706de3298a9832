// The list of shares: whose they are, newest first, which are open, by pages.
#include "absl/strings/str_cat.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ShareListTest : public PortfolioServerTest {
 protected:
  void SetUp() override {
    PortfolioServerTest::SetUp();
    // Later than all that was written: the times of entries never fall, whatever the clock says.
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 2), absl::UTCTimeZone()));
    shares_ = v1::ShareService::NewStub(server_.channel);
    portfolio_ = MustCreate("season").name();
  }

  // Each a second after the one before.
  v1::Share MustShare(const std::string& id, const std::string& portfolio) {
    v1::CreateShareRequest request;
    v1::CreateShareResponse response;
    request.set_share_id(id);
    request.mutable_share()->set_display_name(absl::StrCat("for ", id));
    request.mutable_share()->set_athlete(ada_);
    request.mutable_share()->set_portfolio(portfolio);
    request.mutable_share()->set_view_limit(7);
    server_.now_us += 1'000'000;
    EXPECT_CALL_OK(shares_->CreateShare(RunningServer::As(token_).get(), request, &response));
    return response.share();
  }

  std::vector<std::string> Listed(const std::string& secret, const std::string& filter = "") {
    v1::ListSharesRequest request;
    v1::ListSharesResponse response;
    request.set_filter(filter);
    EXPECT_CALL_OK(shares_->ListShares(RunningServer::As(secret).get(), request, &response));
    EXPECT_GT(response.position(), 0);
    std::vector<std::string> names;
    for (const v1::Share& share : response.shares()) names.push_back(share.name());
    return names;
  }

  std::unique_ptr<v1::ShareService::Stub> shares_;
  std::string portfolio_;
};

TEST_F(ShareListTest, AnAthletesSharesAreListedNewestFirstWithoutTheirSecrets) {
  MustShare("first", portfolio_);
  const v1::Share second = MustShare("second", "");  // live
  v1::ListSharesRequest request;
  v1::ListSharesResponse response;
  ASSERT_CALL(shares_->ListShares(RunningServer::As(token_).get(), request, &response));
  ASSERT_EQ(response.shares_size(), 2);
  EXPECT_EQ(response.shares(0).SerializeAsString(), [&] {
    v1::Share listed = second;
    listed.clear_position();
    return listed.SerializeAsString();
  }()) << "as it was made; the position is said once";
  EXPECT_EQ(response.shares(1).name(), "shares/first");
  EXPECT_EQ(response.shares(1).display_name(), "for first");
  EXPECT_EQ(response.shares(1).athlete(), ada_);
  EXPECT_EQ(response.shares(1).portfolio(), portfolio_);
  EXPECT_EQ(response.shares(1).view_limit(), 7);
  EXPECT_EQ(response.shares(1).expire_time().seconds() - response.shares(1).create_time().seconds(), 90 * 24 * 3600);
}

TEST_F(ShareListTest, SharesAreSeenByWhoMayActForTheAthleteAlone) {
  MustShare("first", portfolio_);
  EXPECT_THAT(Listed(token_), ElementsAre("shares/first"));
  EXPECT_THAT(Listed(server_.operator_secret), ElementsAre("shares/first"));
  const std::string bea = server_.ByBib(first_, "2").athlete();
  EXPECT_THAT(Listed(server_.MakeToken(v1::ROLE_ATHLETE, {bea})), IsEmpty());
  v1::ListSharesResponse response;
  EXPECT_EQ(shares_->ListShares(RunningServer::As("").get(), {}, &response).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ShareListTest, ARevokedShareStaysListedAndIsNotOpen) {
  MustShare("kept", portfolio_);
  MustShare("revoked", "");
  v1::RevokeShareRequest revoke;
  v1::Share revoked;
  revoke.set_name("shares/revoked");
  ASSERT_CALL(shares_->RevokeShare(RunningServer::As(token_).get(), revoke, &revoked));
  EXPECT_THAT(Listed(token_), ElementsAre("shares/revoked", "shares/kept"));
  EXPECT_THAT(Listed(token_, "open = true"), ElementsAre("shares/kept"));
  EXPECT_THAT(Listed(token_, "open = false"), ElementsAre("shares/revoked"));
  EXPECT_THAT(Listed(token_, absl::StrCat("portfolio = \"", portfolio_, "\"")), ElementsAre("shares/kept"));
  v1::ListSharesRequest request;
  v1::ListSharesResponse response;
  request.set_filter("open = perhaps");
  EXPECT_EQ(ViolatedField(shares_->ListShares(RunningServer::As(token_).get(), request, &response)), "filter");
}

TEST_F(ShareListTest, SharesComeInPagesThatStayAsOthersAreMade) {
  for (const char* id : {"a", "b", "c"}) MustShare(id, portfolio_);
  v1::ListSharesRequest request;
  v1::ListSharesResponse first, second;
  request.set_page_size(2);
  ASSERT_CALL(shares_->ListShares(RunningServer::As(token_).get(), request, &first));
  ASSERT_EQ(first.shares_size(), 2);
  EXPECT_EQ(first.shares(0).name(), "shares/c");
  EXPECT_EQ(first.shares(1).name(), "shares/b");
  MustShare("d", portfolio_);
  request.set_page_token(first.next_page_token());
  ASSERT_CALL(shares_->ListShares(RunningServer::As(token_).get(), request, &second));
  ASSERT_EQ(second.shares_size(), 1);
  EXPECT_EQ(second.shares(0).name(), "shares/a");
  EXPECT_EQ(second.next_page_token(), "");
}

}  // namespace
}  // namespace palmares::testing
