// Files come in pieces, over cuts and restarts, and become sheets by jobs that tell what they did.
#include <thread>

#include "services/ingest/spool.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kUploadedSheet[] =
    "place,bib,name,sex,age,country,club,gun,chip\n"
    "1,11,Ada Quick,W,31,KEN,North,0:31:00,0:30:58\n"
    "2,12,Bo Steady,M,44,USA,South,0:32:00,0:31:30\n"
    "3,13,Cy Slow,M,29,USA,North,0:40:10,0:39:59\n";
// Bib 13's chip time is longer than its gun time.
constexpr char kUploadedBrokenSheet[] =
    "place,bib,name,sex,age,country,club,gun,chip\n"
    "1,11,Ada Quick,W,31,KEN,North,0:31:00,0:30:58\n"
    "2,12,Bo Steady,M,44,USA,South,0:32:00,0:31:30\n"
    "3,13,Cy Slow,M,29,USA,North,0:40:10,0:45:59\n";
constexpr char kUploadRequestId[] = "7f1c2a34-1111-4222-8333-944455556666";
constexpr char kOtherRequestId[] = "8f1c2a34-1111-4222-8333-944455556666";
constexpr int64_t kHourUs = int64_t{3600} * 1'000'000;

class UploadsTest : public ::testing::Test {
 protected:
  UploadsTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))), secret_(server_.operator_secret) {
    header_.set_race(race_);
    header_.set_file_name("sheet.csv");
    header_.set_state(v1::SHEET_STATE_OFFICIAL);
  }

  grpc::Status Start(const std::string& id = "") {
    v1::StartUploadRequest request;
    *request.mutable_header() = header_;
    request.set_upload_id(id);
    upload_.Clear();
    return server_.uploads->StartUpload(RunningServer::As(secret_).get(), request, &upload_);
  }
  // Sends bytes from an offset on, in pieces of 50.
  grpc::Status Write(int64_t offset, const std::string& bytes) {
    const auto context = RunningServer::As(secret_);
    v1::Upload answer;
    const auto writer = server_.uploads->WriteUpload(context.get(), &answer);
    v1::WriteUploadRequest piece;
    piece.set_name(upload_.name());
    for (size_t at = 0; at < bytes.size(); at += 50) {
      piece.set_offset(offset + static_cast<int64_t>(at));
      piece.set_data(bytes.substr(at, 50));
      if (!writer->Write(piece)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (status.ok()) upload_ = answer;
    return status;
  }
  // A stream that is cut after these bytes have arrived.
  void WriteAndCut(const std::string& bytes) {
    const auto context = RunningServer::As(secret_);
    v1::Upload answer;
    const auto writer = server_.uploads->WriteUpload(context.get(), &answer);
    v1::WriteUploadRequest piece;
    piece.set_name(upload_.name());
    piece.set_data(bytes);
    ASSERT_TRUE(writer->Write(piece));
    while (Get().received_bytes() < static_cast<int64_t>(bytes.size())) std::this_thread::yield();
    context->TryCancel();
    EXPECT_FALSE(writer->Finish().ok());
  }
  v1::Upload Get() {
    v1::GetUploadRequest request;
    request.set_name(upload_.name());
    v1::Upload upload;
    EXPECT_CALL_OK(server_.uploads->GetUpload(RunningServer::As(secret_).get(), request, &upload));
    return upload;
  }
  grpc::Status Complete(const std::string& sha256 = "") {
    v1::CompleteUploadRequest request;
    request.set_name(upload_.name());
    request.set_content_sha256(sha256);
    return server_.uploads->CompleteUpload(RunningServer::As(secret_).get(), request, &job_);
  }
  // Waits until the job has ended.
  v1::ImportJob Wait(const std::string& job) {
    v1::WatchImportJobRequest request;
    request.set_name(job);
    const auto context = RunningServer::As(secret_);
    const auto reader = server_.uploads->WatchImportJob(context.get(), request);
    v1::ImportJob last;
    while (reader->Read(&last)) continue;
    EXPECT_CALL_OK(reader->Finish());
    EXPECT_TRUE(last.status().has_end_time());
    return last;
  }
  v1::ImportJob Upload(const std::string& content) {
    EXPECT_CALL_OK(Start());
    EXPECT_CALL_OK(Write(0, content));
    EXPECT_CALL_OK(Complete());
    return job_ = Wait(job_.name());
  }
  grpc::Status Publish(const std::string& request_id = "", const std::string& reason = "") {
    v1::PublishImportJobRequest request;
    request.set_name(job_.name());
    request.set_request_id(request_id);
    request.set_reason(reason);
    v1::ImportJob job;
    return server_.uploads->PublishImportJob(RunningServer::As(secret_).get(), request, &job);
  }
  std::string Rejected(v1::ExportFormat format = v1::EXPORT_FORMAT_UNSPECIFIED) {
    v1::DownloadRejectedRowsRequest request;
    request.set_name(job_.name());
    request.set_format(format);
    const auto context = RunningServer::As(secret_);
    const auto reader = server_.uploads->DownloadRejectedRows(context.get(), request);
    std::string content;
    v1::FileChunk chunk;
    while (reader->Read(&chunk)) content += chunk.data();
    EXPECT_CALL_OK(reader->Finish());
    return content;
  }

  RunningServer server_;
  const std::string race_;
  std::string secret_;
  v1::ImportHeader header_;
  v1::Upload upload_;
  v1::ImportJob job_;
};

TEST_F(UploadsTest, AnUploadBecomesASheetAndItsJobSaysHow) {
  const v1::ImportJob job = Upload(kUploadedSheet);
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.status().error();
  EXPECT_EQ(job.race(), race_);
  EXPECT_TRUE(job.report().accepted());
  EXPECT_EQ(job.report().rows_added(), 3);
  EXPECT_GT(job.position(), 0);
  EXPECT_THAT(server_.Results(race_), SizeIs(3));
  EXPECT_EQ(Get().state(), v1::Upload::STATE_COMPLETE);
  EXPECT_EQ(Get().import_job(), job.name());
  EXPECT_EQ(Get().received_bytes(), static_cast<int64_t>(sizeof(kUploadedSheet) - 1));
}

TEST_F(UploadsTest, ACutUploadGoesOnFromWhereItWasAlsoAfterARestart) {
  const std::string content = kUploadedSheet;
  ASSERT_CALL(Start("mine"));
  EXPECT_EQ(upload_.name(), "uploads/mine");
  WriteAndCut(content.substr(0, 70));
  server_.Restart();
  const v1::Upload there = Get();
  EXPECT_EQ(there.state(), v1::Upload::STATE_ACTIVE);
  EXPECT_EQ(there.received_bytes(), 70);
  EXPECT_THAT(server_.Results(race_), IsEmpty());
  ASSERT_CALL(Write(there.received_bytes(), content.substr(70)));
  EXPECT_EQ(upload_.received_bytes(), static_cast<int64_t>(content.size()));
  ASSERT_CALL(Complete());
  EXPECT_TRUE(Wait(job_.name()).report().accepted());
  EXPECT_THAT(server_.Results(race_), SizeIs(3));
}

TEST_F(UploadsTest, BytesThatAreThereMayComeAgainButNoOthers) {
  const std::string content = kUploadedSheet;
  ASSERT_CALL(Start());
  ASSERT_CALL(Write(0, content.substr(0, 120)));
  ASSERT_CALL(Write(60, content.substr(60)));
  EXPECT_EQ(upload_.received_bytes(), static_cast<int64_t>(content.size()));
  const grpc::Status other = Write(10, "something else");
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(other), "CONTENT_DIFFERS");
  EXPECT_EQ(Write(1000, "x").error_code(), grpc::StatusCode::OUT_OF_RANGE);
  ASSERT_CALL(Complete());
  const grpc::Status late = Write(static_cast<int64_t>(content.size()), "x");
  EXPECT_EQ(late.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(late), "ALREADY_COMPLETE");
}

TEST_F(UploadsTest, AnIncompleteOrDamagedUploadDoesNotBecomeASheet) {
  header_.set_size_bytes(sizeof(kUploadedSheet) - 1);
  ASSERT_CALL(Start());
  ASSERT_CALL(Write(0, std::string(kUploadedSheet).substr(0, 100)));
  EXPECT_EQ(Reason(Complete()), "CONTENT_INCOMPLETE");
  ASSERT_CALL(Write(100, std::string(kUploadedSheet).substr(100)));
  const grpc::Status mismatch = Complete(std::string(32, 'x'));
  EXPECT_EQ(mismatch.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(mismatch), "HASH_MISMATCH");
  EXPECT_THAT(server_.Results(race_), IsEmpty());
  ASSERT_CALL(Complete());
  const std::string job = job_.name();
  EXPECT_TRUE(Wait(job).report().accepted());
  ASSERT_CALL(Complete());  // once more: the same job
  EXPECT_EQ(job_.name(), job);
  EXPECT_TRUE(job_.report().accepted());
}

TEST_F(UploadsTest, ContentThatIsOnTheSheetEndsAtOnce) {
  const std::string sha256 = Upload(kUploadedSheet).report().content_sha256();
  header_.set_content_sha256(sha256);
  ASSERT_CALL(Start());
  EXPECT_EQ(upload_.state(), v1::Upload::STATE_COMPLETE);
  EXPECT_TRUE(Wait(upload_.import_job()).report().unchanged());
  header_.clear_content_sha256();
  EXPECT_TRUE(Upload(kUploadedSheet).report().unchanged());  // found out when it is read
  header_.set_content_sha256(std::string(32, 'x'));
  EXPECT_EQ(Reason(Start()), "SHEET_ALREADY_OFFICIAL");
}

TEST_F(UploadsTest, ATrialOfContentThatIsOnAnOfficialSheetSaysThatNothingWouldChange) {
  const v1::ImportReport first = Upload(kUploadedSheet).report();
  header_.set_content_sha256(first.content_sha256());
  ASSERT_CALL(Start());
  const v1::ImportReport again = Wait(upload_.import_job()).report();
  EXPECT_TRUE(again.unchanged());
  EXPECT_EQ(again.rows_read(), first.rows_read());
  EXPECT_EQ(again.rows_unchanged(), first.rows_read());
  header_.set_validate_only(true);
  EXPECT_TRUE(Upload(kUploadedSheet).report().unchanged());
}

TEST_F(UploadsTest, ASecondImportOfOneFileCountsItsRowsAsTheFirst) {
  const std::string sheet = absl::StrCat(kUploadedSheet, "4,14,Di Later,W,33,USA,North,0:41:00,0:40:5x\n",
                                         "2,12,Bo Steady,M,44,USA,South,0:32:00,0:31:30\n");
  header_.set_allow_partial(true);
  const v1::ImportReport first = Upload(sheet).report();
  ASSERT_TRUE(first.accepted()) << first.DebugString();
  const auto counts = [](const v1::ImportReport& report) {
    return absl::StrCat(report.rows_read(), " read, ", report.rows_accepted(), " accepted, ", report.rows_rejected(),
                        " rejected, ", report.rows_skipped(), " copies, revision ", report.revision());
  };
  EXPECT_EQ(counts(first), "5 read, 3 accepted, 1 rejected, 1 copies, revision 1");
  const v1::ImportReport read_again = Upload(sheet).report();
  EXPECT_TRUE(read_again.unchanged());
  EXPECT_EQ(counts(read_again), counts(first));
  header_.set_content_sha256(first.content_sha256());
  for (const bool restarted : {false, true}) {
    if (restarted) server_.Restart();
    ASSERT_CALL(Start());
    const v1::ImportReport known_by_its_hash = Wait(upload_.import_job()).report();
    EXPECT_TRUE(known_by_its_hash.unchanged());
    EXPECT_EQ(counts(known_by_its_hash), counts(first));
    EXPECT_EQ(known_by_its_hash.rows_unchanged(), 3);
  }
}

TEST_F(UploadsTest, RowsWithoutABibKeepTheirAthletesThoughTwoHaveOneName) {
  const std::string rows = "name,sex,gun\nSam Same,M,0:35:00\nAnn Other,W,0:36:00\nSam Same,M,0:37:00\n";
  header_.set_allow_partial(true);
  Upload(rows + "Bad Row,M,0:38:0x\n");
  const std::vector<v1::Result> before = server_.Results(race_);
  ASSERT_THAT(before, SizeIs(3));
  header_.set_keep_others(true);
  header_.set_reason("a row was mended");
  Upload("name,sex,gun\nBad Row,M,0:38:00\n");
  EXPECT_EQ(job_.report().rows_added(), 1) << job_.report().ShortDebugString();
  EXPECT_EQ(job_.report().rows_unchanged(), 3);
  EXPECT_EQ(job_.report().rows_removed(), 0);
  const std::vector<v1::Result> after = server_.Results(race_);
  ASSERT_THAT(after, SizeIs(4));
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].name(), before[i].name());
    EXPECT_EQ(after[i].athlete(), before[i].athlete());
  }
}

TEST_F(UploadsTest, ARepeatOfAStartGivesTheSameUpload) {
  v1::StartUploadRequest request;
  *request.mutable_header() = header_;
  request.set_request_id(kUploadRequestId);
  v1::Upload first, second;
  ASSERT_CALL(server_.uploads->StartUpload(server_.AsOperator().get(), request, &first));
  ASSERT_CALL(server_.uploads->StartUpload(server_.AsOperator().get(), request, &second));
  EXPECT_EQ(first.name(), second.name());
  request.mutable_header()->set_file_name("other.csv");
  const grpc::Status other = server_.uploads->StartUpload(server_.AsOperator().get(), request, &second);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(other), "request_id");
  ASSERT_CALL(Start("taken"));
  EXPECT_EQ(Start("taken").error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(UploadsTest, OnlyOrganizersOfTheRaceSeeAnUploadAndItsJob) {
  const v1::ImportJob job = Upload(kUploadedSheet);
  secret_ = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  v1::GetUploadRequest upload;
  upload.set_name(upload_.name());
  v1::Upload answer;
  EXPECT_EQ(server_.uploads->GetUpload(RunningServer::As(secret_).get(), upload, &answer).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Start().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  v1::ListImportJobsResponse jobs;
  ASSERT_CALL(server_.uploads->ListImportJobs(RunningServer::As(secret_).get(), {}, &jobs));
  EXPECT_THAT(jobs.import_jobs(), IsEmpty());
  secret_ = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  ASSERT_CALL(server_.uploads->ListImportJobs(RunningServer::As(secret_).get(), {}, &jobs));
  ASSERT_THAT(jobs.import_jobs(), SizeIs(1));
  EXPECT_EQ(jobs.import_jobs(0).name(), job.name());
}

TEST_F(UploadsTest, AJobOfARevokedTokenEndsWithoutEffect) {
  v1::CreateTokenRequest create;
  v1::CreateTokenResponse token;
  create.mutable_token()->set_role(v1::ROLE_ORGANIZER);
  create.mutable_token()->add_resources("events/town-run");
  ASSERT_CALL(server_.access->CreateToken(server_.AsOperator().get(), create, &token));
  secret_ = token.secret();
  ASSERT_CALL(Start());
  ASSERT_CALL(Write(0, kUploadedSheet));
  v1::RevokeTokenRequest revoke;
  revoke.set_name(token.token().name());
  v1::Token revoked;
  ASSERT_CALL(server_.access->RevokeToken(server_.AsOperator().get(), revoke, &revoked));
  secret_ = server_.operator_secret;
  ASSERT_CALL(Complete());
  const v1::ImportJob job = Wait(job_.name());
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_FAILED);
  EXPECT_EQ(job.status().error_reason(), "TOKEN_REFUSED");
  EXPECT_THAT(server_.Results(race_), IsEmpty());
}

TEST_F(UploadsTest, ADryRunSaysWhatWouldChangeAndIsPublishedAfterwards) {
  Upload(kUploadedSheet);
  header_.set_reason("a better file");
  header_.set_validate_only(true);
  std::string better = kUploadedSheet;
  better.replace(better.find("0:32:00"), 7, "0:32:05");
  better.replace(better.find("3,13,Cy Slow"), 12, "3,14,Di Late");
  ASSERT_EQ(Upload(better).status().state(), v1::JobStatus::STATE_SUCCEEDED);
  const v1::ImportReport& report = job_.report();
  EXPECT_TRUE(report.accepted());
  EXPECT_EQ(report.rows_changed(), 1);
  EXPECT_EQ(report.rows_added(), 1);
  EXPECT_EQ(report.rows_removed(), 1);
  ASSERT_THAT(report.changes(), SizeIs(3));
  EXPECT_EQ(report.changes(0).kind(), v1::RowChange::KIND_CHANGED);
  EXPECT_EQ(report.changes(0).bib(), "12");
  ASSERT_GE(report.changes(0).changes_size(), 1);
  EXPECT_EQ(report.changes(0).changes(0).new_value(), "32:05");
  EXPECT_EQ(report.changes(1).kind(), v1::RowChange::KIND_REMOVED);
  EXPECT_EQ(report.changes(2).kind(), v1::RowChange::KIND_ADDED);
  EXPECT_EQ(server_.ByBib(race_, "12").gun().text(), "32:00");
  ASSERT_CALL(Publish(kUploadRequestId));
  EXPECT_EQ(Wait(job_.name()).status().state(), v1::JobStatus::STATE_SUCCEEDED);
  EXPECT_FALSE(Wait(job_.name()).report().validate_only());
  EXPECT_EQ(server_.ByBib(race_, "12").gun().text(), "32:05");
  ASSERT_CALL(Publish(kUploadRequestId));
  EXPECT_EQ(Reason(Publish(kOtherRequestId)), "NOT_A_DRY_RUN");
}

TEST_F(UploadsTest, ADryRunIsNotPublishedOverASheetThatHasChangedSince) {
  header_.set_validate_only(true);
  Upload(kUploadedSheet);
  const v1::ImportJob dry_run = job_;
  header_.set_validate_only(false);
  Upload(kUploadedSheet);
  job_ = dry_run;
  const grpc::Status refused = Publish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Reason(refused), "SHEET_CHANGED");
}

TEST_F(UploadsTest, ADryRunWithErrorsIsNotPublished) {
  header_.set_validate_only(true);
  EXPECT_FALSE(Upload(kUploadedBrokenSheet).report().accepted());
  EXPECT_EQ(Reason(Publish()), "HAS_ERRORS");
}

TEST_F(UploadsTest, RefusedRowsComeBackAsAFileThatIsMendedAndSentAgain) {
  header_.set_allow_partial(true);
  Upload(kUploadedBrokenSheet);
  EXPECT_EQ(job_.report().rows_accepted(), 2);
  EXPECT_THAT(server_.Results(race_), SizeIs(2));
  std::string rejected = Rejected();
  EXPECT_THAT(rejected, HasSubstr("place,bib,name,sex,age,country,club,gun,chip,reason\n"
                                  "3,13,Cy Slow,M,29,USA,North,0:40:10,0:45:59,"));
  EXPECT_THAT(rejected, HasSubstr("row 4: "));
  EXPECT_THAT(Rejected(v1::EXPORT_FORMAT_JSON), HasSubstr(R"("chip":"0:45:59")"));
  rejected.replace(rejected.find("0:45:59"), 7, "0:39:59");
  header_.set_allow_partial(false);
  header_.set_keep_others(true);
  header_.set_reason("a row was mended");
  Upload(rejected);
  EXPECT_TRUE(job_.report().accepted());
  EXPECT_EQ(job_.report().rows_added(), 1);
  EXPECT_EQ(job_.report().rows_unchanged(), 2);
  EXPECT_EQ(job_.report().rows_removed(), 0);
  EXPECT_THAT(server_.Places(race_), ElementsAre("11:1/1/0", "12:2/1/0", "13:3/2/0"));
  EXPECT_EQ(server_.ByBib(race_, "12").row().name(), "Bo Steady");
}

TEST_F(UploadsTest, AllIssuesAreListedByPagesAndFiltered) {
  std::string sheet = "bib,name,sex,gun\n";
  for (int bib = 1; bib <= 250; ++bib)
    absl::StrAppend(&sheet, bib, ",Runner ", bib, ",", bib % 2 ? "M" : "?", ",abc\n");
  absl::StrAppend(&sheet, "500,Runner,M,0:40:00\n501,Other,W,0:41:00\n");
  Upload(sheet);
  v1::ListImportIssuesRequest request;
  request.set_parent(job_.name());
  request.set_filter("severity = error");
  int errors = 0, pages = 0;
  do {
    v1::ListImportIssuesResponse response;
    ASSERT_CALL(server_.uploads->ListImportIssues(server_.AsOperator().get(), request, &response));
    for (const v1::Issue& issue : response.issues()) {
      EXPECT_EQ(issue.severity(), v1::SEVERITY_ERROR);
      ++errors;
    }
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_GE(errors, 250);
  EXPECT_GE(pages, 3);
}

TEST_F(UploadsTest, FilesBeyondTheLimitAreRefusedBeforeAndWhileTheyCome) {
  header_.set_size_bytes((int64_t{64} << 20) + 1);
  EXPECT_EQ(Reason(Start()), "FILE_TOO_LARGE");
  header_.set_size_bytes(0);
  ASSERT_CALL(Start());
  const auto context = server_.AsOperator();
  v1::Upload answer;
  const auto writer = server_.uploads->WriteUpload(context.get(), &answer);
  v1::WriteUploadRequest piece;
  piece.set_name(upload_.name());
  piece.set_data(std::string(1 << 20, 'x'));
  for (int i = 0; i < 66 && writer->Write(piece); ++i) piece.set_offset(piece.offset() + (1 << 20));
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(status), "FILE_TOO_LARGE");
}

TEST_F(UploadsTest, WhatIsNotCompletedExpiresAndAllIsForgottenAfterAWeek) {
  ASSERT_CALL(Start("slow"));
  ASSERT_CALL(Write(0, std::string(kUploadedSheet).substr(0, 50)));
  server_.now_us += 25 * kHourUs;
  ASSERT_CALL(Start("next"));  // cleaning comes with every start
  upload_.set_name("uploads/slow");
  EXPECT_EQ(Get().state(), v1::Upload::STATE_EXPIRED);
  EXPECT_EQ(Get().received_bytes(), 0);
  EXPECT_EQ(Reason(Complete()), "UPLOAD_EXPIRED");
  server_.now_us += 8 * 24 * kHourUs;
  ASSERT_CALL(Start("last"));
  v1::GetUploadRequest request;
  request.set_name("uploads/slow");
  v1::Upload gone;
  EXPECT_EQ(server_.uploads->GetUpload(server_.AsOperator().get(), request, &gone).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(UploadsTest, ACancelledUploadTakesNothingMore) {
  ASSERT_CALL(Start());
  v1::CancelUploadRequest request;
  request.set_name(upload_.name());
  ASSERT_CALL(server_.uploads->CancelUpload(server_.AsOperator().get(), request, &upload_));
  EXPECT_EQ(upload_.state(), v1::Upload::STATE_CANCELLED);
  EXPECT_EQ(Reason(Complete()), "UPLOAD_CANCELLED");
  EXPECT_EQ(Write(0, "x").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(UploadsTest, AJobThatARestartCutOffBeginsAgain) {
  ASSERT_CALL(Start("cut-off"));
  ASSERT_CALL(Write(0, kUploadedSheet));
  // What a server leaves that dies after an upload was completed and before its job has ended.
  server_.server->Drain(absl::Seconds(10));
  server_.server.reset();
  {
    auto spool = ingest::Spool::Open(server_.directory.path() + "/data/uploads", ingest::SpoolLimits());
    ASSERT_OK(spool);
    v1::ImportJob job;
    job.set_name("importJobs/cut-off");
    job.set_race(race_);
    job.mutable_status()->set_state(v1::JobStatus::STATE_RUNNING);
    ASSERT_OK((*spool)->Change("cut-off", [&job](ingest::Spool::Record& record) {
      record.set_state(v1::Upload::STATE_COMPLETE);
      record.set_job(job.SerializeAsString());
      return absl::OkStatus();
    }));
  }
  server_.StartAgain();
  EXPECT_TRUE(Wait("importJobs/cut-off").report().accepted());
  EXPECT_THAT(server_.Results(race_), SizeIs(3));
}

TEST_F(UploadsTest, ManyOrganizersUploadAtOnce) {
  constexpr int kOrganizers = 12;
  std::vector<std::string> races;
  for (int i = 0; i < kOrganizers; ++i) {
    races.push_back(server_.MakeRace(absl::StrCat("run-", i), "2025", DateOf(2025, 6, 1)));
  }
  std::vector<std::thread> threads;
  std::vector<v1::ImportJob> jobs(kOrganizers);
  for (int i = 0; i < kOrganizers; ++i) {
    threads.emplace_back([&, i] {
      v1::StartUploadRequest start;
      start.mutable_header()->set_race(races[static_cast<size_t>(i)]);
      v1::Upload upload, answer;
      EXPECT_CALL_OK(server_.uploads->StartUpload(server_.AsOperator().get(), start, &upload));
      const std::string sheet = kUploadedSheet;
      for (size_t at = 0; at < sheet.size(); at += 30) {  // every piece on a stream of its own
        const auto context = server_.AsOperator();
        const auto writer = server_.uploads->WriteUpload(context.get(), &answer);
        v1::WriteUploadRequest piece;
        piece.set_name(upload.name());
        piece.set_offset(static_cast<int64_t>(at));
        piece.set_data(sheet.substr(at, 30));
        writer->Write(piece);
        writer->WritesDone();
        EXPECT_CALL_OK(writer->Finish());
      }
      v1::CompleteUploadRequest complete;
      complete.set_name(upload.name());
      EXPECT_CALL_OK(
          server_.uploads->CompleteUpload(server_.AsOperator().get(), complete, &jobs[static_cast<size_t>(i)]));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kOrganizers; ++i) {
    EXPECT_TRUE(Wait(jobs[static_cast<size_t>(i)].name()).report().accepted());
    EXPECT_THAT(server_.Results(races[static_cast<size_t>(i)]), SizeIs(3));
  }
}

TEST_F(UploadsTest, AStreamThatIsCutIsNoSheet) {
  header_.set_size_bytes(sizeof(kUploadedSheet) - 1);
  v1::ImportSheetResponse response;
  const grpc::Status cut =
      server_.Import(header_, std::string(kUploadedSheet).substr(0, 150), &response, server_.operator_secret);
  EXPECT_EQ(cut.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Reason(cut), "CONTENT_INCOMPLETE");
  EXPECT_THAT(server_.Results(race_), IsEmpty());
}

}  // namespace
}  // namespace palmares::testing
