// Fields through a whole server: places, caps, reserves and withdrawals, live as results change; standards that are
// loaded, revised, evaluated and retired.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

// Three places, at most two of a country, one reserve.
constexpr char kCup[] = R"(
schema = 1
id = "town-cup-2026"
scheme = "town-cup"
edition = "2026"
name = "Town Cup 2026"
[event]
name = "Town Cup"
id = "town-run"
day = 2026-09-01
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-08-31
registration_opens = 2026-05-01
registration_closes = 2026-07-31
[field]
selection = "best-mark"
size = 3
country_cap = 2
reserves = 1
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[marks]]
discipline = "10km-road"
sex = "W"
mark = "0:38:00"
[[source]]
url = "https://example.org/cup"
)";

constexpr char kSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,1,Abe Able,M,30,KEN,0:30:00\n"
    "2,2,Ben Bold,M,31,KEN,0:30:30\n"
    "3,3,Cal Calm,M,32,KEN,0:31:00\n"
    "4,4,Dan Deft,M,33,USA,0:31:30\n"
    "5,5,Eli Even,M,34,USA,0:32:00\n"
    "6,7,Gus Grim,M,35,USA,0:33:01\n"
    "7,6,Fay Fast,W,28,ETH,0:35:00\n";

class FieldsServerTest : public ::testing::Test {
 protected:
  FieldsServerTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(race_, kSheet);
    (void)Load(kCup);
  }

  v1::LoadStandardResponse Load(const std::string& text, bool validate_only = false) {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(text);
    request.set_file_name("cup.toml");
    request.set_validate_only(validate_only);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
    return response;
  }

  v1::ListQualifiersResponse Field(const std::string& filter = "sex = M",
                                   const std::vector<std::string>& withdrawn = {}) {
    v1::ListQualifiersRequest request;
    v1::ListQualifiersResponse response;
    request.set_parent("standards/town-cup-2026");
    request.set_filter(filter);
    for (const std::string& athlete : withdrawn) request.add_withdrawn_athletes(athlete);
    EXPECT_CALL_OK(server_.qualification->ListQualifiers(RunningServer::As("").get(), request, &response));
    return response;
  }

  v1::Verdict Judge(const std::string& bib) {
    v1::QualifyRequest request;
    v1::QualifyResponse response;
    request.set_athlete(server_.ByBib(race_, bib).athlete());
    request.add_standards("standards/town-cup-2026");
    EXPECT_CALL_OK(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
    return response.verdicts_size() == 1 ? response.verdicts(0) : v1::Verdict();
  }

  // "3 OUTSIDE_CUTOFF COUNTRY_CAP": order, state and reason.
  static std::string Said(const v1::Verdict& verdict) {
    return absl::StrCat(verdict.order(), " ", v1::VerdictState_Name(verdict.state()).substr(14), " ", verdict.reason());
  }

  // "1 Abe Able IN", "3 Cal Calm BLOCKED COUNTRY_CAP" ...
  static std::vector<std::string> Rows(const v1::ListQualifiersResponse& field) {
    std::vector<std::string> rows;
    for (const v1::Qualifier& row : field.qualifiers()) {
      const std::string status = v1::Qualifier::Status_Name(row.status()).substr(7);
      rows.push_back(absl::StrCat(row.order(), " ", row.athlete_display_name(), " ", status,
                                  row.reason().empty() ? "" : " ", row.reason()));
    }
    return rows;
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(FieldsServerTest, PlacesCapsAndReservesAreToldInTheOrderOfAdmission) {
  const v1::ListQualifiersResponse field = Field();
  EXPECT_THAT(Rows(field), ElementsAre("1 Abe Able IN", "2 Ben Bold IN", "3 Cal Calm BLOCKED COUNTRY_CAP",
                                       "4 Dan Deft IN", "5 Eli Even RESERVE QUOTA"));
  EXPECT_EQ(field.line().qualified_count(), 5);
  EXPECT_EQ(field.line().admitted_count(), 3);
  EXPECT_EQ(field.line().last_in().athlete_display_name(), "Dan Deft");
  EXPECT_EQ(field.line().first_out().athlete_display_name(), "Eli Even");
  ASSERT_EQ(field.countries_size(), 2);
  EXPECT_EQ(field.countries(0).country(), "KEN");
  EXPECT_EQ(field.countries(0).admitted_count(), 2);
  EXPECT_EQ(field.countries(0).qualified_count(), 3);
  EXPECT_EQ(field.qualifiers(4).gap_to_line().value(), 30000);
  EXPECT_EQ(field.qualifiers(0).result(), server_.ByBib(race_, "1").name());
  EXPECT_THAT(Rows(Field("sex = W")), ElementsAre("1 Fay Fast IN"));
  EXPECT_THAT(Rows(Field("sex = M AND country = USA")), ElementsAre("4 Dan Deft IN", "5 Eli Even RESERVE QUOTA"));
}

TEST_F(FieldsServerTest, WhoWithdrawsMakesRoom) {
  EXPECT_THAT(Rows(Field("sex = M", {server_.ByBib(race_, "4").athlete()})),
              ElementsAre("1 Abe Able IN", "2 Ben Bold IN", "3 Cal Calm BLOCKED COUNTRY_CAP", "4 Eli Even IN",
                          "5 Dan Deft WITHDRAWN WITHDRAWN"));
  EXPECT_THAT(Rows(Field("sex = M", {server_.ByBib(race_, "1").athlete()})),
              ElementsAre("1 Ben Bold IN", "2 Cal Calm IN", "3 Dan Deft IN", "4 Eli Even RESERVE QUOTA",
                          "5 Abe Able WITHDRAWN WITHDRAWN"));
}

TEST_F(FieldsServerTest, AFieldFollowsEveryChangeOfAResultAndItsInverse) {
  const std::vector<std::string> before = Rows(Field());
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib(race_, "2").name());
  disqualify.set_reason("cut the course");
  disqualify.set_rule("TR 17.6");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_THAT(Rows(Field()),
              ElementsAre("1 Abe Able IN", "2 Cal Calm IN", "3 Dan Deft IN", "4 Eli Even RESERVE QUOTA"));
  v1::ReinstateResultRequest reinstate;
  reinstate.set_name(disqualify.name());
  reinstate.set_reason("did not");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), reinstate, &changed));
  EXPECT_EQ(Rows(Field()), before);
  const std::string other = server_.MakeRace("other-run", "2025", DateOf(2025, 6, 1));
  server_.MustImport(other, "place,bib,name,sex,age,country,gun\n1,9,Zed Zoom,M,25,UGA,0:29:00\n");
  EXPECT_EQ(Rows(Field()).front(), "1 Zed Zoom IN");
  EXPECT_EQ(Field().line().admitted_count(), 3);
}

TEST_F(FieldsServerTest, AVerdictKnowsQuotaAndCountryCap) {
  EXPECT_EQ(Said(Judge("1")), "1 QUALIFIED MET");
  EXPECT_EQ(Said(Judge("4")), "4 QUALIFIED MET");
  EXPECT_EQ(Judge("1").expiry_date().ShortDebugString(), DateOf(2026, 9, 1).ShortDebugString());
  const v1::Verdict cal = Judge("3");
  EXPECT_EQ(Said(cal), "3 OUTSIDE_CUTOFF COUNTRY_CAP");
  EXPECT_FALSE(cal.counting().counts());
  EXPECT_EQ(cal.counting().first_failing_rule().rule(), "COUNTRY_CAP");
  EXPECT_NE(cal.explanation().find("Met the standard, without a place."), std::string::npos) << cal.explanation();
  EXPECT_NE(cal.explanation().find("It would be number 3 of the country, of which 2 are let in."), std::string::npos)
      << cal.explanation();
  EXPECT_EQ(cal.needed().mark().value(), 1829000) << "a second faster than the country's second";
  const v1::Verdict eli = Judge("5");
  EXPECT_EQ(Said(eli), "5 OUTSIDE_CUTOFF QUOTA");
  EXPECT_NE(eli.explanation().find("It is number 5 in the order, and there are 3 places."), std::string::npos)
      << eli.explanation();
  EXPECT_EQ(eli.needed().mark().value(), 1890000) << "an equal of the last one in is in too";
  EXPECT_EQ(Said(Judge("7")), "0 NOT_YET MARK");
}

TEST_F(FieldsServerTest, AVerdictFlipsWhenTheOneAheadIsDisqualified) {
  v1::DisqualifyResultRequest disqualify;
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib(race_, "2").name());
  disqualify.set_reason("cut the course");
  disqualify.set_rule("TR 17.6");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_EQ(Said(Judge("3")), "2 QUALIFIED MET");
  EXPECT_EQ(Said(Judge("5")), "4 OUTSIDE_CUTOFF QUOTA");
  disqualify.set_name(server_.ByBib(race_, "1").name());
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_EQ(Said(Judge("5")), "3 QUALIFIED MET");
}

TEST_F(FieldsServerTest, ManyVerdictsKnowTheFieldToo) {
  v1::BatchQualifyRequest request;
  v1::BatchQualifyResponse response;
  for (const char* bib : {"2", "3", "5"}) request.add_athletes(server_.ByBib(race_, bib).athlete());
  request.add_standards("standards/town-cup-2026");
  ASSERT_CALL(server_.qualification->BatchQualify(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.verdicts_size(), 3);
  EXPECT_EQ(Said(response.verdicts(0)), "2 QUALIFIED MET");
  EXPECT_EQ(Said(response.verdicts(1)), "3 OUTSIDE_CUTOFF COUNTRY_CAP");
  EXPECT_EQ(Said(response.verdicts(2)), "5 OUTSIDE_CUTOFF QUOTA");
}

TEST_F(FieldsServerTest, AMarkThatNobodyRanIsPlacedAsIfItWereRun) {
  v1::QualifyRequest request;
  v1::QualifyResponse response;
  request.set_athlete(server_.ByBib(race_, "5").athlete());
  request.add_standards("standards/town-cup-2026");
  v1::HypotheticalMark* mark = request.add_hypothetical_marks();
  mark->set_discipline("10km-road");
  mark->mutable_mark()->set_text("30:45");
  *mark->mutable_date() = DateOf(2026, 7, 1);
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.verdicts_size(), 1);
  EXPECT_EQ(Said(response.verdicts(0)), "3 QUALIFIED MET") << "before Cal and Dan";
  EXPECT_EQ(Rows(Field()).back(), "5 Eli Even RESERVE QUOTA") << "and nothing is kept";
}

TEST_F(FieldsServerTest, AMorningsRaceInAucklandCountsAtOnce) {
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilSecond(2026, 6, 6, 21, 0, 0), absl::UTCTimeZone()));
  const std::string race = server_.MakeRace("auckland-run", "2026", DateOf(2026, 6, 7));
  server_.MustImport(race, "place,bib,name,sex,age,country,gun\n1,9,Kit Keen,M,25,NZL,0:29:00\n");
  v1::QualifyRequest request;
  v1::QualifyResponse response;
  request.set_athlete(server_.ByBib(race, "9").athlete());
  request.add_standards("standards/town-cup-2026");
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(Said(response.verdicts(0)), "1 QUALIFIED MET");
  EXPECT_EQ(Rows(Field()).front(), "1 Kit Keen IN");
  *request.mutable_as_of_date() = DateOf(2026, 6, 6);
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(Said(response.verdicts(0)), "0 NOT_YET AFTER_VERDICT_DAY") << "a day that is asked for is meant";
}

TEST_F(FieldsServerTest, PagesGoOnWhereTheLastOneEnded) {
  v1::ListQualifiersRequest request;
  request.set_parent("standards/town-cup-2026");
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    v1::ListQualifiersResponse response;
    ASSERT_CALL(server_.qualification->ListQualifiers(RunningServer::As("").get(), request, &response));
    EXPECT_EQ(response.total_size(), 6);
    for (const v1::Qualifier& row : response.qualifiers()) names.push_back(row.athlete_display_name());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("Abe Able", "Ben Bold", "Cal Calm", "Dan Deft", "Eli Even", "Fay Fast"));
}

TEST_F(FieldsServerTest, ADryRunSaysWhatIsWrongWithFileLineFieldValueAndWant) {
  const std::string bad =
      absl::StrReplaceAll(kCup, {{"size = 3", "size = -3"}, {"10km-road\"\nsex = \"W", "ten\"\nsex = \"W"}});
  const v1::LoadStandardResponse response = Load(bad, /*validate_only=*/true);
  ASSERT_EQ(response.issues_size(), 2);
  EXPECT_EQ(response.issues(0).row(), 19);
  EXPECT_EQ(response.issues(0).column(), "field.size");
  EXPECT_EQ(response.issues(0).value(), "-3");
  EXPECT_FALSE(response.issues(0).wanted().empty());
  EXPECT_EQ(response.issues(1).column(), "marks[2].discipline");
  v1::LoadStandardRequest request;
  v1::LoadStandardResponse loaded;
  request.set_rules_text(bad);
  request.set_file_name("cup.toml");
  const grpc::Status status = server_.standards->LoadStandard(server_.AsOperator().get(), request, &loaded);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(status), "RULE_FILE_INVALID");
  EXPECT_EQ(ViolatedField(status), "field.size");
  EXPECT_NE(status.error_message().find("cup.toml:19: field.size is -3, want "), std::string::npos)
      << status.error_message();
}

TEST_F(FieldsServerTest, ARevisionIsEvaluatedByAJobAndTheOneBeforeStaysReadable) {
  EXPECT_TRUE(Load(kCup).unchanged());
  const v1::LoadStandardResponse loaded = Load(absl::StrReplaceAll(kCup, {{"0:33:00", "0:31:00"}}));
  EXPECT_EQ(loaded.evaluation_job(), "standards/town-cup-2026/evaluationJobs/2");
  v1::WatchEvaluationJobRequest watch;
  watch.set_name(loaded.evaluation_job());
  const auto context = RunningServer::As("");
  const auto stream = server_.standards->WatchEvaluationJob(context.get(), watch);
  v1::EvaluationJob job;
  while (stream->Read(&job)) {
  }
  ASSERT_CALL(stream->Finish());
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.status().error();
  EXPECT_EQ(job.status().done(), job.status().total());
  EXPECT_EQ(job.qualified_count(), 4) << "Abe, Ben, Cal and Fay";
  EXPECT_EQ(job.changed_count(), 2) << "Dan and Eli no longer";
  v1::GetEvaluationJobRequest get;
  v1::EvaluationJob again;
  get.set_name(loaded.evaluation_job());
  ASSERT_CALL(server_.standards->GetEvaluationJob(RunningServer::As("").get(), get, &again));
  EXPECT_EQ(again.SerializeAsString(), job.SerializeAsString());
  EXPECT_EQ(again.standard_revision(), "standards/town-cup-2026/revisions/2");
  EXPECT_EQ(again.status().unit(), "athletes");
  EXPECT_TRUE(again.status().has_end_time());
  get.set_name("standards/town-cup-2026/evaluationJobs/3");
  EXPECT_EQ(server_.standards->GetEvaluationJob(RunningServer::As("").get(), get, &again).error_code(),
            grpc::StatusCode::NOT_FOUND)
      << "there is no such revision";

  v1::ListStandardRevisionsRequest list;
  v1::ListStandardRevisionsResponse revisions;
  list.set_parent("standards/town-cup-2026");
  ASSERT_CALL(server_.standards->ListStandardRevisions(RunningServer::As("").get(), list, &revisions));
  ASSERT_EQ(revisions.revisions_size(), 2);
  EXPECT_EQ(revisions.revisions(0).name(), "standards/town-cup-2026/revisions/2");
  EXPECT_EQ(revisions.revisions(0).content_sha256().size(), 32u);
  v1::QualifyRequest qualify;
  v1::QualifyResponse verdicts;
  qualify.set_athlete(server_.ByBib(race_, "4").athlete());
  qualify.add_standards("standards/town-cup-2026");
  qualify.add_standards("standards/town-cup-2026/revisions/1");
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), qualify, &verdicts));
  ASSERT_EQ(verdicts.verdicts_size(), 2);
  EXPECT_EQ(verdicts.verdicts(0).state(), v1::VERDICT_STATE_QUALIFIED);
  EXPECT_EQ(verdicts.verdicts(0).standard_revision(), "standards/town-cup-2026/revisions/1");
  EXPECT_EQ(verdicts.verdicts(1).state(), v1::VERDICT_STATE_NOT_YET);
}

TEST_F(FieldsServerTest, ARetiredStandardJudgesNobodyUntilItIsLoadedAgain) {
  v1::RetireStandardRequest retire;
  v1::Standard standard;
  retire.set_name("standards/town-cup-2026");
  retire.set_reason("cancelled");
  ASSERT_CALL(server_.standards->RetireStandard(server_.AsOperator().get(), retire, &standard));
  EXPECT_TRUE(standard.retired());
  const grpc::Status again = server_.standards->RetireStandard(server_.AsOperator().get(), retire, &standard);
  EXPECT_EQ(Reason(again), "ALREADY_RETIRED");
  v1::QualifyRequest qualify;
  qualify.set_athlete(server_.ByBib(race_, "1").athlete());
  v1::QualifyResponse none;
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), qualify, &none));
  EXPECT_EQ(none.verdicts_size(), 0);
  server_.Restart();
  v1::GetStandardRequest get;
  get.set_name("standards/town-cup-2026");
  ASSERT_CALL(server_.standards->GetStandard(RunningServer::As("").get(), get, &standard));
  EXPECT_TRUE(standard.retired());
  EXPECT_FALSE(Load(kCup).unchanged());
  v1::QualifyResponse one;
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), qualify, &one));
  EXPECT_EQ(one.verdicts_size(), 1);
}

TEST_F(FieldsServerTest, ManyAthletesAreJudgedInOneCall) {
  v1::BatchQualifyRequest request;
  v1::BatchQualifyResponse response;
  request.add_athletes(server_.ByBib(race_, "1").athlete());
  request.add_athletes("athletes/999999");
  request.add_athletes(server_.ByBib(race_, "7").athlete());
  request.add_standards("standards/town-cup-2026");
  ASSERT_CALL(server_.qualification->BatchQualify(RunningServer::As("").get(), request, &response));
  EXPECT_THAT(response.missing_athletes(), ElementsAre("athletes/999999"));
  ASSERT_EQ(response.verdicts_size(), 2);
  EXPECT_EQ(response.verdicts(0).state(), v1::VERDICT_STATE_QUALIFIED);
  EXPECT_EQ(response.verdicts(1).margin().value(), 1000) << "one second over";
  EXPECT_EQ(response.verdicts(1).explanation(), "");
}

TEST_F(FieldsServerTest, TheHistoryOfTheLineKnowsWhoWithdrewAndEveryNewResult) {
  v1::ListLineHistoryRequest request;
  request.set_parent("standards/town-cup-2026");
  request.set_sex(v1::SEX_MEN);
  request.set_page_size(1);
  const auto newest = [&] {
    v1::ListLineHistoryResponse response;
    EXPECT_CALL_OK(server_.qualification->ListLineHistory(RunningServer::As("").get(), request, &response));
    const v1::QualificationLine line = Field().line();
    if (response.lines().empty()) return std::string("no line");
    EXPECT_EQ(response.lines(0).last_in().athlete(), line.last_in().athlete()) << "the list and its history differ";
    EXPECT_EQ(response.lines(0).admitted_count(), line.admitted_count());
    return response.lines(0).last_in().athlete_display_name();
  };
  EXPECT_EQ(newest(), "Dan Deft");
  v1::UpdateApplicationRequest withdraw;
  v1::Application application;
  const std::string dan = server_.ByBib(race_, "4").athlete();
  withdraw.mutable_application()->set_name(
      absl::StrCat("standards/town-cup-2026/applications/", dan.substr(dan.find('/') + 1)));
  withdraw.mutable_application()->set_state(v1::Application::STATE_WITHDRAWN);
  withdraw.set_allow_missing(true);
  ASSERT_CALL(server_.qualification->UpdateApplication(server_.AsOperator().get(), withdraw, &application));
  EXPECT_EQ(newest(), "Eli Even");
  const std::string later = server_.MakeRace("later-run", "2026", DateOf(2026, 5, 20));
  server_.MustImport(later, "place,bib,name,sex,age,country,gun\n1,1,Hal Hale,M,30,USA,0:30:10\n");
  EXPECT_EQ(newest(), "Ben Bold") << "one more is before him";
}

TEST_F(FieldsServerTest, TheNearestStandardsAreThoseWithTheSmallestRelativeGap) {
  (void)Load(absl::StrReplaceAll(kCup, {{"town-cup-2026", "far-cup"}, {"0:33:00", "0:29:00"}}));
  v1::ListNearestStandardsRequest request;
  request.set_athlete(server_.ByBib(race_, "7").athlete());
  v1::ListNearestStandardsResponse response;
  ASSERT_CALL(server_.qualification->ListNearestStandards(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.verdicts_size(), 2);
  EXPECT_EQ(response.verdicts(0).standard(), "standards/town-cup-2026");
  EXPECT_EQ(response.verdicts(1).standard(), "standards/far-cup");
  EXPECT_EQ(response.verdicts(0).needed().pace_text(), "3:18 /km, 5:18 /mile");
}

TEST_F(FieldsServerTest, APageOfNearestStandardsGoesOnAfterOneThatHasGone) {
  (void)Load(absl::StrReplaceAll(kCup, {{"town-cup-2026", "far-cup"}, {"0:33:00", "0:29:00"}}));
  v1::ListNearestStandardsRequest request;
  request.set_athlete(server_.ByBib(race_, "7").athlete());
  request.set_page_size(1);
  v1::ListNearestStandardsResponse first, second;
  ASSERT_CALL(server_.qualification->ListNearestStandards(RunningServer::As("").get(), request, &first));
  ASSERT_EQ(first.verdicts_size(), 1);
  EXPECT_EQ(first.verdicts(0).standard(), "standards/town-cup-2026");
  v1::RetireStandardRequest retire;
  v1::Standard standard;
  retire.set_name("standards/town-cup-2026");
  retire.set_reason("it is over");
  ASSERT_CALL(server_.standards->RetireStandard(server_.AsOperator().get(), retire, &standard));
  request.set_page_token(first.next_page_token());
  ASSERT_CALL(server_.qualification->ListNearestStandards(RunningServer::As("").get(), request, &second));
  ASSERT_EQ(second.verdicts_size(), 1);
  EXPECT_EQ(second.verdicts(0).standard(), "standards/far-cup");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(FieldsServerTest, AnAnonymousRunnersMarksAreHeldAgainstAllStandardsAtOnce) {
  v1::WhatIfRequest request;
  request.set_sex(v1::SEX_MEN);
  request.set_age(30);
  v1::HypotheticalMark* mark = request.add_marks();
  mark->set_discipline("10km-road");
  mark->mutable_mark()->set_text("32:59");
  v1::QualifyResponse response;
  grpc::Status status = server_.qualification->WhatIf(RunningServer::As("").get(), request, &response);
  EXPECT_EQ(ViolatedField(status), "marks[0].date");
  *mark->mutable_date() = DateOf(2026, 7, 1);
  ASSERT_CALL(server_.qualification->WhatIf(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.verdicts_size(), 1);
  EXPECT_EQ(Said(response.verdicts(0)), "6 OUTSIDE_CUTOFF QUOTA") << "five men are faster";
  mark->mutable_mark()->set_text("30:15");
  ASSERT_CALL(server_.qualification->WhatIf(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(Said(response.verdicts(0)), "2 QUALIFIED MET") << response.verdicts(0).explanation();
  EXPECT_EQ(response.verdicts(0).as_of_date().month(), 7) << "the answer is of the day of the mark";
}

}  // namespace
}  // namespace palmares::testing
