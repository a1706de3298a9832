// A live finish line: typed rows appended over streams, to a whole server.
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/services/server/running_server.h"
#include "tests/storage/faulty_file_system.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kFirstId[] = "11111111-2222-3333-4444-555555555555";

class AppendTest : public ::testing::Test {
 protected:
  AppendTest() : race_(server_.MakeRace("river-run", "2026", DateOf(2026, 5, 31))) {
    for (int i = 1; i <= 9; ++i) {
      v1::CreateAthleteRequest request;
      v1::Athlete athlete;
      request.set_athlete_id(absl::StrCat("runner-", i));
      request.mutable_athlete()->set_display_name(absl::StrCat("Runner ", i));
      request.mutable_athlete()->set_sex(i % 2 == 0 ? v1::SEX_WOMEN : v1::SEX_MEN);
      request.mutable_athlete()->set_country("KEN");
      EXPECT_CALL_OK(server_.athletes->CreateAthlete(server_.AsOperator().get(), request, &athlete));
    }
  }

  static v1::ResultRow* AddRow(v1::AppendResultsRequest& batch, int runner, int seconds) {
    v1::ResultRow* row = batch.add_results();
    row->set_bib(absl::StrCat(100 + runner));
    row->set_athlete(absl::StrCat("athletes/runner-", runner));
    row->set_gun_mark(seconds * 1000);
    return row;
  }
  v1::AppendResultsRequest Batch(int64_t sequence) const {
    v1::AppendResultsRequest batch;
    batch.set_race(race_);
    batch.set_sequence(sequence);
    return batch;
  }
  v1::AppendResultsRequest Batch(int64_t sequence, int runner, int seconds) const {
    v1::AppendResultsRequest batch = Batch(sequence);
    AddRow(batch, runner, seconds);
    return batch;
  }

  // Sends all batches, then reads all answers.
  std::vector<v1::AppendResultsResponse> Send(const std::vector<v1::AppendResultsRequest>& batches,
                                              grpc::Status* status = nullptr, const std::string* secret = nullptr) {
    const auto context = server_.As(secret == nullptr ? server_.operator_secret : *secret);
    const auto stream = server_.sheets->AppendResults(context.get());
    for (const v1::AppendResultsRequest& batch : batches) stream->Write(batch);
    stream->WritesDone();
    std::vector<v1::AppendResultsResponse> answers;
    for (v1::AppendResultsResponse answer; stream->Read(&answer);) answers.push_back(answer);
    const grpc::Status finished = stream->Finish();
    if (status != nullptr) {
      *status = finished;
    } else {
      EXPECT_TRUE(finished.ok()) << finished.error_message();
    }
    return answers;
  }
  v1::AppendResultsResponse Send(const v1::AppendResultsRequest& batch) {
    const std::vector<v1::AppendResultsResponse> answers = Send(std::vector<v1::AppendResultsRequest>{batch});
    EXPECT_EQ(answers.size(), 1U);
    return answers.empty() ? v1::AppendResultsResponse() : answers[0];
  }

  // The state as it was made step by step is the one that the ledger makes.
  void TearDown() override {
    const auto context = server_.AsOperator();
    const auto reader = server_.administration->Verify(context.get(), v1::VerifyRequest());
    v1::AdministrationJob job;
    while (reader->Read(&job)) {
    }
    EXPECT_CALL_OK(reader->Finish());
    EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.ShortDebugString();
    EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
  }

  static ServerOptions OnDisk(rocksdb::Env* env) {
    ServerOptions options;
    options.ledger.env = env;
    return options;
  }

  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  RunningServer server_{OnDisk(env_.get())};
  const std::string race_;
};

TEST_F(AppendTest, RowsAreVisibleAtTheAcknowledgementWithPlacesByTheirMarks) {
  v1::AppendResultsRequest batch = Batch(7);
  AddRow(batch, 1, 2000);
  AddRow(batch, 2, 1900);
  batch.set_result_names(true);
  const v1::AppendResultsResponse answer = Send(batch);
  EXPECT_EQ(answer.sequence(), 7);
  EXPECT_EQ(answer.rows_added(), 2);
  EXPECT_FALSE(answer.refused());
  EXPECT_THAT(answer.results(), ElementsAre(race_ + "/results/1", race_ + "/results/2"));
  v1::GetResultRequest request;
  v1::Result result;
  request.set_name(answer.results(1));
  request.set_min_position(answer.position());
  ASSERT_CALL(server_.results->GetResult(server_.As("").get(), request, &result));
  EXPECT_EQ(result.place(), 1);
  EXPECT_EQ(result.athlete(), "athletes/runner-2");
  EXPECT_EQ(result.row().name(), "Runner 2") << "from the athlete, as the row was sent without a name";
  EXPECT_EQ(result.row().sex(), v1::SEX_WOMEN);
  EXPECT_EQ(result.row().official_mark(), 1900 * 1000) << "from the gun time";
  EXPECT_EQ(result.sheet_state(), v1::SHEET_STATE_PROVISIONAL);
  Send(Batch(8, 3, 1800));
  EXPECT_THAT(server_.Places(race_), ElementsAre("101:3/2/0", "102:2/1/0", "103:1/1/0"));
  EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)),
              ElementsAre("1 Runner 3 30:00 20260531", "2 Runner 1 33:20 20260531"));
}

TEST_F(AppendTest, AnswersComeInTheOrderOfTheBatchesAndARefusedOneDoesNotStopTheOthers) {
  v1::AppendResultsRequest unknown = Batch(3);
  AddRow(unknown, 3, 1800)->set_athlete("athletes/nobody");
  v1::AppendResultsRequest twice = Batch(4);
  AddRow(twice, 4, 1800);
  AddRow(twice, 4, 1801);
  v1::AppendResultsRequest taken = Batch(5);
  AddRow(taken, 1, 1234);
  AddRow(taken, 5, 1900);
  v1::AppendResultsRequest no_race = Batch(6, 6, 1900);
  no_race.set_race("events/nowhere/editions/1/races/open");
  v1::AppendResultsRequest empty = Batch(7);
  v1::AppendResultsRequest backwards = Batch(8, 7, 2000);
  backwards.mutable_results(0)->set_chip_mark(3000 * 1000);
  v1::AppendResultsRequest no_mark = Batch(9, 8, 0);
  const std::vector<v1::AppendResultsResponse> answers =
      Send({Batch(1, 1, 2000), Batch(2, 2, 1900), unknown, twice, taken, no_race, empty, backwards, no_mark,
            Batch(10, 9, 2100)});
  ASSERT_EQ(answers.size(), 10U);
  std::vector<std::string> told;
  for (const v1::AppendResultsResponse& answer : answers) {
    told.push_back(absl::StrCat(answer.sequence(), " ", answer.refused() ? answer.reason() : "taken", " ",
                                answer.refused() ? answer.issues(0).code() : ""));
  }
  EXPECT_THAT(
      told, ElementsAre("1 taken ", "2 taken ", "3 ROWS_INVALID UNKNOWN_ATHLETE", "4 ROWS_INVALID DUPLICATE_BIB",
                        "5 ROWS_INVALID BIB_TAKEN", "6 RACE_NOT_FOUND RACE_NOT_FOUND", "7 INVALID_FIELD INVALID_FIELD",
                        "8 ROWS_INVALID CHIP_LONGER_THAN_GUN", "9 ROWS_INVALID MISSING_TIME", "10 taken "));
  EXPECT_EQ(answers[4].issues(0).row(), 1);
  EXPECT_THAT(server_.Places(race_), ElementsAre("101:2/1/0", "102:1/1/0", "109:3/2/0"));
}

// The first answers of a stream, ready in one moment, go out together.
TEST_F(AppendTest, EveryStreamGetsItsFirstAnswersHoweverManyAreReadyAtOnce) {
  for (int stream = 0; stream < 20; ++stream) {
    std::vector<v1::AppendResultsRequest> batches;
    for (int batch = 1; batch <= 8; ++batch) batches.push_back(Batch(batch));  // refused at once: it has no rows
    EXPECT_EQ(Send(batches).size(), 8U);
  }
}

TEST_F(AppendTest, ARepeatedRequestIsWrittenOnceAndAnotherWithItsIdIsRefused) {
  v1::AppendResultsRequest batch = Batch(1, 1, 2000);
  batch.set_request_id(kFirstId);
  batch.set_result_names(true);
  const v1::AppendResultsResponse first = Send(batch);
  EXPECT_EQ(first.rows_added(), 1);
  server_.Restart();
  batch.set_sequence(2);
  v1::AppendResultsRequest other = Batch(3, 2, 1900);
  other.set_request_id(kFirstId);
  const std::vector<v1::AppendResultsResponse> answers = Send({batch, other});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].position(), first.position());
  EXPECT_EQ(answers[0].rows_added(), 1) << "the first answer";
  EXPECT_EQ(answers[0].rows_unchanged(), 0);
  EXPECT_THAT(answers[0].results(), ElementsAre(race_ + "/results/1"));
  EXPECT_TRUE(answers[1].refused());
  EXPECT_EQ(server_.Results(race_).size(), 1U);
}

TEST_F(AppendTest, ARowThatIsThereAlreadyChangesNothing) {
  Send(Batch(1, 1, 2000));
  v1::AppendResultsRequest batch = Batch(2, 1, 2000);
  AddRow(batch, 2, 1900);
  const v1::AppendResultsResponse answer = Send(batch);
  EXPECT_EQ(answer.rows_unchanged(), 1);
  EXPECT_EQ(answer.rows_added(), 1);
  const v1::AppendResultsResponse again = Send(batch);
  EXPECT_EQ(again.rows_unchanged(), 2);
  EXPECT_EQ(again.rows_added(), 0);
  EXPECT_EQ(again.position(), answer.position()) << "nothing was written";
  EXPECT_EQ(server_.Results(race_).size(), 2U);
}

// Sent twice before the first is answered: the second is planned while the first is on its way.
TEST_F(AppendTest, ARowThatIsSentTwiceInOneStreamIsAddedOnce) {
  const std::vector<v1::AppendResultsResponse> answers = Send({Batch(1, 1, 2000), Batch(2, 1, 2000)});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].rows_added(), 1);
  EXPECT_EQ(answers[1].rows_unchanged(), 1);
  EXPECT_FALSE(answers[1].refused());
  EXPECT_EQ(server_.Results(race_).size(), 1U);
}

TEST_F(AppendTest, ADraftIsAppendedToUnseenAndItsStateIsSetElsewhere) {
  v1::AppendResultsRequest batch = Batch(1, 1, 2000);
  batch.set_state(v1::SHEET_STATE_DRAFT);
  v1::AppendResultsRequest official = Batch(2, 2, 1900);
  official.set_state(v1::SHEET_STATE_OFFICIAL);
  v1::AppendResultsRequest provisional = Batch(3, 2, 1900);
  provisional.set_state(v1::SHEET_STATE_PROVISIONAL);
  const std::vector<v1::AppendResultsResponse> answers = Send({batch, official, provisional, Batch(4, 2, 1900)});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_FALSE(answers[0].refused());
  EXPECT_EQ(answers[1].reason(), "STATE_NOT_ALLOWED");
  EXPECT_EQ(answers[2].reason(), "STATE_NOT_ALLOWED");
  EXPECT_FALSE(answers[3].refused());
  EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)), IsEmpty());
  v1::SetSheetStateRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(race_ + "/sheet");
  request.set_state(v1::SHEET_STATE_PROVISIONAL);
  ASSERT_CALL(server_.sheets->SetSheetState(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(response.sheet().counts().rows(), 2);
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)).size(), 1U);
}

// Who is new is a new athlete, numbered in the order of the rows; who is known is recognised.
TEST_F(AppendTest, SingleRowsWithoutAnAthleteAreLinkedWhileOthersAreOnTheirWay) {
  constexpr int kRunners = 40;
  constexpr const char* kGiven[] = {"Abena", "Birgit", "Chloe", "Daria", "Emeka", "Fatou", "Greta", "Hana"};
  constexpr const char* kFamily[] = {"Kipsang", "Lindqvist", "Moreau", "Novak", "Okafor"};
  const std::string next_race = server_.MakeRace("river-run", "2027", DateOf(2027, 5, 30));
  std::vector<std::string> athletes;
  for (const std::string& race : {race_, next_race}) {
    std::vector<v1::AppendResultsRequest> batches;
    for (int i = 0; i < kRunners; ++i) {
      batches.push_back(Batch(i));
      batches.back().set_race(race);
      v1::ResultRow* row = batches.back().add_results();
      row->set_bib(absl::StrCat(i));
      row->set_name(absl::StrCat(kGiven[i % 8], " ", kFamily[i / 8]));
      row->set_sex(v1::SEX_WOMEN);
      row->set_age(20 + i + (race == race_ ? 0 : 1));
      row->set_country("KEN");
      row->set_city(absl::StrCat("Town ", i));
      row->set_official_mark((2000 + i) * 1000);
    }
    for (const v1::AppendResultsResponse& answer : Send(batches)) EXPECT_FALSE(answer.refused()) << answer.reason();
    for (int i = 0; i < kRunners; ++i) {
      const std::string athlete = server_.ByBib(race, absl::StrCat(i)).athlete();
      if (race == race_) {
        EXPECT_EQ(athlete, absl::StrCat("athletes/", 10 + i));
        athletes.push_back(athlete);
      } else {
        EXPECT_EQ(athlete, athletes[static_cast<size_t>(i)]) << "the same woman a year later";
      }
    }
  }
  server_.Restart();
  EXPECT_EQ(server_.ByBib(next_race, "7").athlete(), athletes[7]);
}

TEST_F(AppendTest, ARunOfBatchesIsOneRevisionThatCanBeUndoneAndNumbersAreNotGivenAgain) {
  Send(Batch(1, 1, 2000));
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(race_ + "/results/1");
  disqualify.set_reason("seen");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  Send({Batch(2, 2, 1900), Batch(3, 3, 1950)});
  v1::ListSheetRevisionsRequest list;
  v1::ListSheetRevisionsResponse revisions;
  list.set_parent(race_ + "/sheet");
  ASSERT_CALL(server_.sheets->ListSheetRevisions(server_.AsOperator().get(), list, &revisions));
  ASSERT_EQ(revisions.revisions_size(), 3);
  EXPECT_EQ(revisions.revisions(0).kind(), v1::SheetRevision::KIND_APPENDED);
  EXPECT_EQ(revisions.revisions(0).rows_added(), 2);
  v1::UndoSheetRevisionRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(revisions.revisions(0).name());
  request.set_reason("another race");
  ASSERT_CALL(server_.sheets->UndoSheetRevision(server_.AsOperator().get(), request, &response));
  EXPECT_THAT(server_.Places(race_), ElementsAre("101:0/0/0"));
  v1::AppendResultsRequest again = Batch(4, 2, 1900);
  again.set_result_names(true);
  EXPECT_THAT(Send(again).results(), ElementsAre(race_ + "/results/4"));
  EXPECT_THAT(server_.Places(race_), ElementsAre("101:0/0/0", "102:1/1/0"));
}

TEST_F(AppendTest, WhoFollowsTheRaceIsToldOfEachRow) {
  const auto context = server_.AsOperator();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  v1::WatchResultsRequest request;
  request.set_parent(race_);
  const auto reader = server_.results->WatchResults(context.get(), request);
  v1::WatchResultsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  const std::vector<v1::AppendResultsResponse> answers = Send({Batch(1, 1, 2000), Batch(2, 2, 1900)});
  ASSERT_EQ(answers.size(), 2U);
  std::vector<std::string> told;
  while (message.position() < answers[1].position()) {
    ASSERT_TRUE(reader->Read(&message));
    for (const v1::Result& result : message.results()) told.push_back(result.row().bib());
  }
  context->TryCancel();
  while (reader->Read(&message)) {
  }
  (void)reader->Finish().ok();
  EXPECT_THAT(told, ::testing::IsSupersetOf({"101", "102"}));
}

TEST_F(AppendTest, AStreamOnWhichNothingComesDoesNotHoldUpTheEndOfTheServer) {
  const auto context = server_.AsOperator();
  const auto stream = server_.sheets->AppendResults(context.get());
  v1::AppendResultsResponse answer;
  ASSERT_TRUE(stream->Write(Batch(1, 1, 2000)));
  ASSERT_TRUE(stream->Read(&answer));
  const absl::Time began = absl::Now();
  server_.server->Drain(absl::Minutes(1));
  EXPECT_LT(absl::Now() - began, absl::Seconds(20));
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_FALSE(stream->Finish().ok());
  server_.server.reset();
  server_.StartAgain();
  EXPECT_EQ(server_.Results(race_).size(), 1U);
}

TEST_F(AppendTest, AnOfficialSheetIsNotAppendedTo) {
  Send(Batch(1, 1, 2000));
  v1::SetSheetStateRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(race_ + "/sheet");
  request.set_state(v1::SHEET_STATE_OFFICIAL);
  ASSERT_CALL(server_.sheets->SetSheetState(server_.AsOperator().get(), request, &response));
  const v1::AppendResultsResponse answer = Send(Batch(2, 2, 1900));
  EXPECT_TRUE(answer.refused());
  EXPECT_EQ(answer.reason(), "SHEET_ALREADY_OFFICIAL");
}

TEST_F(AppendTest, SplitsAreNamedOnceAndGrowWithTheSheet) {
  v1::AppendResultsRequest batch = Batch(1, 1, 2000);
  batch.add_split_points()->set_label("5k");
  batch.mutable_results(0)->add_splits(900 * 1000);
  v1::AppendResultsRequest more = Batch(2, 2, 1900);
  more.add_split_points()->set_label("5k");
  more.add_split_points()->set_label("8k");
  more.mutable_results(0)->add_splits(890 * 1000);
  more.mutable_results(0)->add_splits(1500 * 1000);
  v1::AppendResultsRequest others = Batch(3, 3, 1800);
  others.add_split_points()->set_label("half");
  v1::AppendResultsRequest too_many = Batch(4, 4, 1800);
  for (int i = 0; i < 3; ++i) too_many.mutable_results(0)->add_splits((i + 1) * 1000);
  const std::vector<v1::AppendResultsResponse> answers = Send({batch, more, others, too_many});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_FALSE(answers[1].refused());
  EXPECT_EQ(answers[2].reason(), "SPLIT_POINTS_DIFFER");
  EXPECT_EQ(answers[3].reason(), "SPLIT_POINTS_DIFFER");
  EXPECT_THAT(server_.ByBib(race_, "101").row().splits(), ElementsAre(900 * 1000, 0));
  EXPECT_THAT(server_.ByBib(race_, "102").row().splits(), ElementsAre(890 * 1000, 1500 * 1000));
}

TEST_F(AppendTest, RowsWithoutAnAthleteAreLinkedByTheEvidence) {
  v1::AppendResultsRequest batch = Batch(1);
  for (int i = 0; i < 2; ++i) {
    v1::ResultRow* row = batch.add_results();
    row->set_bib(absl::StrCat(i));
    row->set_name(i == 0 ? "Abena Kipsang" : "Lotte van der Zee");
    row->set_sex(v1::SEX_WOMEN);
    row->set_age(31);
    row->set_country("NED");
    row->set_official_mark(2000 * 1000);
  }
  Send(batch);
  const std::string athlete = server_.ByBib(race_, "1").athlete();
  EXPECT_EQ(athlete, "athletes/11") << "the next number after those created";
  const std::string next_race = server_.MakeRace("river-run", "2027", DateOf(2027, 5, 30));
  batch.set_race(next_race);
  for (v1::ResultRow& row : *batch.mutable_results()) row.set_age(32);
  Send(batch);
  EXPECT_EQ(server_.ByBib(next_race, "1").athlete(), athlete);
}

TEST_F(AppendTest, AFileThatIsSentAgainAfterRowsWereAppendedReplacesThem) {
  v1::ImportHeader header;
  header.set_race(race_);
  header.set_state(v1::SHEET_STATE_PROVISIONAL);
  const std::string csv = "place,bib,name,sex,age,country,gun\n1,11,Ada Quick,W,31,KEN,0:31:00\n";
  v1::ImportSheetResponse imported;
  ASSERT_CALL(server_.Import(header, csv, &imported, server_.operator_secret));
  Send(Batch(1, 1, 1800));
  EXPECT_THAT(server_.Places(race_), ElementsAre("101:1/1/0", "11:2/1/0")) << "who came first moves the other down";
  ASSERT_CALL(server_.Import(header, csv, &imported, server_.operator_secret));
  EXPECT_THAT(server_.Places(race_), ElementsAre("11:1/1/0"));
}

TEST_F(AppendTest, WhoMayNotManageTheRaceIsTurnedAway) {
  grpc::Status status;
  const std::string nobody;
  EXPECT_THAT(Send({Batch(1, 1, 2000)}, &status, &nobody), IsEmpty());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/river-run"});
  v1::AppendResultsRequest foreign = Batch(2, 2, 1900);
  foreign.set_race(server_.MakeRace("other-run", "2026", DateOf(2026, 5, 31)));
  EXPECT_EQ(Send({Batch(1, 1, 2000), foreign}, &status, &organizer).size(), 1U) << "the first batch was allowed";
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  v1::AppendResultsRequest nowhere = Batch(3, 3, 1900);
  nowhere.clear_race();
  Send({nowhere}, &status, &server_.operator_secret);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AppendTest, SingleRowsThatWaitShareTheWritesToTheDisk) {
  constexpr int kRows = 400;
  for (const bool linked : {true, false}) {
    std::vector<v1::AppendResultsRequest> batches;
    for (int i = 0; i < kRows; ++i) {
      batches.push_back(Batch(i));
      v1::ResultRow* row = AddRow(batches.back(), 1 + i % 9, 2000 + i);
      row->set_bib(absl::StrCat(linked ? "a" : "b", i));
      if (linked) continue;
      row->clear_athlete();
      row->set_name(absl::StrCat("Given", i, " Family", i * 7));
      row->set_sex(v1::SEX_MEN);
    }
    disk_->SlowSyncs(absl::Milliseconds(5));
    const int64_t before = disk_->syncs();
    const std::vector<v1::AppendResultsResponse> answers = Send(batches);
    disk_->SlowSyncs(absl::ZeroDuration());
    ASSERT_EQ(answers.size(), static_cast<size_t>(kRows));
    for (int i = 0; i < kRows; ++i) {
      EXPECT_EQ(answers[static_cast<size_t>(i)].sequence(), i);
      EXPECT_EQ(answers[static_cast<size_t>(i)].rows_added(), 1) << answers[static_cast<size_t>(i)].ShortDebugString();
    }
    EXPECT_LT(disk_->syncs() - before, kRows / 4) << (linked ? "linked" : "not linked");
  }
  EXPECT_EQ(server_.Results(race_).size(), 2U * kRows);
}

// Four streams, two to a race, row by row with many on their way: every row once, in order, and the same after a
// restart as before it. Small entries are joined in memory; a row is still read with its own personal data.
TEST_F(AppendTest, ManyStreamsOfSingleRowsMakeTheSheetThatOneBatchMakes) {
  constexpr int kStreams = 4, kEach = 300;
  const std::string second = server_.MakeRace("river-run", "2025", DateOf(2025, 5, 31));
  const auto row_of = [](int stream, int i) {
    v1::ResultRow row;
    row.set_bib(absl::StrCat(stream, "-", i));
    row.set_athlete(absl::StrCat("athletes/runner-", 1 + (stream + i) % 9));
    row.set_name(absl::StrCat("Name ", stream, " ", i));
    row.set_club(i % 3 == 0 ? "" : absl::StrCat("Club ", i % 7));
    row.set_official_mark((1800 + (i * 37 + stream * 11) % 900) * 1000);
    if (i % 10 == 0) row.set_outcome(v1::OUTCOME_DID_NOT_FINISH);
    return row;
  };
  std::vector<std::thread> threads;
  for (int stream = 0; stream < kStreams; ++stream) {
    threads.emplace_back([&, stream] {
      std::vector<v1::AppendResultsRequest> batches;
      for (int i = 0; i < kEach; ++i) {
        batches.emplace_back();
        batches.back().set_race(stream % 2 == 0 ? race_ : second);
        batches.back().set_sequence(i);
        *batches.back().add_results() = row_of(stream, i);
      }
      const auto context = server_.AsOperator();
      const auto call = server_.sheets->AppendResults(context.get());
      std::thread writer([&] {
        for (const v1::AppendResultsRequest& batch : batches) call->Write(batch);
        call->WritesDone();
      });
      int64_t next = 0, last_position = 0;
      for (v1::AppendResultsResponse answer; call->Read(&answer);) {
        EXPECT_EQ(answer.sequence(), next++);
        EXPECT_FALSE(answer.refused()) << answer.reason();
        EXPECT_GT(answer.position(), last_position);
        last_position = answer.position();
      }
      writer.join();
      EXPECT_TRUE(call->Finish().ok());
      EXPECT_EQ(next, kEach);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto snapshot = [&] {
    std::vector<std::string> lines;
    for (const std::string& race : {race_, second}) {
      for (const v1::Result& result : server_.Results(race)) lines.push_back(result.ShortDebugString());
      for (const std::string& line : server_.Places(race)) lines.push_back(line);
    }
    return lines;
  };
  for (int stream = 0; stream < kStreams; ++stream) {
    for (int i = 0; i < kEach; i += 50) {
      const v1::ResultRow sent = row_of(stream, i);
      const v1::Result stored = server_.ByBib(stream % 2 == 0 ? race_ : second, sent.bib());
      EXPECT_EQ(stored.row().name(), sent.name());
      EXPECT_EQ(stored.row().club(), sent.club());
      EXPECT_EQ(stored.athlete(), sent.athlete());
    }
  }
  const std::vector<std::string> incremental = snapshot();
  server_.Restart();
  EXPECT_EQ(snapshot(), incremental);

  // The same rows in one batch get the same places.
  const std::string third = server_.MakeRace("river-run", "2024", DateOf(2024, 5, 31));
  v1::AppendResultsRequest whole;
  whole.set_race(third);
  for (int stream = 0; stream < kStreams; stream += 2) {
    for (int i = 0; i < kEach; ++i) *whole.add_results() = row_of(stream, i);
  }
  Send(whole);
  EXPECT_EQ(server_.Places(third), server_.Places(race_));
}

}  // namespace
}  // namespace palmares::testing
