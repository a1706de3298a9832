#include "services/rpc/filter.h"

#include "tests/testing.h"

namespace palmares::rpc {
namespace {

constexpr absl::string_view kFields[] = {"sex", "club"};

TEST(FilterTest, ReadsConditionsJoinedByAnd) {
  struct Case {
    const char* filter;
    std::vector<std::pair<std::string, std::string>> conditions;
  };
  const Case cases[] = {{"", {}},
                        {"   ", {}},
                        {"sex=W", {{"sex", "W"}}},
                        {" sex = W ", {{"sex", "W"}}},
                        {R"(club = "North AND South")", {{"club", "North AND South"}}},
                        {R"(club="say \"run\"")", {{"club", "say \"run\""}}},
                        {R"(club = "")", {{"club", ""}}},
                        {"sex = M AND club = North", {{"sex", "M"}, {"club", "North"}}}};
  for (const Case& c : cases) {
    const auto conditions = ParseFilter(c.filter, kFields);
    ASSERT_OK(conditions) << c.filter;
    std::vector<std::pair<std::string, std::string>> read;
    for (const Condition& condition : *conditions) read.emplace_back(condition.field, condition.value);
    EXPECT_EQ(read, c.conditions) << c.filter;
  }
}

TEST(FilterTest, RefusesEverythingElse) {
  for (const char* filter : {"sex", "sex =", "= W", "sex W", "sex = W club = North", "sex = W OR club = North",
                             "sex = W AND", R"(club = "North)", "colour = red", "SEX = W", "sex > W"}) {
    EXPECT_EQ(ParseFilter(filter, kFields).status().code(), absl::StatusCode::kInvalidArgument) << filter;
  }
}

}  // namespace
}  // namespace palmares::rpc
