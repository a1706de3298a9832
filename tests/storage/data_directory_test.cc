#include "storage/data_directory.h"

#include <fstream>

#include "tests/testing.h"

namespace palmares::storage {
namespace {

using ::palmares::testing::TemporaryDirectory;

void Write(const std::string& path, const std::string& content) { std::ofstream(path) << content; }

TEST(DataDirectoryTest, IsMadeOnceAndOpenedAgain) {
  TemporaryDirectory parent;
  const std::string path = parent.path() + "/a/b";
  {
    auto directory = DataDirectory::Open(path);
    ASSERT_OK(directory.status());
    EXPECT_TRUE((*directory)->created());
  }
  auto again = DataDirectory::Open(path);
  ASSERT_OK(again.status());
  EXPECT_FALSE((*again)->created());
}

TEST(DataDirectoryTest, ASecondOpenIsRefusedAndNamesTheHolder) {
  TemporaryDirectory parent;
  auto first = DataDirectory::Open(parent.path());
  ASSERT_OK(first.status());
  const absl::Status second = DataDirectory::Open(parent.path()).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(second.message().find(absl::StrCat("process ", ::getpid())), absl::string_view::npos) << second;
}

TEST(DataDirectoryTest, ANewerFormatIsRefused) {
  TemporaryDirectory parent;
  Write(parent.path() + "/FORMAT", "palmares 2\n");
  const absl::Status status = DataDirectory::Open(parent.path()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("understands up to 1"), absl::string_view::npos) << status;
}

TEST(DataDirectoryTest, ADirectoryOfSomethingElseIsRefused) {
  TemporaryDirectory parent;
  Write(parent.path() + "/thesis.txt", "…");
  EXPECT_EQ(DataDirectory::Open(parent.path()).status().code(), absl::StatusCode::kFailedPrecondition);
  Write(parent.path() + "/FORMAT", "something");
  EXPECT_EQ(DataDirectory::Open(parent.path()).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace palmares::storage
