// After a power cut: everything acknowledged is there, in order and whole; what was under way is there whole or not at
// all, and a retry with its request id makes it exactly once.
#include <algorithm>

#include "tests/storage/faulty_file_system.h"
#include "tests/storage/trial_ledger.h"

namespace palmares::testing {
namespace {

constexpr uint64_t kDirectories = 26;
constexpr int kCutsEach = 20;  // together more than 500

// One directory through many cuts.
class Machine {
 public:
  explicit Machine(uint64_t seed) : random_(seed), env_(rocksdb::NewCompositeEnv(disk_)) {}

  // Writes until the power goes off, which may be while the ledger opens.
  void RunUntilCut() {
    disk_->CutAfter(1 + random_.Below(60));
    absl::StatusOr<std::unique_ptr<TrialStore>> trial = TrialStore::Open(path(), env_.get());
    while (trial.ok()) {
      const absl::StatusOr<storage::Receipt> receipt = (*trial)->Write(next_);
      if (!receipt.ok()) {
        ASSERT_EQ(receipt.status().code(), absl::StatusCode::kUnavailable) << receipt.status();
        break;
      }
      acknowledged_.push_back(next_++);
    }
  }

  // Power is back: checks what is there, and tries again what was under way.
  void StartAgain() {
    disk_->LoseUnsynced(random_);
    absl::StatusOr<std::unique_ptr<TrialStore>> trial = TrialStore::Open(path(), env_.get());
    ASSERT_OK(trial.status()) << trial.status();
    std::vector<uint64_t> with_pending = acknowledged_;
    with_pending.push_back(next_);
    ASSERT_THAT((*trial)->view.numbers, ::testing::AnyOf(acknowledged_, with_pending));
    const absl::StatusOr<storage::Receipt> again = (*trial)->Write(next_);
    ASSERT_OK(again.status()) << again.status();
    acknowledged_.push_back(next_++);
    ASSERT_EQ((*trial)->view.numbers, acknowledged_);
    ASSERT_EQ(again->position, static_cast<int64_t>(acknowledged_.size()));
  }

 private:
  std::string path() const { return directory_.path() + "/ledger"; }

  TemporaryDirectory directory_;
  Random random_;
  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_;
  std::vector<uint64_t> acknowledged_;
  uint64_t next_ = 1;
};

class PowerCutTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(PowerCutTest, NothingAcknowledgedIsLostAndNothingIsThereInPart) {
  Machine machine(GetParam());
  for (int cut = 0; cut < kCutsEach && !HasFatalFailure(); ++cut) {
    SCOPED_TRACE(absl::StrCat("seed ", GetParam(), ", cut ", cut));
    machine.RunUntilCut();
    if (!HasFatalFailure()) machine.StartAgain();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerCutTest, ::testing::Range<uint64_t>(1, kDirectories + 1));

}  // namespace
}  // namespace palmares::testing
