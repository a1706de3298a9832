// Parts of a portfolio: what may be asked for, and what a recipient of one is told.
#include "absl/strings/str_cat.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A portfolio of 2022 whose verdict counts a result of 2021, which is not in it.
class SharePartsTest : public PortfolioServerTest {
 protected:
  void SetUp() override {
    PortfolioServerTest::SetUp();
    shares_ = v1::ShareService::NewStub(server_.channel);
    LoadCup();
    v1::PortfolioSelection selection;
    *selection.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
    selection.add_sections(v1::PortfolioSelection::SECTION_RESULTS);
    selection.add_sections(v1::PortfolioSelection::SECTION_QUALIFICATIONS);
    selection.add_standards("standards/cup");
    portfolio_ = MustCreate("met", selection);
    shown_ = server_.ByBib(second_, "11").name();
    counted_ = server_.ByBib(first_, "1").name();
    ASSERT_EQ(ContentOf(portfolio_.name()).verified().qualifications(0).counting().result(), counted_);
  }
  v1::Share Wanted() {
    v1::Share share;
    share.set_display_name("Shoe company");
    share.set_athlete(ada_);
    share.set_portfolio(portfolio_.name());
    return share;
  }
  grpc::Status MakeShare(const v1::Share& share, v1::CreateShareResponse* out) {
    v1::CreateShareRequest request;
    *request.mutable_share() = share;
    return shares_->CreateShare(RunningServer::As(token_).get(), request, out);
  }
  // The field of the share that is refused; empty where it is made.
  std::string Refused(const v1::Share& share) {
    v1::CreateShareResponse made;
    return ViolatedField(MakeShare(share, &made));
  }
  std::string RefusedOfExport(v1::ExportPortfolioRequest request) {
    request.set_name(portfolio_.name());
    std::string text;
    return ViolatedField(Export(request, &text));
  }
  // A token to whom the share is given alone; its name becomes the holder.
  std::string MakeHolder(v1::Share* share) {
    v1::CreateTokenRequest request;
    v1::CreateTokenResponse response;
    request.mutable_token()->set_role(v1::ROLE_SPONSOR);
    request.mutable_token()->set_display_name("holder");
    EXPECT_CALL_OK(server_.access->CreateToken(server_.AsOperator().get(), request, &response));
    share->set_holder(response.token().name());
    return response.secret();
  }

  std::unique_ptr<v1::ShareService::Stub> shares_;
  v1::Portfolio portfolio_;
  std::string shown_, counted_;
};

TEST_F(SharePartsTest, AResultThatAVerdictCountsIsNoPartOfWhatIsShown) {
  v1::Share share = Wanted();
  share.mutable_selection()->add_results(shown_);
  EXPECT_EQ(Refused(share), "");
  share.mutable_selection()->add_results(counted_);
  EXPECT_EQ(Refused(share), "share.selection.results");
  v1::ExportPortfolioRequest request;
  request.add_results(shown_);
  EXPECT_EQ(RefusedOfExport(request), "");
  request.add_results(counted_);
  EXPECT_EQ(RefusedOfExport(request), "results");
}

TEST_F(SharePartsTest, ResultsAreAskedForWithTheirSectionOrAlone) {
  v1::Share share = Wanted();
  share.mutable_selection()->add_results(shown_);
  share.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_QUALIFICATIONS);
  EXPECT_EQ(Refused(share), "share.selection.results");
  share.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  EXPECT_EQ(Refused(share), "");
  v1::ExportPortfolioRequest request;
  request.add_sections(v1::PortfolioSelection::SECTION_MEDIA);
  EXPECT_EQ(RefusedOfExport(request), "sections") << "it was not selected";
  request.set_sections(0, v1::PortfolioSelection::SECTION_QUALIFICATIONS);
  request.add_results(shown_);
  EXPECT_EQ(RefusedOfExport(request), "results");
}

TEST_F(SharePartsTest, APortfolioWithoutResultsHasNoneToShare) {
  v1::PortfolioSelection selection;
  selection.add_sections(v1::PortfolioSelection::SECTION_SUMMARY);
  v1::Share share = Wanted();
  share.set_portfolio(MustCreate("figures", selection).name());
  share.mutable_selection()->add_results(shown_);
  EXPECT_EQ(Refused(share), "share.selection.results") << "figures rest on it, and it is not in it";
}

TEST_F(SharePartsTest, ThePartOfAnOlderVersionIsOfWhatThatVersionShows) {
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
  portfolio_ = MustCreate("season", selection);
  const std::string later = server_.MakeRace("town-run", "2023", DateOf(2022, 5, 30));
  server_.MustImport(later, "bib,name,sex,birth date,country,gun\n21,Ada Quicksilver,W,1990-02-03,KEN,30:20\n");
  v1::RenewPortfolioRequest renew;
  v1::Portfolio renewed;
  renew.set_name(portfolio_.name());
  ASSERT_CALL(portfolios_->RenewPortfolio(RunningServer::As(token_).get(), renew, &renewed));
  ASSERT_EQ(renewed.version(), 2);
  v1::ExportPortfolioRequest request;
  request.add_results(server_.ByBib(later, "21").name());
  EXPECT_EQ(RefusedOfExport(request), "");
  request.set_version(1);
  EXPECT_EQ(RefusedOfExport(request), "results");
}

TEST_F(SharePartsTest, TheFeedNamesNoResultThatThePartDoesNotShow) {
  v1::Share share = Wanted();
  share.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  const std::string holder = MakeHolder(&share);
  v1::CreateShareResponse made;
  ASSERT_CALL(MakeShare(share, &made));
  Disqualify(first_, "1");  // which the verdict counts, and the part withholds
  EXPECT_THAT(ToldOfPortfolios(server_, holder, made.position()), ElementsAre("superseded  something in it changed"));
  EXPECT_THAT(Told(made.position()), ElementsAre(absl::StrCat("superseded ", counted_, " a result in it changed")));
  const int64_t before = Position();
  Disqualify(second_, "11");
  EXPECT_THAT(ToldOfPortfolios(server_, holder, before),
              ElementsAre(absl::StrCat("superseded ", shown_, " a result in it changed")));
}

TEST_F(SharePartsTest, AShareOfTheLiveHistoryNamesWhatIsThere) {
  v1::Share live = Wanted();
  live.clear_portfolio();
  live.mutable_selection()->add_results(shown_);
  live.mutable_selection()->add_results(server_.ByBib(second_, "12").name());
  EXPECT_EQ(Refused(live), "share.selection.results") << "it is somebody else's";
  live.mutable_selection()->set_results(1, counted_);
  EXPECT_EQ(Refused(live), "");
  live.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_GOALS);
  live.mutable_selection()->add_goals(ada_ + "/goals/none");
  v1::CreateShareResponse made;
  EXPECT_EQ(MakeShare(live, &made).error_code(), grpc::StatusCode::NOT_FOUND);
  live.mutable_selection()->Clear();
  *live.mutable_selection()->mutable_period()->mutable_start_date() = DateOf(2030, 1, 1);
  EXPECT_CALL_OK(MakeShare(live, &made));  // nothing yet is no error
}

TEST_F(SharePartsTest, WhatIsNotThereAnyMoreIsLeftOutOfAShareOfTheLiveHistory) {
  v1::Share live = Wanted();
  live.clear_portfolio();
  live.mutable_selection()->add_results(shown_);
  live.mutable_selection()->add_results(counted_);
  v1::CreateShareResponse made;
  ASSERT_CALL(MakeShare(live, &made));
  const auto opened = [&](v1::OpenShareResponse* out) {
    v1::OpenShareRequest request;
    request.set_secret(made.secret());
    return shares_->OpenShare(RunningServer::As("").get(), request, out);
  };
  const auto withdraw = [&](const std::string& result) {
    v1::WithdrawResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(result);
    request.set_reason("ran under another's number");
    EXPECT_CALL_OK(server_.results->WithdrawResult(server_.AsOperator().get(), request, &response));
  };
  v1::OpenShareResponse out;
  ASSERT_CALL(opened(&out));
  EXPECT_EQ(out.history().entries_size(), 2);
  withdraw(counted_);
  ASSERT_CALL(opened(&out));
  ASSERT_EQ(out.history().entries_size(), 1);
  EXPECT_EQ(out.history().entries(0).result(), shown_);
  const std::string earlier = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
  server_.MustImport(earlier, "bib,name,sex,birth date,country,gun\n21,Ada Quicksilver,W,1990-02-03,KEN,33:00\n");
  ASSERT_EQ(server_.ByBib(earlier, "21").athlete(), ada_);
  withdraw(shown_);
  EXPECT_EQ(Reason(opened(&out)), "NOTHING_SELECTED") << "and not all that she ran";
}

// The title says what the part is a part of, as its id does, which is signed too.
TEST_F(SharePartsTest, ThePartIsToldWithTitleAndTermsAndNothingElse) {
  v1::ExportPortfolioRequest request;
  request.set_name(portfolio_.name());
  request.add_results(shown_);
  std::string part;
  ASSERT_CALL(Export(request, &part));
  const auto verified = portfolio::VerifyCredential(part, Keys(), absl::FromUnixMicros(server_.now_us.load()));
  ASSERT_TRUE(verified.authentic()) << verified.failure_text;
  EXPECT_EQ(verified.content.display_name(), "Season");
  EXPECT_EQ(verified.terms.portfolio, portfolio_.name());
  EXPECT_EQ(verified.content.selection().sections_size(), 2);
  EXPECT_EQ(verified.content.selection().period().start_date().year(), 2022);
  EXPECT_THAT(verified.content.selection().standards(), IsEmpty()) << "verdicts are withheld, and what they are of";
  EXPECT_THAT(verified.content.verified().qualifications(), IsEmpty());
}

}  // namespace
}  // namespace palmares::testing
