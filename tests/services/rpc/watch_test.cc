// How long those who watch or wait are kept when the server shuts down.
#include "services/rpc/watch.h"

#include <atomic>

#include "absl/time/clock.h"
#include "services/rpc/errors.h"
#include "tests/testing.h"

namespace palmares::rpc {
namespace {

class ShutdownTest : public ::testing::Test {
 protected:
  ShutdownTest() {
    calls_.draining = &draining_;
    calls_.waiting_ends_us = &waiting_ends_us_;
  }
  void EndWaiting(absl::Duration from_now) { waiting_ends_us_ = absl::ToUnixMicros(absl::Now() + from_now); }

  std::atomic<bool> draining_ = false;
  std::atomic<int64_t> waiting_ends_us_ = 0;
  Calls calls_;
};

TEST_F(ShutdownTest, NobodyIsSentAwayFromAServerThatServes) {
  EXPECT_OK(CheckServing(calls_));
  EXPECT_OK(CheckWaiting(calls_, "later"));
  EXPECT_OK(CheckWaiting(Calls(), "later"));
}

TEST_F(ShutdownTest, WhoWatchesWithoutAnEndLeavesAtOnceAndWhoWaitsMayWaitOn) {
  draining_ = true;
  EndWaiting(absl::Minutes(1));
  EXPECT_TRUE(absl::IsUnavailable(CheckServing(calls_)));
  EXPECT_EQ(ReasonOf(CheckServing(calls_)), "SHUTTING_DOWN");
  EXPECT_OK(CheckWaiting(calls_, "later"));
}

TEST_F(ShutdownTest, WhoCannotGoOnFromAPositionIsNotToldTo) {
  EXPECT_OK(CheckServing(calls_, "ask for it anew"));
  draining_ = true;
  EXPECT_EQ(CheckServing(calls_, "ask for it anew").message(), "the server is shutting down: ask for it anew");
  EXPECT_EQ(ReasonOf(CheckServing(calls_, "ask for it anew")), "SHUTTING_DOWN");
  EXPECT_EQ(CheckServing(calls_).message(), "the server is shutting down: go on from the last position elsewhere");
}

TEST_F(ShutdownTest, WhoWaitsIsToldWhatToDoBeforeCallsAreCutOff) {
  draining_ = true;
  EndWaiting(-absl::Milliseconds(1));
  const absl::Status over = CheckWaiting(calls_, "watch it again then");
  EXPECT_TRUE(absl::IsUnavailable(over));
  EXPECT_EQ(ReasonOf(over), "SHUTTING_DOWN");
  EXPECT_EQ(over.message(), "the server is shutting down: watch it again then");
  calls_.waiting_ends_us = nullptr;
  EXPECT_TRUE(absl::IsUnavailable(CheckWaiting(calls_, "")));
}

}  // namespace
}  // namespace palmares::rpc
