// Portfolios of a whole server: signed, corrected under, renewed, revoked, erased.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "services/credentials/key_document.h"
#include "services/portfolio/portfolio_credential.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kFirst[] =
    "bib,name,sex,birth date,country,gun\n"
    "1,Ada Quicksilver,W,1990-02-03,KEN,31:00\n"
    "2,Bea Nextdoor,W,1985-02-03,KEN,32:00\n"
    "3,Cy Youngster,M,2008-02-03,USA,33:00\n";
constexpr char kSecond[] =
    "bib,name,sex,birth date,country,gun\n"
    "11,Ada Quicksilver,W,1990-02-03,KEN,30:30\n"
    "12,Dee Faster,W,1991-02-03,KEN,30:10\n";

class PortfolioServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    first_ = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4));
    second_ = server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4));
    server_.MustImport(first_, kFirst);
    server_.MustImport(second_, kSecond);
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
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race, bib).name());
    request.set_rule("TR16.8");
    request.set_reason("false start");
    EXPECT_CALL_OK(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  }
  void Reinstate(const std::string& race, const std::string& bib) {
    v1::ReinstateResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race, bib).name());
    request.set_reason("video");
    EXPECT_CALL_OK(server_.results->ReinstateResult(server_.AsOperator().get(), request, &response));
  }

  RunningServer server_;
  std::string first_, second_, ada_, token_;
  std::unique_ptr<v1::PortfolioService::Stub> portfolios_;
};

TEST_F(PortfolioServerTest, ASelectionIsFrozenSignedAndVerified) {
  const v1::Portfolio made = MustCreate("season");
  EXPECT_EQ(made.name(), ada_ + "/portfolios/season");
  EXPECT_EQ(made.state(), v1::Portfolio::STATE_VALID);
  EXPECT_EQ(made.version(), 1);
  EXPECT_THAT(made.content_sha256(), SizeIs(32));
  const v1::PortfolioContent content = ContentOf(made.name());
  EXPECT_EQ(content.athlete().display_name(), "Ada Quicksilver");
  EXPECT_EQ(content.athlete().age().label(), "32");
  EXPECT_EQ(content.athlete().birth_year(), 0) << "an age band unless more is asked for";
  ASSERT_EQ(content.verified().results_size(), 2);
  EXPECT_EQ(content.verified().results(0).mark().text(), "30:30");
  EXPECT_EQ(content.verified().results(0).place(), 2);
  EXPECT_EQ(content.verified().results(1).mark().text(), "31:00");
  ASSERT_EQ(content.verified().bests_size(), 1);
  EXPECT_EQ(content.verified().bests(0).personal_best_all_conditions().mark().text(), "30:30");
  EXPECT_EQ(content.verified().summary().result_count(), 2);
  EXPECT_EQ(content.ledger_position(), made.ledger_position());
  const v1::VerifyPortfolioResponse verified = Verify(Credential(made.name()));
  EXPECT_TRUE(verified.authentic());
  EXPECT_EQ(verified.state(), v1::Portfolio::STATE_VALID);
  EXPECT_EQ(verified.result_count(), 2);
  EXPECT_THAT(verified.explanation(), HasSubstr("Nothing in it was corrected since"));
}

TEST_F(PortfolioServerTest, OnlyWhatIsSelectedIsInIt) {
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
  selection.add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  selection.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_NONE);
  const v1::PortfolioContent content = ContentOf(MustCreate("late", selection).name());
  ASSERT_EQ(content.verified().results_size(), 1);
  EXPECT_FALSE(content.verified().has_summary());
  EXPECT_THAT(content.verified().bests(), IsEmpty());
  EXPECT_EQ(content.athlete().display_name(), "");
  EXPECT_NE(content.athlete().pseudonym(), "");
  selection.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_BIRTH_DATE);
  EXPECT_EQ(ContentOf(MustCreate("birth", selection).name()).athlete().birth_date().day(), 3);
  *selection.mutable_period()->mutable_start_date() = DateOf(2023, 1, 1);
  v1::Portfolio out;
  EXPECT_EQ(Reason(Create(ada_, "none", &out, token_, selection)), "NOTHING_SELECTED");
}

TEST_F(PortfolioServerTest, ACorrectionSupersedesAndItsInverseMakesGoodAgain) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  EXPECT_FALSE(IsListed("refresh", made.status_index()));
  Disqualify(first_, "1");
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_EQ(after.corrections(0).result(), server_.ByBib(first_, "1").name());
  EXPECT_THAT(after.corrections(0).text(), HasSubstr("was disqualified (TR16.8)"));
  EXPECT_GT(after.corrections(0).ledger_position(), made.ledger_position());
  const v1::VerifyPortfolioResponse verified = Verify(credential);
  EXPECT_TRUE(verified.authentic());
  EXPECT_EQ(verified.state(), v1::Portfolio::STATE_SUPERSEDED);
  EXPECT_THAT(verified.explanation(), HasSubstr("was disqualified"));
  EXPECT_TRUE(IsListed("refresh", made.status_index()));
  EXPECT_FALSE(IsListed("revocation", made.status_index()));
  Reinstate(first_, "1");
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_VALID);
  EXPECT_THAT(Get(made.name()).corrections(), IsEmpty());
  EXPECT_FALSE(IsListed("refresh", made.status_index()));
}

TEST_F(PortfolioServerTest, SomebodyElsesCorrectionThatMovesAPlaceSupersedesToo) {
  const v1::Portfolio made = MustCreate("season");
  Disqualify(second_, "12");
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_THAT(after.corrections(0).text(), HasSubstr("place 2 became 1"));
}

TEST_F(PortfolioServerTest, ANewResultSupersedesNothing) {
  const v1::Portfolio made = MustCreate("season");
  server_.MustImport(server_.MakeRace("town-run", "2022", DateOf(2022, 5, 20), "5km-road", "five"),
                     "bib,name,sex,birth date,country,gun\n9,Ada Quicksilver,W,1990-02-03,KEN,15:00\n");
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_VALID);
}

TEST_F(PortfolioServerTest, ARenewalSignsWhatStandsNow) {
  const v1::Portfolio made = MustCreate("season");
  const std::string old = Credential(made.name());
  Disqualify(first_, "1");
  v1::RenewPortfolioRequest request;
  v1::Portfolio renewed;
  request.set_name(made.name());
  request.set_etag(made.etag());
  ASSERT_CALL(portfolios_->RenewPortfolio(RunningServer::As(token_).get(), request, &renewed));
  EXPECT_EQ(renewed.version(), 2);
  EXPECT_EQ(renewed.state(), v1::Portfolio::STATE_VALID);
  EXPECT_EQ(ContentOf(made.name()).verified().results(1).outcome(), v1::OUTCOME_DISQUALIFIED);
  EXPECT_EQ(Verify(old).state(), v1::Portfolio::STATE_SUPERSEDED);
  EXPECT_EQ(Credential(made.name(), 1), old) << "the old version is kept as it was";
  EXPECT_EQ(portfolios_->RenewPortfolio(RunningServer::As(token_).get(), request, &renewed).error_code(),
            grpc::StatusCode::ABORTED)
      << "the etag is that of the first version";
}

TEST_F(PortfolioServerTest, ARevokedOneSaysSo) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  v1::RevokePortfolioRequest request;
  v1::Portfolio revoked;
  request.set_name(made.name());
  ASSERT_CALL(portfolios_->RevokePortfolio(RunningServer::As(token_).get(), request, &revoked));
  EXPECT_EQ(revoked.state(), v1::Portfolio::STATE_REVOKED);
  EXPECT_EQ(Verify(credential).state(), v1::Portfolio::STATE_REVOKED);
  EXPECT_TRUE(IsListed("revocation", made.status_index()));
  EXPECT_EQ(Reason(portfolios_->RevokePortfolio(RunningServer::As(token_).get(), request, &revoked)),
            "ALREADY_REVOKED");
  v1::RenewPortfolioRequest renew;
  renew.set_name(made.name());
  EXPECT_EQ(Reason(portfolios_->RenewPortfolio(RunningServer::As(token_).get(), renew, &revoked)), "REVOKED");
}

TEST_F(PortfolioServerTest, ItExpires) {
  const v1::Portfolio made = MustCreate("season");
  server_.now_us += int64_t{366} * 24 * 3600 * 1'000'000;
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_EXPIRED);
}

TEST_F(PortfolioServerTest, APartIsGivenAndVerified) {
  const v1::Portfolio made = MustCreate("season");
  v1::ExportPortfolioRequest request;
  request.set_name(made.name());
  request.add_sections(v1::PortfolioSelection::SECTION_BESTS);
  std::string part;
  ASSERT_CALL(Export(request, &part));
  const v1::VerifyPortfolioResponse verified = Verify(part);
  EXPECT_TRUE(verified.authentic());
  EXPECT_THAT(verified.sections(), ElementsAre(v1::PortfolioSelection::SECTION_BESTS));
  EXPECT_EQ(verified.result_count(), 0);
}

TEST_F(PortfolioServerTest, EachFormIsMade) {
  const v1::Portfolio made = MustCreate("season");
  const std::pair<v1::PortfolioFormat, const char*> forms[] = {
      {v1::PORTFOLIO_FORMAT_HTML, "Ada Quicksilver"},
      {v1::PORTFOLIO_FORMAT_PDF, "%PDF-"},
      {v1::PORTFOLIO_FORMAT_JSON, "\"displayName\":\"Ada Quicksilver\""},
      {v1::PORTFOLIO_FORMAT_JSON_LD, "SportsEvent"},
      {v1::PORTFOLIO_FORMAT_CSV, "30:30"},
      {v1::PORTFOLIO_FORMAT_QR_SVG, "<svg"}};
  for (const auto& [format, text] : forms) {
    v1::ExportPortfolioRequest request;
    request.set_name(made.name());
    request.set_format(format);
    std::string content;
    EXPECT_CALL_OK(Export(request, &content));
    EXPECT_THAT(content, HasSubstr(text)) << v1::PortfolioFormat_Name(format);
  }
}

TEST_F(PortfolioServerTest, AForgedOneIsAnAnswerAndNoiseAnError) {
  const std::string credential = Credential(MustCreate("season").name());
  std::string altered = credential;
  altered[credential.find('.') + 5] ^= 1;
  const v1::VerifyPortfolioResponse verified = Verify(altered);
  EXPECT_FALSE(verified.authentic());
  EXPECT_EQ(verified.failure(), "SIGNATURE_INVALID");
  v1::VerifyPortfolioRequest request;
  v1::VerifyPortfolioResponse response;
  request.set_credential("hello");
  EXPECT_EQ(ViolatedField(portfolios_->VerifyPortfolio(RunningServer::As("").get(), request, &response)), "credential");
}

TEST_F(PortfolioServerTest, KeysRotateAndOldSignaturesGoOnVerifying) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  v1::RotateSigningKeyRequest request;
  v1::SigningKey key;
  request.set_reason("yearly");
  EXPECT_EQ(portfolios_->RotateSigningKey(RunningServer::As(token_).get(), request, &key).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &key));
  EXPECT_NE(key.name(), made.signing_key());
  EXPECT_EQ(Keys().size(), 2);
  EXPECT_TRUE(Verify(credential).authentic());
  EXPECT_EQ(MustCreate("later").signing_key(), key.name());
}

TEST_F(PortfolioServerTest, AStolenKeyIsBelievedForWhatTheLedgerHoldsAlone) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  v1::RotateSigningKeyRequest request;
  v1::SigningKey key;
  request.set_reason("stolen");
  request.mutable_compromise_time()->set_seconds(made.sign_time().seconds() - 60);
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &key));
  EXPECT_TRUE(Verify(credential).authentic()) << "the ledger holds it word for word";
}

TEST_F(PortfolioServerTest, StrangersMakeAndReadNone) {
  const v1::Portfolio made = MustCreate("season");
  const std::string bea = server_.ByBib(first_, "2").athlete();
  const std::string other = server_.MakeToken(v1::ROLE_ATHLETE, {bea});
  v1::Portfolio out;
  EXPECT_EQ(Create(ada_, "x", &out, other).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Create(ada_, "x", &out, "").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  v1::GetPortfolioRequest get;
  get.set_name(made.name());
  EXPECT_EQ(portfolios_->GetPortfolio(RunningServer::As(other).get(), get, &out).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::ListPortfoliosRequest list;
  v1::ListPortfoliosResponse listed;
  list.set_parent("athletes/-");
  ASSERT_CALL(portfolios_->ListPortfolios(RunningServer::As(other).get(), list, &listed));
  EXPECT_THAT(listed.portfolios(), IsEmpty());
  ASSERT_CALL(portfolios_->ListPortfolios(RunningServer::As(token_).get(), list, &listed));
  EXPECT_THAT(listed.portfolios(), SizeIs(1));
}

TEST_F(PortfolioServerTest, AMinorsNeedsAGuardian) {
  const std::string cy = server_.ByBib(first_, "3").athlete();
  v1::Portfolio out;
  EXPECT_EQ(Reason(Create(cy, "x", &out, server_.MakeToken(v1::ROLE_ATHLETE, {cy}))), "GUARDIAN_REQUIRED");
}

TEST_F(PortfolioServerTest, ARepeatedRequestAnswersTheSameAndATakenIdIsRefused) {
  v1::CreatePortfolioRequest request;
  v1::Portfolio first, again;
  request.set_parent(ada_);
  request.mutable_portfolio()->set_display_name("Season");
  request.set_request_id("0c0e2f0a-6c7d-4d53-9c0e-3a1f2b4c5d6e");
  ASSERT_CALL(portfolios_->CreatePortfolio(RunningServer::As(token_).get(), request, &first));
  ASSERT_CALL(portfolios_->CreatePortfolio(RunningServer::As(token_).get(), request, &again));
  EXPECT_EQ(again.name(), first.name());
  MustCreate("season");
  v1::Portfolio out;
  EXPECT_EQ(Create(ada_, "season", &out, token_).error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(PortfolioServerTest, AnotherStartFindsEverythingAgain) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  const std::string shown = Get(made.name()).SerializeAsString();
  server_.Restart();
  Connect();
  EXPECT_EQ(Credential(made.name()), credential);
  EXPECT_EQ(Get(made.name()).SerializeAsString(), shown);
  EXPECT_TRUE(Verify(credential).authentic());
  EXPECT_EQ(MustCreate("later").signing_key(), made.signing_key()) << "the key is kept";
}

TEST_F(PortfolioServerTest, AnErasureTakesTheTextAndRevokes) {
  const v1::Portfolio made = MustCreate("season");
  const std::string credential = Credential(made.name());
  v1::EraseAthleteRequest request;
  v1::EraseAthleteResponse response;
  request.set_name(ada_);
  request.set_confirmation(ada_);
  ASSERT_CALL(server_.athletes->EraseAthlete(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(Verify(credential).state(), v1::Portfolio::STATE_REVOKED);
  EXPECT_TRUE(IsListed("revocation", made.status_index()));
  v1::ExportPortfolioRequest exporting;
  exporting.set_name(made.name());
  std::string text;
  auto context = server_.AsOperator();
  auto reader = portfolios_->ExportPortfolio(context.get(), exporting);
  v1::FileChunk chunk;
  while (reader->Read(&chunk)) text.append(chunk.data());
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(text, IsEmpty());
  server_.Restart();
  Connect();
  EXPECT_EQ(Verify(credential).state(), v1::Portfolio::STATE_REVOKED);
}

TEST_F(PortfolioServerTest, TheChangeFeedTellsWhoMaySeeIt) {
  const v1::Portfolio made = MustCreate("season");
  Disqualify(second_, "12");  // which moves Ada up
  v1::RevokePortfolioRequest revoke;
  v1::Portfolio revoked;
  revoke.set_name(made.name());
  ASSERT_CALL(portfolios_->RevokePortfolio(RunningServer::As(token_).get(), revoke, &revoked));
  const auto told = [&](const std::string& secret) {
    v1::ListChangesRequest request;
    v1::ListChangesResponse response;
    request.set_start_position(-1);
    request.add_kinds(v1::CHANGE_KIND_PORTFOLIO);
    EXPECT_CALL_OK(server_.ledger->ListChanges(RunningServer::As(secret).get(), request, &response));
    std::vector<std::string> changes;
    for (const v1::WatchChangesResponse& entry : response.entries()) {
      for (const v1::Change& change : entry.changes()) {
        EXPECT_EQ(change.name(), made.name());
        changes.push_back(absl::StrCat(change.new_value(), " ", change.cause()));
      }
    }
    return changes;
  };
  EXPECT_THAT(told(token_), ElementsAre("valid ", "revoked " + server_.ByBib(second_, "11").name(), "revoked "));
  EXPECT_THAT(told(server_.operator_secret), SizeIs(3));
  EXPECT_THAT(told(server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(first_, "2").athlete()})), IsEmpty());
}

TEST_F(PortfolioServerTest, AStreamTellsWhatChangedSinceAPosition) {
  const v1::Portfolio made = MustCreate("season");
  const auto stream = [&](int64_t start) {
    v1::StreamPortfoliosRequest request;
    request.set_start_position(start);
    auto context = RunningServer::As(token_);
    auto reader = portfolios_->StreamPortfolios(context.get(), request);
    std::vector<std::string> got;
    v1::StreamPortfoliosResponse one;
    while (reader->Read(&one)) got.push_back(absl::StrCat(one.portfolio().name(), " ", one.content().size() > 100));
    EXPECT_CALL_OK(reader->Finish());
    return got;
  };
  EXPECT_THAT(stream(0), ElementsAre(made.name() + " 1"));
  EXPECT_THAT(stream(made.position()), IsEmpty());
  Disqualify(first_, "1");
  EXPECT_THAT(stream(made.position()), SizeIs(1)) << "a correction is a change of the portfolio";
}

}  // namespace
}  // namespace palmares::testing
