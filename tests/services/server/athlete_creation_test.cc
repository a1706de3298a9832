// Athletes that are made at the same time, over many calls, by a whole server.
#include <algorithm>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/services/server/running_server.h"
#include "tests/storage/faulty_file_system.h"

namespace palmares::testing {
namespace {

constexpr int kCallers = 16;
constexpr int kEach = 20;

v1::CreateAthleteRequest Creation(const std::string& id, const std::string& external_id) {
  v1::CreateAthleteRequest request;
  request.set_athlete_id(id);
  request.mutable_athlete()->set_display_name(absl::StrCat("Runner ", id));
  request.mutable_athlete()->set_sex(v1::SEX_WOMEN);
  v1::ExternalId* external = request.mutable_athlete()->add_external_ids();
  external->set_scheme("world-athletics");
  external->set_value(external_id);
  return request;
}

class AthleteCreationTest : public ::testing::Test {
 protected:
  // Every caller makes its athletes one after the other, all at the same time; gives how each call ended.
  template <typename Make>
  std::vector<grpc::StatusCode> MakeAll(Make make) {
    std::vector<grpc::StatusCode> codes;
    absl::Mutex mutex;
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < kEach; ++i) {
          v1::Athlete athlete;
          const grpc::Status status =
              server_.athletes->CreateAthlete(server_.AsOperator().get(), make(caller, i), &athlete);
          absl::MutexLock lock(&mutex);
          codes.push_back(status.error_code());
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    return codes;
  }

  std::vector<std::string> Names() const {
    v1::ListAthletesRequest request;
    v1::ListAthletesResponse response;
    request.set_page_size(1000);
    EXPECT_CALL_OK(server_.athletes->ListAthletes(server_.AsOperator().get(), request, &response));
    std::vector<std::string> names;
    for (const v1::Athlete& athlete : response.athletes()) {
      names.push_back(absl::StrCat(athlete.name(), " ", athlete.display_name()));
    }
    return names;
  }

  static ServerOptions OnDisk(rocksdb::Env* env) {
    ServerOptions options;
    options.ledger.env = env;
    return options;
  }

  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  RunningServer server_{OnDisk(env_.get())};
};

TEST_F(AthleteCreationTest, ManyAtOnceAreAllMadeAndShareSyncs) {
  disk_->SlowSyncs(absl::Milliseconds(5));
  const int64_t before = disk_->syncs();
  const std::vector<grpc::StatusCode> codes = MakeAll([](int caller, int i) {
    const std::string id = absl::StrCat("a", caller, "-", i);
    return Creation(id, id);
  });
  EXPECT_LT(disk_->syncs() - before, kCallers * kEach / 2);
  disk_->SlowSyncs(absl::ZeroDuration());
  for (grpc::StatusCode code : codes) EXPECT_EQ(code, grpc::StatusCode::OK);
  const std::vector<std::string> names = Names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), kCallers * kEach);
  server_.Restart();
  EXPECT_EQ(Names(), names);
}

TEST_F(AthleteCreationTest, OfManyWithOneIdOneIsMade) {
  disk_->SlowSyncs(absl::Milliseconds(5));
  for (const bool same_id : {true, false}) {
    const std::vector<grpc::StatusCode> codes = MakeAll([same_id](int caller, int i) {
      const std::string shared = absl::StrCat("s", i, same_id);
      const std::string own = absl::StrCat("o", caller, "-", i, same_id);
      return same_id ? Creation(shared, own) : Creation(own, shared);
    });
    EXPECT_EQ(std::count(codes.begin(), codes.end(), grpc::StatusCode::OK), kEach) << same_id;
    EXPECT_EQ(std::count(codes.begin(), codes.end(), grpc::StatusCode::ALREADY_EXISTS), (kCallers - 1) * kEach)
        << same_id;
  }
  EXPECT_EQ(Names().size(), 2 * kEach);
}

TEST_F(AthleteCreationTest, WhatTheDiskRefusedTakesNeitherNumberNorId) {
  const auto make = [](int caller, int i) {
    const std::string id = absl::StrCat("f", caller, "-", i);
    return Creation(id, id);
  };
  disk_->FailWrites(rocksdb::IOStatus::NoSpace("full"));
  for (grpc::StatusCode code : MakeAll(make)) EXPECT_EQ(code, grpc::StatusCode::UNAVAILABLE);
  disk_->FailWrites(rocksdb::IOStatus::OK());
  v1::Athlete athlete;
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (!server_.athletes->CreateAthlete(server_.AsOperator().get(), Creation("first", "first"), &athlete).ok()) {
    ASSERT_LT(absl::Now(), give_up) << "writing goes on by itself when there is room again";
    absl::SleepFor(absl::Milliseconds(20));
  }
  for (grpc::StatusCode code : MakeAll(make)) EXPECT_EQ(code, grpc::StatusCode::OK);
  const std::vector<std::string> names = Names();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 1 + kCallers * kEach);
  server_.Restart();
  EXPECT_EQ(Names(), names);
}

}  // namespace
}  // namespace palmares::testing
