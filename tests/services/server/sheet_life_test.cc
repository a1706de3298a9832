// The life of a sheet: its states, its embargo, its revisions, and that each can be undone.
#include "absl/strings/str_cat.h"
#include "tests/services/server/snapshot.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kFirstSheet[] =
    "bib,name,sex,age,country,gun\n"
    "11,Ada Quick,W,31,KEN,2:31:00\n"
    "12,Bo Stedy,M,42,USA,2:32:00\n"
    "13,Cy Slow,M,46,USA,2:33:00\n";
constexpr char kSecondSheet[] =
    "bib,name,sex,age,country,gun\n"
    "11,Ada Quick,W,31,KEN,2:31:00\n"
    "12,Bo Steady,M,42,USA,2:32:00\n"
    "14,Di Later,W,33,USA,2:34:00\n";

class SheetLifeTest : public ::testing::Test {
 protected:
  SheetLifeTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {}

  v1::ImportSheetResponse Import(const std::string& csv, v1::SheetState state = v1::SHEET_STATE_OFFICIAL,
                                 const std::string& reason = "as the timekeeper says") {
    v1::ImportHeader header;
    v1::ImportSheetResponse response;
    header.set_race(race_);
    header.set_file_name("results.csv");
    header.set_state(state);
    header.set_reason(reason);
    EXPECT_CALL_OK(server_.Import(header, csv, &response, server_.operator_secret));
    EXPECT_TRUE(response.report().accepted()) << response.report().DebugString();
    return response;
  }
  grpc::Status Set(v1::SheetState state, v1::Sheet* sheet = nullptr, int64_t embargo_s = 0) {
    v1::SetSheetStateRequest request;
    v1::ChangeSheetResponse response;
    request.set_name(absl::StrCat(race_, "/sheet"));
    request.set_state(state);
    request.set_reason("the jury says so");
    if (embargo_s != 0) {
      request.mutable_embargo_time()->set_seconds(embargo_s);
      request.set_state_after_embargo(v1::SHEET_STATE_OFFICIAL);
    }
    const grpc::Status status = server_.sheets->SetSheetState(server_.AsOperator().get(), request, &response);
    if (sheet != nullptr) *sheet = response.sheet();
    return status;
  }
  v1::Sheet Get() {
    v1::GetSheetRequest request;
    v1::Sheet sheet;
    request.set_name(absl::StrCat(race_, "/sheet"));
    EXPECT_CALL_OK(server_.sheets->GetSheet(server_.AsOperator().get(), request, &sheet));
    return sheet;
  }
  grpc::Status Undo(int32_t revision) {
    v1::UndoSheetRevisionRequest request;
    v1::ChangeSheetResponse response;
    request.set_name(absl::StrCat(race_, "/sheet/revisions/", revision));
    request.set_reason("it was right before");
    return server_.sheets->UndoSheetRevision(server_.AsOperator().get(), request, &response);
  }
  std::vector<v1::SheetRevision> Revisions(const std::string& secret) {
    v1::ListSheetRevisionsRequest request;
    v1::ListSheetRevisionsResponse response;
    request.set_parent(absl::StrCat(race_, "/sheet"));
    EXPECT_CALL_OK(server_.sheets->ListSheetRevisions(RunningServer::As(secret).get(), request, &response));
    return {response.revisions().begin(), response.revisions().end()};
  }
  grpc::Status Disqualify(const std::string& bib) {
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_rule("TR17");
    request.set_reason("cut the course");
    return server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response);
  }
  // Newest first.
  std::vector<v1::ResultRevision> RevisionsOf(const std::string& result) {
    v1::ListResultRevisionsRequest request;
    v1::ListResultRevisionsResponse response;
    request.set_parent(result);
    EXPECT_CALL_OK(server_.results->ListResultRevisions(server_.AsOperator().get(), request, &response));
    return {response.revisions().begin(), response.revisions().end()};
  }
  std::vector<std::string> KindsOf(const std::string& result) {
    std::vector<std::string> kinds;
    for (const v1::ResultRevision& revision : RevisionsOf(result)) {
      kinds.push_back(v1::ResultRevision::Kind_Name(revision.kind()).substr(5));
    }
    return kinds;
  }
  v1::ResultRevision NewestRevision(const std::string& result) {
    const std::vector<v1::ResultRevision> revisions = RevisionsOf(result);
    return revisions.empty() ? v1::ResultRevision() : revisions.front();
  }
  v1::Result GetResult(const std::string& name, int32_t revision = 0) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(name);
    request.set_revision(revision);
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &result));
    return result;
  }
  std::vector<std::string> ResultsInHistoryOf(const std::string& athlete) {
    v1::GetHistoryRequest request;
    v1::GetHistoryResponse response;
    request.set_athlete(athlete);
    EXPECT_CALL_OK(server_.histories->GetHistory(server_.AsOperator().get(), request, &response));
    std::vector<std::string> results;
    for (const v1::HistoryEntry& entry : response.history().entries()) results.push_back(entry.result());
    return results;
  }
  std::vector<std::string> Everything() { return Snapshot(server_, {race_}, "marathon", 6); }

  RunningServer server_{/*catalogue=*/true};
  const std::string race_;
};

TEST_F(SheetLifeTest, StepsThatTheLifeOfASheetDoesNotHaveAreRefusedAndNameBothStates) {
  Import(kFirstSheet, v1::SHEET_STATE_DRAFT);
  EXPECT_EQ(Reason(Set(v1::SHEET_STATE_PROTESTED)), "STATE_NOT_ALLOWED");
  ASSERT_CALL(Set(v1::SHEET_STATE_PROVISIONAL));
  ASSERT_CALL(Set(v1::SHEET_STATE_PROTESTED));
  EXPECT_EQ(Get().protest(), "the jury says so");
  const grpc::Status refused = Set(v1::SHEET_STATE_EMBARGOED, nullptr, server_.now_us / 1'000'000 + 60);
  EXPECT_EQ(Reason(refused), "STATE_NOT_ALLOWED");
  EXPECT_THAT(refused.error_message(), HasSubstr("protested"));
  EXPECT_THAT(refused.error_message(), HasSubstr("embargoed"));
  ASSERT_CALL(Set(v1::SHEET_STATE_OFFICIAL));
  EXPECT_THAT(Get().protest(), IsEmpty());
  ASSERT_CALL(Set(v1::SHEET_STATE_ANNULLED));
  EXPECT_EQ(Reason(Set(v1::SHEET_STATE_OFFICIAL)), "STATE_NOT_ALLOWED");
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), IsEmpty());
  ASSERT_CALL(Undo(5));
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), SizeIs(2));
}

TEST_F(SheetLifeTest, AnOfficialSheetUnderProtestStillChangesForAReasonOnly) {
  Import(kFirstSheet);
  ASSERT_CALL(Set(v1::SHEET_STATE_PROTESTED));
  v1::WithdrawResultRequest withdraw;
  v1::ChangeResultResponse changed;
  withdraw.set_name(server_.ByBib(race_, "12").name());
  EXPECT_EQ(Reason(server_.results->WithdrawResult(server_.AsOperator().get(), withdraw, &changed)), "REASON_REQUIRED");
  v1::ImportHeader header;
  v1::ImportSheetResponse imported;
  header.set_race(race_);
  EXPECT_EQ(Reason(server_.Import(header, kSecondSheet, &imported, server_.operator_secret)), "SHEET_ALREADY_OFFICIAL");
  v1::SetSheetStateRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(absl::StrCat(race_, "/sheet"));
  request.set_state(v1::SHEET_STATE_PROVISIONAL);
  EXPECT_EQ(Reason(server_.sheets->SetSheetState(server_.AsOperator().get(), request, &response)), "REASON_REQUIRED");
  withdraw.set_reason("the protest was right");
  ASSERT_CALL(server_.results->WithdrawResult(server_.AsOperator().get(), withdraw, &changed));
}

TEST_F(SheetLifeTest, AProvisionalSheetUnderProtestChangesWithoutAReason) {
  Import(kFirstSheet, v1::SHEET_STATE_PROVISIONAL);
  ASSERT_CALL(Set(v1::SHEET_STATE_PROTESTED));
  v1::WithdrawResultRequest withdraw;
  v1::ChangeResultResponse changed;
  withdraw.set_name(server_.ByBib(race_, "12").name());
  ASSERT_CALL(server_.results->WithdrawResult(server_.AsOperator().get(), withdraw, &changed));
}

TEST_F(SheetLifeTest, ASheetIsAnnulledFromAnyState) {
  const v1::SheetState states[] = {v1::SHEET_STATE_DRAFT, v1::SHEET_STATE_PROVISIONAL, v1::SHEET_STATE_OFFICIAL,
                                   v1::SHEET_STATE_PROTESTED, v1::SHEET_STATE_EMBARGOED};
  Import(kFirstSheet, v1::SHEET_STATE_DRAFT);
  int32_t revision = 1;
  for (const v1::SheetState state : states) {
    SCOPED_TRACE(v1::SheetState_Name(state));
    if (state == v1::SHEET_STATE_EMBARGOED) {  // not straight from a protest
      ASSERT_CALL(Set(v1::SHEET_STATE_OFFICIAL));
      ++revision;
    }
    if (Get().state() != state) {
      ASSERT_CALL(Set(state, nullptr, state == v1::SHEET_STATE_EMBARGOED ? server_.now_us / 1'000'000 + 3600 : 0));
      ++revision;
    }
    ASSERT_CALL(Set(v1::SHEET_STATE_ANNULLED));
    ASSERT_CALL(Undo(++revision));
    ++revision;
    EXPECT_EQ(Get().state(), state);
  }
}

TEST_F(SheetLifeTest, ProtestsMayBeMadeForHalfAnHourAfterTheAnnouncement) {
  Import(kFirstSheet, v1::SHEET_STATE_PROVISIONAL);
  const v1::Sheet sheet = Get();
  EXPECT_EQ(sheet.announce_time().seconds(), server_.now_us / 1'000'000);
  EXPECT_EQ(sheet.protest_end_time().seconds() - sheet.announce_time().seconds(), 1800);
  EXPECT_EQ(sheet.appeal_end_time().seconds() - sheet.announce_time().seconds(), 3600);
}

TEST_F(SheetLifeTest, AnEmbargoHidesASheetUntilItsTimeAndThenEndsByAnEntryOfTheServer) {
  Import(kFirstSheet, v1::SHEET_STATE_DRAFT);
  const int64_t end_s = server_.now_us / 1'000'000 + 3600;
  EXPECT_EQ(Set(v1::SHEET_STATE_EMBARGOED, nullptr, end_s - 7200).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ASSERT_CALL(Set(v1::SHEET_STATE_EMBARGOED, nullptr, end_s));
  v1::GetSheetRequest request;
  v1::Sheet sheet;
  request.set_name(absl::StrCat(race_, "/sheet"));
  EXPECT_EQ(server_.sheets->GetSheet(RunningServer::As("").get(), request, &sheet).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), IsEmpty());
  server_.now_us = end_s * 1'000'000;
  server_.Restart();  // a server that did not run then ends it before it answers anybody
  ASSERT_CALL(server_.sheets->GetSheet(RunningServer::As("").get(), request, &sheet));
  EXPECT_EQ(sheet.state(), v1::SHEET_STATE_OFFICIAL);
  EXPECT_EQ(sheet.announce_time().seconds(), end_s);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), SizeIs(2));
  EXPECT_EQ(Revisions(server_.operator_secret).front().actor().token(), "system");
}

TEST_F(SheetLifeTest, ANewSheetIsARevisionOfEachResultThatItChangesAndUndoingItBringsTheOldOneBack) {
  Import(kFirstSheet);
  const std::string corrected = server_.ByBib(race_, "12").name();
  const std::string removed = server_.ByBib(race_, "13").name();
  const std::vector<std::string> before = Everything();
  Import(kSecondSheet);
  EXPECT_THAT(KindsOf(corrected), ElementsAre("CORRECTED", "ADDED"));
  EXPECT_THAT(KindsOf(server_.ByBib(race_, "11").name()), ElementsAre("ADDED"));
  EXPECT_EQ(server_.ByBib(race_, "14").name(), absl::StrCat(race_, "/results/4")) << "numbers are not used again";
  ASSERT_CALL(Undo(2));
  EXPECT_EQ(Everything(), before);
  EXPECT_THAT(KindsOf(removed), ElementsAre("UNDONE", "WITHDRAWN", "ADDED"));
  Import("bib,name,sex,age,country,gun\n15,Ed New,M,33,USA,2:20:00\n");
  EXPECT_EQ(server_.ByBib(race_, "15").name(), absl::StrCat(race_, "/results/5"));
}

TEST_F(SheetLifeTest, AResultThatANewSheetDoesNotHaveIsWithdrawnUnderItsNameAndALaterSheetBringsItBack) {
  Import(kFirstSheet);
  const v1::Result before = server_.ByBib(race_, "13");
  Import(kSecondSheet);
  v1::Result withdrawn = GetResult(before.name());
  EXPECT_EQ(withdrawn.outcome(), v1::OUTCOME_WITHDRAWN);
  EXPECT_EQ(withdrawn.row().name(), "Cy Slow");
  EXPECT_EQ(withdrawn.row().gun_mark(), before.row().gun_mark());
  EXPECT_THAT(withdrawn.athlete(), IsEmpty());
  EXPECT_EQ(withdrawn.place(), 0);
  EXPECT_EQ(withdrawn.revision(), 2);
  EXPECT_EQ(GetResult(before.name(), 1).outcome(), v1::OUTCOME_FINISHED) << "what it was can be read";
  EXPECT_THAT(KindsOf(before.name()), ElementsAre("WITHDRAWN", "ADDED"));
  const v1::ResultRevision revision = NewestRevision(before.name());
  EXPECT_TRUE(revision.by_upload());
  EXPECT_EQ(revision.sheet_revision(), 2);
  EXPECT_EQ(revision.reason(), "as the timekeeper says");
  EXPECT_THAT(server_.Results(race_), SizeIs(3));
  EXPECT_EQ(Get().counts().rows(), 3);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), SizeIs(1));
  EXPECT_THAT(ResultsInHistoryOf(before.athlete()), IsEmpty());
  const std::vector<std::string> without = Everything();
  server_.Restart();
  EXPECT_EQ(Everything(), without) << "a rebuild is what was made step by step";
  EXPECT_EQ(GetResult(before.name()).outcome(), v1::OUTCOME_WITHDRAWN);

  const v1::ImportSheetResponse third = Import(kFirstSheet);
  EXPECT_EQ(third.report().rows_added(), 1);
  EXPECT_EQ(third.report().rows_removed(), 1);
  const v1::Result after = server_.ByBib(race_, "13");
  EXPECT_EQ(after.name(), before.name());
  EXPECT_EQ(after.athlete(), before.athlete()) << "nobody is made anew";
  EXPECT_EQ(after.revision(), 3);
  EXPECT_THAT(KindsOf(before.name()), ElementsAre("CORRECTED", "WITHDRAWN", "ADDED"));
  EXPECT_THAT(ResultsInHistoryOf(before.athlete()), ElementsAre(before.name()));
  EXPECT_EQ(GetResult(absl::StrCat(race_, "/results/4")).outcome(), v1::OUTCOME_WITHDRAWN) << "Di Later's turn";
  ASSERT_CALL(Undo(3));
  EXPECT_EQ(Everything(), without);
  EXPECT_EQ(GetResult(before.name()).outcome(), v1::OUTCOME_WITHDRAWN);
}

TEST_F(SheetLifeTest, AResultIsKnownHoweverManySheetsDoNotHaveIt) {
  Import(kFirstSheet);
  const std::string name = server_.ByBib(race_, "13").name();
  Import(kSecondSheet);
  Import("bib,name,sex,age,country,gun\n11,Ada Quick,W,31,KEN,2:31:00\n");
  EXPECT_EQ(GetResult(name).outcome(), v1::OUTCOME_WITHDRAWN);
  EXPECT_THAT(KindsOf(name), ElementsAre("WITHDRAWN", "ADDED")) << "it is withdrawn once";
  Import(kSecondSheet);
  EXPECT_EQ(GetResult(name).outcome(), v1::OUTCOME_WITHDRAWN);
  EXPECT_TRUE(Import(kSecondSheet).report().unchanged());
}

TEST_F(SheetLifeTest, UndoingTheWithdrawalByAnUploadBringsTheOneResultBack) {
  Import(kFirstSheet);
  const v1::Result before = server_.ByBib(race_, "13");
  Import(kSecondSheet);
  v1::UndoResultRevisionRequest request;
  v1::ChangeResultResponse response;
  request.set_name(absl::StrCat(before.name(), "/revisions/2"));
  request.set_reason("they were there");
  ASSERT_CALL(server_.results->UndoResultRevision(server_.AsOperator().get(), request, &response));
  EXPECT_THAT(server_.Places(race_), ElementsAre("11:1/1/0", "12:2/1/0", "13:3/2/0", "14:4/2/0"));
  EXPECT_EQ(server_.ByBib(race_, "13").athlete(), before.athlete());
  EXPECT_THAT(KindsOf(before.name()), ElementsAre("UNDONE", "WITHDRAWN", "ADDED"));
}

TEST_F(SheetLifeTest, TheNewerStatementWinsAndEveryRevisionThatItOverrulesIsTold) {
  Import(kFirstSheet);
  ASSERT_CALL(Disqualify("12"));
  ASSERT_CALL(Disqualify("13"));
  const std::vector<std::string> before = Everything();
  const v1::ImportSheetResponse response = Import(kSecondSheet);
  std::vector<std::string> told;
  for (const v1::Issue& issue : response.report().issues()) {
    if (issue.code() == "REVISION_OVERRULED") told.push_back(issue.text());
  }
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[0], HasSubstr("outcome \"DQ\" is now \"finished\""));
  EXPECT_EQ(server_.ByBib(race_, "12").outcome(), v1::OUTCOME_FINISHED);
  EXPECT_THAT(KindsOf(server_.ByBib(race_, "12").name()), ElementsAre("CORRECTED", "DISQUALIFIED", "ADDED"));
  ASSERT_CALL(Undo(4));
  EXPECT_EQ(Everything(), before);
}

TEST_F(SheetLifeTest, ANameThatANewSheetCorrectsIsNoNewAthlete) {
  Import(kFirstSheet);
  const v1::Result before = server_.ByBib(race_, "12");
  const v1::ImportSheetResponse response = Import(kSecondSheet);
  EXPECT_EQ(server_.ByBib(race_, "12").athlete(), before.athlete());
  EXPECT_EQ(server_.ByBib(race_, "12").row().name(), "Bo Steady");
  EXPECT_EQ(response.report().links().created(), 1) << "Di Later alone";
}

TEST_F(SheetLifeTest, RevisionsAreListedAndComparedAndDraftsAreNobodyElses) {
  Import(kFirstSheet, v1::SHEET_STATE_DRAFT);
  Import(kSecondSheet);
  const std::vector<v1::SheetRevision> revisions = Revisions(server_.operator_secret);
  ASSERT_THAT(revisions, SizeIs(2));
  EXPECT_EQ(revisions[0].kind(), v1::SheetRevision::KIND_IMPORTED);
  EXPECT_EQ(revisions[0].rows_added(), 1);
  EXPECT_EQ(revisions[0].rows_changed(), 1);
  EXPECT_EQ(revisions[0].rows_removed(), 1);
  EXPECT_EQ(revisions[1].rows_added(), 3);
  EXPECT_EQ(revisions[0].file_name(), "results.csv");
  EXPECT_THAT(Revisions(""), SizeIs(1));
  v1::CompareSheetRevisionsRequest request;
  v1::CompareSheetRevisionsResponse response;
  request.set_name(absl::StrCat(race_, "/sheet"));
  request.set_from_revision(1);
  ASSERT_CALL(server_.sheets->CompareSheetRevisions(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.changes_size(), 3);
  EXPECT_EQ(response.changes(0).kind(), v1::RowChange::KIND_CHANGED);
  EXPECT_EQ(response.changes(0).changes(0).path(), "name");
  EXPECT_EQ(response.changes(1).kind(), v1::RowChange::KIND_REMOVED);
  EXPECT_EQ(response.changes(2).kind(), v1::RowChange::KIND_ADDED);
  EXPECT_EQ(server_.sheets->CompareSheetRevisions(RunningServer::As("").get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(SheetLifeTest, AWithdrawnSheetCountsNowhereAndComesBackExactly) {
  Import(kFirstSheet);
  const std::vector<std::string> before = Everything();
  v1::WithdrawSheetRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(absl::StrCat(race_, "/sheet"));
  EXPECT_EQ(Reason(server_.sheets->WithdrawSheet(server_.AsOperator().get(), request, &response)), "REASON_REQUIRED");
  request.set_reason("the course was short");
  ASSERT_CALL(server_.sheets->WithdrawSheet(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(response.sheet().state(), v1::SHEET_STATE_DRAFT);
  EXPECT_THAT(server_.Ranking(QueryOf("marathon", v1::SEX_MEN)), IsEmpty());
  ASSERT_CALL(Undo(2));
  EXPECT_EQ(Everything(), before);
}

TEST_F(SheetLifeTest, OnlyTheNewestRevisionThatStandsIsUndone) {
  Import(kFirstSheet);
  EXPECT_EQ(Reason(Undo(1)), "NOTHING_TO_UNDO");
  ASSERT_CALL(Disqualify("12"));
  ASSERT_CALL(Set(v1::SHEET_STATE_PROTESTED));
  EXPECT_EQ(Reason(Undo(2)), "NOT_NEWEST");
  ASSERT_CALL(Undo(3));
  EXPECT_EQ(Reason(Undo(3)), "ALREADY_UNDONE");
  ASSERT_CALL(Undo(2));
  EXPECT_EQ(server_.ByBib(race_, "12").outcome(), v1::OUTCOME_FINISHED);
  EXPECT_THAT(KindsOf(server_.ByBib(race_, "12").name()), ElementsAre("UNDONE", "DISQUALIFIED", "ADDED"));
}

}  // namespace
}  // namespace palmares::testing
