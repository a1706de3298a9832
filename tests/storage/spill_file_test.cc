#include "storage/spill_file.h"

#include <filesystem>
#include <vector>

#include "tests/testing.h"

namespace palmares::storage {
namespace {

using ::palmares::testing::TemporaryDirectory;

std::string Pattern(size_t size, char first) {
  std::string bytes(size, '\0');
  for (size_t at = 0; at < size; ++at) bytes[at] = static_cast<char>(static_cast<size_t>(first) + at * 7);
  return bytes;
}

TEST(SpillFileTest, WhatWasPutIsReadFromDiskAlsoWhenTheFileIsGone) {
  TemporaryDirectory directory;
  std::vector<SharedBytes> put;
  {
    SpillFile file(directory.path());
    for (int i = 0; i < 5; ++i) {  // of a third of a segment: it takes two of them
      auto bytes = file.Put(Pattern(SpillFile::kSegmentBytes / 3, static_cast<char>(i)));
      ASSERT_OK(bytes.status());
      put.push_back(*std::move(bytes));
    }
    auto larger = file.Put(Pattern(SpillFile::kSegmentBytes + 1, 'x'));
    ASSERT_OK(larger.status());
    put.push_back(*std::move(larger));
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(put[static_cast<size_t>(i)].view() == Pattern(SpillFile::kSegmentBytes / 3, static_cast<char>(i))) << i;
  }
  EXPECT_TRUE(put[5].view() == Pattern(SpillFile::kSegmentBytes + 1, 'x'));
}

TEST(SpillFileTest, LeavesNothingInTheDirectory) {
  TemporaryDirectory directory;
  SpillFile file(directory.path());
  ASSERT_OK(file.Put("rows").status());
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(SpillFileTest, WhereNothingCanBeWrittenItSaysSoAndTriesAgain) {
  TemporaryDirectory parent;
  const std::string path = parent.path() + "/later";
  SpillFile file(path);
  const absl::Status refused = file.Put("rows").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(refused.message().find(path), absl::string_view::npos) << refused;
  std::filesystem::create_directory(path);
  auto bytes = file.Put("rows");
  ASSERT_OK(bytes.status());
  EXPECT_EQ(bytes->view(), "rows");
}

}  // namespace
}  // namespace palmares::storage
