// The view of the keys that portfolios are signed with: public halves alone. Written by the store's writer thread, read
// under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_PORTFOLIO_SIGNING_KEYS_H_
#define PALMARES_SERVICES_PORTFOLIO_SIGNING_KEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/credentials/key_document.h"
#include "storage/entry.h"

namespace palmares::portfolio {

struct SigningKey {
  std::string id;
  std::string public_key;  // Ed25519, 32 bytes
  int64_t create_time_us = 0;
  int64_t retire_time_us = 0;      // 0: it signs
  int64_t compromise_time_us = 0;  // 0: never
};

class SigningKeys {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // Oldest first. One key signs at a time: each retires those before it, in the entry that makes it.
  const std::vector<SigningKey>& all() const { return keys_; }
  // nullptr if there is none.
  const SigningKey* Find(absl::string_view id) const;
  // The newest that is not retired; nullptr if there is none.
  const SigningKey* Active() const;

 private:
  std::vector<SigningKey> keys_;
};

credentials::PublishedKey Published(const SigningKey& key);
// Newest first.
std::vector<credentials::PublishedKey> Published(const SigningKeys& keys);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SIGNING_KEYS_H_
