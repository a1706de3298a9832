#include "services/identity/athlete_ids.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::identity {
namespace {

TEST(AthleteIdsTest, AnIdIsFoundBothWaysUntilItIsTakenAway) {
  AthleteIds ids;
  EXPECT_EQ(ids.Find("ada"), 0);
  EXPECT_EQ(ids.Of(1), "");
  ids.Set(7, "ada");
  ids.Set(3, "bea");
  EXPECT_EQ(ids.Find("ada"), 7);
  EXPECT_EQ(ids.Of(7), "ada");
  EXPECT_EQ(ids.Of(5), "") << "nobody gave one";
  EXPECT_EQ(ids.Find(""), 0);
  ids.Set(7, "ada-q");
  EXPECT_EQ(ids.Find("ada"), 0);
  EXPECT_EQ(ids.Find("ada-q"), 7);
  ids.Remove(7);
  ids.Remove(7);
  EXPECT_EQ(ids.Find("ada-q"), 0);
  EXPECT_EQ(ids.Of(7), "");
  ids.Set(9, "ada");
  EXPECT_EQ(ids.Find("ada"), 9);
  EXPECT_EQ(ids.Find("bea"), 3);
}

TEST(AthleteIdsTest, OfManyEachIsFoundAfterOthersHaveGone) {
  AthleteIds ids;
  constexpr int kMany = 20'000;
  for (int i = 1; i <= kMany; ++i) ids.Set(i, absl::StrCat("athlete-", i * 7));
  for (int i = 1; i <= kMany; ++i) {
    if (i % 3 != 0) ids.Remove(i);
  }
  for (int i = 1; i <= kMany; ++i) {
    const std::string id = absl::StrCat("athlete-", i * 7);
    EXPECT_EQ(ids.Find(id), i % 3 == 0 ? i : 0);
    EXPECT_EQ(ids.Of(i), i % 3 == 0 ? id : "");
  }
  EXPECT_LT(ids.memory_bytes(), kMany * 60);
}

}  // namespace
}  // namespace palmares::identity
