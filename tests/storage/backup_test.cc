// Backups: made while writing goes on, incremental, checked to the byte, restored to the same content.
#include "storage/backup.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "storage/column_block.h"
#include "storage/erasure.h"
#include "storage/logical_digest.h"
#include "storage/stored_privacy.pb.h"
#include "tests/storage/trial_ledger.h"

namespace palmares::testing {
namespace {

namespace fs = std::filesystem;
using storage::BackupRecord;

absl::Status Ignore(absl::string_view, int64_t, int64_t, absl::string_view) { return absl::OkStatus(); }

class BackupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<TrialStore>> trial =
        TrialStore::Open(directory_.path() + "/ledger", rocksdb::Env::Default());
    ASSERT_OK(trial.status());
    trial_ = *std::move(trial);
    Write(60);
  }
  void Write(int count) {
    for (int i = 0; i < count; ++i) ASSERT_OK(trial_->Write(next_++).status());
  }
  std::string backups() const { return directory_.path() + "/backups"; }
  BackupRecord MustBackUp(int keep = 0) {
    storage::BackupOptions options;
    options.keep = keep;
    options.time_us = 1'764'000'000'000'000 + static_cast<int64_t>(next_);
    options.operator_token = "palmares_token";
    absl::StatusOr<BackupRecord> record = storage::MakeBackup(*trial_->ledger, backups(), options, Ignore);
    EXPECT_OK(record.status()) << record.status();
    return record.ok() ? *record : BackupRecord();
  }
  std::string Digest(const storage::Ledger& ledger, int64_t last) {
    absl::StatusOr<std::string> digest = storage::LogicalDigest(ledger, last, [](int64_t) { return absl::OkStatus(); });
    EXPECT_OK(digest.status());
    return digest.ok() ? *digest : "";
  }

  TemporaryDirectory directory_;
  std::unique_ptr<TrialStore> trial_;
  uint64_t next_ = 1;
};

TEST_F(BackupTest, WhatIsRestoredHasTheContentThatWasBackedUp) {
  const BackupRecord record = MustBackUp();
  EXPECT_EQ(record.position, 60);
  EXPECT_EQ(record.digest, Digest(*trial_->ledger, 60));
  Write(10);
  const std::string restored_path = directory_.path() + "/restored";
  const absl::StatusOr<BackupRecord> restored = storage::RestoreBackup(backups(), 0, restored_path, Ignore);
  ASSERT_OK(restored.status()) << restored.status();
  EXPECT_EQ(restored->operator_token, "palmares_token");
  absl::StatusOr<std::unique_ptr<TrialStore>> again = TrialStore::Open(restored_path, rocksdb::Env::Default());
  ASSERT_OK(again.status());
  EXPECT_EQ((*again)->ledger->LastPosition(), 60);
  EXPECT_EQ(Digest(*(*again)->ledger, 60), record.digest);
  EXPECT_OK((*again)->Write(1'000'000).status()) << "and it is a ledger like any other";
}

TEST_F(BackupTest, BackupsAreIncrementalAndEachCanBeRestored) {
  const BackupRecord first = MustBackUp();
  Write(5);
  const BackupRecord second = MustBackUp();
  EXPECT_EQ(second.position, 65);
  EXPECT_LT(second.added_bytes, first.added_bytes);
  const absl::StatusOr<std::vector<BackupRecord>> listed = storage::ListBackups(backups());
  ASSERT_OK(listed.status());
  ASSERT_EQ(listed->size(), 2);
  EXPECT_EQ((*listed)[0].number, second.number);
  EXPECT_EQ((*listed)[1].digest, first.digest);
  for (const BackupRecord& record : *listed) {
    const std::string path = absl::StrCat(directory_.path(), "/restored", record.number);
    const absl::StatusOr<BackupRecord> restored = storage::RestoreBackup(backups(), record.number, path, Ignore);
    ASSERT_OK(restored.status()) << restored.status();
    EXPECT_EQ(restored->position, record.position);
  }
}

TEST_F(BackupTest, ABackupIsMadeWhileWritingGoesOn) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) Write(1);
  });
  for (int i = 0; i < 4; ++i) {
    const BackupRecord record = MustBackUp();
    EXPECT_EQ(record.digest, Digest(*trial_->ledger, record.position));
    const absl::StatusOr<BackupRecord> checked = storage::CheckBackup(backups(), 0, /*logical=*/true, Ignore);
    EXPECT_OK(checked.status()) << checked.status();
  }
  stop = true;
  writer.join();
}

// An older backup does not bring back who was erased since, as the newest one beside it tells.
TEST(ErasureTest, ARestoredBackupHasNoNameThatWasErasedLater) {
  const TemporaryDirectory directory;
  absl::StatusOr<std::unique_ptr<storage::RocksLedger>> ledger =
      storage::RocksLedger::Open(directory.path() + "/ledger", {});
  ASSERT_OK(ledger.status());
  storage::ColumnBlockBuilder names(2);
  names.AddTexts(1, std::vector<absl::string_view>{"Ada", "Bea"});
  storage::Entry sheet;
  sheet.position = 1;
  sheet.change.kind = storage::EntryKind::kSheetPublished;
  sheet.change.blocks = {"facts"};
  sheet.change.personal = {std::move(names).Finish()};
  ASSERT_OK((*ledger)->Append({&sheet, 1}));
  const std::string backups = directory.path() + "/backups";
  ASSERT_OK(storage::MakeBackup(**ledger, backups, {}, Ignore).status());

  stored::v1::AthleteErased body;
  auto* row = body.add_overwritten();
  row->set_position(1);
  row->set_row(1);
  storage::Entry erasure;
  erasure.position = 2;
  erasure.change.kind = storage::EntryKind::kAthleteErased;
  erasure.change.body = body.SerializeAsString();
  auto overwritten = storage::WithoutPersonalRows(**ledger, {{{1, 0}, {1}}});
  ASSERT_OK(overwritten.status());
  erasure.change.overwritten = *std::move(overwritten);
  ASSERT_OK((*ledger)->Append({&erasure, 1}));
  ASSERT_OK(storage::MakeBackup(**ledger, backups, {}, Ignore).status());

  const std::string path = directory.path() + "/restored";
  ASSERT_OK(storage::RestoreBackup(backups, 1, path, Ignore).status());
  absl::StatusOr<std::unique_ptr<storage::RocksLedger>> restored = storage::RocksLedger::Open(path, {});
  ASSERT_OK(restored.status());
  EXPECT_EQ((*restored)->LastPosition(), 1);
  const absl::StatusOr<std::string> bytes = (*restored)->ReadPersonal(1, 0);
  ASSERT_OK(bytes.status());
  EXPECT_NE(bytes->find("Ada"), std::string::npos);
  EXPECT_EQ(bytes->find("Bea"), std::string::npos);
}

TEST_F(BackupTest, OldBackupsAreDeletedOnRequest) {
  for (int i = 0; i < 4; ++i) {
    Write(2);
    MustBackUp(/*keep=*/2);
  }
  const absl::StatusOr<std::vector<BackupRecord>> listed = storage::ListBackups(backups());
  ASSERT_OK(listed.status());
  ASSERT_EQ(listed->size(), 2);
  EXPECT_EQ((*listed)[0].position, 68);
  EXPECT_OK(storage::CheckBackup(backups(), (*listed)[1].number, true, Ignore).status());
  EXPECT_EQ(storage::CheckBackup(backups(), 1, true, Ignore).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, AnyFlippedByteIsFound) {
  MustBackUp();
  Random random(5);
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(backups())) {
    if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path().string());
  }
  ASSERT_GT(files.size(), 5U);
  for (const std::string& file : files) {
    const auto size = static_cast<int64_t>(fs::file_size(file));
    for (int flip = 0; flip < 12; ++flip) {
      const int64_t at = flip == 0 ? 0 : flip == 1 ? size - 1 : random.Below(size);
      std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekg(at);
      const auto before = static_cast<char>(bytes.get());
      const auto put = [&](char byte) {
        bytes.seekp(at);
        bytes.put(byte);
        bytes.flush();
      };
      put(static_cast<char>(before ^ (1 << random.Below(8))));
      EXPECT_FALSE(storage::CheckBackup(backups(), 0, /*logical=*/false, Ignore).ok())
          << "byte " << at << " of " << file;
      put(before);
    }
  }
  EXPECT_OK(storage::CheckBackup(backups(), 0, /*logical=*/true, Ignore).status());
}

TEST_F(BackupTest, ADirectoryThatHoldsSomethingElseIsLeftAlone) {
  fs::create_directory(backups());
  std::ofstream(backups() + "/letters.txt") << "dear";
  EXPECT_EQ(storage::MakeBackup(*trial_->ledger, backups(), {}, Ignore).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(storage::ListBackups(backups()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(storage::ListBackups(backups() + "/none").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, ProgressCanEndTheWorkAndNothingIsLeftThatLooksLikeABackup) {
  const auto stop = [](absl::string_view stage, int64_t, int64_t, absl::string_view) {
    return stage == "digesting" ? absl::CancelledError("enough") : absl::OkStatus();
  };
  EXPECT_EQ(storage::MakeBackup(*trial_->ledger, backups(), {}, stop).status().code(), absl::StatusCode::kCancelled);
  const absl::StatusOr<std::vector<BackupRecord>> listed = storage::ListBackups(backups());
  ASSERT_OK(listed.status());
  EXPECT_TRUE(listed->empty());
}

}  // namespace
}  // namespace palmares::testing
