#include "services/credentials/signature.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/testing.h"

namespace palmares::credentials {
namespace {

std::string Bytes(absl::string_view base64) {
  const absl::StatusOr<std::string> bytes = FromBase64(base64);
  EXPECT_TRUE(bytes.ok()) << base64;
  return bytes.value_or("");
}

// The key of RFC 8037, appendix A.
KeyPair KeyOfTheStandard() { return KeyPairFromSeed(Bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")); }

KeyPair OtherKey() { return KeyPairFromSeed(std::string(32, '\x07')); }

TEST(SignatureTest, TheKeyOfTheStandardHasItsPublicHalfAndThumbprint) {
  const KeyPair key = KeyOfTheStandard();
  EXPECT_EQ(ToBase64(key.public_key), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  const std::string thumbprint = Bytes("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");  // RFC 8037, A.3
  EXPECT_EQ(key.id, absl::BytesToHexString(thumbprint.substr(0, 16)));
}

TEST(SignatureTest, TheSignatureOfTheStandardIsGenuine) {  // RFC 8037, A.4
  const auto read = ReadSignature(
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->payload, "Example of Ed25519 signing");
  EXPECT_TRUE(IsGenuine(*read, KeyOfTheStandard().public_key));
  EXPECT_FALSE(IsGenuine(*read, OtherKey().public_key));
}

TEST(SignatureTest, WhatIsSignedVerifiesAndNothingElseDoes) {
  const KeyPair key = KeyOfTheStandard();
  const std::string compact = Sign("vc+sd-jwt", "{\"a\":1}", key);
  const auto read = ReadSignature(compact);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->key, key.id);
  EXPECT_EQ(read->type, "vc+sd-jwt");
  EXPECT_TRUE(IsGenuine(*read, key.public_key));
  // Every single character counts.
  for (size_t i = 0; i < compact.size(); ++i) {
    std::string forged = compact;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (forged == compact) continue;
    const auto other = ReadSignature(forged);
    EXPECT_FALSE(other.ok() && IsGenuine(*other, key.public_key)) << i;
  }
  for (size_t length = 0; length < compact.size(); ++length) {
    const auto cut = ReadSignature(compact.substr(0, length));
    EXPECT_FALSE(cut.ok() && IsGenuine(*cut, key.public_key)) << length;
  }
}

TEST(SignatureTest, NoOtherAlgorithmIsAcceptedWhateverTheHeaderSays) {
  const KeyPair key = KeyOfTheStandard();
  const std::string payload = ToBase64("{}");
  for (const absl::string_view algorithm : {"none", "HS256", "eddsa", "ES256", ""}) {
    const std::string header = ToBase64(absl::StrCat(R"({"alg":")", algorithm, R"(","kid":")", key.id, R"("})"));
    const std::vector<std::string> genuine = absl::StrSplit(Sign("t", "{}", key), '.');
    const auto read = ReadSignature(absl::StrCat(header, ".", payload, ".", genuine[2]));
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(IsGenuine(*read, key.public_key)) << algorithm;
  }
  // The empty signature of "none".
  const auto unsigned_one = ReadSignature(absl::StrCat(ToBase64(R"({"alg":"none"})"), ".", payload, "."));
  ASSERT_TRUE(unsigned_one.ok());
  EXPECT_FALSE(IsGenuine(*unsigned_one, key.public_key));
}

TEST(SignatureTest, CriticalExtensionsAreNotUnderstoodAndSoRefused) {
  const KeyPair key = KeyOfTheStandard();
  auto read = ReadSignature(Sign("t", "{}", key));
  ASSERT_TRUE(read.ok());
  ASSERT_TRUE(IsGenuine(*read, key.public_key));
  read->critical = true;
  EXPECT_FALSE(IsGenuine(*read, key.public_key));
  const auto with = ReadSignature(absl::StrCat(ToBase64(R"({"alg":"EdDSA","crit":["b64"]})"), ".e30.AAAA"));
  ASSERT_TRUE(with.ok());
  EXPECT_TRUE(with->critical);
}

TEST(SignatureTest, WhatIsNoCompactSignatureIsRefused) {
  for (const absl::string_view text :
       {"", "a", "a.b", "a.b.c.d", "e30.e30.e3=", "e30=.e30.", "e30.e30.+/", "e30.e31.", "bm8.e30.", "W10.e30.e30 "}) {
    EXPECT_FALSE(ReadSignature(text).ok()) << text;
  }
}

TEST(SignatureTest, TextHasOneFormInBase64) {
  EXPECT_EQ(ToBase64("\xFB\xFF"), "-_8");
  EXPECT_FALSE(FromBase64("-_9").ok());   // bits that mean nothing are set
  EXPECT_FALSE(FromBase64("-_8=").ok());  // padded
  EXPECT_FALSE(FromBase64("+/8").ok());
  EXPECT_EQ(FromBase64("-_8").value_or(""), "\xFB\xFF");
}

}  // namespace
}  // namespace palmares::credentials
