// The real server, killed without warning again and again while several callers upload: nothing acknowledged is lost,
// no sheet is half visible, and a retry with the same request id makes no duplicate.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "absl/time/clock.h"
#include "palmares/v1/ledger.grpc.pb.h"
#include "tests/crash/server_process.h"
#include "tests/crash/uploader.h"

namespace palmares::testing {
namespace {

constexpr int kKills = 200;
constexpr int kUploaders = 4;
constexpr int kChecksOfEverything = 25;  // a kill in so many
// From the start of the process on, on processors that nothing else wants. Others come and go: so a start in ten may
// have waited for longer, but none without end.
constexpr absl::Duration kReadyWithin = absl::Seconds(2);
constexpr absl::Duration kReadyInAnyCase = absl::Seconds(10);

// How many want each processor of this machine, over the last minute; at least 1.
double Crowding() {
  double load = 0;
  const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
  return ::getloadavg(&load, 1) == 1 ? std::max(1.0, load / processors) : 1;
}

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < kUploaders; ++i) uploaders_.emplace_back(i, 1000 + static_cast<uint64_t>(i));
    const std::unique_ptr<ServerProcess> server = Start();
    const Connection connection = Connect(*server);
    for (Uploader& uploader : uploaders_) {
      uploader.MakeRaces(connection);
      if (HasFatalFailure()) return;
    }
    entries_at_first_ = Entries(connection);
    EXPECT_EQ(server->Terminate(), 0);
  }

  std::string data() const { return directory_.path() + "/data"; }

  std::unique_ptr<ServerProcess> StartWithoutWaiting() {
    auto server = ServerProcess::Start({"--data", data(), "--catalogue", "false", "--log-level", "warning"},
                                       directory_.path() + "/log");
    if (!server.ok()) std::abort();
    return *std::move(server);
  }

  std::unique_ptr<ServerProcess> Start() {
    const absl::Time began = absl::Now();
    std::unique_ptr<ServerProcess> server = StartWithoutWaiting();
    const absl::Status ready = server->WaitUntilReady();
    EXPECT_OK(ready) << ready << "\n" << std::ifstream(directory_.path() + "/log").rdbuf();
    starts_.push_back(absl::Now() - began);
    crowding_ = std::max(crowding_, Crowding());
    return server;
  }

  Connection Connect(const ServerProcess& server) {
    std::string secret;
    std::ifstream(data() + "/operator.token") >> secret;
    return {server.address(), secret};
  }

  static int64_t Entries(const Connection& connection) {
    v1::GetPositionRequest request;
    v1::GetPositionResponse response;
    const grpc::Status status =
        v1::LedgerService::NewStub(connection.channel)->GetPosition(connection.Context().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.entry_count();
  }

  // Uploads until the server is killed, some milliseconds after it was ready.
  void RunAndKill(ServerProcess& server) {
    std::vector<std::thread> threads;
    for (Uploader& uploader : uploaders_) {
      threads.emplace_back([this, &server, &uploader] { uploader.Run(Connect(server)); });
    }
    absl::SleepFor(absl::Microseconds(random_.Below(60'000)));
    server.Kill();
    for (std::thread& thread : threads) thread.join();
  }

  TemporaryDirectory directory_;
  Random random_{1};
  std::vector<Uploader> uploaders_;
  std::vector<absl::Duration> starts_;
  double crowding_ = 1;  // at its worst
  int64_t entries_at_first_ = 0;
};

TEST_F(KillTest, NothingAcknowledgedIsLostNothingIsHalfVisibleNothingIsThereTwice) {
  for (int kill = 1; kill <= kKills && !HasFailure(); ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    if (kill % 10 == 0) {  // and while it starts
      const std::unique_ptr<ServerProcess> starting = StartWithoutWaiting();
      absl::SleepFor(absl::Microseconds(random_.Below(80'000)));
      starting->Kill();
      continue;
    }
    const std::unique_ptr<ServerProcess> server = Start();
    if (HasFailure()) break;
    const Connection connection = Connect(*server);
    for (Uploader& uploader : uploaders_) {
      uploader.Check(connection, kill % kChecksOfEverything == 0);
      EXPECT_GE(Entries(connection), uploader.last_position());
    }
    RunAndKill(*server);
  }
  const std::unique_ptr<ServerProcess> server = Start();
  const Connection connection = Connect(*server);
  int64_t acknowledged = 0;
  for (Uploader& uploader : uploaders_) {
    uploader.Finish(connection);
    uploader.Check(connection, /*everything=*/true);
    acknowledged += uploader.acknowledged();
  }
  EXPECT_EQ(Entries(connection), entries_at_first_ + acknowledged) << "each change was made once";
  EXPECT_GT(acknowledged, kKills) << "the server was hardly at work when it was killed";
  std::sort(starts_.begin(), starts_.end());
  std::cout << kKills << " kills, " << acknowledged << " changes acknowledged; ready again after "
            << starts_[starts_.size() / 2] << " (median), " << starts_.back() << " (longest)\n";
  const double slowness = ServerProcess::Slowness() * crowding_;
  EXPECT_LE(starts_[starts_.size() * 9 / 10], kReadyWithin * slowness);
  EXPECT_LE(starts_.back(), kReadyInAnyCase * slowness);
}

}  // namespace
}  // namespace palmares::testing
