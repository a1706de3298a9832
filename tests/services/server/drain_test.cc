// What callers of a server that shuts down are told: who waits for a job waits on, who watches without an end leaves.
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr int kDrainRows = 20'000;  // enough that their import is still going on when the server begins to shut down

// Each row is another runner, so that linking them takes its time too.
std::string DrainSheet() {
  std::string csv = "bib,name,sex,age,gun\n";
  for (int bib = 1; bib <= kDrainRows; ++bib) {
    const int seconds = bib / 4;  // after 2:10:00
    absl::StrAppend(&csv, bib, ",Runner Number", bib, ",", bib % 2 == 0 ? "M" : "W", ",", 20 + bib % 60, ",",
                    2 + (600 + seconds) / 3600, ":", absl::Dec((600 + seconds) / 60 % 60, absl::kZeroPad2), ":",
                    absl::Dec(seconds % 60, absl::kZeroPad2), "\n");
  }
  return csv;
}

class DrainTest : public ::testing::Test {
 protected:
  DrainTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {}

  // Uploads the sheet and starts its job: the job's name.
  std::string StartImport(const std::string& csv) {
    v1::StartUploadRequest start;
    start.mutable_header()->set_race(race_);
    start.mutable_header()->set_file_name("sheet.csv");
    start.mutable_header()->set_state(v1::SHEET_STATE_OFFICIAL);
    v1::Upload upload;
    EXPECT_CALL_OK(server_.uploads->StartUpload(server_.AsOperator().get(), start, &upload));
    const auto context = server_.AsOperator();
    const auto writer = server_.uploads->WriteUpload(context.get(), &upload);
    constexpr size_t kPiece = 500'000;
    for (size_t at = 0; at < csv.size(); at += kPiece) {
      v1::WriteUploadRequest piece;
      piece.set_name(upload.name());
      piece.set_offset(static_cast<int64_t>(at));
      piece.set_data(csv.substr(at, kPiece));
      EXPECT_TRUE(writer->Write(piece));
    }
    writer->WritesDone();
    EXPECT_CALL_OK(writer->Finish());
    v1::CompleteUploadRequest complete;
    complete.set_name(upload.name());
    v1::ImportJob job;
    EXPECT_CALL_OK(server_.uploads->CompleteUpload(server_.AsOperator().get(), complete, &job));
    return job.name();
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(DrainTest, WhoWaitsForAnImportIsToldItsEndWhileTheServerShutsDown) {
  v1::WatchImportJobRequest request;
  request.set_name(StartImport(DrainSheet()));
  const auto context = server_.AsOperator();
  const auto watch = server_.uploads->WatchImportJob(context.get(), request);
  v1::ImportJob job;
  ASSERT_TRUE(watch->Read(&job));
  std::thread drain([this] { server_.server->Drain(absl::Seconds(50)); });
  while (watch->Read(&job)) continue;
  const grpc::Status ended = watch->Finish();
  drain.join();
  ASSERT_CALL(ended);
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.status().error();
  EXPECT_EQ(job.report().rows_added(), kDrainRows);
  server_.server.reset();
  server_.StartAgain();
  v1::ListResultsRequest list;
  list.set_parent(race_);
  list.set_page_size(1);
  v1::ListResultsResponse listed;
  ASSERT_CALL(server_.results->ListResults(server_.AsOperator().get(), list, &listed));
  EXPECT_EQ(listed.total_size(), kDrainRows);
}

TEST_F(DrainTest, WhoWatchesWithoutAnEndIsSentAwayAtOnceAndToldWhenToComeBack) {
  const auto context = server_.AsOperator();
  const auto watch = server_.ledger->WatchChanges(context.get(), v1::WatchChangesRequest());
  v1::WatchChangesResponse change;
  ASSERT_TRUE(watch->Read(&change));
  const absl::Time began = absl::Now();
  server_.server->Drain(absl::Seconds(50));
  EXPECT_LT(absl::Now() - began, absl::Seconds(25)) << "the server need not wait for who never ends";
  while (watch->Read(&change)) continue;
  const grpc::Status ended = watch->Finish();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Reason(ended), "SHUTTING_DOWN");
  EXPECT_THAT(ended.error_message(), ::testing::HasSubstr("the server is shutting down"));
  bool says_when = false;
  const google::rpc::Status details = Details(ended);
  for (const auto& detail : details.details()) says_when = says_when || detail.Is<google::rpc::RetryInfo>();
  EXPECT_TRUE(says_when);
}

}  // namespace
}  // namespace palmares::testing
