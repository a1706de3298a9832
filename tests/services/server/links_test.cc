// Links of results to athletes: made when a sheet is published, and decided by people afterwards.
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"
#include "tests/services/server/snapshot.h"

namespace palmares::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kFirstRace[] =
    "bib,name,sex,age,country,city,gun\n"
    "11,Adalind Quickfoot,W,31,KEN,Iten,0:31:00\n"
    "12,Boniface Steadyman,M,42,USA,Boulder,0:32:00\n"
    "13,Cyprian Slowcoach,M,46,USA,Reno,0:33:00\n";
constexpr char kSecondRace[] =
    "bib,name,sex,age,country,city,gun\n"
    "21,Adalind Quickfoot,W,32,KEN,Iten,0:30:30\n"
    "22,Boniface Steadyman,M,43,USA,Boulder,0:31:30\n"
    "23,Dorothea Newcomer,W,25,GBR,Leeds,0:35:00\n";

class LinksTest : public ::testing::Test {
 protected:
  LinksTest()
      : first_(server_.MakeRace("town-run", "2024", DateOf(2024, 5, 5))),
        second_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {}

  grpc::Status SetPolicy(double link, double review, bool review_all) {
    v1::UpdateEventRequest request;
    request.mutable_event()->set_name("events/town-run");
    request.mutable_event()->mutable_identity_policy()->set_link_probability(link);
    request.mutable_event()->mutable_identity_policy()->set_review_probability(review);
    request.mutable_event()->mutable_identity_policy()->set_review_all(review_all);
    request.mutable_update_mask()->add_paths("identity_policy");
    v1::Event event;
    return server_.events->UpdateEvent(server_.AsOperator().get(), request, &event);
  }
  // Both sheets, with the links of the second one for people to decide.
  void ImportForReview() {
    ASSERT_CALL(SetPolicy(0, 0, true));
    server_.MustImport(first_, kFirstRace);
    server_.MustImport(second_, kSecondRace);
  }
  std::vector<v1::IdentityLink> Links(const std::string& parent, const std::string& filter, const std::string& secret,
                                      int page_size = 0) {
    v1::ListLinksRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    request.set_page_size(page_size);
    std::vector<v1::IdentityLink> links;
    do {
      v1::ListLinksResponse response;
      EXPECT_CALL_OK(server_.identity->ListLinks(RunningServer::As(secret).get(), request, &response));
      links.insert(links.end(), response.links().begin(), response.links().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return links;
  }
  std::vector<v1::IdentityLink> Queue() {
    return Links("events/town-run", "tier = LINK_TIER_PROPOSED", server_.operator_secret);
  }
  v1::IdentityLink Get(const std::string& name) {
    v1::GetLinkRequest request;
    request.set_name(name);
    v1::IdentityLink link;
    EXPECT_CALL_OK(server_.identity->GetLink(server_.AsOperator().get(), request, &link));
    return link;
  }
  grpc::Status Confirm(const std::string& name, const std::string& secret, const std::string& etag = "",
                       bool dry_run = false) {
    v1::ConfirmLinkRequest request;
    request.set_name(name);
    request.set_reason("known to the club");
    request.set_etag(etag);
    request.set_validate_only(dry_run);
    return server_.identity->ConfirmLink(RunningServer::As(secret).get(), request, &answer_);
  }
  grpc::Status Confirm(const std::string& name) { return Confirm(name, server_.operator_secret); }
  grpc::Status Reject(const std::string& name, const std::string& secret) {
    v1::RejectLinkRequest request;
    request.set_name(name);
    request.set_reason("a cousin");
    return server_.identity->RejectLink(RunningServer::As(secret).get(), request, &answer_);
  }
  grpc::Status Reject(const std::string& name) { return Reject(name, server_.operator_secret); }
  grpc::Status Claim(const std::string& athlete, const std::vector<std::string>& results, const std::string& secret) {
    v1::ClaimResultsRequest request;
    request.set_athlete(athlete);
    for (const std::string& result : results) request.add_results(result);
    request.set_reason("that was me");
    claimed_.Clear();
    return server_.identity->ClaimResults(RunningServer::As(secret).get(), request, &claimed_);
  }
  std::string Athlete(const std::string& race, const std::string& bib) { return server_.ByBib(race, bib).athlete(); }
  std::string ResultOf(const std::string& race, const std::string& bib) { return server_.ByBib(race, bib).name(); }
  static std::string Link(const std::string& result, const std::string& athlete) {
    return absl::StrCat(result, "/links/", athlete.substr(athlete.find('/') + 1));
  }
  std::vector<std::string> History(const std::string& athlete) {
    v1::GetHistoryRequest request;
    v1::GetHistoryResponse response;
    request.set_athlete(athlete);
    std::vector<std::string> results;
    if (!server_.histories->GetHistory(server_.AsOperator().get(), request, &response).ok()) return results;
    for (const v1::HistoryEntry& entry : response.history().entries()) results.push_back(entry.result());
    return results;
  }
  // All that can be seen of whose results are whose.
  std::vector<std::string> Snapshot() {
    std::vector<std::string> lines;
    for (const std::string& race : {first_, second_}) {
      for (const v1::Result& result : server_.Results(race)) {
        lines.push_back(absl::StrCat(result.name(), " ", result.athlete(), " ", result.place()));
      }
    }
    for (const v1::Sex sex : {v1::SEX_MEN, v1::SEX_WOMEN}) {
      for (v1::RankingRow row : server_.RankingRows(QueryOf("10km-road", sex))) {
        ClearTraces(row);
        lines.push_back(row.ShortDebugString());
      }
    }
    return lines;
  }
  std::vector<std::string> Changes(int64_t start, const std::string& secret) {
    v1::ListChangesRequest request;
    v1::ListChangesResponse response;
    request.set_start_position(start);
    std::vector<std::string> lines;
    EXPECT_CALL_OK(server_.ledger->ListChanges(RunningServer::As(secret).get(), request, &response));
    for (const v1::WatchChangesResponse& entry : response.entries()) {
      for (const v1::Change& change : entry.changes()) {
        lines.push_back(
            absl::StrCat(v1::ChangeKind_Name(change.kind()).substr(12), " ", change.name(), ": ", change.summary()));
      }
    }
    return lines;
  }
  int64_t Position() {
    v1::GetPositionResponse response;
    EXPECT_CALL_OK(server_.ledger->GetPosition(RunningServer::As("").get(), {}, &response));
    return response.position();
  }
  void ExpectVerified() {
    const auto context = server_.AsOperator();
    const auto reader = server_.administration->Verify(context.get(), v1::VerifyRequest());
    v1::AdministrationJob job;
    while (reader->Read(&job)) {
    }
    EXPECT_CALL_OK(reader->Finish());
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }

  RunningServer server_;
  std::string first_, second_;
  v1::IdentityLink answer_;
  v1::ClaimResultsResponse claimed_;
};

TEST_F(LinksTest, WhatIsCertainLinksByItselfAndIsExplained) {
  server_.MustImport(first_, kFirstRace);
  server_.MustImport(second_, kSecondRace);
  EXPECT_EQ(Athlete(second_, "21"), Athlete(first_, "11"));
  const v1::IdentityLink link = Get(ResultOf(second_, "21"));
  EXPECT_EQ(link.tier(), v1::LINK_TIER_AUTOMATIC);
  EXPECT_EQ(link.name(), Link(ResultOf(second_, "21"), Athlete(first_, "11")));
  EXPECT_GT(link.probability(), 0.75);
  EXPECT_LT(link.probability(), 1);
  ASSERT_GE(link.evidence_size(), 3);
  double sum = 0;
  for (const v1::Evidence& evidence : link.evidence()) {
    EXPECT_FALSE(evidence.text().empty());
    if (evidence.feature() == "birth_date") {
      EXPECT_EQ(evidence.row_value(), "age 32");
    } else if (evidence.feature() == "family_name") {
      EXPECT_EQ(evidence.row_value(), "Adalind Quickfoot");
    }
    sum += evidence.weight();
  }
  EXPECT_NEAR(link.probability(), 1 / (1 + std::exp2(-sum)), 1e-6);
  EXPECT_EQ(link.row().name(), "Adalind Quickfoot");
  EXPECT_EQ(link.athlete_summary().name(), Athlete(first_, "11"));
  EXPECT_THAT(link.other_results(), ElementsAre(ResultOf(first_, "11")));
  EXPECT_EQ(Get(ResultOf(second_, "23")).tier(), v1::LINK_TIER_CREATED);
  EXPECT_THAT(Queue(), IsEmpty());
}

TEST_F(LinksTest, ThresholdsOfAnEventDecideWhatLinksByItself) {
  ImportForReview();
  EXPECT_NE(Athlete(second_, "21"), Athlete(first_, "11"));
  const std::vector<v1::IdentityLink> queue = Queue();
  ASSERT_EQ(queue.size(), 2u);
  EXPECT_GE(queue[0].probability(), queue[1].probability());
  EXPECT_EQ(queue[0].tier(), v1::LINK_TIER_PROPOSED);
  EXPECT_FALSE(queue[0].evidence().empty());
  EXPECT_FALSE(queue[0].row().name().empty());
  EXPECT_EQ(Links("events/town-run", "tier = proposed", server_.operator_secret, 1).size(), 2u);  // by pages
  // Below the threshold of review nothing is proposed.
  const std::string third = server_.MakeRace("town-run", "2026", DateOf(2026, 5, 3));
  ASSERT_CALL(SetPolicy(1, 1, false));
  server_.MustImport(third, "bib,name,sex,age,country,city,gun\n31,Cyprian Slowcoach,M,48,USA,Reno,0:33:10\n");
  EXPECT_NE(Athlete(third, "31"), Athlete(first_, "13"));
  EXPECT_EQ(Queue().size(), 2u);
  // And it is kept.
  server_.Restart();
  v1::GetEventRequest get;
  get.set_name("events/town-run");
  v1::Event event;
  ASSERT_CALL(server_.events->GetEvent(RunningServer::As("").get(), get, &event));
  EXPECT_DOUBLE_EQ(event.identity_policy().link_probability(), 1);
  EXPECT_EQ(Queue().size(), 2u);
  EXPECT_EQ(ViolatedField(SetPolicy(0.4, 0, false)), "event.identity_policy.link_probability");
  EXPECT_EQ(ViolatedField(SetPolicy(0.9, 0.95, false)), "event.identity_policy.review_probability");
}

TEST_F(LinksTest, AConfirmedLinkMovesHistoryAndRankingAndLeavesTheQueue) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)).size(), 3u);
  const std::vector<std::string> before = Snapshot();
  ASSERT_CALL(Confirm(Link(result, athlete), server_.operator_secret, "", true));  // a dry run
  EXPECT_EQ(Snapshot(), before);
  const std::string etag = Get(Link(result, athlete)).etag();
  EXPECT_EQ(Confirm(Link(result, athlete), server_.operator_secret, "x").error_code(), grpc::StatusCode::ABORTED);
  ASSERT_CALL(Confirm(Link(result, athlete), server_.operator_secret, etag));
  EXPECT_EQ(answer_.tier(), v1::LINK_TIER_CONFIRMED);
  EXPECT_DOUBLE_EQ(answer_.probability(), 1);
  EXPECT_EQ(answer_.reason(), "known to the club");
  EXPECT_EQ(Athlete(second_, "21"), athlete);
  EXPECT_EQ(History(athlete).size(), 2u);
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)).size(), 2u);
  EXPECT_EQ(Queue().size(), 1u);
  EXPECT_EQ(Get(result).tier(), v1::LINK_TIER_CONFIRMED);
  ExpectVerified();
  const std::vector<std::string> after = Snapshot();
  server_.Restart();
  EXPECT_EQ(Snapshot(), after);
  ASSERT_CALL(Reject(Link(result, athlete)));  // which takes it back exactly
  EXPECT_EQ(Snapshot(), before);
  ExpectVerified();
}

TEST_F(LinksTest, ARejectedLinkIsNeverProposedAgain) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  const std::vector<std::string> before = Snapshot();
  ASSERT_CALL(Reject(Link(result, athlete)));
  EXPECT_EQ(answer_.tier(), v1::LINK_TIER_REJECTED);
  EXPECT_EQ(Snapshot(), before);
  EXPECT_EQ(Queue().size(), 1u);
  // Neither for the sheet with another age, nor where links go by themselves.
  std::string sheet = kSecondRace;
  sheet.replace(sheet.find(",32,"), 4, ",31,");
  v1::ImportHeader header;
  header.set_race(second_);
  header.set_file_name("again.csv");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  header.set_reason("ages");
  v1::ImportSheetResponse response;
  ASSERT_CALL(SetPolicy(0, 0, false));
  ASSERT_CALL(server_.Import(header, sheet, &response, server_.operator_secret));
  EXPECT_NE(Athlete(second_, "21"), athlete);
  EXPECT_EQ(Get(Link(result, athlete)).tier(), v1::LINK_TIER_REJECTED);
  for (const v1::IdentityLink& link : Queue()) EXPECT_NE(link.name(), Link(result, athlete));
  // The next year's row is one of two people, and somebody must say of which.
  const std::string third = server_.MakeRace("town-run", "2026", DateOf(2026, 5, 3));
  server_.MustImport(third, "bib,name,sex,age,country,city,gun\n31,Adalind Quickfoot,W,33,KEN,Iten,0:33:10\n");
  EXPECT_NE(Athlete(third, "31"), athlete);
  EXPECT_NE(Athlete(third, "31"), Athlete(second_, "21"));
  ExpectVerified();
}

TEST_F(LinksTest, ARejectedAutomaticLinkGivesTheResultAnAthleteOfItsOwn) {
  server_.MustImport(first_, kFirstRace);
  server_.MustImport(second_, kSecondRace);
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  const std::vector<std::string> before = Snapshot();
  ASSERT_CALL(Reject(result));
  const std::string own = Athlete(second_, "21");
  EXPECT_NE(own, athlete);
  EXPECT_THAT(History(athlete), ElementsAre(ResultOf(first_, "11")));
  EXPECT_THAT(History(own), ElementsAre(result));
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)).size(), 3u);
  EXPECT_EQ(Get(result).tier(), v1::LINK_TIER_CREATED);
  EXPECT_EQ(Reason(Reject(result)), "OWN_ATHLETE");
  ExpectVerified();
  server_.Restart();
  EXPECT_EQ(Athlete(second_, "21"), own);
  ASSERT_CALL(Confirm(Link(result, athlete)));
  EXPECT_EQ(Snapshot(), before);
  ASSERT_CALL(Reject(result));  // and again to the same one
  EXPECT_EQ(Athlete(second_, "21"), own);
}

TEST_F(LinksTest, ADecisionOutlivesANewSheetWithTheRowWrittenOtherwise) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "12");
  ASSERT_CALL(Confirm(Link(ResultOf(second_, "22"), athlete)));
  std::string sheet = kSecondRace;
  sheet.replace(sheet.find("Boniface Steadyman"), 18, "Bonifacio Steadyman");
  v1::ImportHeader header;
  header.set_race(second_);
  header.set_file_name("again.csv");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  header.set_reason("spelling");
  v1::ImportSheetResponse response;
  ASSERT_CALL(server_.Import(header, sheet, &response, server_.operator_secret));
  EXPECT_EQ(server_.ByBib(second_, "22").row().name(), "Bonifacio Steadyman");
  EXPECT_EQ(Athlete(second_, "22"), athlete);
  EXPECT_EQ(Get(ResultOf(second_, "22")).tier(), v1::LINK_TIER_CONFIRMED);
  ExpectVerified();
}

TEST_F(LinksTest, NobodyRunsTwiceInOneRace) {
  server_.MustImport(first_, kFirstRace);
  EXPECT_EQ(Reason(Confirm(Link(ResultOf(first_, "12"), Athlete(first_, "13")))), "SAME_RACE");
  EXPECT_EQ(Reason(Claim(Athlete(first_, "13"), {ResultOf(first_, "12")}, server_.operator_secret)), "SAME_RACE");
  v1::MergeAthletesRequest request;
  v1::AthleteMerge merge;
  request.set_source_athlete(Athlete(first_, "12"));
  request.set_target_athlete(Athlete(first_, "13"));
  request.set_reason("one person");
  EXPECT_EQ(Reason(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge)), "SAME_RACE");
  request.set_target_athlete(Athlete(first_, "11"));
  EXPECT_EQ(Reason(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge)), "MERGE_CONTRADICTED");
  request.set_target_athlete(request.source_athlete());
  EXPECT_EQ(Reason(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge)), "SAME_ATHLETE");
}

TEST_F(LinksTest, AnAthletesClaimIsGrantedWhereTheEvidenceIsCertainAndElseWaits) {
  ImportForReview();
  const std::string third = server_.MakeRace("town-run", "2026", DateOf(2026, 5, 3));
  server_.MustImport(third, "bib,name,sex,age,country,city,gun\n33,Dorothea Newcomer,W,26,GBR,Leeds,0:35:00\n");
  const std::string athlete = Athlete(first_, "11");
  const std::string secret = server_.MakeToken(v1::ROLE_ATHLETE, {athlete});
  // All links of the event are for people to decide, so nothing is certain.
  const std::string result = ResultOf(second_, "21");
  ASSERT_CALL(Claim(athlete, {result, ResultOf(third, "33")}, secret));
  ASSERT_EQ(claimed_.links_size(), 2);
  EXPECT_EQ(claimed_.links(0).tier(), v1::LINK_TIER_CLAIMED);
  EXPECT_NE(Athlete(second_, "21"), athlete);
  EXPECT_EQ(Links("events/town-run", "tier = LINK_TIER_CLAIMED", server_.operator_secret).size(), 2u);
  EXPECT_EQ(Links(athlete, "tier = claimed", secret).size(), 2u);
  EXPECT_THAT(Links(athlete, "tier = claimed", ""), IsEmpty());
  // The organizer grants one and not the other.
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  ASSERT_CALL(Confirm(Link(result, athlete), organizer));
  ASSERT_CALL(Reject(Link(ResultOf(third, "33"), athlete), organizer));
  EXPECT_EQ(Athlete(second_, "21"), athlete);
  EXPECT_NE(Athlete(third, "33"), athlete);
  EXPECT_THAT(Links("events/town-run", "tier = claimed", server_.operator_secret), IsEmpty());
  // Somebody else's by decision.
  const std::string other = Athlete(second_, "22");
  EXPECT_EQ(Reason(Claim(other, {result}, server_.MakeToken(v1::ROLE_ATHLETE, {other}))), "SAME_RACE");
  const std::string stranger = Athlete(first_, "13");
  EXPECT_EQ(Reason(Claim(stranger, {result}, server_.MakeToken(v1::ROLE_ATHLETE, {stranger}))), "CLAIMED_BY_ANOTHER");
  ExpectVerified();
}

TEST_F(LinksTest, ACertainClaimIsGrantedAtOnce) {
  ImportForReview();
  ASSERT_CALL(SetPolicy(0, 0, false));
  const std::string athlete = Athlete(first_, "11");
  ASSERT_CALL(Claim(athlete, {ResultOf(second_, "21")}, server_.MakeToken(v1::ROLE_ATHLETE, {athlete})));
  EXPECT_EQ(claimed_.links(0).tier(), v1::LINK_TIER_CONFIRMED);
  EXPECT_EQ(Athlete(second_, "21"), athlete);
  EXPECT_THAT(History(athlete), ElementsAre(ResultOf(second_, "21"), ResultOf(first_, "11")));
}

TEST_F(LinksTest, WhoMayDecideWhat) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  const std::string link = Link(result, athlete);
  const std::string other_organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  const std::string other_athlete = server_.MakeToken(v1::ROLE_ATHLETE, {Athlete(first_, "12")});
  const std::string own = server_.MakeToken(v1::ROLE_ATHLETE, {athlete});
  EXPECT_EQ(Confirm(link, "").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Reject(link, "").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Claim(athlete, {result}, "").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  for (const std::string& secret : {other_organizer, other_athlete}) {
    EXPECT_EQ(Confirm(link, secret).error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(Reject(link, secret).error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(Claim(athlete, {result}, secret).error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_THAT(Links("events/town-run", "tier = proposed", secret), IsEmpty());
    v1::GetLinkRequest get;
    get.set_name(link);
    EXPECT_EQ(server_.identity->GetLink(RunningServer::As(secret).get(), get, &answer_).error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
  EXPECT_EQ(Confirm(link, own).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(Reject(link, own));  // "that was not me"
  v1::SplitAthleteRequest split;
  v1::AthleteSplit made;
  split.set_name(athlete);
  split.add_results(result);
  split.set_reason("x");
  EXPECT_EQ(server_.identity->SplitAthlete(RunningServer::As(own).get(), split, &made).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  // Links that count are for everybody to see, without who decided them.
  ASSERT_CALL(Confirm(Link(ResultOf(second_, "22"), Athlete(first_, "12"))));
  v1::GetLinkRequest get;
  get.set_name(ResultOf(second_, "22"));
  ASSERT_CALL(server_.identity->GetLink(RunningServer::As("").get(), get, &answer_));
  EXPECT_EQ(answer_.tier(), v1::LINK_TIER_CONFIRMED);
  EXPECT_EQ(answer_.actor().token(), "");
  EXPECT_EQ(answer_.reason(), "");
}

TEST_F(LinksTest, ASplitTakesResultsOutAndItsUndoingRestoresTheAthleteExactly) {
  server_.MustImport(first_, kFirstRace);
  server_.MustImport(second_, kSecondRace);
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  const std::vector<std::string> before = Snapshot();
  v1::SplitAthleteRequest request;
  v1::AthleteSplit split;
  request.set_name(athlete);
  request.add_results(result);
  request.set_athlete_id("adalind-the-younger");
  EXPECT_EQ(ViolatedField(server_.identity->SplitAthlete(server_.AsOperator().get(), request, &split)), "reason");
  request.set_reason("mother and daughter");
  request.set_validate_only(true);
  ASSERT_CALL(server_.identity->SplitAthlete(server_.AsOperator().get(), request, &split));
  EXPECT_EQ(Snapshot(), before);
  request.set_validate_only(false);
  ASSERT_CALL(server_.identity->SplitAthlete(server_.AsOperator().get(), request, &split));
  EXPECT_EQ(split.new_athlete(), "athletes/adalind-the-younger");
  EXPECT_THAT(split.results(), ElementsAre(result));
  EXPECT_EQ(Athlete(second_, "21"), split.new_athlete());
  EXPECT_THAT(History(split.new_athlete()), ElementsAre(result));
  EXPECT_THAT(History(athlete), ElementsAre(ResultOf(first_, "11")));
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)).size(), 3u);
  ExpectVerified();
  server_.Restart();
  EXPECT_EQ(Athlete(second_, "21"), split.new_athlete());
  v1::UndoSplitRequest undo;
  undo.set_name(split.name());
  undo.set_reason("one person after all");
  ASSERT_CALL(server_.identity->UndoSplit(server_.AsOperator().get(), undo, &split));
  EXPECT_TRUE(split.undone());
  EXPECT_GE(split.update_time().seconds(), split.create_time().seconds());
  EXPECT_EQ(Snapshot(), before);
  EXPECT_EQ(Get(result).tier(), v1::LINK_TIER_AUTOMATIC);
  EXPECT_EQ(Reason(server_.identity->UndoSplit(server_.AsOperator().get(), undo, &split)), "ALREADY_UNDONE");
  ExpectVerified();

  v1::SplitAthleteRequest wrong;
  wrong.set_name(athlete);
  wrong.set_reason("x");
  wrong.add_results(ResultOf(first_, "12"));
  EXPECT_EQ(ViolatedField(server_.identity->SplitAthlete(server_.AsOperator().get(), wrong, &split)), "results[0]");
  wrong.clear_results();
  wrong.add_results(ResultOf(first_, "11"));
  wrong.add_results(result);
  EXPECT_EQ(ViolatedField(server_.identity->SplitAthlete(server_.AsOperator().get(), wrong, &split)), "results");
}

TEST_F(LinksTest, ProposalsToMergeGoAwayOnceSomebodyDecides) {
  ImportForReview();
  const auto list = [this](const std::string& athlete) {
    v1::ListMergeProposalsRequest request;
    v1::ListMergeProposalsResponse response;
    request.set_athlete(athlete);
    EXPECT_CALL_OK(server_.identity->ListMergeProposals(server_.AsOperator().get(), request, &response));
    return response.merge_proposals();
  };
  ASSERT_EQ(list("").size(), 2);
  const v1::MergeProposal proposal = list("").Get(0);
  EXPECT_GT(proposal.probability(), 0.5);
  EXPECT_FALSE(proposal.evidence().empty());
  EXPECT_EQ(list(proposal.second_athlete().name()).size(), 1);
  v1::RejectMergeProposalRequest reject;
  v1::RejectMergeProposalResponse rejected;
  reject.set_first_athlete(proposal.first_athlete().name());
  reject.set_second_athlete(proposal.second_athlete().name());
  reject.set_reason("cousins");
  ASSERT_CALL(server_.identity->RejectMergeProposal(server_.AsOperator().get(), reject, &rejected));
  ASSERT_EQ(list("").size(), 1);
  EXPECT_EQ(Queue().size(), 1u);  // that the result is the other's is not proposed either
  v1::MergeAthletesRequest merge;
  v1::AthleteMerge merged;
  merge.set_source_athlete(list("").Get(0).second_athlete().name());
  merge.set_target_athlete(list("").Get(0).first_athlete().name());
  merge.set_reason("one person");
  merge.set_merge_id("the-steady-one");
  ASSERT_CALL(server_.identity->MergeAthletes(server_.AsOperator().get(), merge, &merged));
  EXPECT_EQ(merged.name(), "merges/the-steady-one");
  EXPECT_THAT(list(""), IsEmpty());
  EXPECT_THAT(Queue(), IsEmpty());
  v1::UnmergeAthletesRequest unmerge;
  unmerge.set_name(merged.name());
  unmerge.set_reason("no");
  ASSERT_CALL(server_.identity->UnmergeAthletes(server_.AsOperator().get(), unmerge, &merged));
  EXPECT_EQ(Reason(server_.identity->UnmergeAthletes(server_.AsOperator().get(), unmerge, &merged)), "ALREADY_UNDONE");
  EXPECT_EQ(list("").size(), 1);
  v1::ListMergesRequest merges;
  v1::ListMergesResponse listed;
  merges.set_filter("undone = true");
  ASSERT_CALL(server_.identity->ListMerges(server_.AsOperator().get(), merges, &listed));
  EXPECT_EQ(listed.merges_size(), 1);
  ExpectVerified();
}

TEST_F(LinksTest, AskingToBeAnAthleteWaitsForAnOperator) {
  server_.MustImport(first_, kFirstRace);
  const std::string athlete = Athlete(first_, "11");
  const std::string secret = server_.MakeToken(v1::ROLE_ATHLETE, {"athletes/nobody"});
  const int64_t start = Position();
  v1::ClaimAthleteRequest request;
  v1::ClaimAthleteResponse response;
  request.set_name(athlete);
  request.set_reason("my passport");
  ASSERT_CALL(server_.identity->ClaimAthlete(RunningServer::As(secret).get(), request, &response));
  EXPECT_FALSE(response.granted());
  EXPECT_THAT(Changes(start, server_.operator_secret), ElementsAre(HasSubstr(absl::StrCat("asks to be ", athlete))));
  EXPECT_THAT(Changes(start, ""), IsEmpty());
  v1::Caller caller;
  ASSERT_CALL(server_.access->GetCaller(RunningServer::As(secret).get(), {}, &caller));
  v1::CreateGrantRequest grant;
  v1::Grant granted;
  grant.set_parent(athlete);
  grant.mutable_grant()->set_holder(caller.token());
  grant.mutable_grant()->add_rights(v1::Grant::RIGHT_CLAIM_RESULTS);
  grant.mutable_grant()->set_relation(v1::Grant::RELATION_MANAGER);
  ASSERT_CALL(server_.access->CreateGrant(server_.AsOperator().get(), grant, &granted));
  ASSERT_CALL(server_.identity->ClaimAthlete(RunningServer::As(secret).get(), request, &response));
  EXPECT_TRUE(response.granted());
  const std::string holder = server_.MakeToken(v1::ROLE_ATHLETE, {athlete});
  ASSERT_CALL(server_.identity->ClaimAthlete(RunningServer::As(holder).get(), request, &response));
  EXPECT_TRUE(response.granted());
  const std::string third = server_.MakeToken(v1::ROLE_ATHLETE, {"athletes/nobody"});
  EXPECT_EQ(Reason(server_.identity->ClaimAthlete(RunningServer::As(third).get(), request, &response)),
            "CLAIMED_BY_ANOTHER");
}

TEST_F(LinksTest, TheChangeFeedTellsOfDecisions) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "11"), result = ResultOf(second_, "21");
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  int64_t start = Position();
  ASSERT_CALL(Reject(Link(result, athlete)));
  EXPECT_THAT(Changes(start, organizer), ElementsAre(HasSubstr("was rejected")));
  EXPECT_THAT(Changes(start, ""), IsEmpty());
  start = Position();
  ASSERT_CALL(Confirm(Link(result, athlete)));
  EXPECT_THAT(Changes(start, ""),
              ElementsAre(absl::StrCat("LINK ", Link(result, athlete), ": ", athlete, " was confirmed"),
                          absl::StrCat("RESULT ", result, ": changed: athlete")));
  start = Position();
  v1::SplitAthleteRequest request;
  v1::AthleteSplit split;
  request.set_name(athlete);
  request.add_results(result);
  request.set_reason("two people");
  ASSERT_CALL(server_.identity->SplitAthlete(server_.AsOperator().get(), request, &split));
  EXPECT_THAT(Changes(start, ""), ElementsAre(HasSubstr("was split off"), HasSubstr("changed: athlete")));
  start = Position();
  v1::UndoSplitRequest undo;
  undo.set_name(split.name());
  undo.set_reason("one");
  ASSERT_CALL(server_.identity->UndoSplit(server_.AsOperator().get(), undo, &split));
  EXPECT_THAT(Changes(start, ""), ElementsAre(HasSubstr("again"), HasSubstr("changed: athlete")));
}

TEST_F(LinksTest, ASanctionFollowsTheLinkAndLeavesWithIt) {
  ImportForReview();
  const std::string athlete = Athlete(first_, "12"), result = ResultOf(second_, "22");
  v1::CreateSanctionRequest request;
  v1::Sanction sanction;
  request.set_parent(athlete);
  request.set_sanction_id("adr-1");
  request.mutable_sanction()->set_rule("ADR 2.1");
  request.mutable_sanction()->set_reason("a finding");
  *request.mutable_sanction()->mutable_period()->mutable_start_date() = DateOf(2025, 1, 1);
  ASSERT_CALL(server_.results->CreateSanction(server_.AsOperator().get(), request, &sanction));
  const std::vector<std::string> before = Snapshot();
  EXPECT_EQ(server_.ByBib(second_, "22").outcome(), v1::OUTCOME_FINISHED);
  ASSERT_CALL(Confirm(Link(result, athlete)));
  EXPECT_EQ(server_.ByBib(second_, "22").outcome(), v1::OUTCOME_DISQUALIFIED);
  EXPECT_EQ(server_.ByBib(second_, "23").place(), 2);
  ExpectVerified();
  ASSERT_CALL(Reject(Link(result, athlete)));
  EXPECT_EQ(Snapshot(), before);
  ExpectVerified();
}

TEST_F(LinksTest, ARepeatedRequestDecidesOnce) {
  ImportForReview();
  v1::RejectLinkRequest request;
  request.set_name(Link(ResultOf(second_, "21"), Athlete(first_, "11")));
  request.set_request_id("5b5a1f0e-6d39-4f4e-9d55-0b6c1b3a2f11");
  ASSERT_CALL(server_.identity->RejectLink(server_.AsOperator().get(), request, &answer_));
  const int64_t position = answer_.position();
  ASSERT_CALL(server_.identity->RejectLink(server_.AsOperator().get(), request, &answer_));
  EXPECT_EQ(answer_.position(), position);
  request.set_reason("another payload");
  EXPECT_EQ(server_.identity->RejectLink(server_.AsOperator().get(), request, &answer_).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace palmares::testing
