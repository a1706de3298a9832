// Until when a call may go on.
#include "services/rpc/call.h"

#include "absl/time/clock.h"
#include "palmares/v1/events.pb.h"
#include "palmares/v1/rankings.pb.h"
#include "tests/testing.h"

namespace palmares::rpc {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'000'000);
constexpr absl::Duration kLongest = absl::Seconds(300);

TEST(DeadlineTest, ACallWithoutADeadlineGetsTheServersOwn) {
  EXPECT_EQ(DeadlineOf("RankingService.ListRanking", absl::InfiniteFuture(), kNow, kLongest), kNow + kLongest);
}

TEST(DeadlineTest, TheEarlierOfTheCallersAndTheServersHolds) {
  EXPECT_EQ(DeadlineOf("RankingService.ListRanking", kNow + absl::Seconds(5), kNow, kLongest), kNow + absl::Seconds(5));
  EXPECT_EQ(DeadlineOf("RankingService.ListRanking", kNow + absl::Hours(5), kNow, kLongest), kNow + kLongest);
}

TEST(DeadlineTest, AStreamThatWatchesHasOnlyItsCallersDeadline) {
  for (const char* method : {"RankingService.WatchRanking", "LedgerService.WatchChanges"}) {
    EXPECT_EQ(DeadlineOf(method, absl::InfiniteFuture(), kNow, kLongest), absl::InfiniteFuture()) << method;
  }
}

TEST(DeadlineTest, ACallerWhoIsAdmittedIsHeldToIt) {
  Calls calls;
  calls.longest_call = kLongest;
  const grpc::ServerContext context;
  const absl::StatusOr<Call> plain = Admit(calls, context, "EventService.ListEvents", v1::ListEventsRequest());
  ASSERT_OK(plain.status());
  EXPECT_LE(plain->deadline, absl::Now() + kLongest);
  const absl::StatusOr<Call> watch = Admit(calls, context, "RankingService.WatchRanking", v1::WatchRankingRequest());
  ASSERT_OK(watch.status());
  EXPECT_EQ(watch->deadline, absl::InfiniteFuture());
}

}  // namespace
}  // namespace palmares::rpc
