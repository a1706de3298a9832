#include "services/rpc/page_token.h"

#include "palmares/v1/access.pb.h"
#include "tests/testing.h"

namespace palmares::rpc {
namespace {

v1::ListTokensRequest Request(const std::string& filter) {
  v1::ListTokensRequest request;
  request.set_filter(filter);
  return request;
}

TEST(PageTokenTest, GivesBackItsKeyToTheSameRequestWhateverThePageSize) {
  const PageTokens tokens(std::string(32, 's'));
  for (const std::string& key :
       {std::string("a"), std::string("1,2,3"), std::string("\0\xff", 2), std::string(500, 'x')}) {
    v1::ListTokensRequest next = Request("f");
    next.set_page_token(tokens.Make(Request("f"), key));
    next.set_page_size(17);
    next.set_min_position(4);
    const auto last = tokens.LastKey(next);
    ASSERT_OK(last);
    EXPECT_EQ(*last, key);
  }
}

TEST(PageTokenTest, TheFirstPageHasNoKey) {
  const auto last = PageTokens(std::string(32, 's')).LastKey(Request("f"));
  ASSERT_OK(last);
  EXPECT_EQ(*last, "");
}

TEST(PageTokenTest, IsRefusedByAnotherRequestAnotherSecretAndAfterAnyChange) {
  const PageTokens tokens(std::string(32, 's'));
  const std::string token = tokens.Make(Request("f"), "key");
  v1::ListTokensRequest other = Request("g");
  other.set_page_token(token);
  EXPECT_EQ(tokens.LastKey(other).status().code(), absl::StatusCode::kInvalidArgument);
  v1::ListTokensRequest same = Request("f");
  same.set_page_token(token);
  EXPECT_FALSE(PageTokens(std::string(32, 't')).LastKey(same).ok());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string wrong = token;
    wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
    same.set_page_token(wrong);
    EXPECT_FALSE(tokens.LastKey(same).ok()) << "character " << i;
  }
}

TEST(PageSizeTest, HasADefaultACapAndIsNeverNegative) {
  EXPECT_EQ(*PageSize(0, 100, 1000), 100);
  EXPECT_EQ(*PageSize(7, 100, 1000), 7);
  EXPECT_EQ(*PageSize(5000, 100, 1000), 1000);
  EXPECT_EQ(PageSize(-1, 100, 1000).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace palmares::rpc
