// Faults of a disk while the ledger is in service: writes fail with a reason, reads go on, and all is well again when
// the disk is.
#include "absl/strings/match.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/trial_ledger.h"

namespace palmares::testing {
namespace {

using rocksdb::IOStatus;

class FaultTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    trial_.reset();
    absl::StatusOr<std::unique_ptr<TrialStore>> trial = TrialStore::Open(directory_.path() + "/ledger", env_.get());
    ASSERT_OK(trial.status()) << trial.status();
    trial_ = *std::move(trial);
  }
  void MustWrite(uint64_t first, uint64_t last) {
    for (uint64_t number = first; number <= last; ++number) {
      const absl::StatusOr<storage::Receipt> receipt = trial_->Write(number);
      ASSERT_OK(receipt.status()) << number << ": " << receipt.status();
      written_.push_back(number);
    }
  }
  // The entries as the ledger gives them, through a view of their own.
  std::vector<uint64_t> Entries() {
    TrialView view;
    EXPECT_OK(trial_->ledger->Read(1, trial_->ledger->LastPosition(),
                                   [&view](const storage::Entry& entry) { return view.Apply(entry); }));
    return view.numbers;
  }

  TemporaryDirectory directory_;
  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<TrialStore> trial_;
  std::vector<uint64_t> written_;
};

class WriteFaultTest : public FaultTest, public ::testing::WithParamInterface<int> {
 protected:
  static IOStatus Status() {
    return GetParam() == 0 ? IOStatus::NoSpace("No space left on device") : IOStatus::IOError("Input/output error");
  }
};

TEST_P(WriteFaultTest, WritesFailWithAReasonReadsGoOnAndServiceResumesByItself) {
  MustWrite(1, 30);
  for (uint64_t round = 0; round < 5; ++round) {
    const uint64_t next = 31 + round * 20;
    disk_->FailWrites(Status());
    for (int tries = 0; tries < 3; ++tries) {
      const absl::Status failed = trial_->Write(next).status();
      ASSERT_EQ(failed.code(), absl::StatusCode::kUnavailable) << failed;
      ASSERT_TRUE(absl::StrContains(failed.message(), GetParam() == 0 ? "No space left" : "Input/output error"))
          << failed;
      ASSERT_EQ(trial_->ledger->Writable().code(), absl::StatusCode::kUnavailable);
      ASSERT_EQ(Entries(), written_) << "reads go on";
      ASSERT_OK(trial_->store->Read().status());
    }
    disk_->FailWrites(IOStatus::OK());
    MustWrite(next, next + 19);
    ASSERT_OK(trial_->ledger->Writable());
    ASSERT_EQ(Entries(), written_);
    if (round % 2 == 1) Open();  // and what was written since is durable
    ASSERT_EQ(trial_->view.numbers, written_);
  }
}

TEST_P(WriteFaultTest, TheVeryFirstWriteAfterAStartMayFail) {
  disk_->FailWrites(Status());
  ASSERT_EQ(trial_->Write(1).status().code(), absl::StatusCode::kUnavailable);
  disk_->FailWrites(IOStatus::OK());
  MustWrite(1, 3);
  Open();
  EXPECT_EQ(trial_->view.numbers, written_);
}

TEST_P(WriteFaultTest, RecoverMakesItWritableWithoutAWrite) {
  MustWrite(1, 3);
  disk_->FailWrites(Status());
  ASSERT_EQ(trial_->Write(4).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(trial_->ledger->Recover().code(), absl::StatusCode::kUnavailable);
  disk_->FailWrites(IOStatus::OK());
  EXPECT_OK(trial_->ledger->Recover());
  EXPECT_OK(trial_->ledger->Writable());
  MustWrite(4, 5);
}

INSTANTIATE_TEST_SUITE_P(Faults, WriteFaultTest, ::testing::Values(0, 1), [](const auto& info) {
  return info.param == 0 ? std::string("DiskFull") : std::string("InputOutputError");
});

// A failed sync may have written all the same: what its caller was told has failed must not come back beside what took
// its place.
TEST_F(FaultTest, AnAppendThatFailedAtAnyStepLeavesNothingBehind) {
  uint64_t next = 1;
  for (int64_t step = 0; step < 12; ++step) {
    MustWrite(next, next + 4);
    next += 5;
    disk_->CutAfter(step);
    absl::StatusOr<storage::Receipt> receipt = trial_->Write(1000 + static_cast<uint64_t>(step));
    disk_->CutAfter(int64_t{1} << 60);
    if (receipt.ok()) written_.push_back(1000 + static_cast<uint64_t>(step));
    MustWrite(next, next);
    ++next;
    ASSERT_EQ(Entries(), written_) << "step " << step;
    Open();
    ASSERT_EQ(trial_->view.numbers, written_) << "step " << step;
  }
}

TEST_F(FaultTest, ATableThatCannotBeReadStopsWritesAndSaysSo) {
  MustWrite(1, 200);  // enough for tables
  disk_->FailTableReads(IOStatus::IOError("Input/output error"));
  const absl::Status read = trial_->ledger->Read(1, 200, [](const storage::Entry&) { return absl::OkStatus(); });
  ASSERT_FALSE(read.ok());
  const absl::Status refused = trial_->Write(201).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), "cannot be read")) << refused;
  EXPECT_EQ(trial_->ledger->Writable(), refused);
  disk_->FailTableReads(IOStatus::OK());
  EXPECT_EQ(trial_->Write(201).status().code(), absl::StatusCode::kDataLoss) << "until it is started again";
  Open();
  MustWrite(201, 202);
  EXPECT_EQ(trial_->view.numbers, written_);
}

}  // namespace
}  // namespace palmares::testing
