#include "storage/store.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "storage/memory_ledger.h"
#include "tests/testing.h"

namespace palmares::storage {
namespace {

// Remembers the bodies it was given.
class Log : public View {
 public:
  absl::Status Apply(const Entry& entry) override {
    if (entry.change.body == "poison") return absl::InternalError("cannot be applied");
    bodies.push_back(entry.change.body);
    times.push_back(entry.time_us);
    return absl::OkStatus();
  }
  std::vector<std::string> bodies;
  std::vector<int64_t> times;
};

Plan Body(std::string body) {
  return [body = std::move(body)]() -> absl::StatusOr<std::optional<Draft>> {
    Draft draft;
    draft.kind = EntryKind::kEventSet;
    draft.body = body;
    return draft;
  };
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto ledger = std::make_unique<MemoryLedger>();
    ledger_ = ledger.get();
    Start(std::move(ledger));
  }
  void Start(std::unique_ptr<Ledger> ledger) {
    auto store = Store::Open(std::move(ledger), &log_, [this] { return absl::FromUnixMicros(now_us_.load()); });
    ASSERT_OK(store.status());
    store_ = *std::move(store);
  }

  Log log_;
  MemoryLedger* ledger_ = nullptr;
  std::atomic<int64_t> now_us_{1000};
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, AWriteIsVisibleWhenItReturns) {
  absl::StatusOr<Receipt> receipt = store_->Write({}, Body("a"));
  ASSERT_OK(receipt.status());
  EXPECT_EQ(receipt->position, 1);
  EXPECT_TRUE(receipt->changed);
  absl::StatusOr<Store::Reader> reader = store_->Read(1, absl::InfinitePast());
  ASSERT_OK(reader.status());
  EXPECT_EQ(reader->position(), 1);
  EXPECT_EQ(log_.bodies, std::vector<std::string>{"a"});
}

TEST_F(StoreTest, APlanSeesWhatEarlierWritesLeft) {
  ASSERT_OK(store_->Write({}, Body("a")).status());
  size_t seen = 0;
  ASSERT_OK(store_
                ->Write({},
                        [&]() -> absl::StatusOr<std::optional<Draft>> {
                          seen = log_.bodies.size();
                          return std::nullopt;
                        })
                .status());
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(ledger_->LastPosition(), 1) << "a plan that finds nothing to do writes nothing";
}

TEST_F(StoreTest, ARefusedPlanWritesNothing) {
  const auto refuse = []() -> absl::StatusOr<std::optional<Draft>> { return absl::FailedPreconditionError("no"); };
  EXPECT_EQ(store_->Write({}, refuse).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ledger_->LastPosition(), 0);
}

TEST_F(StoreTest, ARepeatAnswersWithTheFirstPositionAndWritesNothing) {
  const WriteRequest request{.actor = "x", .request_id = "id", .request_digest = 7};
  ASSERT_OK(store_->Write(request, Body("a")).status());
  absl::StatusOr<Receipt> again = store_->Write(request, Body("a"));
  ASSERT_OK(again.status());
  EXPECT_EQ(again->position, 1);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(ledger_->LastPosition(), 1);
  const WriteRequest other{.actor = "x", .request_id = "id", .request_digest = 8};
  EXPECT_EQ(store_->Write(other, Body("b")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(StoreTest, ARepeatIsRecognisedAfterARestart) {
  const WriteRequest request{.actor = "x", .request_id = "id", .request_digest = 7};
  auto ledger = std::make_unique<MemoryLedger>();
  Entry entry;
  entry.position = 1;
  entry.time_us = 5000;
  entry.request_id = "id";
  entry.request_digest = 7;
  ASSERT_OK(ledger->Append({entry}));
  store_.reset();
  log_ = Log();
  Start(std::move(ledger));
  absl::StatusOr<Receipt> again = store_->Write(request, Body("a"));
  ASSERT_OK(again.status());
  EXPECT_TRUE(again->repeated);
}

TEST_F(StoreTest, AFailedAppendChangesNothingAndTheNextWriteIsTriedAfresh) {
  ledger_->FailAppends(absl::UnavailableError("disk full"));
  EXPECT_EQ(store_->Write({}, Body("a")).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(log_.bodies.empty());
  EXPECT_OK(store_->Read().status()) << "reads go on";
  ledger_->FailAppends(absl::OkStatus());
  absl::StatusOr<Receipt> receipt = store_->Write({}, Body("b"));
  ASSERT_OK(receipt.status());
  EXPECT_EQ(receipt->position, 1);
}

TEST_F(StoreTest, TimeNeverFallsFromOneEntryToTheNext) {
  ASSERT_OK(store_->Write({}, Body("a")).status());
  now_us_ = 10;
  ASSERT_OK(store_->Write({}, Body("b")).status());
  EXPECT_EQ(log_.times, (std::vector<int64_t>{1000, 1000}));
}

TEST_F(StoreTest, AnEntryThatCannotBeAppliedStopsTheStoreLoudly) {
  EXPECT_EQ(store_->Write({}, Body("poison")).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Read().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Write({}, Body("a")).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ledger_->LastPosition(), 1) << "what is durable is never written over";
}

TEST_F(StoreTest, WaitingForAPositionThatDoesNotComeEndsAtTheDeadline) {
  const absl::Status status = store_->Read(5, absl::Now() + absl::Milliseconds(10)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
}

// A refusal is by what all earlier entries have left, also where the plan could not know it yet.
TEST_F(StoreTest, AGroupedPlanThatRefusesIsAskedOnceMoreWhenWhatIsPendingIsApplied) {
  absl::BlockingCounter answered(3);
  std::vector<int64_t> positions;
  const auto done = [&](const absl::StatusOr<Receipt>& receipt) {
    positions.push_back(receipt.ok() ? receipt->position : 0);
    answered.DecrementCount();
  };
  int asked = 0;
  absl::Notification held;
  store_->WriteLater(
      {},
      [&]() -> absl::StatusOr<std::optional<Draft>> {  // lets the others queue up behind it
        held.WaitForNotification();
        return std::nullopt;
      },
      [](const absl::StatusOr<Receipt>&) {});
  store_->WriteGrouped({}, Body("a"), done);
  store_->WriteGrouped(
      {},
      [&]() -> absl::StatusOr<std::optional<Draft>> {
        ++asked;
        if (log_.bodies.empty()) return absl::FailedPreconditionError("a is not there");
        return Body("b")();
      },
      done);
  store_->WriteGrouped(
      {}, []() -> absl::StatusOr<std::optional<Draft>> { return absl::AbortedError("never"); }, done);
  held.Notify();
  answered.Wait();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(positions, (std::vector<int64_t>{1, 2, 0})) << "in the order of the calls";
}

TEST_F(StoreTest, ManyWritersAndReadersSeeOneOrder) {
  constexpr int kWriters = 4, kEach = 200;
  absl::BlockingCounter acknowledged(kWriters * kEach);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) {
        store_->WriteGrouped({}, Body(absl::StrCat(writer, ":", i)), [&](const absl::StatusOr<Receipt>& receipt) {
          EXPECT_OK(receipt.status());
          acknowledged.DecrementCount();
        });
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 500; ++i) {
      absl::StatusOr<Store::Reader> reader = store_->Read();
      ASSERT_OK(reader.status());
      ASSERT_EQ(static_cast<int64_t>(log_.bodies.size()), reader->position());
    }
  });
  acknowledged.Wait();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ledger_->LastPosition(), kWriters * kEach);
  std::vector<int> next(kWriters);
  for (const std::string& body : log_.bodies) {
    const int writer = body[0] - '0';
    EXPECT_EQ(body, absl::StrCat(writer, ":", next[static_cast<size_t>(writer)]++));
  }
}

}  // namespace
}  // namespace palmares::storage
