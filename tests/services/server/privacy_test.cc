// What athletes say of themselves, who may see it, and that who is hidden or erased is named nowhere.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "storage/rocks_ledger.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPrivacyRace[] =
    "bib,name,sex,age,birth date,country,city,club,gun\n"
    "1,Ada Quicksilver,W,31,1990-02-03,KEN,Iten,Lions,31:00\n"
    "2,Bea Nextdoor,W,36,1985-02-03,KEN,Eldoret,,32:00\n"
    "3,Cy Youngster,M,15,2006-02-03,USA,Boston,,33:00\n";

class PrivacyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    race_ = server_.MakeRace("town-run", "2021", DateOf(2021, 5, 4));
    server_.MustImport(race_, kPrivacyRace);
    ada_ = server_.ByBib(race_, "1").athlete();
    bea_ = server_.ByBib(race_, "2").athlete();
    cy_ = server_.ByBib(race_, "3").athlete();
    ada_token_ = server_.MakeToken(v1::ROLE_ATHLETE, {ada_});
    SetNow("2022-05-04T00:00:00Z");
  }

  void SetNow(const std::string& text) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
    server_.now_us = absl::ToUnixMicros(time);
  }
  std::vector<std::string> Found(const std::string& query, const std::string& secret = "",
                                 const std::string& filter = "") {
    v1::SearchAthletesRequest request;
    v1::SearchAthletesResponse response;
    request.set_query(query);
    request.set_filter(filter);
    EXPECT_CALL_OK(server_.athletes->SearchAthletes(RunningServer::As(secret).get(), request, &response));
    std::vector<std::string> names;
    for (const v1::AthleteMatch& match : response.matches()) names.push_back(match.athlete().name());
    return names;
  }
  grpc::Status Get(const std::string& name, const std::string& secret, v1::Athlete* athlete) {
    v1::GetAthleteRequest request;
    request.set_name(name);
    return server_.athletes->GetAthlete(RunningServer::As(secret).get(), request, athlete);
  }
  grpc::Status Hide(const std::string& name, const std::string& secret) {
    v1::HideAthleteRequest request;
    v1::Athlete athlete;
    request.set_name(name);
    return server_.athletes->HideAthlete(RunningServer::As(secret).get(), request, &athlete);
  }
  grpc::Status Unhide(const std::string& name, const std::string& secret) {
    v1::UnhideAthleteRequest request;
    v1::Athlete athlete;
    request.set_name(name);
    return server_.athletes->UnhideAthlete(RunningServer::As(secret).get(), request, &athlete);
  }
  grpc::Status Erase(const std::string& name, const std::string& confirmation, const std::string& secret,
                     v1::EraseAthleteResponse* response) {
    v1::EraseAthleteRequest request;
    request.set_name(name);
    request.set_confirmation(confirmation);
    return server_.athletes->EraseAthlete(RunningServer::As(secret).get(), request, response);
  }
  grpc::Status SetPrivacy(const v1::Privacy& privacy, const std::string& secret, v1::Privacy* response) {
    v1::UpdatePrivacyRequest request;
    *request.mutable_privacy() = privacy;
    return server_.athletes->UpdatePrivacy(RunningServer::As(secret).get(), request, response);
  }
  // Whether any entry has the text, as the ledger's files give it.
  bool LedgerHolds(const std::string& text) {
    server_.server.reset();
    absl::StatusOr<std::unique_ptr<storage::RocksLedger>> ledger =
        storage::RocksLedger::Open(server_.directory.path() + "/data/ledger", {});
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    bool holds = false;
    absl::Status status = (*ledger)->Read(1, (*ledger)->LastPosition(), [&](const storage::Entry& entry) {
      holds = holds || absl::StrContains(entry.change.body, text);
      for (const std::string& block : entry.change.personal) holds = holds || absl::StrContains(block, text);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return holds;
  }
  void ExpectViewsEqualARebuild() {
    v1::VerifyRequest request;
    v1::AdministrationJob job;
    auto context = server_.AsOperator();
    auto stream = server_.administration->Verify(context.get(), request);
    while (stream->Read(&job)) {
    }
    EXPECT_CALL_OK(stream->Finish());
    EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.DebugString();
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }
  // Everything that anybody is told of the race's rows and of the ranking, as text. With a position: of the ranking as
  // it was known there.
  std::string Told(const std::string& secret, int64_t known_at = 0) {
    v1::ListResultsRequest list;
    v1::ListResultsResponse results;
    list.set_parent(race_);
    EXPECT_CALL_OK(server_.results->ListResults(RunningServer::As(secret).get(), list, &results));
    v1::ListRankingRequest ranking;
    v1::ListRankingResponse rows;
    *ranking.mutable_query() = QueryOf("10km-road", v1::SEX_WOMEN);
    if (known_at != 0) ranking.mutable_query()->mutable_as_of()->set_ledger_position(known_at);
    EXPECT_CALL_OK(server_.rankings->ListRanking(RunningServer::As(secret).get(), ranking, &rows));
    EXPECT_GE(rows.rows_size(), 2);
    return known_at != 0 ? rows.DebugString() : absl::StrCat(results.DebugString(), rows.DebugString());
  }
  int64_t PositionNow() {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = QueryOf("10km-road", v1::SEX_WOMEN);
    EXPECT_CALL_OK(server_.rankings->ListRanking(RunningServer::As("").get(), request, &response));
    return response.position();
  }

  RunningServer server_;
  std::string race_, ada_, bea_, cy_, ada_token_;
};

TEST_F(PrivacyTest, AGuardianGrantsForWhoIsYoungByTheAgesOnSheets) {
  const std::string race = server_.MakeRace("school-run", "2021", DateOf(2021, 5, 4));
  server_.MustImport(race, "bib,name,sex,age,gun\n1,Kit Young,W,15,38:00\n");
  const std::string kit = server_.ByBib(race, "1").athlete();
  v1::CreateTokenRequest token;
  v1::CreateTokenResponse sponsor;
  token.mutable_token()->set_role(v1::ROLE_SPONSOR);
  token.mutable_token()->set_display_name("Shoe company");
  ASSERT_CALL(server_.access->CreateToken(server_.AsOperator().get(), token, &sponsor));
  v1::CreateGrantRequest request;
  v1::Grant grant;
  request.set_parent(kit);
  request.mutable_grant()->set_holder(sponsor.token().name());
  request.mutable_grant()->set_relation(v1::Grant::RELATION_SPONSOR);
  const std::string own = server_.MakeToken(v1::ROLE_ATHLETE, {kit});
  EXPECT_EQ(Reason(server_.access->CreateGrant(RunningServer::As(own).get(), request, &grant)), "GUARDIAN_REQUIRED");
  SetNow("2026-05-04T00:00:00Z");
  EXPECT_CALL_OK(server_.access->CreateGrant(RunningServer::As(own).get(), request, &grant));
}

TEST_F(PrivacyTest, MinorsAreNotFoundUntilItIsSaidSoForThem) {
  EXPECT_THAT(Found("quicksilver"), ElementsAre(ada_));
  EXPECT_THAT(Found("youngster"), IsEmpty());
  EXPECT_THAT(Found("youngster", server_.operator_secret), ElementsAre(cy_));
  v1::Athlete cy;
  ASSERT_CALL(Get(cy_, "", &cy));
  EXPECT_EQ(cy.age_band().label(), "U18");
  EXPECT_FALSE(cy.has_birth_date());

  v1::Privacy privacy, changed;
  privacy.set_name(cy_ + "/privacy");
  privacy.set_search(v1::Privacy::AUDIENCE_EVERYBODY);
  EXPECT_EQ(SetPrivacy(privacy, ada_token_, &changed).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(SetPrivacy(privacy, server_.operator_secret, &changed));
  EXPECT_TRUE(changed.minor());
  EXPECT_THAT(Found("youngster"), ElementsAre(cy_));
}

TEST_F(PrivacyTest, WhoWasAMinorIsFoundWhenGrown) {
  SetNow("2024-02-02T00:00:00Z");
  EXPECT_THAT(Found("youngster"), IsEmpty());
  SetNow("2024-02-03T00:00:00Z");
  EXPECT_THAT(Found("youngster"), ElementsAre(cy_));
}

TEST_F(PrivacyTest, AudiencesDecideWhoFindsAndWhoSeesTheBirthDate) {
  const std::string coach = server_.MakeToken(v1::ROLE_COACH, {});
  v1::Athlete seen;
  ASSERT_CALL(Get(ada_, coach, &seen));
  EXPECT_EQ(seen.birth_date().month(), 0);
  ASSERT_CALL(Get(ada_, ada_token_, &seen));
  EXPECT_EQ(seen.birth_date().day(), 3);

  v1::Privacy privacy, changed;
  privacy.set_name(ada_ + "/privacy");
  privacy.set_search(v1::Privacy::AUDIENCE_NOBODY);
  privacy.set_birth_date(v1::Privacy::AUDIENCE_EVERYBODY);
  ASSERT_CALL(SetPrivacy(privacy, ada_token_, &changed));
  EXPECT_THAT(Found("quicksilver", coach), IsEmpty());
  EXPECT_THAT(Found("quicksilver", ada_token_), ElementsAre(ada_));
  ASSERT_CALL(Get(ada_, coach, &seen));
  EXPECT_EQ(seen.birth_date().day(), 3);

  privacy.set_etag("\"other\"");
  EXPECT_EQ(SetPrivacy(privacy, ada_token_, &changed).error_code(), grpc::StatusCode::ABORTED);
  privacy.clear_etag();
  privacy.add_discovery_criteria("shoe-size");
  const grpc::Status refused = SetPrivacy(privacy, ada_token_, &changed);
  EXPECT_EQ(ViolatedField(refused), "privacy.discovery_criteria[0]");
  v1::GetPrivacyRequest get;
  get.set_name(ada_ + "/privacy");
  EXPECT_EQ(server_.athletes->GetPrivacy(RunningServer::As(coach).get(), get, &changed).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(server_.athletes->GetPrivacy(RunningServer::As(ada_token_).get(), get, &changed));
  EXPECT_EQ(changed.search(), v1::Privacy::AUDIENCE_NOBODY);
  ExpectViewsEqualARebuild();
}

TEST_F(PrivacyTest, WhoIsHiddenIsNamedNowhereAndComesBackExactly) {
  const std::string before = Told("");
  const std::vector<std::string> places = server_.Places(race_);
  ASSERT_TRUE(absl::StrContains(before, "Quicksilver"));
  EXPECT_EQ(Hide(ada_, server_.MakeToken(v1::ROLE_ATHLETE, {bea_})).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(Hide(ada_, ada_token_));
  for (const std::string& secret : {std::string(), ada_token_, server_.operator_secret}) {
    EXPECT_FALSE(absl::StrContains(Told(secret), "Quicksilver")) << secret;
    EXPECT_FALSE(absl::StrContains(Told(secret), "Iten")) << secret;
  }
  EXPECT_EQ(server_.Places(race_), places);
  EXPECT_THAT(Found("quicksilver", server_.operator_secret), IsEmpty());
  v1::Athlete seen;
  EXPECT_EQ(Get(ada_, "", &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_CALL(Get(ada_, ada_token_, &seen));
  EXPECT_EQ(seen.display_name(), "Ada Quicksilver");
  EXPECT_EQ(seen.state(), v1::ATHLETE_STATE_HIDDEN);
  ExpectViewsEqualARebuild();
  server_.Restart();
  EXPECT_FALSE(absl::StrContains(Told(""), "Quicksilver"));

  ASSERT_CALL(Unhide(ada_, ada_token_));
  EXPECT_EQ(Reason(Unhide(ada_, ada_token_)), "NOT_HIDDEN");
  EXPECT_THAT(Found("quicksilver"), ElementsAre(ada_));
  const auto without_position = [](std::string text) {
    std::string kept;
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      if (!absl::StrContains(line, "position:")) absl::StrAppend(&kept, line, "\n");
    }
    return kept;
  };
  EXPECT_EQ(without_position(Told("")), without_position(before));
}

TEST_F(PrivacyTest, WhoIsHiddenNowIsNotNamedInListsOfThePast) {
  const int64_t before = PositionNow();
  ASSERT_TRUE(absl::StrContains(Told("", before), "Quicksilver"));
  ASSERT_CALL(Hide(ada_, ada_token_));
  for (const int64_t position : {before, PositionNow()}) {
    for (const std::string& secret : {std::string(), ada_token_, server_.operator_secret}) {
      const std::string told = Told(secret, position);
      EXPECT_FALSE(absl::StrContains(told, "Quicksilver")) << told;
      EXPECT_FALSE(absl::StrContains(told, absl::StrCat("\"", ada_, "\""))) << told;
      EXPECT_TRUE(absl::StrContains(told, "31:00")) << "the rank is kept: " << told;
      EXPECT_TRUE(absl::StrContains(told, "Nextdoor")) << told;
    }
  }
  ASSERT_CALL(Unhide(ada_, ada_token_));
  EXPECT_TRUE(absl::StrContains(Told("", before), "Quicksilver"));
}

TEST_F(PrivacyTest, WhoIsHiddenHasNoAthleteInLists) {
  v1::GetRankRequest asked;
  *asked.mutable_query() = QueryOf("10km-road", v1::SEX_WOMEN);
  asked.set_athlete(bea_);
  asked.set_neighbours(1);
  v1::Rank rank;
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), asked, &rank));
  EXPECT_EQ(rank.above(0).athlete(), ada_);
  ASSERT_CALL(Hide(ada_, ada_token_));
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), asked, &rank));
  ASSERT_EQ(rank.above_size(), 1);
  EXPECT_EQ(rank.above(0).athlete(), "");
  EXPECT_EQ(rank.above(0).athlete_display_name(), "");
  EXPECT_EQ(rank.above(0).mark().text(), "31:00");
  EXPECT_EQ(rank.row().athlete(), bea_);
}

TEST_F(PrivacyTest, AWatchDoesNotSayWhoIsHidden) {
  ASSERT_CALL(Hide(ada_, ada_token_));
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("10km-road", v1::SEX_WOMEN);
  request.set_top(5);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse message;
  ASSERT_TRUE(reader->Read(&message));
  server_.MustImport(server_.MakeRace("other-run", "2021", DateOf(2021, 6, 4)),
                     "bib,name,sex,age,birth date,country,gun\n1,Di Fast,W,31,1990-03-03,KEN,30:00\n");
  message.Clear();
  while (message.changes().empty()) ASSERT_TRUE(reader->Read(&message));
  ASSERT_EQ(message.changes_size(), 3);
  EXPECT_EQ(message.changes(1).old_rank(), 1);
  EXPECT_EQ(message.changes(1).new_rank(), 2);
  EXPECT_EQ(message.changes(1).athlete(), "");
  EXPECT_EQ(message.changes(1).row().athlete_display_name(), "");
  EXPECT_EQ(message.changes(2).athlete(), bea_);
  context->TryCancel();
}

TEST_F(PrivacyTest, WhoIsErasedIsGoneFromListsOfThePastThatWereReadBefore) {
  const int64_t before = PositionNow();
  ASSERT_TRUE(absl::StrContains(Told("", before), "Quicksilver"));  // so the past is made, with the name
  v1::EraseAthleteResponse response;
  ASSERT_CALL(Erase(ada_, ada_, ada_token_, &response));
  for (const std::string& secret : {std::string(), server_.operator_secret}) {
    const std::string told = Told(secret, before);
    EXPECT_FALSE(absl::StrContains(told, "Quicksilver")) << told;
    EXPECT_FALSE(absl::StrContains(told, absl::StrCat("\"", ada_, "\""))) << told;
    EXPECT_TRUE(absl::StrContains(told, "31:00")) << told;
    EXPECT_TRUE(absl::StrContains(told, "Nextdoor")) << told;
  }
}

TEST_F(PrivacyTest, ACorrectionOfAHiddenRowKeepsTheNameForLater) {
  ASSERT_CALL(Hide(ada_, ada_token_));
  v1::CorrectResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "1").name());
  request.mutable_row()->set_gun_mark(1'870'000);
  request.mutable_update_mask()->add_paths("gun_mark");
  request.set_reason("photo finish");
  request.set_validate_only(true);
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response));
  EXPECT_FALSE(absl::StrContains(response.DebugString(), "Quicksilver")) << response.DebugString();
  request.set_validate_only(false);
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response));
  EXPECT_FALSE(absl::StrContains(response.DebugString(), "Quicksilver")) << response.DebugString();
  ASSERT_CALL(Unhide(ada_, ada_token_));
  EXPECT_EQ(server_.ByBib(race_, "1").row().name(), "Ada Quicksilver");
  EXPECT_EQ(server_.ByBib(race_, "1").row().gun_mark(), 1'870'000);
}

TEST_F(PrivacyTest, AFileOfOtherRowsKeepsTheNameOfAHiddenRowForLater) {
  ASSERT_CALL(Hide(ada_, ada_token_));
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(race_);
  header.set_reason("a row was missing");
  header.set_keep_others(true);
  const std::string more =
      "bib,name,sex,age,birth date,country,city,club,gun\n4,Di Fourth,W,33,1988-02-03,USA,Boston,,34:00\n";
  ASSERT_CALL(server_.Import(header, more, &imported, server_.operator_secret));
  EXPECT_EQ(imported.report().rows_changed(), 0) << imported.report().DebugString();
  ASSERT_CALL(Unhide(ada_, ada_token_));
  EXPECT_EQ(server_.ByBib(race_, "1").row().name(), "Ada Quicksilver");
  EXPECT_EQ(server_.ByBib(race_, "1").athlete(), ada_);
}

TEST_F(PrivacyTest, WhoIsErasedIsGoneFromEveryAnswerAndFromTheFiles) {
  // A second revision of the sheet and of the row: the name stands in each.
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(race_);
  header.set_reason("a row was missing");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  const std::string more = absl::StrCat(kPrivacyRace, "4,Di Fourth,W,33,1988-02-03,USA,Boston,,34:00\n");
  ASSERT_CALL(server_.Import(header, more, &imported, server_.operator_secret));
  const std::vector<std::string> places = server_.Places(race_);
  v1::EraseAthleteResponse response;
  EXPECT_EQ(Reason(Erase(ada_, "yes", ada_token_, &response)), "CONFIRMATION_REQUIRED");
  ASSERT_CALL(Erase(ada_, ada_, ada_token_, &response));
  EXPECT_EQ(response.anonymous_rows(), 1);
  EXPECT_FALSE(absl::StrContains(Told(server_.operator_secret), "Quicksilver"));
  EXPECT_EQ(server_.Places(race_), places);
  EXPECT_EQ(server_.ByBib(race_, "2").row().name(), "Bea Nextdoor");
  v1::Athlete seen;
  EXPECT_EQ(Get(ada_, "", &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_CALL(Get(ada_, server_.operator_secret, &seen));
  EXPECT_EQ(seen.state(), v1::ATHLETE_STATE_ERASED);
  EXPECT_EQ(seen.display_name(), "");
  EXPECT_EQ(Reason(Unhide(ada_, server_.operator_secret)), "ERASED");
  ExpectViewsEqualARebuild();
  server_.Restart();
  EXPECT_FALSE(absl::StrContains(Told(server_.operator_secret), "Quicksilver"));
  EXPECT_EQ(server_.Places(race_), places);
  EXPECT_THAT(Found("nextdoor"), ElementsAre(bea_));
  EXPECT_TRUE(LedgerHolds("Nextdoor"));
  EXPECT_FALSE(LedgerHolds("Quicksilver"));
}

TEST_F(PrivacyTest, RowsThatAreOffTheSheetAreHiddenAndErasedWithTheirAthlete) {
  const v1::Result ada = server_.ByBib(race_, "1");
  const v1::Result bea = server_.ByBib(race_, "2");
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(race_);
  header.set_reason("two rows were another race's");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  const std::string without =
      "bib,name,sex,age,birth date,country,city,club,gun\n3,Cy Youngster,M,15,2006-02-03,USA,Boston,,33:00\n";
  v1::WithdrawResultRequest withdraw;
  v1::ChangeResultResponse changed;
  withdraw.set_name(bea.name());
  withdraw.set_reason("ran under another's bib");
  ASSERT_CALL(server_.results->WithdrawResult(server_.AsOperator().get(), withdraw, &changed));
  ASSERT_CALL(server_.Import(header, without, &imported, server_.operator_secret));
  const auto name_of = [this](const std::string& result) {
    v1::GetResultRequest request;
    v1::Result answer;
    request.set_name(result);
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &answer));
    return answer.row().name();
  };
  EXPECT_EQ(name_of(ada.name()), "Ada Quicksilver");
  ASSERT_CALL(Hide(ada_, server_.operator_secret));
  EXPECT_EQ(name_of(ada.name()), "");
  ASSERT_CALL(Unhide(ada_, server_.operator_secret));
  EXPECT_EQ(name_of(ada.name()), "Ada Quicksilver");
  v1::EraseAthleteResponse response;
  ASSERT_CALL(Erase(ada_, ada_, server_.operator_secret, &response));
  ASSERT_CALL(Erase(bea_, bea_, server_.operator_secret, &response));
  EXPECT_EQ(name_of(ada.name()), "");
  EXPECT_EQ(name_of(bea.name()), "");
  ExpectViewsEqualARebuild();
  EXPECT_TRUE(LedgerHolds("Youngster"));
  EXPECT_FALSE(LedgerHolds("Quicksilver"));
  EXPECT_FALSE(LedgerHolds("Nextdoor"));
}

TEST_F(PrivacyTest, WhatIsSaidOfAnAthleteIsKeptAndFound) {
  v1::UpdateAthleteRequest request;
  v1::Athlete changed;
  v1::Athlete& athlete = *request.mutable_athlete();
  athlete.set_name(ada_);
  athlete.add_other_names("Ada Maiden-Name");
  athlete.set_city("Kapsabet");
  v1::ExternalId* id = athlete.add_external_ids();
  id->set_scheme("world-athletics");
  id->set_value("14208500");
  v1::ExternalId* secret = athlete.add_external_ids();
  secret->set_scheme("passport");
  secret->set_value("K-77");
  secret->set_confidential(true);
  v1::Nationality* nationality = athlete.add_nationalities();
  nationality->set_country("Kenya");
  *nationality->mutable_period()->mutable_start_date() = DateOf(2010, 1, 1);
  EXPECT_EQ(server_.athletes->UpdateAthlete(RunningServer::As("").get(), request, &changed).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_CALL(server_.athletes->UpdateAthlete(RunningServer::As(ada_token_).get(), request, &changed));
  EXPECT_EQ(changed.display_name(), "Ada Quicksilver");
  EXPECT_EQ(changed.nationalities(0).country(), "KEN");
  EXPECT_THAT(changed.external_ids(), SizeIs(2));
  EXPECT_THAT(Found("maiden"), ElementsAre(ada_));
  v1::Athlete seen;
  ASSERT_CALL(Get(ada_, "", &seen));
  EXPECT_EQ(seen.city(), "");
  ASSERT_THAT(seen.external_ids(), SizeIs(1));
  EXPECT_EQ(seen.external_ids(0).value(), "14208500");

  // Nobody else can have the id; a change of nothing is none.
  const int64_t position = seen.position();
  ASSERT_CALL(server_.athletes->UpdateAthlete(RunningServer::As(ada_token_).get(), request, &changed));
  EXPECT_EQ(changed.position(), position);
  v1::UpdateAthleteRequest other;
  other.mutable_athlete()->set_name(bea_);
  *other.mutable_athlete()->add_external_ids() = *id;
  EXPECT_EQ(Reason(server_.athletes->UpdateAthlete(server_.AsOperator().get(), other, &changed)), "EXTERNAL_ID_TAKEN");
  other.mutable_athlete()->clear_external_ids();
  other.mutable_update_mask()->add_paths("result_count");
  EXPECT_EQ(ViolatedField(server_.athletes->UpdateAthlete(server_.AsOperator().get(), other, &changed)), "update_mask");
  ExpectViewsEqualARebuild();
}

TEST_F(PrivacyTest, AthletesAreListedByPagesAndFilters) {
  v1::ListAthletesRequest request;
  v1::ListAthletesResponse response;
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    response.Clear();
    ASSERT_CALL(server_.athletes->ListAthletes(RunningServer::As("").get(), request, &response));
    for (const v1::Athlete& athlete : response.athletes()) names.push_back(athlete.name());
    request.set_page_token(response.next_page_token());
  } while (!response.next_page_token().empty());
  EXPECT_THAT(names, ElementsAre(ada_, bea_));  // a minor is in no list

  request.Clear();
  response.Clear();
  request.set_filter("clubs.club = lions");
  ASSERT_CALL(server_.athletes->ListAthletes(RunningServer::As("").get(), request, &response));
  ASSERT_THAT(response.athletes(), SizeIs(1));
  EXPECT_EQ(response.athletes(0).name(), ada_);
  request.set_filter("country = Narnia");
  EXPECT_EQ(ViolatedField(server_.athletes->ListAthletes(RunningServer::As("").get(), request, &response)), "filter");
  EXPECT_THAT(Found("n", "", "country = KEN AND birth_date.year = 1985"), ElementsAre(bea_));
}

}  // namespace
}  // namespace palmares::testing
