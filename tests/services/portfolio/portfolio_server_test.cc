// Portfolios of a whole server: signed, read, revoked, erased, and their keys.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "services/portfolio/key_files.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(PortfolioServerTest, ASelectionIsFrozenSignedAndVerified) {
  const v1::Portfolio made = MustCreate("season");
  EXPECT_EQ(made.name(), ada_ + "/portfolios/season");
  EXPECT_EQ(made.state(), v1::Portfolio::STATE_VALID);
  EXPECT_EQ(made.version(), 1);
  EXPECT_THAT(made.content_sha256(), SizeIs(32));
  const v1::PortfolioContent content = ContentOf(made.name());
  EXPECT_EQ(content.athlete().display_name(), "Ada Quicksilver");
  EXPECT_EQ(content.athlete().age().label(), "30-34");
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

TEST_F(PortfolioServerTest, FiguresOfAPeriodKnowWhatWasBeforeIt) {
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
  for (const v1::Milestone& milestone :
       ContentOf(MustCreate("late", selection).name()).verified().summary().milestones()) {
    EXPECT_NE(milestone.kind(), v1::Milestone::KIND_FIRST) << milestone.text();
  }
  const auto all = ContentOf(MustCreate("all").name()).verified().summary().milestones();
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const v1::Milestone& milestone) {
    return milestone.kind() == v1::Milestone::KIND_FIRST && milestone.date().year() == 2021;
  }));
}

TEST_F(PortfolioServerTest, ARecordBeatsAnEarlierMarkAndNoneSinceBeatsIt) {
  v1::PortfolioSelection selection;
  selection.add_sections(v1::PortfolioSelection::SECTION_RECORDS);
  selection.add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  EXPECT_THAT(ContentOf(MustCreate("first", selection).name()).verified().records(), IsEmpty())
      << "the first mark of all beats nobody's";
  server_.MustImport(server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4)),
                     "bib,name,sex,birth date,country,gun\n21,Old Hand,W,1980-02-03,KEN,31:20\n");
  EXPECT_THAT(ContentOf(MustCreate("broken", selection).name()).verified().records(), IsEmpty())
      << "31:00 was beaten a year later";
  Disqualify(second_, "12");
  const auto records = ContentOf(MustCreate("standing", selection).name()).verified().records();
  ASSERT_EQ(records.size(), 1);
  EXPECT_EQ(records[0].mark().text(), "30:30");
  std::vector<v1::BestMark::Kind> kinds;
  for (const v1::BestMark& best : records[0].bests()) {
    kinds.push_back(best.kind());
    EXPECT_EQ(best.superseded_result(), server_.ByBib(first_, "1").name());
  }
  EXPECT_THAT(kinds, ElementsAre(v1::BestMark::KIND_RACE_RECORD, v1::BestMark::KIND_NATIONAL_BEST));
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

TEST_F(PortfolioServerTest, AnExpiredOneIsAuthenticAndSaysThatItsTimeIsOver) {
  const std::string credential = Credential(MustCreate("season").name());
  server_.now_us += int64_t{366} * 24 * 3600 * 1'000'000;
  const v1::VerifyPortfolioResponse verified = Verify(credential);
  EXPECT_TRUE(verified.authentic());
  EXPECT_EQ(verified.state(), v1::Portfolio::STATE_EXPIRED);
  EXPECT_THAT(verified.explanation(), HasSubstr("Its time was over on 2023-06-01."));
}

// What somebody signs who has the server's key, and what the ledger does not know.
TEST_F(PortfolioServerTest, AForgeryWithTheServersOwnKeyIsNotIssued) {
  const v1::Portfolio made = MustCreate("season");
  const std::string id = made.signing_key().substr(std::string("signingKeys/").size());
  std::optional<credentials::KeyPair> key =
      portfolio::KeyFiles(server_.directory.path() + "/data/signing-keys").Load(id);
  ASSERT_TRUE(key.has_value());
  v1::PortfolioContent content = ContentOf(made.name());
  content.mutable_verified()->mutable_results(0)->mutable_mark()->set_text("26:17");
  portfolio::CredentialTerms terms;
  terms.issuer = absl::StrCat("urn:palmares:", Keys().back().id);
  terms.athlete = ada_;
  terms.portfolio = made.name();
  terms.valid_from = absl::FromUnixSeconds(made.sign_time().seconds());
  terms.valid_until = terms.valid_from + absl::Hours(24);
  terms.status_index = made.status_index();
  char byte = 0;
  const auto forged =
      SignPortfolio(content, terms, *key, [&](char* out, size_t size) { std::fill_n(out, size, ++byte); });
  ASSERT_TRUE(forged.ok()) << forged.status();
  const v1::VerifyPortfolioResponse verified = Verify(forged->text);
  EXPECT_FALSE(verified.authentic());
  EXPECT_EQ(verified.failure(), "NOT_ISSUED");
}

TEST_F(PortfolioServerTest, EachSectionIsFrozenAsItStands) {
  v1::UpdateProfileRequest profile;
  v1::Profile written;
  profile.mutable_profile()->set_name(ada_ + "/profile");
  profile.mutable_profile()->set_biography("I run far.");
  for (const auto& [kind, title] : {std::pair(v1::ProfileItem::KIND_MEDIA_COVERAGE, "Portrait"),
                                    std::pair(v1::ProfileItem::KIND_COMMUNITY, "Running school"),
                                    std::pair(v1::ProfileItem::KIND_SPONSORSHIP, "Shoes")}) {
    v1::ProfileItem* item = profile.mutable_profile()->add_items();
    item->set_kind(kind);
    item->set_title(title);
    if (kind != v1::ProfileItem::KIND_MEDIA_COVERAGE) continue;
    item->set_uri("https://example.org/portrait");
    *item->mutable_period()->mutable_start_date() = DateOf(2022, 3, 1);
  }
  v1::SocialReach* reach = profile.mutable_profile()->add_social_reach();
  reach->set_network("strava");
  reach->set_followers(4200);
  *reach->mutable_date() = DateOf(2022, 5, 1);
  reach->set_source("Strava");
  auto profiles = v1::ProfileService::NewStub(server_.channel);
  ASSERT_CALL(profiles->UpdateProfile(RunningServer::As(token_).get(), profile, &written));
  MakeGoal("faster", true);
  v1::PortfolioSelection selection;
  for (int section = 1; section < v1::PortfolioSelection::Section_ARRAYSIZE; ++section) {
    selection.add_sections(static_cast<v1::PortfolioSelection::Section>(section));
  }
  const v1::PortfolioContent content = ContentOf(MustCreate("all", selection).name());
  ASSERT_EQ(content.verified().progression_size(), 1);
  EXPECT_EQ(content.verified().progression(0).progression_size(), 2);
  ASSERT_GE(content.verified().rankings_size(), 1);
  EXPECT_EQ(content.verified().rankings(0).rank(), 2) << "behind Dee in 2022";
  EXPECT_THAT(content.verified().qualifications(), IsEmpty()) << "no standard was named";
  const v1::SelfReportedContent& said = content.self_reported();
  EXPECT_EQ(said.profile().biography(), "I run far.");
  EXPECT_THAT(said.profile().items(), IsEmpty());
  ASSERT_TRUE(said.media_size() == 1 && said.community_size() == 1 && said.sponsorships_size() == 1);
  EXPECT_EQ(said.media(0).title(), "Portrait");
  EXPECT_EQ(said.community(0).title(), "Running school");
  EXPECT_EQ(said.sponsorships(0).title(), "Shoes");
  ASSERT_EQ(said.reach_size(), 1);
  EXPECT_EQ(said.reach(0).followers(), 4200);
  ASSERT_EQ(said.goals_size(), 1);
  EXPECT_EQ(said.goals(0).progress().state(), v1::GoalProgress::STATE_OPEN);
}

TEST_F(PortfolioServerTest, AStreamHasEachOfManyPortfoliosOnce) {
  std::set<std::string> made;
  for (int i = 0; i < 60; ++i) made.insert(MustCreate(absl::StrCat("p", i)).name());
  auto context = RunningServer::As(token_);
  auto reader = portfolios_->StreamPortfolios(context.get(), v1::StreamPortfoliosRequest());
  std::set<std::string> got;
  v1::StreamPortfoliosResponse one;
  while (reader->Read(&one)) EXPECT_TRUE(got.insert(one.portfolio().name()).second);
  EXPECT_CALL_OK(reader->Finish());
  EXPECT_EQ(got, made);
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

TEST_F(PortfolioServerTest, APartAndAChoiceAreToldAsSuch) {
  const std::string first = server_.ByBib(first_, "1").name(), second = server_.ByBib(second_, "11").name();
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_start_date() = DateOf(2021, 1, 1);
  selection.add_disciplines("10km-road");
  selection.add_results(first);
  selection.add_results(second);
  const v1::Portfolio made = MustCreate("picked", selection);
  const v1::VerifyPortfolioResponse whole = Verify(Credential(made.name()));
  EXPECT_EQ(whole.named_result_count(), 2);
  EXPECT_EQ(whole.withheld_result_count() + whole.withheld_item_count(), 0);
  EXPECT_EQ(whole.selection().disciplines(0), "10km-road");
  EXPECT_THAT(whole.explanation(), HasSubstr("Selected: from 2021-01-01, in 10km-road, 2 results picked one by one."));
  EXPECT_THAT(whole.explanation(), Not(HasSubstr("part of what was signed")));

  v1::ExportPortfolioRequest request;
  request.set_name(made.name());
  request.add_results(second);
  std::string part;
  ASSERT_CALL(Export(request, &part));
  const v1::VerifyPortfolioResponse verified = Verify(part);
  EXPECT_EQ(verified.withheld_result_count(), 1);
  EXPECT_EQ(verified.withheld_item_count(), 3) << "summary, bests, and which results were picked";
  EXPECT_EQ(verified.named_result_count(), 2);
  EXPECT_THAT(verified.sections(), ElementsAre(v1::PortfolioSelection::SECTION_RESULTS));
  EXPECT_THAT(verified.explanation(),
              HasSubstr("This is a part of what was signed: 1 result and 3 other items withheld."));
  EXPECT_THAT(verified.selection().results(), IsEmpty()) << "the name of what is withheld is withheld";
  EXPECT_THAT(credentials::ReadSignature(credentials::SplitCredential(part)->signature)->payload,
              Not(HasSubstr(first)));

  request.set_format(v1::PORTFOLIO_FORMAT_HTML);
  std::string page;
  ASSERT_CALL(Export(request, &page));
  EXPECT_THAT(page, HasSubstr("<dt>Results signed and withheld</dt><dd dir=\"auto\">1</dd>"));
  EXPECT_THAT(page, HasSubstr("<dt>Results picked one by one</dt><dd dir=\"auto\">2</dd>"));
  EXPECT_THAT(page, HasSubstr("<dt>Results of</dt><dd dir=\"auto\">2021-01-01 – </dd>"));
  request.clear_results();
  page.clear();
  ASSERT_CALL(Export(request, &page));
  EXPECT_THAT(page, HasSubstr("Best of these results"));
  EXPECT_THAT(page, Not(HasSubstr(">Personal best</th>")));
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
  const int64_t before = Position();
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &key));
  EXPECT_EQ(Position(), before + 1) << "one entry: a crash leaves no stolen key that is believed";
  const std::vector<credentials::PublishedKey> keys = Keys();  // newest first
  ASSERT_EQ(keys.size(), 2);
  EXPECT_TRUE(keys[1].retire_time.has_value() && keys[1].compromise_time.has_value());
  EXPECT_FALSE(keys[0].compromise_time.has_value());
  EXPECT_TRUE(Verify(credential).authentic()) << "the ledger holds it word for word";
}

TEST_F(PortfolioServerTest, AKeyThatIsRetiredIsMarkedCompromisedLater) {
  const v1::Portfolio made = MustCreate("season");
  v1::RotateSigningKeyRequest request;
  v1::SigningKey second, third;
  request.set_reason("yearly");
  request.set_request_id("0c0e2f0a-6c7d-4d53-9c0e-3a1f2b4c5d6e");
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &second));
  request.set_reason("the first was stolen");
  request.set_request_id("1c0e2f0a-6c7d-4d53-9c0e-3a1f2b4c5d6e");
  request.mutable_compromise_time()->set_seconds(made.sign_time().seconds());
  request.set_signing_key("signingKeys/unknown");
  EXPECT_EQ(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &third).error_code(),
            grpc::StatusCode::NOT_FOUND);
  request.set_signing_key(made.signing_key());
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &third));
  ASSERT_CALL(portfolios_->RotateSigningKey(server_.AsOperator().get(), request, &third));
  const std::vector<credentials::PublishedKey> keys = Keys();  // newest first
  ASSERT_EQ(keys.size(), 3);
  EXPECT_FALSE(keys[0].retire_time.has_value() || keys[0].compromise_time.has_value());
  EXPECT_TRUE(keys[1].retire_time.has_value());
  EXPECT_FALSE(keys[1].compromise_time.has_value()) << "it was never in other hands";
  EXPECT_TRUE(keys[2].retire_time.has_value() && keys[2].compromise_time.has_value());
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
            grpc::StatusCode::NOT_FOUND);
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

TEST_F(PortfolioServerTest, WhoActsForTheAthleteSignsNoMoreThanTheyMayRead) {
  const std::string manager = MakeManager();
  v1::PortfolioSelection selection;
  v1::Portfolio out;
  EXPECT_CALL_OK(Create(ada_, "managed", &out, manager, selection));
  selection.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_BIRTH_DATE);
  EXPECT_EQ(Create(ada_, "born", &out, manager, selection).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  MustCreate("born", selection);
  EXPECT_EQ(ExportAs(manager, ada_ + "/portfolios/born").error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_CALL_OK(ExportAs(manager, ada_ + "/portfolios/managed"));
  v1::RenewPortfolioRequest renew;
  renew.set_name(ada_ + "/portfolios/born");
  EXPECT_EQ(portfolios_->RenewPortfolio(RunningServer::As(manager).get(), renew, &out).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);

  const std::string listed = MakeGoal("listed", true), secret = MakeGoal("secret", false);
  selection.Clear();
  selection.add_sections(v1::PortfolioSelection::SECTION_GOALS);
  selection.add_goals(secret);
  EXPECT_EQ(Create(ada_, "goals", &out, manager, selection).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ContentOf(MustCreate("goals", selection).name()).self_reported().goals(0).name(), secret);
  selection.set_goals(0, listed);
  EXPECT_CALL_OK(Create(ada_, "listed", &out, manager, selection));
}

TEST_F(PortfolioServerTest, OthersAreNamedInNothingThatIsSigned) {
  server_.MustImport(server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4)),
                     "bib,name,sex,birth date,country,gun\n21,Bea Nextdoor,W,1985-02-03,KEN,32:20\n");
  const v1::HistorySummary summary = ContentOf(MustCreate("season").name()).verified().summary();
  ASSERT_EQ(summary.best_opponents_size(), 1);
  EXPECT_EQ(summary.best_opponents(0).athlete(), server_.ByBib(first_, "2").athlete());
  EXPECT_EQ(summary.best_opponents(0).athlete_display_name(), "");
}

TEST_F(PortfolioServerTest, AgesAreAsMuchAsWasSelected) {
  server_.MustImport(
      server_.MakeRace("town-run", "2019", DateOf(2019, 5, 4)),
      "bib,name,sex,age,birth date,country,club,gun\n31,Ada Quicksilver,W,29,1990-02-03,KEN,Lions,34:00\n");
  v1::PortfolioSelection selection;
  const auto oldest = [&](const std::string& id) {
    const auto content = ContentOf(MustCreate(id, selection).name());
    return content.verified().results(content.verified().results_size() - 1);
  };
  EXPECT_EQ(oldest("band").age().label(), "25-29");
  EXPECT_EQ(oldest("band-too").club(), "Lions");
  selection.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_BIRTH_YEAR);
  EXPECT_EQ(oldest("year").age().min_age(), 29);
  EXPECT_EQ(Get(ada_ + "/portfolios/year").state(), v1::Portfolio::STATE_VALID);
  selection.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_NONE);
  const v1::HistoryEntry nobody = oldest("none");
  EXPECT_FALSE(nobody.has_age());
  EXPECT_EQ(nobody.club(), "");
  EXPECT_EQ(Get(ada_ + "/portfolios/none").state(), v1::Portfolio::STATE_VALID) << "withholding is no correction";
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
  EXPECT_EQ(response.portfolios_revoked(), 1);
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

TEST_F(PortfolioServerTest, ListsAreNarrowedByStateAndDayOfSigning) {
  MustCreate("season");
  const auto listed = [&](const std::string& filter) {
    v1::ListPortfoliosRequest request;
    v1::ListPortfoliosResponse response;
    request.set_parent(ada_);
    request.set_filter(filter);
    EXPECT_CALL_OK(portfolios_->ListPortfolios(RunningServer::As(token_).get(), request, &response));
    return response.portfolios_size();
  };
  EXPECT_EQ(listed("sign_time = 2022-06-01"), 1);
  EXPECT_EQ(listed("sign_time = 2022 AND state = valid"), 1);
  EXPECT_EQ(listed("sign_time = 2022-07"), 0);
  EXPECT_EQ(listed("state = revoked"), 0);
  v1::ListPortfoliosRequest request;
  v1::ListPortfoliosResponse response;
  request.set_parent(ada_);
  request.set_filter("sign_time = yesterday");
  EXPECT_EQ(ViolatedField(portfolios_->ListPortfolios(RunningServer::As(token_).get(), request, &response)), "filter");
}

}  // namespace
}  // namespace palmares::testing
