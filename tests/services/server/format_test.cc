// What earlier servers wrote is read and means what it meant: golden ledgers, one for each version of the stored
// format.
//
// golden/format_1.txt holds keys and values of the ledger as storage/FORMAT.md has them, "FAMILY KEY VALUE" in
// hexadecimal a line, from position 2 on: position 1, the operator's token, is that of the server under test. Two
// editions of a race; a correction, a disqualification and a reinstatement; athletes merged; a standard, a goal, a
// club, a column mapping, a token, a portfolio and a share.
#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "palmares/v1/clubs.grpc.pb.h"
#include "palmares/v1/goals.grpc.pb.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kFirstGoldenRace[] = "events/town-run/editions/2024/races/open";
constexpr char kSecondGoldenRace[] = "events/town-run/editions/2025/races/open";
constexpr int64_t kGoldenEntries = 20;

// Adds what the file says to a ledger that nobody has open.
void AddGolden(const std::string& file, const std::string& ledger) {
  const rocksdb::ColumnFamilyOptions family;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(
      rocksdb::DBOptions(), ledger,
      {{rocksdb::kDefaultColumnFamilyName, family}, {"ledger", family}, {"personal", family}}, &handles, &opened);
  ASSERT_TRUE(status.ok()) << status.ToString();
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteBatch batch;
  std::ifstream in(file);
  ASSERT_TRUE(in.good()) << file;
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');  // a value may be empty
    ASSERT_EQ(parts.size(), 3U) << line;
    rocksdb::ColumnFamilyHandle* const handle = handles[parts[0] == "personal" ? 2 : 1];
    EXPECT_TRUE(batch.Put(handle, absl::HexStringToBytes(parts[1]), absl::HexStringToBytes(parts[2])).ok());
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  EXPECT_TRUE(db->Write(options, &batch).ok());
  for (rocksdb::ColumnFamilyHandle* handle : handles) EXPECT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  EXPECT_TRUE(db->Close().ok());
}

class FormatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.server->Drain(absl::Seconds(10));
    server_.server.reset();
    AddGolden(absl::StrCat(PALMARES_GOLDEN, "/format_1.txt"), server_.directory.path() + "/data/ledger");
    ASSERT_FALSE(HasFatalFailure());
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 12, 5), absl::UTCTimeZone()));
    server_.StartAgain();
  }

  int64_t Position() {
    v1::GetPositionResponse response;
    EXPECT_CALL_OK(server_.ledger->GetPosition(RunningServer::As("").get(), {}, &response));
    return response.position();
  }

  void ExpectResults() {
    EXPECT_THAT(server_.Places(kFirstGoldenRace), ElementsAre("11:1/1/0", "12:2/1/0", "13:3/2/0", "14:0/0/0"));
    EXPECT_THAT(server_.Places(kSecondGoldenRace), ElementsAre("21:1/1/0", "22:2/1/0", "23:3/2/0"));
    EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)),
                ElementsAre("1 Ada Quick 30:40 20250505", "2 Eve Fresh 41:00 20250505"));
    EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)),
                ElementsAre("1 Bo Steady 31:40 20250505", "2 Cy Slow 40:10 20240505"));
  }

  RunningServer server_;
};

TEST_F(FormatTest, SheetsOfTheFirstFormatHaveTheirRowsAndRevisions) {
  EXPECT_EQ(Position(), kGoldenEntries);
  ExpectResults();
  const v1::Result ada = server_.ByBib(kFirstGoldenRace, "11");
  EXPECT_EQ(ada.athlete(), "athletes/1");
  EXPECT_EQ(ada.gun().text(), "31:00");
  EXPECT_EQ(ada.chip().text(), "30:58");
  EXPECT_EQ(ada.row().country(), "KEN");
  EXPECT_EQ(ada.row().club(), "North");
  EXPECT_EQ(ada.row().age(), 31);
  EXPECT_THAT(ada.row().splits(), ElementsAre(920'000));
  EXPECT_EQ(server_.ByBib(kFirstGoldenRace, "13").chip().text(), "39:50") << "as it was corrected";
  EXPECT_EQ(server_.ByBib(kFirstGoldenRace, "14").outcome(), v1::OUTCOME_DID_NOT_FINISH);
  v1::ListResultRevisionsRequest request;
  v1::ListResultRevisionsResponse response;
  request.set_parent(ada.name());
  ASSERT_CALL(server_.results->ListResultRevisions(server_.AsOperator().get(), request, &response));
  std::vector<std::string> reasons;
  for (const v1::ResultRevision& revision : response.revisions()) reasons.push_back(revision.reason());
  EXPECT_THAT(reasons, ::testing::UnorderedElementsAre("", "lane infringement", "appeal upheld"));
}

TEST_F(FormatTest, PeopleOfTheFirstFormatAreWhoTheyWere) {
  v1::GetMergeRequest merge_request;
  v1::AthleteMerge merge;
  merge_request.set_name("merges/bob");
  ASSERT_CALL(server_.identity->GetMerge(server_.AsOperator().get(), merge_request, &merge));
  EXPECT_EQ(merge.source_athlete(), "athletes/5");
  EXPECT_EQ(merge.target_athlete(), "athletes/2");
  EXPECT_EQ(merge.reason(), "the same man");
  v1::QualifyRequest qualify;
  v1::QualifyResponse verdicts;
  qualify.set_athlete("athletes/1");
  qualify.add_standards("standards/cup");
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), qualify, &verdicts));
  ASSERT_EQ(verdicts.verdicts_size(), 1);
  EXPECT_EQ(verdicts.verdicts(0).state(), v1::VERDICT_STATE_QUALIFIED);
  v1::GetGoalRequest goal_request;
  v1::Goal goal;
  goal_request.set_name("athletes/1/goals/sub-30");
  const auto goals = v1::GoalService::NewStub(server_.channel);
  ASSERT_CALL(goals->GetGoal(server_.AsOperator().get(), goal_request, &goal));
  EXPECT_EQ(goal.display_name(), "under thirty");
  EXPECT_EQ(goal.mark_target().mark().text(), "29:59");
}

TEST_F(FormatTest, PortfoliosOfTheFirstFormatAreStillAuthentic) {
  const auto portfolios = v1::PortfolioService::NewStub(server_.channel);
  v1::ExportPortfolioRequest request;
  request.set_name("athletes/1/portfolios/season");
  const auto context = server_.AsOperator();
  const auto reader = portfolios->ExportPortfolio(context.get(), request);
  v1::VerifyPortfolioRequest verify;
  for (v1::FileChunk chunk; reader->Read(&chunk);) verify.mutable_credential()->append(chunk.data());
  ASSERT_CALL(reader->Finish());
  v1::VerifyPortfolioResponse verified;
  ASSERT_CALL(portfolios->VerifyPortfolio(RunningServer::As("").get(), verify, &verified));
  EXPECT_TRUE(verified.authentic()) << verified.ShortDebugString();
  v1::GetShareRequest share_request;
  v1::Share share;
  share_request.set_name("shares/shoes");
  ASSERT_CALL(v1::ShareService::NewStub(server_.channel)->GetShare(server_.AsOperator().get(), share_request, &share));
  EXPECT_EQ(share.display_name(), "Shoe company");
  EXPECT_EQ(share.portfolio(), request.name());
}

TEST_F(FormatTest, SettingsOfTheFirstFormatAreKept) {
  v1::GetTokenRequest token_request;
  v1::Token token;
  token_request.set_name("tokens/timing");
  ASSERT_CALL(server_.access->GetToken(server_.AsOperator().get(), token_request, &token));
  EXPECT_EQ(token.role(), v1::ROLE_ORGANIZER);
  EXPECT_THAT(token.resources(), ElementsAre("events/town-run"));
  v1::GetColumnMappingRequest mapping_request;
  v1::ColumnMapping mapping;
  mapping_request.set_name("columnMappings/timing");
  ASSERT_CALL(server_.uploads->GetColumnMapping(server_.AsOperator().get(), mapping_request, &mapping));
  EXPECT_EQ(mapping.timing_system(), "Mika");
  v1::GetClubRequest club_request;
  v1::Club club;
  club_request.set_name("clubs/north");
  ASSERT_CALL(v1::ClubService::NewStub(server_.channel)->GetClub(RunningServer::As("").get(), club_request, &club));
  EXPECT_EQ(club.display_name(), "North Harriers");
}

TEST_F(FormatTest, WhatIsWrittenToALedgerOfTheFirstFormatGoesOnFromThere) {
  const std::string race = server_.MakeRace("town-run", "2023", DateOf(2023, 5, 5), "5km-road");
  server_.MustImport(race, "place,bib,name,sex,age,country,gun\n1,31,Ada Quick,W,30,KEN,0:15:00\n");
  EXPECT_GT(Position(), kGoldenEntries);
  server_.Restart();
  ExpectResults();
  EXPECT_EQ(server_.ByBib(race, "31").mark().text(), "15:00");
  v1::AdministrationJob job;
  const auto context = server_.AsOperator();
  const auto reader = server_.administration->Verify(context.get(), {});
  while (reader->Read(&job)) continue;
  ASSERT_CALL(reader->Finish());
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.ShortDebugString();
  EXPECT_EQ(job.difference_count(), 0) << job.ShortDebugString();
}

}  // namespace
}  // namespace palmares::testing
