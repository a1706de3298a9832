// A live finish line: typed rows appended over streams, to a whole server.
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kFirstId[] = "11111111-2222-3333-4444-555555555555";

class AppendTest : public ::testing::Test {
 protected:
  AppendTest() : race_(server_.MakeRace("river-run", "2026", DateOf(2026, 5, 31))) {
    v1::BatchCreateAthletesRequest request;
    for (int i = 1; i <= 9; ++i) {
      v1::CreateAthleteRequest* athlete = request.add_requests();
      athlete->set_athlete_id(absl::StrCat("runner-", i));
      athlete->mutable_athlete()->set_display_name(absl::StrCat("Runner ", i));
      athlete->mutable_athlete()->set_sex(i % 2 == 0 ? v1::SEX_WOMEN : v1::SEX_MEN);
      athlete->mutable_athlete()->set_country("KEN");
    }
    v1::BatchCreateAthletesResponse response;
    EXPECT_CALL_OK(server_.athletes->BatchCreateAthletes(server_.AsOperator().get(), request, &response));
    names_.assign(response.names().begin(), response.names().end());
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

  RunningServer server_;
  const std::string race_;
  std::vector<std::string> names_;
};

TEST_F(AppendTest, AthletesAreCreatedManyAtOnceWithTheIdsGiven) {
  ASSERT_EQ(names_.size(), 9U);
  EXPECT_EQ(names_[3], "athletes/runner-4");
  server_.Restart();
  v1::GetAthleteRequest request;
  v1::Athlete athlete;
  request.set_name("athletes/runner-4");
  ASSERT_CALL(server_.athletes->GetAthlete(server_.As("").get(), request, &athlete));
  EXPECT_EQ(athlete.display_name(), "Runner 4");
  EXPECT_EQ(athlete.sex(), v1::SEX_WOMEN);
  EXPECT_EQ(athlete.country(), "KEN");
}

TEST_F(AppendTest, ABatchOfAthletesIsCreatedAsAWholeOrNotAtAll) {
  v1::BatchCreateAthletesRequest request;
  v1::BatchCreateAthletesResponse response;
  request.set_request_id(kFirstId);
  for (const char* id : {"new-one", "runner-2"}) {
    v1::CreateAthleteRequest* athlete = request.add_requests();
    athlete->set_athlete_id(id);
    athlete->mutable_athlete()->set_display_name("Somebody");
  }
  grpc::Status refused = server_.athletes->BatchCreateAthletes(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(refused.error_message(), HasSubstr("requests[1].athlete_id"));
  request.mutable_requests(1)->set_athlete_id("new-one");
  refused = server_.athletes->BatchCreateAthletes(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS) << "twice in one batch";
  request.mutable_requests(1)->set_athlete_id("new-two");
  ASSERT_CALL(server_.athletes->BatchCreateAthletes(server_.AsOperator().get(), request, &response));
  EXPECT_THAT(response.names(), ElementsAre("athletes/new-one", "athletes/new-two"));
  v1::BatchCreateAthletesResponse again;
  ASSERT_CALL(server_.athletes->BatchCreateAthletes(server_.AsOperator().get(), request, &again));
  EXPECT_EQ(again.DebugString(), response.DebugString()) << "a repeat returns the first answer";
}

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
  EXPECT_EQ(answers[0].rows_added(), 0);
  EXPECT_EQ(answers[0].rows_unchanged(), 1);
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
  EXPECT_EQ(server_.Results(race_).size(), 2U);
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
