// The stream that portfolio generators read: many athletes' portfolios, and what changed of them.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PortfolioStreamTest : public PortfolioServerTest {
 protected:
  void SetUp() override {
    PortfolioServerTest::SetUp();
    shares_ = v1::ShareService::NewStub(server_.channel);
    v1::CreateTokenRequest request;
    v1::CreateTokenResponse response;
    request.mutable_token()->set_role(v1::ROLE_SPONSOR);
    request.mutable_token()->set_display_name("generator");
    ASSERT_CALL(server_.access->CreateToken(server_.AsOperator().get(), request, &response));
    generator_ = response.token().name();
    generators_ = response.secret();
  }

  // Imports a race of so many athletes, born from that year on, whom no other race knows; makes a portfolio of each and
  // shares it with the generator. Names of the portfolios.
  std::set<std::string> MakeField(const std::string& event, const std::string& family, int born, int size) {
    std::string sheet = "bib,name,sex,birth date,country,gun\n";
    for (int i = 0; i < size; ++i) {
      const std::string given{static_cast<char>('A' + i / 26), static_cast<char>('a' + i % 26), family[1]};
      absl::StrAppend(&sheet, i + 1, ",", given, " ", family, ",W,", born + i % 20, "-0", 1 + i % 9, "-11,KEN,",
                      30 + i / 60, ":", absl::Dec(i % 60, absl::kZeroPad2), "\n");
    }
    const std::string race = server_.MakeRace(event, "2021", DateOf(2021, 6, 6));
    server_.MustImport(race, sheet);
    std::set<std::string> names;
    for (const v1::Result& result : server_.Results(race)) {
      v1::Portfolio portfolio;
      EXPECT_CALL_OK(Create(result.athlete(), "season", &portfolio, server_.operator_secret));
      v1::CreateShareRequest request;
      v1::CreateShareResponse shared;
      request.mutable_share()->set_display_name("Generator");
      request.mutable_share()->set_athlete(result.athlete());
      request.mutable_share()->set_portfolio(portfolio.name());
      request.mutable_share()->set_holder(generator_);
      EXPECT_CALL_OK(shares_->CreateShare(server_.AsOperator().get(), request, &shared));
      names.insert(portfolio.name());
    }
    EXPECT_THAT(names, SizeIs(size));
    return names;
  }
  // What the generator is sent, each once: state by name.
  std::map<std::string, v1::Portfolio::State> Sent(int64_t start) {
    std::map<std::string, v1::Portfolio::State> sent;
    for (const v1::StreamPortfoliosResponse& one : StreamedPortfolios(*portfolios_, generators_, start)) {
      EXPECT_TRUE(sent.emplace(one.portfolio().name(), one.portfolio().state()).second) << one.portfolio().name();
      EXPECT_GT(one.content().size(), 500U);
    }
    return sent;
  }

  std::unique_ptr<v1::ShareService::Stub> shares_;
  std::string generator_, generators_;
};

TEST_F(PortfolioStreamTest, AGeneratorIsSentAllThatIsSharedWithItAndThenWhatChanged) {
  std::set<std::string> names = MakeField("county-run", "Meadowlark", 1980, 200);
  const std::set<std::string> of_hill = MakeField("hill-run", "Zimmerbaum", 1950, 10);
  names.insert(of_hill.begin(), of_hill.end());
  MustCreate("unshared");
  std::set<std::string> sent;
  for (const auto& [name, state] : Sent(0)) {
    EXPECT_EQ(state, v1::Portfolio::STATE_VALID) << name;
    sent.insert(name);
  }
  EXPECT_EQ(sent, names) << "Ada's is not shared with it";

  const int64_t position = Position();
  EXPECT_THAT(Sent(position), IsEmpty()) << "that it looked changes nothing";
  Disqualify("events/hill-run/editions/2021/races/open", "10");
  std::set<std::string> changed;
  int superseded = 0;
  for (const auto& [name, state] : Sent(position)) {
    changed.insert(name);
    superseded += state == v1::Portfolio::STATE_SUPERSEDED ? 1 : 0;
  }
  EXPECT_EQ(changed, of_hill) << "those of the race, and of no other";
  EXPECT_EQ(superseded, 1) << "the last one's, behind whom nobody moves up";
}

TEST_F(PortfolioStreamTest, EachThatIsSentIsAViewThatItsAthleteSees) {
  MakeField("hill-run", "Zimmerbaum", 1950, 3);
  Sent(0);
  Sent(0);
  Sent(Position());
  v1::ListSharesRequest request;
  v1::ListSharesResponse response;
  ASSERT_CALL(shares_->ListShares(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.shares_size(), 3);
  for (const v1::Share& share : response.shares()) EXPECT_EQ(share.view_count(), 2) << "what is not sent is no view";
}

TEST_F(PortfolioStreamTest, ARevokedShareEndsTheStreamOfIt) {
  const std::set<std::string> names = MakeField("hill-run", "Zimmerbaum", 1950, 2);
  v1::ListSharesRequest list;
  v1::ListSharesResponse listed;
  ASSERT_CALL(shares_->ListShares(server_.AsOperator().get(), list, &listed));
  v1::RevokeShareRequest revoke;
  v1::Share revoked;
  revoke.set_name(listed.shares(0).name());
  ASSERT_CALL(shares_->RevokeShare(server_.AsOperator().get(), revoke, &revoked));
  const auto sent = Sent(0);
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent.begin()->first, listed.shares(1).portfolio());
}

}  // namespace
}  // namespace palmares::testing
