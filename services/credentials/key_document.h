// The published key document: a JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037), retired ones included, by which
// anybody verifies without asking the server.
#ifndef PALMARES_SERVICES_CREDENTIALS_KEY_DOCUMENT_H_
#define PALMARES_SERVICES_CREDENTIALS_KEY_DOCUMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace palmares::credentials {

struct PublishedKey {
  std::string id;          // `kid`
  std::string public_key;  // 32 bytes
  absl::Time create_time = absl::InfinitePast();
  std::optional<absl::Time> retire_time;      // signed nothing from then on
  std::optional<absl::Time> compromise_time;  // what it signed from then on is not to be believed
};

// One key as a JSON Web Key; the times, to the second, as members "created", "retired" and "compromised".
std::string WriteKey(const PublishedKey& key);
// {"keys":[…]}
std::string WriteKeyDocument(const std::vector<PublishedKey>& keys);

// Keys of other kinds are passed over. INVALID_ARGUMENT for what is no key set, and for an Ed25519 key whose id is not
// that of its bytes, or that occurs twice.
absl::StatusOr<std::vector<PublishedKey>> ReadKeyDocument(absl::string_view text);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_KEY_DOCUMENT_H_
