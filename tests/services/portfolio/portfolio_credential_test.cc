#include "services/portfolio/portfolio_credential.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/credentials/disclosure.h"
#include "services/portfolio/portfolio_explanation.h"
#include "services/portfolio/portfolio_sections.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Selection = v1::PortfolioSelection;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

v1::PortfolioContent MakeContent() {
  v1::PortfolioContent content;
  content.set_format(1);
  content.set_display_name("Season 2026");
  content.set_ledger_position(42);
  content.mutable_athlete()->set_display_name("Ada Quicksilver");
  content.mutable_athlete()->set_birth_year(1990);
  content.mutable_athlete()->mutable_birth_date()->set_year(1990);
  content.mutable_athlete()->set_country("KEN");
  content.mutable_verified()->mutable_summary()->set_result_count(2);
  for (const char* result : {"events/a/editions/1/races/open/results/7", "events/b/editions/1/races/open/results/9"}) {
    v1::HistoryEntry* entry = content.mutable_verified()->add_results();
    entry->set_result(result);
    entry->mutable_mark()->set_value(8'543'000);
    entry->set_percentile(99.5);
  }
  content.mutable_self_reported()->mutable_profile()->set_biography("I run <b>far</b>.");
  return content;
}

class PortfolioCredentialTest : public ::testing::Test {
 protected:
  PortfolioCredentialTest() : random_([this](char* out, size_t size) { std::fill_n(out, size, ++counter_); }) {
    key_ = credentials::KeyPairFromSeed(std::string(32, 'k'));
    credentials::PublishedKey published;
    published.id = key_.id;
    published.public_key = key_.public_key;
    keys_ = {published};
    terms_.issuer = "https://results.example.org";
    terms_.athlete = "athletes/7";
    terms_.portfolio = "athletes/7/portfolios/2026";
    terms_.version = 3;
    terms_.valid_from = kNow;
    terms_.valid_until = kNow + absl::Hours(24);
    terms_.status_index = 5;
    const auto credential = SignPortfolio(MakeContent(), terms_, key_, random_);
    EXPECT_TRUE(credential.ok()) << credential.status();
    credential_ = *credential;
  }

  VerifiedPortfolio Verify(absl::string_view text) const { return VerifyCredential(text, keys_, kNow); }
  // The same payload and disclosures under another header or key.
  std::string Resigned(absl::string_view type, const credentials::KeyPair& key) {
    auto split = credentials::SplitCredential(credential_.text);
    EXPECT_TRUE(split.ok());
    split->signature = credentials::Sign(type, credentials::ReadSignature(split->signature)->payload, key);
    return credentials::JoinCredential(*split);
  }

  char counter_ = 0;
  const credentials::RandomBytes random_;
  credentials::KeyPair key_;
  std::vector<credentials::PublishedKey> keys_;
  CredentialTerms terms_;
  SignedCredential credential_;
};

TEST_F(PortfolioCredentialTest, WhatWasSignedComesBackWordForWord) {
  const VerifiedPortfolio verified = Verify(credential_.text);
  ASSERT_TRUE(verified.authentic()) << verified.failure << " " << verified.failure_text;
  EXPECT_EQ(verified.content.SerializeAsString(), MakeContent().SerializeAsString());
  EXPECT_EQ(verified.terms.issuer, terms_.issuer);
  EXPECT_EQ(verified.terms.portfolio, terms_.portfolio);
  EXPECT_EQ(verified.terms.athlete, terms_.athlete);
  EXPECT_EQ(verified.terms.version, 3);
  EXPECT_EQ(verified.terms.valid_from, terms_.valid_from);
  EXPECT_EQ(verified.terms.valid_until, terms_.valid_until);
  EXPECT_EQ(verified.terms.status_index, 5);
  EXPECT_EQ(verified.content_sha256, credential_.content_sha256);
  EXPECT_FALSE(verified.expired);
}

TEST_F(PortfolioCredentialTest, AnIssuerWithoutAnAddressIsNamedToo) {
  terms_.issuer = "urn:palmares:0123";
  const auto credential = SignPortfolio(MakeContent(), terms_, key_, random_);
  ASSERT_TRUE(credential.ok());
  const VerifiedPortfolio verified = Verify(credential->text);
  EXPECT_TRUE(verified.authentic()) << verified.failure_text;
  EXPECT_EQ(verified.terms.portfolio, terms_.portfolio);
}

TEST_F(PortfolioCredentialTest, APartVerifiesAndShowsNothingElse) {
  DisclosedPart part;
  part.sections = {Selection::SECTION_RESULTS};
  part.results = {"events/b/editions/1/races/open/results/9"};
  const auto text = Disclose(credential_.text, part);
  ASSERT_TRUE(text.ok()) << text.status();
  const VerifiedPortfolio verified = Verify(*text);
  ASSERT_TRUE(verified.authentic()) << verified.failure_text;
  ASSERT_EQ(verified.content.verified().results_size(), 1);
  EXPECT_EQ(verified.content.verified().results(0).result(), "events/b/editions/1/races/open/results/9");
  EXPECT_FALSE(verified.content.verified().has_summary());
  EXPECT_FALSE(verified.content.self_reported().has_profile());
  EXPECT_EQ(verified.content.athlete().display_name(), "Ada Quicksilver");
  EXPECT_EQ(verified.content.athlete().birth_year(), 0) << "a part never tells the date of birth";
  EXPECT_FALSE(verified.content.athlete().has_birth_date());
  EXPECT_EQ(verified.content_sha256, credential_.content_sha256) << "the same signature covers the part";
}

TEST_F(PortfolioCredentialTest, OnlyTheseResultsAreNothingElse) {
  DisclosedPart part;
  part.results = {"events/b/editions/1/races/open/results/9"};
  const auto text = Disclose(credential_.text, part);
  ASSERT_TRUE(text.ok()) << text.status();
  const VerifiedPortfolio verified = Verify(*text);
  ASSERT_TRUE(verified.authentic()) << verified.failure_text;
  EXPECT_THAT(SectionsOf(verified.content), ElementsAre(Selection::SECTION_RESULTS));
  EXPECT_EQ(verified.content.verified().results_size(), 1);
  EXPECT_EQ(verified.withheld.elements, 1);
  EXPECT_EQ(verified.withheld.members, 4) << "year and date of birth, summary and profile";
  EXPECT_EQ(Verify(credential_.text).withheld.members, 0);
}

TEST_F(PortfolioCredentialTest, AForgedOneIsToldByItsReason) {
  const credentials::KeyPair other = credentials::KeyPairFromSeed(std::string(32, 'x'));
  EXPECT_EQ(Verify(Resigned("vc+sd-jwt", other)).failure, "KEY_UNKNOWN");
  EXPECT_EQ(Verify(Resigned("jwt", key_)).failure, "TYPE_NOT_ALLOWED");
  EXPECT_EQ(Verify(Resigned("vc+jwt", key_)).failure, "TYPE_NOT_ALLOWED") << "a status list is no portfolio";
  // Another key that says it is this one.
  credentials::KeyPair liar = other;
  liar.id = key_.id;
  EXPECT_EQ(Verify(Resigned("vc+sd-jwt", liar)).failure, "SIGNATURE_INVALID");
  // And that brings its own key along, or says where it is: keys are those of the key document alone.
  const std::string brought = absl::StrCat(R"(vc+sd-jwt","jwk":{"crv":"Ed25519","kty":"OKP","x":")",
                                           credentials::ToBase64(liar.public_key), R"("},"jku":"https://evil.example)");
  const std::string forged = Resigned(brought, liar);
  EXPECT_THAT(*credentials::FromBase64(forged.substr(0, forged.find('.'))), HasSubstr(R"("jwk":{)"));
  EXPECT_EQ(Verify(forged).failure, "SIGNATURE_INVALID");
}

TEST_F(PortfolioCredentialTest, NoOtherAlgorithmIsAccepted) {
  const auto split = credentials::SplitCredential(credential_.text);
  const std::vector<std::string> parts = absl::StrSplit(split->signature, '.');
  for (const absl::string_view algorithm : {"none", "None", "HS256", "RS256", "ES256", "eddsa", "Ed25519", ""}) {
    const std::string header = credentials::ToBase64(
        absl::StrCat(R"({"alg":")", algorithm, R"(","kid":")", key_.id, R"(","typ":"vc+sd-jwt"})"));
    const std::string forged = absl::StrCat(header, ".", parts[1], ".", algorithm == "none" ? "" : parts[2], "~");
    EXPECT_EQ(Verify(forged).failure, "ALGORITHM_NOT_ALLOWED") << algorithm;
  }
}

TEST_F(PortfolioCredentialTest, ATruncatedOrReorderedOneIsRefused) {
  for (size_t length = 0; length < credential_.text.size(); length += 7) {
    // Cut at a "~" it may be a part of the whole, which says less; anywhere else it is nothing.
    if (length > 0 && credential_.text[length - 1] == '~') continue;
    EXPECT_FALSE(Verify(credential_.text.substr(0, length)).authentic()) << length;
  }
  std::vector<std::string> parts = absl::StrSplit(absl::string_view(credential_.text), '.');
  std::swap(parts[0], parts[1]);
  EXPECT_FALSE(Verify(absl::StrCat(parts[0], ".", parts[1], ".", parts[2])).authentic());
}

TEST_F(PortfolioCredentialTest, InWhichOrderPartsAreDisclosedChangesNothing) {
  auto split = credentials::SplitCredential(credential_.text);
  ASSERT_TRUE(split.ok());
  ASSERT_GT(split->disclosures.size(), 5U);
  std::reverse(split->disclosures.begin(), split->disclosures.end());
  const VerifiedPortfolio verified = Verify(credentials::JoinCredential(*split));
  ASSERT_TRUE(verified.authentic()) << verified.failure_text;
  EXPECT_EQ(verified.content.SerializeAsString(), MakeContent().SerializeAsString())
      << "the order of results is what was signed";
  split->disclosures.push_back(split->disclosures.front());
  EXPECT_EQ(Verify(credentials::JoinCredential(*split)).failure, "DISCLOSURE_INVALID") << "one is there twice";
}

TEST_F(PortfolioCredentialTest, PartsOfAnotherPortfolioAreNotTakenIn) {
  v1::PortfolioContent better = MakeContent();
  better.mutable_verified()->mutable_results(0)->mutable_mark()->set_value(7'235'000);
  const auto other = SignPortfolio(better, terms_, key_, random_);
  ASSERT_TRUE(other.ok());
  auto split = credentials::SplitCredential(credential_.text);
  const auto others = credentials::SplitCredential(other->text);
  ASSERT_TRUE(split.ok() && others.ok());
  split->disclosures = others->disclosures;
  EXPECT_EQ(Verify(credentials::JoinCredential(*split)).failure, "DISCLOSURE_INVALID");
}

TEST_F(PortfolioCredentialTest, AnAlteredDisclosureIsRefused) {
  auto split = credentials::SplitCredential(credential_.text);
  ASSERT_TRUE(split.ok());
  for (std::string& disclosure : split->disclosures) {
    std::string json = *credentials::FromBase64(disclosure);
    if (json.find("99.5") == std::string::npos) continue;
    disclosure = credentials::ToBase64(absl::StrReplaceAll(json, {{"99.5", "99.9"}}));
  }
  EXPECT_EQ(Verify(credentials::JoinCredential(*split)).failure, "DISCLOSURE_INVALID");
}

TEST_F(PortfolioCredentialTest, ItsTimeIsSaidAndOneOfTheFutureRefused) {
  const VerifiedPortfolio later = VerifyCredential(credential_.text, keys_, kNow + absl::Hours(25));
  EXPECT_TRUE(later.authentic());
  EXPECT_TRUE(later.expired);
  EXPECT_EQ(VerifyCredential(credential_.text, keys_, kNow - absl::Hours(1)).failure, "NOT_YET_VALID");
}

TEST_F(PortfolioCredentialTest, AKeyInOtherHandsIsBelievedOnlyForWhatItSignedBefore) {
  keys_[0].compromise_time = kNow - absl::Hours(1);
  EXPECT_EQ(Verify(credential_.text).failure, "KEY_COMPROMISED");
  keys_[0].compromise_time = kNow + absl::Hours(1);
  EXPECT_TRUE(Verify(credential_.text).authentic());
  EXPECT_TRUE(Verify(credential_.text).key_compromised_later);
  keys_[0].compromise_time.reset();
  keys_[0].retire_time = kNow - absl::Hours(1);
  EXPECT_EQ(Verify(credential_.text).failure, "KEY_RETIRED");
}

TEST_F(PortfolioCredentialTest, WhatIsSignedShowsNoNameOrMark) {
  const auto split = credentials::SplitCredential(credential_.text);
  const std::string payload = credentials::ReadSignature(split->signature)->payload;
  for (const char* secret : {"Quicksilver", "1990", "KEN", "8543000", "I run"}) {
    EXPECT_THAT(payload, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(payload, HasSubstr("\"VerifiableCredential\""));
  EXPECT_THAT(payload, HasSubstr("https://www.w3.org/ns/credentials/v2"));
}

TEST_F(PortfolioCredentialTest, AStatusListTellsOfItsOwnIssuerAndPurposeAlone) {
  StatusListTerms list{terms_.issuer, std::string(kRevocation), kNow, kNow + absl::Hours(1)};
  const VerifiedPortfolio portfolio = Verify(credential_.text);
  const auto with = SignStatusList(list, {5}, key_);
  const auto without = SignStatusList(list, {4, 6}, key_);
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_TRUE(ReadStatus(*with, kRevocation, portfolio, keys_, kNow).value_or(false));
  EXPECT_FALSE(ReadStatus(*without, kRevocation, portfolio, keys_, kNow).value_or(true));
  EXPECT_FALSE(ReadStatus(*with, kRefresh, portfolio, keys_, kNow).ok());
  EXPECT_FALSE(ReadStatus(*with, kRevocation, portfolio, keys_, kNow + absl::Hours(2)).ok()) << "too old";
  list.issuer = "https://elsewhere.example.org";
  EXPECT_FALSE(ReadStatus(*SignStatusList(list, {5}, key_), kRevocation, portfolio, keys_, kNow).ok());
  EXPECT_FALSE(ReadStatus(credential_.text, kRevocation, portfolio, keys_, kNow).ok());
}

TEST_F(PortfolioCredentialTest, AStatusListOfAKeyThatSignsNoMoreIsNotBelieved) {
  const StatusListTerms list{terms_.issuer, std::string(kRevocation), kNow, kNow + absl::Hours(1)};
  const VerifiedPortfolio portfolio = Verify(credential_.text);
  const auto text = SignStatusList(list, {}, key_);
  ASSERT_TRUE(text.ok());
  keys_[0].retire_time = kNow + absl::Minutes(1);
  EXPECT_TRUE(ReadStatus(*text, kRevocation, portfolio, keys_, kNow).ok()) << "signed before";
  keys_[0].retire_time = kNow - absl::Minutes(1);
  EXPECT_FALSE(ReadStatus(*text, kRevocation, portfolio, keys_, kNow).ok());
  keys_[0].retire_time.reset();
  keys_[0].compromise_time = kNow + absl::Minutes(30);
  EXPECT_FALSE(ReadStatus(*text, kRevocation, portfolio, keys_, kNow).ok()) << "who has the key dates it as they like";
}

TEST_F(PortfolioCredentialTest, TheExplanationSaysWhoAssertsWhatAsOfWhen) {
  const std::string text = Explain(Verify(credential_.text), v1::Portfolio::STATE_UNSPECIFIED, {});
  for (const char* part : {"https://results.example.org", "Season 2026", "Ada Quicksilver", "2027-01-15", "version 3",
                           "position 42", "2 results", "Said by the athlete: profile"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(Explain(Verify("x~"), v1::Portfolio::STATE_UNSPECIFIED, {}), HasSubstr("Not authentic"));
}

}  // namespace
}  // namespace palmares::portfolio
