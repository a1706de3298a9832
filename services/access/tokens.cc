#include "services/access/tokens.h"

#include <sodium.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/stored.pb.h"

namespace palmares::access {
namespace {

constexpr absl::string_view kPrefix = "palmares_";
constexpr size_t kSecretBytes = 32;
constexpr size_t kSecretText = 43;
constexpr size_t kChecksumText = 6;

std::string Hash(absl::string_view bytes, size_t size) {
  std::string hash(size, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), size,
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return hash;
}

std::string Checksum(absl::string_view text) {
  return absl::BytesToHexString(Hash(text, crypto_generichash_BYTES_MIN)).substr(0, kChecksumText);
}

}  // namespace

absl::Status Tokens::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kTokenSet) {
    stored::v1::Token body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a token");
    Token& token = tokens_[body.id()];
    token = {.id = body.id(),
             .role = static_cast<Role>(body.role()),
             .resources = {body.resources().begin(), body.resources().end()},
             .display_name = body.display_name(),
             .creator = entry.actor,
             .secret_hash = body.secret_hash(),
             .create_time_us = entry.time_us,
             .expire_time_us = body.expire_time_us(),
             .revoke_time_us = 0,
             .position = entry.position};
    id_of_hash_[token.secret_hash] = token.id;
  } else if (entry.change.kind == storage::EntryKind::kTokenRevoked) {
    stored::v1::TokenRevoked body;
    const bool parsed = body.ParseFromString(entry.change.body);
    const auto found = tokens_.find(body.id());
    if (!parsed || found == tokens_.end()) return absl::DataLossError("a revocation of no token");
    found->second.revoke_time_us = entry.time_us;
    found->second.position = entry.position;
  }
  return absl::OkStatus();
}

const Token* Tokens::FindBySecret(absl::string_view secret) const {
  const auto found = id_of_hash_.find(HashSecret(secret));
  return found == id_of_hash_.end() ? nullptr : Find(found->second);
}

const Token* Tokens::Find(absl::string_view id) const {
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? nullptr : &found->second;
}

std::string MakeSecret(const RandomBytes& random) {
  std::string bytes(kSecretBytes, '\0');
  random(bytes.data(), bytes.size());
  const std::string text = absl::WebSafeBase64Escape(bytes);
  return absl::StrCat(kPrefix, text, Checksum(text));
}

bool LooksLikeSecret(absl::string_view text) {
  if (!absl::StartsWith(text, kPrefix) || text.size() != kPrefix.size() + kSecretText + kChecksumText) return false;
  text.remove_prefix(kPrefix.size());
  return Checksum(text.substr(0, kSecretText)) == text.substr(kSecretText);
}

std::string HashSecret(absl::string_view secret) { return Hash(secret, crypto_generichash_BYTES); }

}  // namespace palmares::access
