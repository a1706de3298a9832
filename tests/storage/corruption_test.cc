// Damaged files: the ledger gives back exactly what was written, or an exact beginning where the end was torn off, or
// says loudly that it cannot. It never answers from damage.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/strings/match.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/trial_ledger.h"

namespace palmares::testing {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kEntriesOfTables = 260;  // enough for tables, which are merged
constexpr uint64_t kEntriesOfALog = 20;     // few enough to be in the log alone, which makes opening quick
constexpr int kTornBytes = 4096;
constexpr int kFlips = 1000;
constexpr int kShares = 4;  // of the long tests, which run beside each other

class CorruptionTest : public ::testing::Test {
 protected:
  void Fill(uint64_t entries) {
    absl::StatusOr<std::unique_ptr<TrialStore>> trial = TrialStore::Open(original(), env_.get());
    ASSERT_OK(trial.status());
    for (uint64_t number = 1; number <= entries; ++number) ASSERT_OK((*trial)->Write(number).status());
    trial->reset();
    for (uint64_t number = 1; number <= entries; ++number) all_.push_back(number);
    for (const fs::directory_entry& entry : fs::directory_iterator(original())) {
      const std::string name = entry.path().filename().string();
      if (absl::EndsWith(name, ".log")) logs_.push_back(name);
      if (absl::EndsWith(name, ".sst")) tables_.push_back(name);
      if (absl::StartsWith(name, "MANIFEST")) manifests_.push_back(name);
    }
    for (std::vector<std::string>* names : {&logs_, &tables_, &manifests_}) std::sort(names->begin(), names->end());
    ASSERT_FALSE(logs_.empty());
    ASSERT_FALSE(manifests_.empty());
    ASSERT_EQ(tables_.empty(), entries == kEntriesOfALog);
  }

  std::string original() const { return directory_.path() + "/original"; }
  std::string copy() const { return directory_.path() + "/copy"; }

  // A fresh copy whose files are the original's own, but for the one that is to be damaged.
  std::string Copy(const std::string& damaged, bool with_mark) {
    fs::remove_all(copy());
    fs::remove(copy() + ".mark");
    fs::create_directory(copy());
    for (const fs::directory_entry& entry : fs::directory_iterator(original())) {
      const std::string name = entry.path().filename().string();
      // What the database writes to in place must be its own; tables and logs are only read.
      const bool shared = name != damaged && (absl::EndsWith(name, ".sst") || absl::EndsWith(name, ".log"));
      if (shared) {
        fs::create_hard_link(entry.path(), copy() + "/" + name);
      } else {
        fs::copy_file(entry.path(), copy() + "/" + name);
      }
    }
    if (with_mark) fs::copy_file(original() + ".mark", copy() + ".mark");
    return copy() + "/" + damaged;
  }

  // The entries that the copy gives, or what it says instead.
  absl::StatusOr<std::vector<uint64_t>> Read() {
    absl::StatusOr<std::unique_ptr<TrialStore>> trial = TrialStore::Open(copy(), env_.get());
    if (!trial.ok()) return trial.status();
    return (*trial)->view.numbers;
  }

  TemporaryDirectory directory_;
  const std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::vector<uint64_t> all_;
  std::vector<std::string> logs_, tables_, manifests_;
};

bool IsBeginningOf(const std::vector<uint64_t>& part, const std::vector<uint64_t>& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

class ShareOfCorruptionTest : public CorruptionTest, public ::testing::WithParamInterface<int> {};

TEST_P(ShareOfCorruptionTest, ALogTornAtAnyOfItsLastBytesGivesAnExactBeginning) {
  Fill(kEntriesOfALog);
  const std::string log = logs_.back();
  const uintmax_t size = fs::file_size(original() + "/" + log);
  ASSERT_GT(size, kTornBytes);
  size_t shortest = all_.size();
  for (int bytes = GetParam(); bytes <= kTornBytes; bytes += kShares) {
    fs::resize_file(Copy(log, /*with_mark=*/false), size - static_cast<uintmax_t>(bytes));
    const absl::StatusOr<std::vector<uint64_t>> read = Read();
    ASSERT_OK(read.status()) << bytes << ": " << read.status();
    ASSERT_TRUE(IsBeginningOf(*read, all_)) << bytes;
    ASSERT_EQ(read->size() == all_.size(), bytes == 0) << bytes;
    ASSERT_LE(read->size(), shortest) << bytes;
    shortest = read->size();
  }
}

TEST_F(CorruptionTest, ALogThatLostSomethingAcknowledgedIsDataLoss) {
  Fill(kEntriesOfALog);
  const std::string log = logs_.back();
  const uintmax_t size = fs::file_size(original() + "/" + log);
  for (int bytes = 1; bytes <= kTornBytes; bytes += 41) {
    fs::resize_file(Copy(log, /*with_mark=*/true), size - static_cast<uintmax_t>(bytes));
    const absl::StatusOr<std::vector<uint64_t>> read = Read();
    ASSERT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << bytes;
    ASSERT_THAT(std::string(read.status().message()), ::testing::HasSubstr("were acknowledged"));
  }
}

TEST_P(ShareOfCorruptionTest, AFlippedBitIsFoundOrChangesNothing) {
  Fill(kEntriesOfTables);
  Random random(42 + static_cast<uint64_t>(GetParam()));
  int found = 0;
  for (int flip = 0; flip < kFlips / kShares; ++flip) {
    const std::vector<std::string>& kind = flip % 3 == 0 ? logs_ : flip % 3 == 1 ? tables_ : manifests_;
    const std::string& name = kind[static_cast<size_t>(random.Below(static_cast<int64_t>(kind.size())))];
    const std::string path = Copy(name, /*with_mark=*/true);
    const int64_t at = random.Below(static_cast<int64_t>(fs::file_size(path)));
    const int bit = static_cast<int>(random.Below(8));
    {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(at);
      const auto byte = static_cast<char>(file.get() ^ (1 << bit));
      file.seekp(at);
      file.put(byte);
    }
    const absl::StatusOr<std::vector<uint64_t>> read = Read();
    if (read.ok()) {
      ASSERT_EQ(*read, all_) << "bit " << bit << " of byte " << at << " of " << name << " changed what is answered";
    } else {
      ASSERT_FALSE(read.status().message().empty());
      ++found;
    }
  }
  EXPECT_GT(found, kFlips / kShares / 2) << "most bits mean something";
}

INSTANTIATE_TEST_SUITE_P(Shares, ShareOfCorruptionTest, ::testing::Range(0, kShares));

TEST_F(CorruptionTest, AnyFlippedBitOfTheMarkIsFound) {
  Fill(kEntriesOfALog);
  for (int at = 0; at < 16; ++at) {
    Copy(logs_.back(), /*with_mark=*/true);
    std::fstream file(copy() + ".mark", std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const auto byte = static_cast<char>(file.get() ^ (1 << (at % 8)));
    file.seekp(at);
    file.put(byte);
    file.close();
    EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss) << at;
  }
}

}  // namespace
}  // namespace palmares::testing
