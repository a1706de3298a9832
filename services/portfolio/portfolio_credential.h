// A portfolio as a W3C Verifiable Credential 2.0, secured as a JWS with selective disclosure: what the server signs and
// what anybody verifies, offline, with the published key document.
//
//   {"@context":[…], "id":…, "type":["VerifiableCredential","PerformancePortfolio"], "issuer":…, "validFrom":…,
//    "validUntil":…, "credentialStatus":[revocation, refresh], "credentialSubject":{"id":…, PortfolioContent},
//    "_sd_alg":"sha-256"}
//
// The header's type is "vc+sd-jwt". Every field of the content's athlete, every section and every result is a
// disclosure of its own, and so is each list of names in the selection: of results, standards and goals.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CREDENTIAL_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CREDENTIAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "palmares/v1/portfolio_content.pb.h"
#include "services/credentials/disclosure.h"
#include "services/credentials/key_document.h"
#include "services/credentials/signature.h"
#include "services/portfolio/portfolio_sections.h"

namespace palmares::portfolio {

inline constexpr absl::string_view kCredentialType = "vc+sd-jwt";
inline constexpr absl::string_view kStatusListType = "vc+jwt";
// Ids of the two status lists, and the purposes that the W3C's list calls so.
inline constexpr absl::string_view kRevocation = "revocation";
inline constexpr absl::string_view kRefresh = "refresh";

// What a credential says of itself.
struct CredentialTerms {
  std::string issuer;     // URI; everything named below it is identified by it
  std::string portfolio;  // "athletes/1042/portfolios/2026"
  std::string athlete;    // "athletes/1042"
  int32_t version = 1;
  absl::Time valid_from;
  absl::Time valid_until;
  int64_t status_index = 0;
};

struct SignedCredential {
  std::string text;            // the signature and all disclosures, each ended by "~"
  std::string content_sha256;  // of the canonical JSON that is signed; the same for every part that is shown
};

absl::StatusOr<SignedCredential> SignPortfolio(const v1::PortfolioContent& content, const CredentialTerms& terms,
                                               const credentials::KeyPair& key, const credentials::RandomBytes& random);

// The credential without what is not in the part. A part never has the date or year of birth. INVALID_ARGUMENT for a
// text that SignPortfolio did not make.
absl::StatusOr<std::string> Disclose(absl::string_view credential, const DisclosedPart& part);

// What is known of a credential when it was verified by itself.
struct VerifiedPortfolio {
  // Stable code of the first failed check; empty for an authentic one:
  // `MALFORMED`, `ALGORITHM_NOT_ALLOWED`, `TYPE_NOT_ALLOWED`, `KEY_UNKNOWN`, `SIGNATURE_INVALID`, `KEY_COMPROMISED`,
  // `KEY_RETIRED`, `DISCLOSURE_INVALID`, `CONTENT_INVALID`, `NOT_YET_VALID`.
  std::string failure;
  std::string failure_text;  // English
  std::string signing_key;   // as the header names it
  // Only of what is signed by a known key:
  CredentialTerms terms;
  std::string content_sha256;
  v1::PortfolioContent content;    // what is disclosed
  credentials::Withheld withheld;  // what was signed beside it: members, and elements, which are results
  bool expired = false;            // its time is over; it is authentic all the same
  bool key_compromised_later = false;

  bool authentic() const { return failure.empty(); }
};
VerifiedPortfolio VerifyCredential(absl::string_view credential, const std::vector<credentials::PublishedKey>& keys,
                                   absl::Time now);

// A message as canonical JSON.
absl::StatusOr<std::string> CanonicalMessage(const google::protobuf::Message& message);

// A status list as a signed credential: the bits of `set` for the purpose, which is the list's id too.
struct StatusListTerms {
  std::string issuer;
  std::string purpose;
  absl::Time valid_from;
  absl::Time valid_until;
};
absl::StatusOr<std::string> SignStatusList(const StatusListTerms& terms, const std::vector<int64_t>& set,
                                           const credentials::KeyPair& key);
// Whether the list has the bit set. INVALID_ARGUMENT for one that no known key signed, or one that was in other hands
// or retired by then, that is over, of another issuer or purpose.
absl::StatusOr<bool> ReadStatus(absl::string_view list, absl::string_view purpose, const VerifiedPortfolio& portfolio,
                                const std::vector<credentials::PublishedKey>& keys, absl::Time now);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_CREDENTIAL_H_
