// What tests of every layer share.
#ifndef PALMARES_TESTS_TESTING_H_
#define PALMARES_TESTS_TESTING_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"

#define ASSERT_OK(expression) ASSERT_THAT(expression, ::palmares::testing::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT(expression, ::palmares::testing::IsOk())

namespace palmares::testing {

MATCHER(IsOk, "is OK") { return arg.ok(); }

// A directory of its own, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "palmares-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A small deterministic generator (SplitMix64), so that a failing seed can be named and replayed.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  int64_t Below(int64_t limit) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(limit)); }

 private:
  uint64_t state_;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_TESTING_H_
