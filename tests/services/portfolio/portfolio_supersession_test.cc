// What happens under a portfolio after it was signed: what supersedes it, and who is told.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using PortfolioSupersessionTest = PortfolioServerTest;

TEST_F(PortfolioSupersessionTest, ACorrectionSupersedesAndItsInverseMakesGoodAgain) {
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

TEST_F(PortfolioSupersessionTest, SomebodyElsesCorrectionThatMovesAPlaceSupersedesToo) {
  const v1::Portfolio made = MustCreate("season");
  Disqualify(second_, "12");
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_THAT(after.corrections(0).text(), HasSubstr("place 2 became 1"));
}

TEST_F(PortfolioSupersessionTest, ACorrectionOfWhoWasBeatenSupersedesWhatNamesThem) {
  const std::string earlier = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
  server_.MustImport(earlier, "bib,name,sex,birth date,country,gun\n21,Bea Nextdoor,W,1985-02-03,KEN,32:20\n");
  v1::PortfolioSelection selection;
  selection.add_sections(v1::PortfolioSelection::SECTION_RESULTS);
  const v1::Portfolio results = MustCreate("results", selection), summary = MustCreate("summary");
  Disqualify(first_, "2");
  EXPECT_EQ(Get(results.name()).state(), v1::Portfolio::STATE_VALID);
  const v1::Portfolio after = Get(summary.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_EQ(after.corrections(0).result(), server_.ByBib(first_, "2").name());
  EXPECT_EQ(after.corrections(0).text(), "of an opponent was corrected");
  Reinstate(first_, "2");
  EXPECT_EQ(Get(summary.name()).state(), v1::Portfolio::STATE_VALID);
  Disqualify(earlier, "21");  // which told how good they were
  const v1::Portfolio now = Get(summary.name());
  EXPECT_TRUE(std::any_of(now.corrections().begin(), now.corrections().end(), [&](const v1::Correction& correction) {
    return correction.result() == server_.ByBib(earlier, "21").name();
  }));
}

TEST_F(PortfolioSupersessionTest, ARecordThatWasNoneAfterAllSupersedes) {
  const std::string before = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
  server_.MustImport(before,
                     "bib,name,sex,birth date,country,gun\n21,Old Hand,W,1980-02-03,KEN,29:20\n"
                     "22,Older Hand,W,1970-02-03,KEN,31:20\n");
  Disqualify(before, "21");
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_end_date() = DateOf(2021, 12, 31);
  const v1::Portfolio made = MustCreate("until", selection);
  Reinstate(before, "21");
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_EQ(after.corrections(0).result(), server_.ByBib(first_, "1").name());
  EXPECT_THAT(Told(made.position()), ElementsAre("superseded  something in it changed"));
  EXPECT_THAT(StreamedSince(made.position()), SizeIs(1)) << "though no race of it changed";
}

TEST_F(PortfolioSupersessionTest, ARecordThatDidNotStandWhenItWasSignedSupersedes) {
  server_.MustImport(server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4)),
                     "bib,name,sex,birth date,country,gun\n21,Old Hand,W,1980-02-03,KEN,31:20\n");
  Disqualify(second_, "11");
  Disqualify(second_, "12");
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_end_date() = DateOf(2021, 12, 31);
  selection.add_sections(v1::PortfolioSelection::SECTION_RECORDS);
  const v1::Portfolio made = MustCreate("record", selection);
  ASSERT_THAT(ContentOf(made.name()).verified().records(), SizeIs(1));
  server_.now_us += int64_t{60} * 24 * 3600 * 1'000'000;
  server_.MustImport(server_.MakeRace("town-run", "2022b", DateOf(2022, 7, 4)),
                     "bib,name,sex,birth date,country,gun\n31,New Hand,W,2000-02-03,KEN,29:00\n");
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_VALID) << "it stood when that was signed";
  Reinstate(second_, "12");
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_EQ(after.corrections(0).result(), server_.ByBib(first_, "1").name());
  EXPECT_THAT(after.corrections(0).text(), HasSubstr("was not the record that stood"));
}

TEST_F(PortfolioSupersessionTest, WhatIsKnownOfACourseSupersedesAndIsTold) {
  v1::CreateCourseRequest create;
  v1::Course course;
  create.set_parent("events/town-run");
  create.set_course_id("river");
  create.mutable_course()->set_discipline("10km-road");
  create.mutable_course()->mutable_facts()->set_certified(true);
  create.mutable_course()->mutable_facts()->set_net_drop_mm(1000);
  create.mutable_course()->mutable_facts()->set_separation_permille(300);
  ASSERT_CALL(server_.events->CreateCourse(server_.AsOperator().get(), create, &course));
  v1::UpdateRaceRequest run_on;
  v1::Race race;
  run_on.mutable_race()->set_name(first_);
  run_on.mutable_race()->set_course(course.name());
  run_on.set_reason("the course is known now");
  const v1::Portfolio before = MustCreate("before");
  ASSERT_CALL(server_.events->UpdateRace(server_.AsOperator().get(), run_on, &race));
  EXPECT_THAT(Told(before.position()),
              ElementsAre(absl::StrCat("superseded ", first_, " what is known of a race in it changed")));
  EXPECT_THAT(StreamedSince(before.position()), ElementsAre(before.name()));

  const v1::Portfolio made = MustCreate("after");
  const auto set_drop = [&](int64_t net_drop_mm) {
    v1::UpdateCourseRequest request;
    request.mutable_course()->set_name(course.name());
    request.mutable_course()->mutable_facts()->set_net_drop_mm(net_drop_mm);
    request.mutable_update_mask()->add_paths("facts.net_drop_mm");
    EXPECT_CALL_OK(server_.events->UpdateCourse(server_.AsOperator().get(), request, &course));
  };
  set_drop(100'000);
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_GE(Get(made.name()).corrections_size(), 1);
  EXPECT_GT(Get(made.name()).corrections(0).ledger_position(), made.ledger_position());
  EXPECT_THAT(Told(made.position()),
              Contains(absl::StrCat("superseded ", first_, " what is known of a race in it changed")));
  set_drop(1000);
  const std::vector<std::string> told = Told(made.position());
  EXPECT_EQ(
      std::count(told.begin(), told.end(), absl::StrCat("valid ", first_, " what is known of a race in it changed")), 2)
      << "each change is told with the state as it is now";
  EXPECT_THAT(StreamedSince(made.position()), ElementsAre(made.name(), before.name()));
}

TEST_F(PortfolioSupersessionTest, AMergeThatIsTakenBackSupersedesAndIsTold) {
  const std::string third = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
  server_.MustImport(third, "bib,name,sex,birth date,country,gun\n41,Adah Quick-Silver,W,1990-03-02,USA,33:20\n");
  v1::MergeAthletesRequest merge;
  v1::AthleteMerge merged;
  merge.set_source_athlete(server_.ByBib(third, "41").athlete());
  merge.set_target_athlete(ada_);
  ASSERT_NE(merge.source_athlete(), ada_);
  merge.set_reason("one person");
  merge.set_force(true);
  ASSERT_CALL(server_.identity->MergeAthletes(server_.AsOperator().get(), merge, &merged));
  const v1::Portfolio made = MustCreate("season");
  v1::UnmergeAthletesRequest unmerge;
  unmerge.set_name(merged.name());
  unmerge.set_reason("two people");
  ASSERT_CALL(server_.identity->UnmergeAthletes(server_.AsOperator().get(), unmerge, &merged));
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_SUPERSEDED);
  EXPECT_THAT(Told(made.position()), Contains("superseded  whose results are in it changed"));
  EXPECT_THAT(StreamedSince(made.position()), ElementsAre(made.name()));
}

TEST_F(PortfolioSupersessionTest, ARemovedRaceSupersedesAndIsTold) {
  const std::string race = server_.MakeRace("town-run", "2020", DateOf(2020, 5, 4));
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(race);
  header.set_file_name("sheet.csv");
  header.set_state(v1::SHEET_STATE_PROVISIONAL);  // one for good cannot be removed
  ASSERT_CALL(server_.Import(header, "bib,name,sex,birth date,country,gun\n51,Ada Quicksilver,W,1990-02-03,KEN,33:00\n",
                             &imported, server_.operator_secret));
  const v1::Portfolio made = MustCreate("season");
  v1::DeleteRaceRequest request;
  v1::DeleteRaceResponse response;
  request.set_name(race);
  request.set_force(true);
  ASSERT_CALL(server_.events->DeleteRace(server_.AsOperator().get(), request, &response));
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_GE(after.corrections_size(), 1);
  for (const v1::Correction& correction : after.corrections()) {
    EXPECT_GT(correction.ledger_position(), made.ledger_position()) << correction.result();
  }
  EXPECT_THAT(Told(made.position()),
              ElementsAre(absl::StrCat("superseded ", race, " what is known of a race in it changed")));
}

TEST_F(PortfolioSupersessionTest, ANewResultSupersedesNothing) {
  const v1::Portfolio made = MustCreate("season");
  server_.MustImport(server_.MakeRace("town-run", "2022", DateOf(2022, 5, 20), "5km-road", "five"),
                     "bib,name,sex,birth date,country,gun\n9,Ada Quicksilver,W,1990-02-03,KEN,15:00\n");
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_VALID);
}

TEST_F(PortfolioSupersessionTest, ARenewalSignsWhatStandsNow) {
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

TEST_F(PortfolioSupersessionTest, AVerdictIsFrozenAndSupersededWithTheResultThatItCounts) {
  LoadCup();
  v1::PortfolioSelection selection;
  *selection.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
  selection.add_sections(v1::PortfolioSelection::SECTION_QUALIFICATIONS);
  selection.add_standards("standards/cup");
  const v1::Portfolio made = MustCreate("met", selection);
  const v1::PortfolioContent content = ContentOf(made.name());
  ASSERT_EQ(content.verified().qualifications_size(), 1);
  EXPECT_EQ(content.verified().qualifications(0).state(), v1::VERDICT_STATE_QUALIFIED);
  EXPECT_EQ(content.verified().qualifications(0).counting().result(), server_.ByBib(first_, "1").name());
  EXPECT_THAT(content.verified().results(), IsEmpty());
  Disqualify(first_, "1");  // which is before the period
  const v1::Portfolio after = Get(made.name());
  EXPECT_EQ(after.state(), v1::Portfolio::STATE_SUPERSEDED);
  ASSERT_EQ(after.corrections_size(), 1);
  EXPECT_EQ(after.corrections(0).result(), server_.ByBib(first_, "1").name());
  EXPECT_EQ(ContentOf(made.name()).verified().qualifications(0).state(), v1::VERDICT_STATE_QUALIFIED)
      << "what was signed stays as it was";
  Reinstate(first_, "1");
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_VALID);
}

TEST_F(PortfolioSupersessionTest, TheChangeFeedTellsWhoMaySeeIt) {
  const v1::Portfolio made = MustCreate("season");
  Disqualify(second_, "12");  // which moves Ada up
  v1::RevokePortfolioRequest revoke;
  v1::Portfolio revoked;
  revoke.set_name(made.name());
  ASSERT_CALL(portfolios_->RevokePortfolio(RunningServer::As(token_).get(), revoke, &revoked));
  const auto told = [&](const std::string& secret) {
    std::vector<std::string> changes;
    for (const v1::Change& change : PortfolioChanges(server_, secret, -1)) {
      EXPECT_EQ(change.name(), made.name());
      changes.push_back(absl::StrCat(change.new_value(), " ", change.cause()));
    }
    return changes;
  };
  EXPECT_THAT(told(token_), ElementsAre("valid ", "revoked " + server_.ByBib(second_, "11").name(), "revoked "));
  EXPECT_THAT(told(server_.operator_secret), SizeIs(3));
  EXPECT_THAT(told(server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(first_, "2").athlete()})), IsEmpty());
}

TEST_F(PortfolioSupersessionTest, TheChangeFeedTellsEverySupersession) {
  const v1::Portfolio made = MustCreate("season");
  v1::CorrectResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(first_, "1").name());
  request.set_reason("their new club");
  request.mutable_update_mask()->add_paths("club");
  request.mutable_row()->set_club("Lions");
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(Get(made.name()).state(), v1::Portfolio::STATE_SUPERSEDED);
  const std::vector<v1::Change> changes = PortfolioChanges(server_, token_, made.position());
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].cause(), request.name());
  EXPECT_EQ(changes[0].new_value(), "superseded");
}

TEST_F(PortfolioSupersessionTest, AStreamTellsWhatChangedSinceAPosition) {
  const v1::Portfolio made = MustCreate("season");
  const auto stream = [&](int64_t start) {
    std::vector<std::string> got;
    for (const v1::StreamPortfoliosResponse& one : StreamedPortfolios(*portfolios_, token_, start)) {
      got.push_back(absl::StrCat(one.portfolio().name(), " ", one.content().size() > 100));
    }
    return got;
  };
  EXPECT_THAT(stream(0), ElementsAre(made.name() + " 1"));
  EXPECT_THAT(stream(made.position()), IsEmpty());
  Disqualify(first_, "1");
  EXPECT_THAT(stream(made.position()), SizeIs(1)) << "a correction is a change of the portfolio";
  const int64_t corrected = Get(made.name()).position();
  Reinstate(first_, "1");
  EXPECT_THAT(stream(corrected), SizeIs(1)) << "and so is its inverse, though nothing is left of it";
}

}  // namespace
}  // namespace palmares::testing
