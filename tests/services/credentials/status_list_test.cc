#include "services/credentials/status_list.h"

#include "services/credentials/signature.h"
#include "tests/testing.h"

namespace palmares::credentials {
namespace {

TEST(StatusListTest, TheBitsThatAreSetAreReadBackAndNoOthers) {
  const std::string list = EncodeStatusList({0, 7, 8, 131'071});
  for (const int64_t set : {0, 7, 8, 131'071}) EXPECT_TRUE(StatusAt(list, set).value_or(false)) << set;
  for (const int64_t clear : {1, 6, 9, 131'070}) EXPECT_FALSE(StatusAt(list, clear).value_or(true)) << clear;
}

TEST(StatusListTest, AListIsAsLongAsTheStandardWantsAndGrowsBeyond) {
  EXPECT_TRUE(StatusAt(EncodeStatusList({}), kShortestStatusList - 1).ok());
  EXPECT_FALSE(StatusAt(EncodeStatusList({}), kShortestStatusList).ok());
  EXPECT_FALSE(StatusAt(EncodeStatusList({}), -1).ok());
  EXPECT_TRUE(StatusAt(EncodeStatusList({kShortestStatusList}), kShortestStatusList).value_or(false));
}

TEST(StatusListTest, ADamagedListIsRefused) {
  const std::string list = EncodeStatusList({1});
  for (const std::string& text :
       {std::string(), list.substr(1), list.substr(0, list.size() / 2), "u" + ToBase64("x")}) {
    EXPECT_FALSE(StatusAt(text, 1).ok()) << text;
  }
}

}  // namespace
}  // namespace palmares::credentials
