#include "services/credentials/disclosure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/credentials/canonical_json.h"
#include "tests/testing.h"

namespace palmares::credentials {
namespace {

class DisclosureTest : public ::testing::Test {
 protected:
  DisclosureTest() : random_([this](char* out, size_t size) { std::fill_n(out, size, ++counter_); }) {}

  // {"kept":…,"_sd":…,"list":[…]} of {"name":"Ada","year":1990,"list":["first","second"],"kept":true}.
  void Conceal() {
    auto document = ParseJson(R"({"name":"Ada","year":1990,"list":["first","second"],"kept":true})");
    ASSERT_TRUE(document.ok());
    Concealer concealer(&*document, &random_);
    concealer.ConcealElements((*document)["list"]);
    concealer.ConcealMembers(*document, {"kept", "list"});
    payload_ = Canonical(*document);
    disclosures_ = concealer.disclosures();
    ASSERT_EQ(disclosures_.size(), 4);
  }
  std::string Revealed(const std::vector<std::string>& disclosures) {
    const auto document = Reveal(payload_, disclosures);
    return document.ok() ? Canonical(*document) : std::string(document.status().message());
  }
  // The disclosures of these names and of the list's elements where "" is among them.
  std::vector<std::string> Only(const std::vector<std::string>& names) {
    const auto chosen = Choose(disclosures_, [&](const Disclosed& one) {
      return std::find(names.begin(), names.end(), one.name) != names.end();
    });
    EXPECT_TRUE(chosen.ok());
    return chosen.value_or(std::vector<std::string>());
  }

  char counter_ = 0;
  const RandomBytes random_;
  std::string payload_;
  std::vector<std::string> disclosures_;
};

TEST_F(DisclosureTest, WhatIsSignedShowsNothingOfWhatIsConcealed) {
  Conceal();
  for (const absl::string_view secret : {"Ada", "1990", "name", "year", "first"}) {
    EXPECT_THAT(payload_, ::testing::Not(::testing::HasSubstr(std::string(secret))));
  }
  EXPECT_THAT(payload_, ::testing::HasSubstr("\"kept\":true"));
}

TEST_F(DisclosureTest, AllDisclosuresTogetherGiveTheDocumentBack) {
  Conceal();
  EXPECT_EQ(Revealed(disclosures_), R"({"kept":true,"list":["first","second"],"name":"Ada","year":1990})");
}

TEST_F(DisclosureTest, APartIsShownWithoutATraceOfTheRest) {
  Conceal();
  EXPECT_EQ(Revealed(Only({"name"})), R"({"kept":true,"list":[],"name":"Ada"})");
  EXPECT_EQ(Revealed(Only({""})), R"({"kept":true,"list":["first","second"]})");
  EXPECT_EQ(Revealed({}), R"({"kept":true,"list":[]})");
}

TEST_F(DisclosureTest, AnAlteredOrForeignOrRepeatedDisclosureIsRefused) {
  Conceal();
  const std::string altered = ToBase64(R"(["AQEBAQEBAQEBAQEBAQEBAQ","name","Bea"])");
  EXPECT_FALSE(Reveal(payload_, {altered}).ok());
  std::vector<std::string> twice = disclosures_;
  twice.push_back(twice.front());
  EXPECT_FALSE(Reveal(payload_, twice).ok());
  for (const absl::string_view json :
       {R"(["salt"])", R"({"a":1})", R"(["s","_sd",1])", R"(["s","...",1])", R"([1,2])"}) {
    EXPECT_FALSE(Reveal(payload_, {ToBase64(json)}).ok()) << json;
  }
  EXPECT_FALSE(Reveal(payload_, {"%"}).ok());
}

TEST_F(DisclosureTest, AMemberIsNotDisclosedOverAnother) {
  const std::string disclosure = ToBase64(R"(["salt","kept",false])");
  const std::string payload = absl::StrCat(R"({"_sd":[")", ToBase64(Sha256(disclosure)), R"("],"kept":true})");
  EXPECT_FALSE(Reveal(payload, {disclosure}).ok());
}

TEST_F(DisclosureTest, AnElementIsNoMemberAndAMemberNoElement) {
  const std::string element = ToBase64(R"(["salt",1])");
  const std::string member = ToBase64(R"(["salt","a",1])");
  EXPECT_FALSE(Reveal(absl::StrCat(R"({"_sd":[")", ToBase64(Sha256(element)), R"("]})"), {element}).ok());
  EXPECT_FALSE(Reveal(absl::StrCat(R"({"l":[{"...":")", ToBase64(Sha256(member)), R"("}]})"), {member}).ok());
}

TEST_F(DisclosureTest, ACredentialIsSplitAndJoinedAtItsEnds) {
  const auto split = SplitCredential("a.b.c~x~y~");
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->signature, "a.b.c");
  EXPECT_THAT(split->disclosures, ::testing::ElementsAre("x", "y"));
  EXPECT_EQ(JoinCredential(*split), "a.b.c~x~y~");
  EXPECT_TRUE(SplitCredential("a.b.c~").ok());
  EXPECT_FALSE(SplitCredential("a.b.c").ok());
  EXPECT_FALSE(SplitCredential("a.b.c~x").ok());  // cut short
}

}  // namespace
}  // namespace palmares::credentials
