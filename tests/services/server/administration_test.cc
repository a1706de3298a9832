// What operators do with a server that goes on serving: verify, rebuild, back up, check, restore; and what a failing
// disk does to it.
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/services/server/running_server.h"
#include "tests/storage/faulty_file_system.h"

namespace palmares::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr char kAdministrationSheet[] =
    "place,bib,name,sex,age,category,country,gun\n"
    "1,11,Ada Quick,W,31,W30,KEN,0:31:00\n"
    "2,12,Bo Steady,M,42,M40,USA,0:32:00\n"
    "3,13,Cy Slow,M,46,M45,USA,0:33:00\n";

template <typename Request>
using Method = std::unique_ptr<grpc::ClientReader<v1::AdministrationJob>> (v1::AdministrationService::Stub::*)(
    grpc::ClientContext*, const Request&);

struct Followed {
  v1::AdministrationJob job;  // as it was last
  grpc::Status status;
};

template <typename Request>
Followed Follow(const RunningServer& server, Method<Request> method, const Request& request) {
  Followed followed;
  const auto context = server.AsOperator();
  const auto reader = (server.administration.get()->*method)(context.get(), request);
  while (reader->Read(&followed.job)) {
  }
  followed.status = reader->Finish();
  return followed;
}

Followed Verify(const RunningServer& server) {
  return Follow(server, &v1::AdministrationService::Stub::Verify, v1::VerifyRequest());
}

Followed BackUp(const RunningServer& server, const std::string& directory) {
  v1::BackupRequest request;
  request.set_directory(directory);
  return Follow(server, &v1::AdministrationService::Stub::Backup, request);
}

Followed Check(const RunningServer& server, const std::string& directory) {
  v1::CheckBackupRequest request;
  request.set_directory(directory);
  request.set_logical(true);
  return Follow(server, &v1::AdministrationService::Stub::CheckBackup, request);
}

void ExpectSucceeded(const Followed& followed) {
  EXPECT_CALL_OK(followed.status);
  EXPECT_EQ(followed.job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << followed.job.ShortDebugString();
  EXPECT_EQ(followed.job.difference_count(), 0) << followed.job.DebugString();
}

// A server with some history: sheets, a merge, a correction.
void FillWithHistory(RunningServer& server) {
  const std::string first = server.MakeRace("town-run", "2024", DateOf(2024, 5, 5));
  const std::string second = server.MakeRace("town-run", "2025", DateOf(2025, 5, 4));
  server.MustImport(first, kAdministrationSheet);
  server.MustImport(second, kAdministrationSheet);
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server.ByBib(first, "12").name());
  disqualify.set_reason("seen");
  ASSERT_CALL(server.results->DisqualifyResult(server.AsOperator().get(), disqualify, &changed));
  v1::MergeAthletesRequest merge;
  v1::AthleteMerge merged;
  merge.set_source_athlete("athletes/2");
  merge.set_target_athlete("athletes/3");
  merge.set_reason("one person");
  merge.set_force(true);
  (void)server.identity->MergeAthletes(server.AsOperator().get(), merge, &merged).ok();  // whether or not they met
}

class AdministrationTest : public ::testing::Test {
 protected:
  AdministrationTest() { FillWithHistory(server_); }
  std::string backups() const { return server_.directory.path() + "/backups"; }
  v1::Statistics Statistics() {
    v1::Statistics statistics;
    EXPECT_CALL_OK(server_.administration->GetStatistics(server_.AsOperator().get(), {}, &statistics));
    return statistics;
  }
  RunningServer server_;
};

TEST_F(AdministrationTest, VerifyFindsNoDifferenceAndSaysWhatItLookedAt) {
  const Followed followed = Verify(server_);
  ExpectSucceeded(followed);
  EXPECT_EQ(followed.job.name(), "administrationJobs/1");
  EXPECT_EQ(followed.job.kind(), v1::AdministrationJob::KIND_VERIFY);
  EXPECT_EQ(followed.job.position(), Statistics().position());
  v1::VerifyRequest wrong;
  wrong.add_views("weather");
  const Followed refused = Follow(server_, &v1::AdministrationService::Stub::Verify, wrong);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.status.error_message(), HasSubstr("results"));
}

TEST_F(AdministrationTest, ARebuildChangesNothingThatCanBeSeenAndServiceGoesOn) {
  const std::string race = "events/town-run/editions/2024/races/open";
  const std::vector<std::string> places = server_.Places(race);
  const std::vector<std::string> ranking = server_.Ranking(QueryOf("10km-road", v1::SEX_MEN));
  for (int round = 0; round < 3; ++round) {
    ExpectSucceeded(Follow(server_, &v1::AdministrationService::Stub::Rebuild, v1::RebuildRequest()));
    EXPECT_EQ(server_.Places(race), places);
    EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)), ranking);
    const std::string another =
        server_.MakeRace("town-run", absl::StrCat(2026 + round), DateOf(2026, 5, 1 + round), "5km-road");
    server_.MustImport(another, kAdministrationSheet);
    ExpectSucceeded(Verify(server_));
  }
  server_.Restart();
  EXPECT_EQ(server_.Places(race), places);
}

TEST_F(AdministrationTest, VerifyAndRebuildRunWhileWritingGoesOn) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const std::string race = server_.MakeRace(absl::StrCat("event-", i), "2025", DateOf(2025, 6, 1));
      server_.MustImport(race, kAdministrationSheet);
    }
  });
  for (int round = 0; round < 3; ++round) {
    ExpectSucceeded(Verify(server_));
    ExpectSucceeded(Follow(server_, &v1::AdministrationService::Stub::Rebuild, v1::RebuildRequest()));
  }
  stop = true;
  writer.join();
  ExpectSucceeded(Verify(server_));
}

TEST_F(AdministrationTest, JobsAreListedAndKept) {
  ExpectSucceeded(Verify(server_));
  v1::RebuildRequest rebuild;
  rebuild.set_request_id("00000000-0000-4000-8000-000000000001");
  const Followed first = Follow(server_, &v1::AdministrationService::Stub::Rebuild, rebuild);
  ExpectSucceeded(first);
  EXPECT_EQ(Follow(server_, &v1::AdministrationService::Stub::Rebuild, rebuild).job.name(), first.job.name())
      << "a repeat is the same job";
  v1::ListAdministrationJobsRequest request;
  v1::ListAdministrationJobsResponse response;
  ASSERT_CALL(server_.administration->ListAdministrationJobs(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.administration_jobs_size(), 2);
  EXPECT_EQ(response.administration_jobs(0).name(), first.job.name());
  request.set_filter("kind = \"verify\"");
  ASSERT_CALL(server_.administration->ListAdministrationJobs(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(response.administration_jobs_size(), 1);
  v1::CancelAdministrationJobRequest cancel;
  v1::AdministrationJob job;
  cancel.set_name(first.job.name());
  EXPECT_EQ(Reason(server_.administration->CancelAdministrationJob(server_.AsOperator().get(), cancel, &job)),
            "ALREADY_ENDED");
  cancel.set_name("administrationJobs/99");
  EXPECT_EQ(server_.administration->CancelAdministrationJob(server_.AsOperator().get(), cancel, &job).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(AdministrationTest, ABackupIsRestoredIntoANewServerWithTheSameContentAndToken) {
  const Followed made = BackUp(server_, backups());
  ExpectSucceeded(made);
  EXPECT_EQ(made.job.backup().ledger_position(), Statistics().position());
  ExpectSucceeded(Check(server_, backups()));
  RunningServer restored(ServerOptions{false, {}, backups(), ""});
  EXPECT_EQ(restored.operator_secret, server_.operator_secret);
  const std::string race = "events/town-run/editions/2024/races/open";
  EXPECT_EQ(restored.Places(race), server_.Places(race));
  const std::string other = restored.directory.path() + "/backups";
  const Followed again = BackUp(restored, other);
  ExpectSucceeded(again);
  EXPECT_EQ(again.job.digest(), made.job.digest());
  EXPECT_EQ(again.job.digest().size(), 32);
  ExpectSucceeded(Verify(restored));
  restored.Restart();
  EXPECT_EQ(restored.Places(race), server_.Places(race));
}

TEST_F(AdministrationTest, BackupsAreListedNewestFirstPageByPage) {
  for (int i = 0; i < 3; ++i) ExpectSucceeded(BackUp(server_, backups()));
  v1::ListBackupsRequest request;
  v1::ListBackupsResponse response;
  request.set_directory(backups());
  request.set_page_size(2);
  ASSERT_CALL(server_.administration->ListBackups(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.backups_size(), 2);
  EXPECT_EQ(response.backups(0).name(), "backups/3");
  request.set_page_token(response.next_page_token());
  ASSERT_CALL(server_.administration->ListBackups(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.backups_size(), 1);
  EXPECT_EQ(response.backups(0).name(), "backups/1");
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(AdministrationTest, AFlippedByteOfABackupIsFoundBeforeItIsRestored) {
  ExpectSucceeded(BackUp(server_, backups()));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(backups())) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(100);
    const auto byte = static_cast<char>(file.get() ^ 4);
    file.seekp(100);
    file.put(byte);
    break;
  }
  const Followed checked = Check(server_, backups());
  EXPECT_EQ(checked.job.status().state(), v1::JobStatus::STATE_FAILED);
  EXPECT_THAT(checked.job.status().error(), HasSubstr("damaged"));
  TemporaryDirectory directory;
  server::Config config;
  config.data = directory.path() + "/data";
  config.listen = "127.0.0.1:0";
  config.restore = backups();
  auto logger = std::make_shared<spdlog::logger>("test");
  const auto started = server::Server::Start(config, {[] { return absl::Now(); }, [](char*, size_t) {}, logger, {}});
  EXPECT_EQ(started.status().code(), absl::StatusCode::kDataLoss) << started.status();
  EXPECT_FALSE(fs::exists(config.data + "/FORMAT")) << "as empty as it was";
}

TEST_F(AdministrationTest, WhereBackupsMayNotLie) {
  const std::string data = server_.directory.path() + "/data";
  fs::create_directory(server_.directory.path() + "/letters");
  std::ofstream(server_.directory.path() + "/letters/first.txt") << "dear";
  fs::create_directory_symlink(data, server_.directory.path() + "/alias");
  for (const std::string& wrong :
       {std::string(), std::string("backups"), data, data + "/backups", data + "/../data/backups",
        server_.directory.path(), server_.directory.path() + "/alias/backups"}) {
    const Followed refused = BackUp(server_, wrong);
    EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << wrong;
    EXPECT_EQ(ViolatedField(refused.status), "directory") << wrong;
  }
  EXPECT_EQ(Reason(BackUp(server_, server_.directory.path() + "/letters").status), "NOT_A_BACKUP_DIRECTORY");
  RunningServer rooted(ServerOptions{false, {}, "", server_.directory.path() + "/kept"});
  EXPECT_EQ(BackUp(rooted, backups()).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ExpectSucceeded(BackUp(rooted, server_.directory.path() + "/kept/a"));
}

TEST_F(AdministrationTest, ARestoreLeavesADirectoryThatIsInUseAlone) {
  ExpectSucceeded(BackUp(server_, backups()));
  server_.server->Drain(absl::Seconds(1));
  server_.server.reset();
  server::Config config;
  config.data = server_.directory.path() + "/data";
  config.listen = "127.0.0.1:0";
  config.restore = backups();
  auto logger = std::make_shared<spdlog::logger>("test");
  const auto started = server::Server::Start(config, {[] { return absl::Now(); }, [](char*, size_t) {}, logger, {}});
  EXPECT_EQ(started.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(started.status().message()), HasSubstr("empty directory"));
}

TEST_F(AdministrationTest, TheDoctorLooksAtWhatSurroundsTheServer) {
  v1::DiagnoseResponse response;
  ASSERT_CALL(server_.administration->Diagnose(server_.AsOperator().get(), {}, &response));
  EXPECT_TRUE(response.healthy()) << response.DebugString();
  server_.now_us = 1'000'000'000'000'000;  // 2001
  ASSERT_CALL(server_.administration->Diagnose(server_.AsOperator().get(), {}, &response));
  EXPECT_FALSE(response.healthy());
  EXPECT_EQ(response.findings(0).check(), "clock");
  EXPECT_NE(response.findings(0).advice(), "");
}

TEST_F(AdministrationTest, OperatorsAlone) {
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const auto context = RunningServer::As(organizer);
  v1::AdministrationJob job;
  const auto reader = server_.administration->Verify(context.get(), v1::VerifyRequest());
  EXPECT_FALSE(reader->Read(&job));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

// On a disk that fails on request.
class FailingDiskTest : public ::testing::Test {
 protected:
  static ServerOptions Options(rocksdb::Env* env) {
    ServerOptions options;
    options.ledger.env = env;
    return options;
  }
  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  RunningServer server_{Options(env_.get())};
};

TEST_F(FailingDiskTest, WhenItIsFullWritesFailWithAReasonReadsGoOnAndItResumesByItself) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(race, kAdministrationSheet);
  disk_->FailWrites(rocksdb::IOStatus::NoSpace("No space left on device"));
  v1::DisqualifyResultRequest request;
  request.set_rule("TR17.3.1");
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race, "12").name());
  request.set_reason("seen");
  const grpc::Status refused = server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Reason(refused), "WRITING_UNAVAILABLE");
  EXPECT_THAT(refused.error_message(), HasSubstr("No space left"));
  EXPECT_EQ(server_.Results(race).size(), 3) << "reads go on";
  EXPECT_EQ(server_.ByBib(race, "12").place(), 2) << "and nothing of it is visible";
  v1::Statistics statistics;
  ASSERT_CALL(server_.administration->GetStatistics(server_.AsOperator().get(), {}, &statistics));
  EXPECT_FALSE(statistics.writable());
  EXPECT_THAT(statistics.read_only_reason(), HasSubstr("No space left"));
  disk_->FailWrites(rocksdb::IOStatus::OK());
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(server_.ByBib(race, "13").place(), 2);
  ASSERT_CALL(server_.administration->GetStatistics(server_.AsOperator().get(), {}, &statistics));
  EXPECT_TRUE(statistics.writable());
}

}  // namespace
}  // namespace palmares::testing
