#include "services/access/tokens.h"

#include <set>

#include "services/access/access_service.h"
#include "services/access/token_uses.h"
#include "storage/stored.pb.h"
#include "tests/testing.h"

namespace palmares::access {
namespace {

RandomBytes Repeatable(uint64_t seed) {
  return [random = std::make_shared<testing::Random>(seed)](char* out, size_t size) {
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<char>(random->Next());
  };
}

TEST(SecretTest, IsRecognisedAndEveryMistypedCharacterIsNoticed) {
  const std::string secret = MakeSecret(Repeatable(1));
  ASSERT_TRUE(LooksLikeSecret(secret)) << secret;
  EXPECT_EQ(secret.size(), 9u + 43u + 6u);
  for (size_t i = 0; i < secret.size(); ++i) {
    std::string wrong = secret;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(LooksLikeSecret(wrong)) << "character " << i;
  }
  for (size_t size = 0; size < secret.size(); ++size) EXPECT_FALSE(LooksLikeSecret(secret.substr(0, size)));
  EXPECT_FALSE(LooksLikeSecret(secret + "0"));
}

TEST(SecretTest, NoTwoAreAlikeAndNeitherAreTheirHashes) {
  const RandomBytes random = Repeatable(2);
  std::set<std::string> secrets, hashes;
  for (int i = 0; i < 1000; ++i) {
    const std::string secret = MakeSecret(random);
    secrets.insert(secret);
    hashes.insert(HashSecret(secret));
  }
  EXPECT_EQ(secrets.size(), 1000u);
  EXPECT_EQ(hashes.size(), 1000u);
}

TEST(TokensTest, ATokenIsFoundByItsSecretAloneAndKeepsNoSecret) {
  const std::string secret = MakeSecret(Repeatable(3));
  storage::Entry entry;
  entry.position = 5;
  entry.time_us = 77;
  entry.actor = "system";
  entry.change = TokenDraft("desk", secret, Role::kOrganizer, {"events/a"}, "Desk", 0);
  EXPECT_EQ(entry.change.body.find(secret), std::string::npos);
  Tokens tokens;
  ASSERT_OK(tokens.Apply(entry));
  const Token* token = tokens.FindBySecret(secret);
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(token->id, "desk");
  EXPECT_EQ(token->role, Role::kOrganizer);
  EXPECT_EQ(token->create_time_us, 77);
  EXPECT_EQ(tokens.FindBySecret(MakeSecret(Repeatable(4))), nullptr);
}

TEST(TokensTest, ARevokedTokenSaysWhen) {
  storage::Entry made, revoked;
  made.position = 1;
  made.change = TokenDraft("desk", MakeSecret(Repeatable(3)), Role::kOperator, {}, "", 0);
  stored::v1::TokenRevoked body;
  body.set_id("desk");
  revoked.position = 2;
  revoked.time_us = 99;
  revoked.change.kind = storage::EntryKind::kTokenRevoked;
  revoked.change.body = body.SerializeAsString();
  Tokens tokens;
  ASSERT_OK(tokens.Apply(made));
  EXPECT_EQ(tokens.Find("desk")->revoke_time_us, 0);
  ASSERT_OK(tokens.Apply(revoked));
  EXPECT_EQ(tokens.Find("desk")->revoke_time_us, 99);
}

TEST(TokenUsesTest, TellTheHourOfTheLastUse) {
  constexpr int64_t kHourUs = 3'600'000'000;
  TokenUses uses;
  EXPECT_EQ(uses.LastUse("a"), std::nullopt);
  uses.Record("a", 10 * kHourUs + 5);
  uses.Record("b", 11 * kHourUs);
  EXPECT_EQ(uses.LastUse("a"), 10 * kHourUs);
  uses.Record("a", 12 * kHourUs - 1);
  EXPECT_EQ(uses.LastUse("a"), 11 * kHourUs);
  uses.Record("a", 10 * kHourUs);
  EXPECT_EQ(uses.LastUse("a"), 11 * kHourUs) << "a call that was slower than another";
  EXPECT_EQ(uses.LastUse("b"), 11 * kHourUs);
}

}  // namespace
}  // namespace palmares::access
