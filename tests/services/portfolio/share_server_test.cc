// Shares of a whole server: made, opened, counted, closed.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "services/portfolio/shares_view.h"
#include "tests/services/portfolio/portfolio_calls.h"
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

  grpc::Status Export(const std::string& secret, v1::PortfolioFormat format, std::string* content) {
    v1::ExportShareRequest request;
    request.set_secret(secret);
    request.set_format(format);
    auto context = RunningServer::As("");
    auto reader = shares_->ExportShare(context.get(), request);
    v1::FileChunk chunk;
    while (reader->Read(&chunk)) content->append(chunk.data());
    return reader->Finish();
  }
  // A new token's secret; its name becomes the holder.
  template <typename Held>
  std::string MakeToken(v1::Role role, Held* held) {
    v1::CreateTokenRequest request;
    v1::CreateTokenResponse response;
    request.mutable_token()->set_role(role);
    request.mutable_token()->set_display_name("holder");
    EXPECT_CALL_OK(server_.access->CreateToken(server_.AsOperator().get(), request, &response));
    held->set_holder(response.token().name());
    return response.secret();
  }
  std::string MakeHolder(v1::Share* share) { return MakeToken(v1::ROLE_SPONSOR, share); }
  std::vector<v1::StreamPortfoliosResponse> Streamed(const std::string& secret, int64_t start = 0) {
    return StreamedPortfolios(*portfolios_, secret, start);
  }
  void Disqualify(const std::string& bib) { server_.Disqualify(server_.ByBib(race_, bib).name()); }
  std::vector<std::string> Told(const std::string& secret) { return ToldOfPortfolios(server_, secret, -1); }

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

TEST_F(ShareServerTest, AClosedShareGivesNoFileEither) {
  const v1::CreateShareResponse revoked = MustCreate(Wanted());
  v1::RevokeShareRequest revoke;
  v1::Share share;
  revoke.set_name(revoked.share().name());
  ASSERT_CALL(shares_->RevokeShare(RunningServer::As(token_).get(), revoke, &share));
  std::string guessed = revoked.secret();
  guessed.back() = guessed.back() == 'A' ? 'B' : 'A';
  for (const std::string& secret : {revoked.secret(), guessed, std::string("palmares_share_")}) {
    for (const auto format : {v1::PORTFOLIO_FORMAT_CREDENTIAL, v1::PORTFOLIO_FORMAT_HTML, v1::PORTFOLIO_FORMAT_PDF}) {
      std::string content;
      const grpc::Status status = Export(secret, format, &content);
      EXPECT_EQ(Reason(status), "SHARE_CLOSED");
      EXPECT_EQ(status.error_message(), "this share is not open");
      EXPECT_EQ(content, "");
    }
  }
  EXPECT_THAT(Views(revoked.share().name()),
              ElementsAre("export-pdf local refused", "export-html local refused", "export-credential local refused"))
      << "the athlete sees that somebody tried";
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

TEST_F(ShareServerTest, AStreamCountsAsAViewAndEndsWithTheLimit) {
  v1::Share held = Wanted();
  const std::string sponsor = MakeHolder(&held);
  held.set_view_limit(1);
  const v1::CreateShareResponse made = MustCreate(held);
  EXPECT_THAT(Streamed(sponsor), SizeIs(1));
  EXPECT_THAT(Views(made.share().name()), ElementsAre("stream local"));
  EXPECT_THAT(Streamed(sponsor), IsEmpty());
  EXPECT_THAT(Streamed(token_), SizeIs(1)) << "the athlete's own look is no view";
  EXPECT_THAT(Views(made.share().name()), SizeIs(1));
}

TEST_F(ShareServerTest, AStreamSinceAPositionHasWhatIsSharedAfterIt) {
  v1::Share held = Wanted();
  const std::string sponsor = MakeHolder(&held);
  const v1::CreateShareResponse made = MustCreate(held);
  EXPECT_THAT(Streamed(sponsor, made.position() - 1), SizeIs(1));
}

TEST_F(ShareServerTest, AShareOfASignedPortfolioTakesPartsOfItAlone) {
  const auto field = [&](v1::Share share) {
    v1::CreateShareResponse out;
    return ViolatedField(Create(share, &out, token_));
  };
  v1::Share share = Wanted();
  share.mutable_selection()->add_disciplines("marathon");
  EXPECT_EQ(field(share), "share.selection.disciplines");
  share = Wanted();
  share.mutable_selection()->set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_NONE);
  EXPECT_EQ(field(share), "share.selection.personal_data");
  share = Wanted();
  share.mutable_selection()->mutable_period();
  EXPECT_EQ(field(share), "share.selection.period");
  share = Wanted();
  share.mutable_selection()->add_sections(v1::PortfolioSelection::SECTION_RECORDS);
  EXPECT_EQ(field(share), "share.selection.sections");
  share = Wanted();
  share.mutable_selection()->add_results(server_.ByBib(race_, "2").name());
  EXPECT_EQ(field(share), "share.selection.results");
  share.clear_portfolio();
  share.mutable_selection()->add_disciplines("hopscotch");
  EXPECT_EQ(field(share), "share.selection.disciplines");
}

TEST_F(ShareServerTest, APartTellsNothingOfTheRest) {
  const std::string other = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4));
  server_.MustImport(other, "bib,name,sex,birth date,country,gun\n11,Ada Quicksilver,W,1990-02-03,KEN,30:30\n");
  const std::string shown = server_.ByBib(other, "11").name(), withheld = server_.ByBib(race_, "1").name();
  v1::CreatePortfolioRequest request;
  request.set_parent(ada_);
  request.set_portfolio_id("two");
  request.mutable_portfolio()->set_display_name("Two");
  request.mutable_portfolio()->mutable_selection()->add_results(shown);
  request.mutable_portfolio()->mutable_selection()->add_results(withheld);
  v1::Portfolio two;
  ASSERT_CALL(portfolios_->CreatePortfolio(RunningServer::As(token_).get(), request, &two));
  v1::Share part = Wanted();
  part.set_portfolio(two.name());
  part.mutable_selection()->add_results(shown);
  const std::string sponsor = MakeHolder(&part);
  const v1::CreateShareResponse made = MustCreate(part);
  Disqualify("1");
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened, sponsor));
  EXPECT_EQ(opened.portfolio().state(), v1::Portfolio::STATE_SUPERSEDED);
  EXPECT_FALSE(absl::StrContains(opened.portfolio().DebugString(), withheld));
  EXPECT_FALSE(opened.history().has_summary()) << "only this result";
  EXPECT_THAT(opened.portfolio().selection().results(), ElementsAre(shown));
  const std::vector<v1::StreamPortfoliosResponse> streamed = Streamed(sponsor);
  ASSERT_THAT(streamed, SizeIs(1));
  EXPECT_THAT(streamed[0].portfolio().corrections(), IsEmpty());
  EXPECT_THAT(streamed[0].portfolio().selection().results(), ElementsAre(shown));
  EXPECT_THAT(Told(sponsor), ElementsAre("superseded  something in it changed"));
}

TEST_F(ShareServerTest, AMinorsShareIsOpenWhileAGuardianSaysSo) {
  server_.MustImport(server_.MakeRace("school-run", "2022", DateOf(2022, 5, 4)),
                     "bib,name,sex,birth date,country,gun\n7,Cy Youngster,M,2008-02-03,USA,33:00\n");
  const std::string cy = server_.ByBib("events/school-run/editions/2022/races/open", "7").athlete();
  const std::string own = server_.MakeToken(v1::ROLE_ATHLETE, {cy});
  v1::Grant guardian;
  const std::string parent = MakeToken(v1::ROLE_COACH, &guardian);
  guardian.set_relation(v1::Grant::RELATION_GUARDIAN);
  v1::CreateGrantRequest grant;
  grant.set_parent(cy);
  *grant.mutable_grant() = guardian;
  ASSERT_CALL(server_.access->CreateGrant(server_.AsOperator().get(), grant, &guardian));
  v1::Share live;
  live.set_display_name("Shoe company");
  live.set_athlete(cy);
  v1::CreateShareResponse made;
  EXPECT_EQ(Reason(Create(live, &made, own)), "GUARDIAN_REQUIRED");
  ASSERT_CALL(Create(live, &made, parent));
  v1::OpenShareResponse opened;
  ASSERT_CALL(Open(made.secret(), &opened));
  ASSERT_EQ(opened.history().entries_size(), 1);
  v1::UpdateShareRequest longer;
  v1::Share changed;
  longer.mutable_share()->set_name(made.share().name());
  longer.mutable_share()->set_view_limit(50);
  longer.mutable_update_mask()->add_paths("view_limit");
  EXPECT_EQ(Reason(shares_->UpdateShare(RunningServer::As(own).get(), longer, &changed)), "GUARDIAN_REQUIRED");
  EXPECT_CALL_OK(shares_->UpdateShare(RunningServer::As(parent).get(), longer, &changed));
  v1::RevokeGrantRequest end;
  end.set_name(guardian.name());
  ASSERT_CALL(server_.access->RevokeGrant(server_.AsOperator().get(), end, &guardian));
  ExpectClosed(made.secret());
}

TEST_F(ShareServerTest, EvenAShareWithoutALimitClosesSomeDay) {
  portfolio::Share share;
  share.expire_time_us = 2;
  share.view_count = portfolio::Share::kMostViews - 1;
  EXPECT_TRUE(share.IsOpen(1));
  ++share.view_count;
  EXPECT_FALSE(share.IsOpen(1));
}

TEST_F(ShareServerTest, ATitleThatMisleadsIsRefused) {
  v1::CreateShareResponse out;
  for (const char* title : {"Shoe \xE2\x80\xAE company", "Shoe\ncompany", "  "}) {
    v1::Share share = Wanted();
    share.set_display_name(title);
    EXPECT_EQ(ViolatedField(Create(share, &out, token_)), "share.display_name") << title;
    v1::CreatePortfolioRequest request;
    v1::Portfolio made;
    request.set_parent(ada_);
    request.mutable_portfolio()->set_display_name(title);
    EXPECT_EQ(ViolatedField(portfolios_->CreatePortfolio(RunningServer::As(token_).get(), request, &made)),
              "portfolio.display_name")
        << title;
  }
}

TEST_F(ShareServerTest, EachFormOfASharedPortfolioIsSent) {
  const v1::CreateShareResponse made = MustCreate(Wanted());
  v1::Share live = Wanted();
  live.clear_portfolio();
  const v1::CreateShareResponse unsigned_one = MustCreate(live);
  const std::pair<v1::PortfolioFormat, const char*> forms[] = {
      {v1::PORTFOLIO_FORMAT_CREDENTIAL, "~"},        {v1::PORTFOLIO_FORMAT_HTML, "Ada Quicksilver"},
      {v1::PORTFOLIO_FORMAT_PDF, "%PDF-"},           {v1::PORTFOLIO_FORMAT_JSON, "\"displayName\":\"Ada Quicksilver\""},
      {v1::PORTFOLIO_FORMAT_JSON_LD, "SportsEvent"}, {v1::PORTFOLIO_FORMAT_CSV, "31:00"},
      {v1::PORTFOLIO_FORMAT_QR_SVG, "<svg"}};
  for (const auto& [format, text] : forms) {
    std::string content;
    EXPECT_CALL_OK(Export(made.secret(), format, &content));
    EXPECT_TRUE(absl::StrContains(content, text)) << v1::PortfolioFormat_Name(format);
    content.clear();
    const grpc::Status status = Export(unsigned_one.secret(), format, &content);
    const bool is_proof = format == v1::PORTFOLIO_FORMAT_CREDENTIAL || format == v1::PORTFOLIO_FORMAT_QR_SVG;
    EXPECT_EQ(Reason(status), is_proof ? "NOT_SIGNED" : "") << v1::PortfolioFormat_Name(format);
    EXPECT_EQ(absl::StrContains(content, text), !is_proof) << v1::PortfolioFormat_Name(format);
  }
  EXPECT_THAT(Views(made.share().name()),
              ElementsAre("export-qr-svg local", "export-csv local", "export-json-ld local", "export-json local",
                          "export-pdf local", "export-html local", "export-credential local"));
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
