#include "services/credentials/canonical_json.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::credentials {
namespace {

std::string MustBeCanonical(absl::string_view text) {
  const absl::StatusOr<std::string> canonical = CanonicalText(text);
  EXPECT_TRUE(canonical.ok()) << canonical.status() << " of " << text;
  return canonical.value_or("");
}

TEST(CanonicalJsonTest, TheExampleOfTheStandardComesOutByteForByte) {  // RFC 8785, 3.2.2 to 3.2.4
  EXPECT_EQ(MustBeCanonical(R"({
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    })"),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(CanonicalJsonTest, NamesAreOrderedByUtf16AndNotByBytes) {  // RFC 8785, 3.2.3
  EXPECT_EQ(
      MustBeCanonical(
          "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}"),
      "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":5,\"\xEF\xAC\xB3\":3}");
}

TEST(CanonicalJsonTest, NumbersArePrintedAsEcmaScriptPrintsThem) {  // RFC 8785, appendix B
  const std::pair<uint64_t, absl::string_view> cases[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : cases) EXPECT_EQ(CanonicalNumber(std::bit_cast<double>(bits)), text);
}

TEST(CanonicalJsonTest, EveryNumberReadsBackAsTheSameDouble) {
  std::mt19937_64 random(20261128);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    EXPECT_EQ(std::strtod(CanonicalNumber(number).c_str(), nullptr), number);
  }
}

TEST(CanonicalJsonTest, WhatIsCanonicalStaysAsItIs) {
  const std::string once = MustBeCanonical(R"({"b":[1,{"z":"é","a":-0.0}],"a":"x"})");
  EXPECT_EQ(once, "{\"a\":\"x\",\"b\":[1,{\"a\":0,\"z\":\"\xC3\xA9\"}]}");
  EXPECT_EQ(MustBeCanonical(once), once);
}

TEST(CanonicalJsonTest, WhatIsNoStrictJsonIsRefused) {
  for (const absl::string_view text : {"", "{", "{\"a\":1,}", "{'a':1}", "[1 2]", "nul", "{\"a\":1}x", "\"\xC3\x28\"",
                                       "\"\\ud800\"", "[1e999]", "{\"a\":1,\"a\":2}", "{\"x\":[{\"a\":1,\"a\":1}]}"}) {
    EXPECT_FALSE(CanonicalText(text).ok()) << text;
  }
  EXPECT_FALSE(CanonicalText(std::string(100'000, '[')).ok());
  EXPECT_TRUE(CanonicalText(absl::StrCat(std::string(64, '['), std::string(64, ']'))).ok());
  EXPECT_FALSE(CanonicalText(absl::StrCat(std::string(65, '['), std::string(65, ']'))).ok());
}

}  // namespace
}  // namespace palmares::credentials
