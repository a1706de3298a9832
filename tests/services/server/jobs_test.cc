// Jobs as they are asked for by name, watched and ended: of imports, of administration.
#include "services/administration/jobs.h"

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr char kJobsSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,11,Ada Quick,W,31,KEN,0:31:00\n"
    "2,12,Bo Steady,M,42,USA,0:32:00\n";

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {}

  // Uploads a sheet of the race, in pieces of a megabyte, and gives the job's name.
  std::string MustUpload(const std::string& content) {
    v1::StartUploadRequest start;
    v1::Upload upload;
    start.mutable_header()->set_race(race_);
    start.mutable_header()->set_file_name("sheet.csv");
    start.mutable_header()->set_state(v1::SHEET_STATE_OFFICIAL);
    EXPECT_CALL_OK(server_.uploads->StartUpload(server_.AsOperator().get(), start, &upload));
    const auto context = server_.AsOperator();
    const std::string name = upload.name();
    const auto writer = server_.uploads->WriteUpload(context.get(), &upload);
    constexpr size_t kPiece = 1 << 20;
    for (size_t at = 0; at < content.size(); at += kPiece) {
      v1::WriteUploadRequest piece;
      piece.set_name(name);
      piece.set_offset(static_cast<int64_t>(at));
      piece.set_data(content.substr(at, kPiece));
      EXPECT_TRUE(writer->Write(piece));
    }
    writer->WritesDone();
    EXPECT_CALL_OK(writer->Finish());
    v1::CompleteUploadRequest complete;
    v1::ImportJob job;
    complete.set_name(name);
    EXPECT_CALL_OK(server_.uploads->CompleteUpload(server_.AsOperator().get(), complete, &job));
    return job.name();
  }

  v1::ImportJob WatchImport(const std::string& name) {
    v1::WatchImportJobRequest request;
    request.set_name(name);
    const auto context = server_.AsOperator();
    const auto reader = server_.uploads->WatchImportJob(context.get(), request);
    v1::ImportJob last;
    while (reader->Read(&last)) continue;
    EXPECT_CALL_OK(reader->Finish());
    return last;
  }

  grpc::Status GetImport(const std::string& secret, const std::string& name, v1::ImportJob* job) {
    v1::GetImportJobRequest request;
    request.set_name(name);
    return server_.uploads->GetImportJob(RunningServer::As(secret).get(), request, job);
  }

  grpc::Status CancelImport(const std::string& name, v1::ImportJob* job) {
    v1::CancelImportJobRequest request;
    request.set_name(name);
    return server_.uploads->CancelImportJob(server_.AsOperator().get(), request, job);
  }

  v1::AdministrationJob MustVerify() {
    v1::AdministrationJob job;
    const auto context = server_.AsOperator();
    const auto reader = server_.administration->Verify(context.get(), v1::VerifyRequest());
    while (reader->Read(&job)) continue;
    EXPECT_CALL_OK(reader->Finish());
    return job;
  }

  RunningServer server_;
  const std::string race_;
};

// Enough rows that reading them takes longer than the call that follows.
std::string LongSheet() {
  std::string sheet = "bib,name,sex,age,country,gun\n";
  for (int i = 1; i <= 30'000; ++i) {
    absl::StrAppend(&sheet, i, ",Runner Number", i, ",", i % 2 == 0 ? "W" : "M", ",", 20 + i % 50,
                    ",KEN,1:", 10 + i % 50, ":", 10 + i % 49, "\n");
  }
  return sheet;
}

TEST_F(JobsTest, AnImportJobIsReadWithItsReportByWhoBroughtTheFile) {
  const std::string name = MustUpload(kJobsSheet);
  WatchImport(name);
  v1::ImportJob job;
  ASSERT_CALL(GetImport(server_.operator_secret, name, &job));
  EXPECT_EQ(job.name(), name);
  EXPECT_EQ(job.race(), race_);
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED);
  EXPECT_TRUE(job.status().has_start_time());
  EXPECT_TRUE(job.status().has_end_time());
  EXPECT_TRUE(job.report().accepted());
  EXPECT_EQ(job.report().rows_read(), 2);
  EXPECT_EQ(job.report().rows_added(), 2);
  EXPECT_GT(job.position(), 0);
  server_.Restart();
  v1::ImportJob kept;
  ASSERT_CALL(GetImport(server_.operator_secret, name, &kept));
  EXPECT_EQ(kept.SerializeAsString(), job.SerializeAsString());
  const std::string other = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  EXPECT_EQ(GetImport(other, name, &kept).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(GetImport(server_.operator_secret, "importJobs/none", &kept).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(JobsTest, ACancelledImportChangesNothingAndItsFileMayComeAgain) {
  const std::string sheet = LongSheet();
  const std::string name = MustUpload(sheet);
  v1::ImportJob job;
  ASSERT_CALL(CancelImport(name, &job));
  EXPECT_EQ(job.name(), name);
  const v1::ImportJob ended = WatchImport(name);
  EXPECT_EQ(ended.status().state(), v1::JobStatus::STATE_CANCELLED) << ended.ShortDebugString();
  EXPECT_TRUE(ended.status().has_end_time());
  EXPECT_FALSE(ended.report().accepted());
  EXPECT_TRUE(server_.Results(race_).empty());
  EXPECT_EQ(Reason(CancelImport(name, &job)), "ALREADY_ENDED");
  EXPECT_EQ(CancelImport("importJobs/none", &job).error_code(), grpc::StatusCode::NOT_FOUND);
  const v1::ImportJob again = WatchImport(MustUpload(kJobsSheet));
  EXPECT_TRUE(again.report().accepted());
  EXPECT_EQ(server_.Results(race_).size(), 2u);
}

TEST_F(JobsTest, AnAdministrationJobIsReadAndWatchedAfterItsEnd) {
  const v1::AdministrationJob made = MustVerify();
  v1::GetAdministrationJobRequest get;
  v1::AdministrationJob job;
  get.set_name(made.name());
  ASSERT_CALL(server_.administration->GetAdministrationJob(server_.AsOperator().get(), get, &job));
  EXPECT_EQ(job.SerializeAsString(), made.SerializeAsString());
  EXPECT_EQ(job.kind(), v1::AdministrationJob::KIND_VERIFY);
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED);
  EXPECT_TRUE(job.status().has_end_time());
  EXPECT_NE(job.actor().token(), "");

  v1::WatchAdministrationJobRequest watch;
  watch.set_name(made.name());
  const auto context = server_.AsOperator();
  const auto reader = server_.administration->WatchAdministrationJob(context.get(), watch);
  int messages = 0;
  v1::AdministrationJob last;
  for (; reader->Read(&last); ++messages) continue;
  ASSERT_CALL(reader->Finish());
  EXPECT_EQ(messages, 1) << "of a job that has ended: as it is, once";
  EXPECT_EQ(last.SerializeAsString(), made.SerializeAsString());

  get.set_name("administrationJobs/99");
  EXPECT_EQ(server_.administration->GetAdministrationJob(server_.AsOperator().get(), get, &job).error_code(),
            grpc::StatusCode::NOT_FOUND);
  watch.set_name("administrationJobs/99");
  const auto late = server_.AsOperator();
  const auto none = server_.administration->WatchAdministrationJob(late.get(), watch);
  EXPECT_FALSE(none->Read(&last));
  EXPECT_EQ(none->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(AdministrationJobsTest, AJobThatIsCancelledEndsAtItsNextStep) {
  absl::Notification begun, cancelled;  // outlive the job
  administration::Jobs jobs([] { return absl::FromUnixSeconds(1'000'000); });
  const std::string name = jobs.Start(v1::AdministrationJob::KIND_VERIFY, "tokens/1", "",
                                      [&](administration::Jobs::Control& control) -> absl::Status {
                                        absl::Status going = control.Progress("comparing", 1, 10, "entries");
                                        begun.Notify();
                                        cancelled.WaitForNotification();
                                        if (going.ok()) going = control.Progress("comparing", 2, 10, "entries");
                                        return going;
                                      });
  begun.WaitForNotification();
  EXPECT_EQ(jobs.Start(v1::AdministrationJob::KIND_VERIFY, "tokens/2", "", nullptr), name)
      << "while one of its kind runs, that one";
  ASSERT_OK(jobs.Cancel(name));
  cancelled.Notify();
  int64_t version = 0;
  absl::StatusOr<v1::AdministrationJob> job = jobs.Get(name);
  while (job.ok() && !administration::HasEnded(*job)) job = jobs.Wait(name, version, absl::Seconds(1));
  ASSERT_OK(job);
  EXPECT_EQ(job->status().state(), v1::JobStatus::STATE_CANCELLED);
  EXPECT_EQ(job->status().done(), 1);
  EXPECT_EQ(job->status().stage(), "comparing");
  EXPECT_EQ(job->status().end_time().seconds(), 1'000'000);
  EXPECT_EQ(jobs.Cancel(name).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace palmares::testing
