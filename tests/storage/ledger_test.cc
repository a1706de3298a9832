// One suite, every ledger: in memory, on disk, and on disk but reopened between all steps.
#include "storage/ledger.h"

#include <memory>

#include "storage/memory_ledger.h"
#include "storage/rocks_ledger.h"
#include "tests/testing.h"

namespace palmares::storage {
namespace {

using ::palmares::testing::TemporaryDirectory;

Entry MakeEntry(int64_t position, int blocks) {
  Entry entry;
  entry.position = position;
  entry.time_us = position * 10;
  entry.actor = "system";
  entry.change.kind = EntryKind::kSheetPublished;
  entry.change.body = absl::StrCat("body ", position);
  for (int i = 0; i < blocks; ++i) {
    entry.change.blocks.push_back(absl::StrCat("facts ", position, ".", i));
    if (position % 2 == 0) entry.change.personal.push_back(absl::StrCat("personal ", position, ".", i));
  }
  return entry;
}

enum class Backend { kMemory, kDisk, kReopenedDisk };

class LedgerTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override { Open(); }

  Ledger& ledger() {
    if (GetParam() == Backend::kReopenedDisk) Open();
    return *ledger_;
  }

  void Open() {
    if (GetParam() == Backend::kMemory) {
      ledger_ = std::make_unique<MemoryLedger>();
      return;
    }
    ledger_.reset();
    absl::StatusOr<std::unique_ptr<RocksLedger>> opened = RocksLedger::Open(directory_.path(), {});
    ASSERT_OK(opened.status());
    ledger_ = *std::move(opened);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_P(LedgerTest, AnEmptyLedgerIsAtPositionZero) {
  EXPECT_EQ(ledger().LastPosition(), 0);
  EXPECT_OK(ledger().Read(1, 0, [](const Entry&) { return absl::InternalError("nothing to take"); }));
}

TEST_P(LedgerTest, EntriesComeBackInOrderWithTheirBlocks) {
  for (int64_t position = 1; position <= 20; position += 2) {
    ASSERT_OK(ledger().Append({MakeEntry(position, 0), MakeEntry(position + 1, static_cast<int>(position % 5))}));
  }
  EXPECT_EQ(ledger().LastPosition(), 20);
  int64_t next = 5;
  EXPECT_OK(ledger().Read(5, 18, [&next](const Entry& entry) {
    const Entry want = MakeEntry(next, next % 2 == 1 ? 0 : static_cast<int>((next - 1) % 5));
    EXPECT_EQ(entry.position, want.position);
    EXPECT_EQ(entry.time_us, want.time_us);
    EXPECT_EQ(entry.change.body, want.change.body);
    EXPECT_EQ(entry.change.blocks, want.change.blocks);
    EXPECT_EQ(entry.change.personal, want.change.personal);
    ++next;
    return absl::OkStatus();
  }));
  EXPECT_EQ(next, 19);
}

TEST_P(LedgerTest, ReadingStopsAtTheFirstErrorOfItsTaker) {
  ASSERT_OK(ledger().Append({MakeEntry(1, 1), MakeEntry(2, 1), MakeEntry(3, 1)}));
  int taken = 0;
  const absl::Status status = ledger().Read(
      1, 3, [&taken](const Entry&) { return ++taken == 2 ? absl::AbortedError("enough") : absl::OkStatus(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(taken, 2);
}

TEST_P(LedgerTest, AMissingEntryIsDataLossAndNotSkipped) {
  ASSERT_OK(ledger().Append({MakeEntry(1, 1)}));
  EXPECT_EQ(ledger().Read(1, 2, [](const Entry&) { return absl::OkStatus(); }).code(), absl::StatusCode::kDataLoss);
}

TEST_P(LedgerTest, PersonalDataIsReadByItself) {
  ASSERT_OK(ledger().Append({MakeEntry(1, 2), MakeEntry(2, 2)}));
  EXPECT_EQ(*ledger().ReadPersonal(2, 1), "personal 2.1");
  EXPECT_EQ(ledger().ReadPersonal(1, 0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ledger().ReadPersonal(2, 2).status().code(), absl::StatusCode::kNotFound);
}

std::string BackendName(const ::testing::TestParamInfo<Backend>& info) {
  switch (info.param) {
    case Backend::kMemory:
      return "Memory";
    case Backend::kDisk:
      return "Disk";
    case Backend::kReopenedDisk:
      return "ReopenedDisk";
  }
  return "";
}

// The memory ledger cannot be reopened; each of its tests uses one object.
TEST_P(LedgerTest, AnErasureOverwritesPersonalDataAndNothingElse) {
  ASSERT_OK(ledger().Append({{MakeEntry(1, 1), MakeEntry(2, 2)}}));
  Entry erasure = MakeEntry(3, 0);
  erasure.change.kind = EntryKind::kAthleteErased;
  erasure.change.overwritten.push_back({2, 1, "erased"});
  ASSERT_OK(ledger().Append({{erasure}}));
  ASSERT_OK(ledger().PurgeOverwritten());
  std::vector<Entry> entries;
  ASSERT_OK(ledger().Read(1, 3, [&entries](const Entry& entry) {
    entries.push_back(entry);
    return absl::OkStatus();
  }));
  EXPECT_EQ(entries[1].change.personal, (std::vector<std::string>{"personal 2.0", "erased"}));
  EXPECT_EQ(entries[1].change.blocks, MakeEntry(2, 2).change.blocks);
  EXPECT_TRUE(entries[2].change.overwritten.empty());
}

INSTANTIATE_TEST_SUITE_P(Backends, LedgerTest,
                         ::testing::Values(Backend::kMemory, Backend::kDisk, Backend::kReopenedDisk), BackendName);

}  // namespace
}  // namespace palmares::storage
