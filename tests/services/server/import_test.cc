// Sheets come in whole or not at all, and say what is wrong with them.
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kImportedSheet[] =
    "place,bib,name,sex,age,country,club,gun,chip\n"
    "1,11,Ada Quick,W,31,KEN,North,0:31:00,0:30:58\n"
    "2,12,Bo Steady,M,44,USA,South,0:32:00,0:31:30\n"
    "3,13,Cy Slow,M,29,USA,North,0:40:10,0:39:59\n";
constexpr char kOtherSheet[] =
    "place,bib,name,sex,age,country,club,gun,chip\n"
    "1,11,Ada Quick,W,31,KEN,North,0:31:00,0:30:58\n"
    "2,12,Bo Steady,M,44,USA,South,0:32:05,0:31:35\n";
// Bib 13's chip time is longer than its gun time.
constexpr char kImportedBrokenSheet[] =
    "place,bib,name,sex,age,country,club,gun,chip\n"
    "1,11,Ada Quick,W,31,KEN,North,0:31:00,0:30:58\n"
    "2,12,Bo Steady,M,44,USA,South,0:32:00,0:31:30\n"
    "3,13,Cy Slow,M,29,USA,North,0:40:10,0:45:59\n";
constexpr char kImportRequestId[] = "7f1c2a34-1111-4222-8333-944455556666";

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    header_.set_race(race_);
    header_.set_file_name("sheet.csv");
    header_.set_state(v1::SHEET_STATE_OFFICIAL);
  }
  grpc::Status Import(const std::string& content) {
    response_.Clear();
    return server_.Import(header_, content, &response_, server_.operator_secret);
  }

  RunningServer server_;
  const std::string race_;
  v1::ImportHeader header_;
  v1::ImportSheetResponse response_;
};

TEST_F(ImportTest, AnAcceptedSheetIsThereAsAWhole) {
  ASSERT_CALL(Import(kImportedSheet));
  EXPECT_TRUE(response_.report().accepted());
  EXPECT_EQ(response_.report().rows_added(), 3);
  EXPECT_EQ(response_.report().revision(), 1);
  EXPECT_EQ(response_.report().links().created(), 3);
  const v1::Result second = server_.ByBib(race_, "12");
  EXPECT_EQ(second.row().name(), "Bo Steady");
  EXPECT_EQ(second.gun().value(), 32 * 60 * 1000);
  EXPECT_EQ(second.chip().value(), (31 * 60 + 30) * 1000);
  EXPECT_EQ(second.place(), 2);
  EXPECT_EQ(second.sex_place(), 1);
  EXPECT_EQ(second.sheet_state(), v1::SHEET_STATE_OFFICIAL);
}

TEST_F(ImportTest, ASheetWithABadRowIsRefusedWholeAndTheIssueNamesRowColumnValueAndWhatIsWanted) {
  ASSERT_CALL(Import(kImportedBrokenSheet));
  const v1::ImportReport& report = response_.report();
  EXPECT_FALSE(report.accepted());
  ASSERT_EQ(report.issues_size(), 1) << report.DebugString();
  EXPECT_EQ(report.issues(0).severity(), v1::SEVERITY_ERROR);
  EXPECT_EQ(report.issues(0).row(), 4);  // of the file, whose first is the header
  EXPECT_EQ(report.issues(0).column(), "chip");
  EXPECT_EQ(report.issues(0).value(), "45:59");
  EXPECT_FALSE(report.issues(0).wanted().empty());
  EXPECT_THAT(server_.Results(race_), IsEmpty());
}

TEST_F(ImportTest, WithAllowPartialTheGoodRowsOfABadSheetAreTaken) {
  header_.set_allow_partial(true);
  ASSERT_CALL(Import(kImportedBrokenSheet));
  EXPECT_TRUE(response_.report().accepted());
  EXPECT_EQ(response_.report().rows_accepted(), 2);
  EXPECT_EQ(response_.report().rows_rejected(), 1);
  EXPECT_THAT(server_.Places(race_), ElementsAre("11:1/1/0", "12:2/1/0"));
}

TEST_F(ImportTest, ValidateOnlySaysWhatWouldBeAndWritesNothing) {
  header_.set_validate_only(true);
  ASSERT_CALL(Import(kImportedSheet));
  EXPECT_TRUE(response_.report().accepted());
  EXPECT_EQ(response_.report().rows_added(), 3);
  EXPECT_THAT(server_.Results(race_), IsEmpty());
  const int64_t position = response_.position();
  ASSERT_CALL(Import(kImportedSheet));
  EXPECT_EQ(response_.position(), position);
}

TEST_F(ImportTest, TheSameFileTwiceChangesNothingAndSaysSo) {
  ASSERT_CALL(Import(kImportedSheet));
  EXPECT_FALSE(response_.report().unchanged());
  const int64_t position = response_.position();
  ASSERT_CALL(Import(kImportedSheet));
  EXPECT_TRUE(response_.report().unchanged());
  EXPECT_EQ(response_.report().rows_unchanged(), 3);
  EXPECT_EQ(response_.position(), position);
}

TEST_F(ImportTest, AnOfficialSheetIsReplacedOnlyForAReason) {
  ASSERT_CALL(Import(kImportedSheet));
  const grpc::Status refused = Import(kOtherSheet);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(refused), "SHEET_ALREADY_OFFICIAL");
  EXPECT_EQ(server_.Results(race_).size(), 3);
  header_.set_reason("the timing company sent a better file");
  ASSERT_CALL(Import(kOtherSheet));
  EXPECT_EQ(response_.report().revision(), 2);
  EXPECT_EQ(response_.report().rows_changed(), 1);
  EXPECT_EQ(response_.report().rows_unchanged(), 1);
  EXPECT_EQ(response_.report().rows_removed(), 1);
  EXPECT_EQ(server_.Results(race_).size(), 2);
}

TEST_F(ImportTest, RowsOfANewRevisionKeepTheirResultAndTheirAthlete) {
  ASSERT_CALL(Import(kImportedSheet));
  const v1::Result before = server_.ByBib(race_, "12");
  header_.set_reason("a better file");
  ASSERT_CALL(Import(kOtherSheet));
  const v1::Result after = server_.ByBib(race_, "12");
  EXPECT_EQ(after.name(), before.name());
  EXPECT_EQ(after.athlete(), before.athlete());
  EXPECT_NE(after.gun().value(), before.gun().value());
}

TEST_F(ImportTest, WhoeverTheFilePutsInAnotherDivisionIsInNoRunnersRanking) {
  ASSERT_CALL(
      Import("place,bib,name,sex,Division,gun\n1,1,Wim Wheel,M,Wheelchair,0:24:00\n2,2,Hal Hand,M,Hand Cycle,0:25:00\n"
             "3,3,Bo Steady,M,M40,0:32:00\n"));
  ASSERT_TRUE(response_.report().accepted()) << response_.report().DebugString();
  EXPECT_EQ(server_.ByBib(race_, "1").row().division(), v1::DIVISION_WHEELCHAIR);
  EXPECT_EQ(server_.ByBib(race_, "2").row().division(), v1::DIVISION_HANDCYCLE);
  EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)), ElementsAre(HasSubstr("1 Bo Steady 32:00")));
}

TEST_F(ImportTest, ARepeatOfARequestIdGivesTheFirstAnswerAndAnotherPayloadWithItIsRefused) {
  header_.set_request_id(kImportRequestId);
  ASSERT_CALL(Import(kImportedSheet));
  const int64_t position = response_.position();
  v1::ImportReport first = response_.report();
  first.clear_elapsed_duration();
  EXPECT_EQ(first.rows_added(), 3);
  EXPECT_EQ(first.links().created(), 3);
  for (const bool restarted : {false, true}) {
    if (restarted) server_.Restart();
    ASSERT_CALL(Import(kImportedSheet));
    response_.mutable_report()->clear_elapsed_duration();
    EXPECT_EQ(response_.report().DebugString(), first.DebugString());
    EXPECT_EQ(response_.position(), position);
  }
  header_.set_reason("another");
  const grpc::Status refused = Import(kOtherSheet);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.error_message(), HasSubstr("request_id"));
}

TEST_F(ImportTest, ARequestIdThatIsNoUuidIsRefused) {
  header_.set_request_id("once");
  const grpc::Status refused = Import(kImportedSheet);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(refused), "request_id");
}

TEST_F(ImportTest, AContentHashThatDoesNotFitIsRefused) {
  header_.set_content_sha256(std::string(32, 'x'));
  const grpc::Status refused = Import(kImportedSheet);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(refused), "header.content_sha256");
}

TEST_F(ImportTest, AStreamWithoutAHeaderIsRefused) {
  const auto context = server_.AsOperator();
  const auto writer = server_.sheets->ImportSheet(context.get(), &response_);
  v1::ImportSheetRequest chunk;
  chunk.set_chunk(kImportedSheet);
  writer->Write(chunk);
  writer->WritesDone();
  const grpc::Status refused = writer->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(refused), "header");
}

TEST_F(ImportTest, WhoMayImport) {
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const std::string stranger = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town"});
  const std::string athlete = server_.MakeToken(v1::ROLE_ATHLETE, {"athletes/1"});
  struct Case {
    std::string secret;
    grpc::StatusCode code;
  };
  const Case cases[] = {{"", grpc::StatusCode::UNAUTHENTICATED},
                        {"palmares_nonsense", grpc::StatusCode::UNAUTHENTICATED},
                        {stranger, grpc::StatusCode::PERMISSION_DENIED},
                        {athlete, grpc::StatusCode::PERMISSION_DENIED},
                        {organizer, grpc::StatusCode::OK}};
  for (const Case& c : cases) {
    EXPECT_EQ(server_.Import(header_, kImportedSheet, &response_, c.secret).error_code(), c.code) << c.secret;
  }
  EXPECT_EQ(server_.Results(race_).size(), 3);
}

TEST_F(ImportTest, ADraftIsSeenByItsOrganizerAlone) {
  header_.set_state(v1::SHEET_STATE_DRAFT);
  ASSERT_CALL(Import(kImportedSheet));
  v1::ListResultsRequest request;
  request.set_parent(race_);
  v1::ListResultsResponse anybody, organizer;
  ASSERT_CALL(server_.results->ListResults(RunningServer::As("").get(), request, &anybody));
  EXPECT_EQ(anybody.results_size(), 0);
  const std::string secret = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  ASSERT_CALL(server_.results->ListResults(RunningServer::As(secret).get(), request, &organizer));
  EXPECT_EQ(organizer.results_size(), 3);
  EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)), IsEmpty());
}

TEST_F(ImportTest, ASheetCanBeReplacedAfterTheDateOfItsRaceWasMended) {
  ASSERT_CALL(Import(kImportedSheet));
  v1::UpdateRaceRequest request;
  v1::Race race;
  request.mutable_race()->set_name(race_);
  *request.mutable_race()->mutable_date() = DateOf(2025, 5, 5);
  request.mutable_update_mask()->add_paths("date");
  EXPECT_EQ(Reason(server_.events->UpdateRace(server_.AsOperator().get(), request, &race)), "REASON_REQUIRED");
  request.set_reason("it was run a day later");
  ASSERT_CALL(server_.events->UpdateRace(server_.AsOperator().get(), request, &race));
  header_.set_reason("a better file");
  ASSERT_CALL(Import(kOtherSheet));
  EXPECT_EQ(server_.Results(race_).size(), 2);
}

}  // namespace
}  // namespace palmares::testing
