// Bearer tokens: who may call as what. Only a hash of each secret is kept.
//
// A secret is "palmares_", 43 characters of base64url (32 random bytes) and 6 hexadecimal digits of a checksum, so that
// a scanner recognises one and a mistyped one is told from a revoked one.
#ifndef PALMARES_SERVICES_ACCESS_TOKENS_H_
#define PALMARES_SERVICES_ACCESS_TOKENS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "storage/entry.h"

namespace palmares::access {

// The numbers are on disk and the API's: never change or reuse one.
enum class Role : uint8_t {
  kUnspecified = 0,
  kAnonymous = 1,
  kOperator = 2,
  kOrganizer = 3,
  kAthlete = 4,
  kCoach = 5,
  kSponsor = 6,
  kFederation = 7,
};

struct Token {
  std::string id;
  Role role = Role::kUnspecified;
  std::vector<std::string> resources;  // "events/boston-marathon", "athletes/1042"; each with everything below it
  std::string display_name;
  std::string creator;
  std::string secret_hash;
  int64_t create_time_us = 0;
  int64_t expire_time_us = 0;  // 0: never
  int64_t revoke_time_us = 0;  // 0: in force
  int64_t position = 0;
};

// The view of tokens. Written by the store's writer thread, read under a storage::Store::Reader.
class Tokens {
 public:
  absl::Status Apply(const storage::Entry& entry);

  // The token with this secret; nullptr if nobody has it. Whether it is in force is the caller's to check.
  const Token* FindBySecret(absl::string_view secret) const;
  const Token* Find(absl::string_view id) const;
  const absl::btree_map<std::string, Token>& tokens() const { return tokens_; }

 private:
  absl::btree_map<std::string, Token> tokens_;  // by id
  absl::flat_hash_map<std::string, std::string> id_of_hash_;
};

// Fills a buffer with random bytes; injected so that tests are repeatable.
using RandomBytes = std::function<void(char* out, size_t size)>;

std::string MakeSecret(const RandomBytes& random);
// Whether the text is shaped like a secret and its checksum is right.
bool LooksLikeSecret(absl::string_view text);
std::string HashSecret(absl::string_view secret);

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_TOKENS_H_
