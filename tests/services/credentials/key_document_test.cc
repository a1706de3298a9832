#include "services/credentials/key_document.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/credentials/signature.h"
#include "tests/testing.h"

namespace palmares::credentials {
namespace {

PublishedKey MakeKey(char seed) {
  const KeyPair pair = KeyPairFromSeed(std::string(32, seed));
  PublishedKey key;
  key.id = pair.id;
  key.public_key = pair.public_key;
  key.create_time = absl::FromUnixSeconds(1'700'000'000);
  return key;
}

TEST(KeyDocumentTest, WhatIsWrittenIsReadBack) {
  PublishedKey retired = MakeKey(1);
  retired.retire_time = absl::FromUnixSeconds(1'710'000'000);
  retired.compromise_time = absl::FromUnixSeconds(1'705'000'000);
  const std::string text = WriteKeyDocument({MakeKey(2), retired});
  const auto read = ReadKeyDocument(text);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2);
  EXPECT_EQ((*read)[0].id, MakeKey(2).id);
  EXPECT_EQ((*read)[0].public_key, MakeKey(2).public_key);
  EXPECT_FALSE((*read)[0].retire_time.has_value());
  EXPECT_EQ((*read)[1].retire_time, retired.retire_time);
  EXPECT_EQ((*read)[1].compromise_time, retired.compromise_time);
  EXPECT_EQ(WriteKeyDocument(*read), text);
}

TEST(KeyDocumentTest, AKeyUnderAnotherKeysIdIsRefused) {
  const std::string swapped = absl::StrReplaceAll(WriteKeyDocument({MakeKey(1)}), {{MakeKey(1).id, MakeKey(2).id}});
  EXPECT_THAT(std::string(ReadKeyDocument(swapped).status().message()), ::testing::HasSubstr("\"kid\""));
  EXPECT_FALSE(ReadKeyDocument(WriteKeyDocument({MakeKey(1), MakeKey(1)})).ok());
}

TEST(KeyDocumentTest, KeysOfOtherKindsArePassedOver) {
  const auto read =
      ReadKeyDocument(absl::StrCat(R"({"keys":[{"kty":"EC","crv":"P-256","kid":"x"},)", WriteKey(MakeKey(1)), "]}"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->size(), 1);
}

TEST(KeyDocumentTest, WhatIsNoKeySetIsRefused) {
  for (const absl::string_view text : {"", "[]", "{}", R"({"keys":1})", R"({"keys":[{"kty":"OKP","crv":"Ed25519"}]})",
                                       R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"a"}]})"}) {
    EXPECT_FALSE(ReadKeyDocument(text).ok()) << text;
  }
}

}  // namespace
}  // namespace palmares::credentials
