#include "services/credentials/signature.h"

#include <sodium.h>

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/credentials/json.h"

namespace palmares::credentials {
namespace {

constexpr absl::string_view kAlgorithm = "EdDSA";

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string Sha256(absl::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(Bytes(digest), Bytes(bytes), bytes.size());
  return digest;
}

std::string ToBase64(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

absl::StatusOr<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes) || ToBase64(bytes) != text) {
    return absl::InvalidArgumentError("no base64url without padding");
  }
  return bytes;
}

std::string KeyId(absl::string_view public_key) {
  // RFC 7638: the members that a thumbprint is of, in order, without white space.
  const std::string members = absl::StrCat(R"({"crv":"Ed25519","kty":"OKP","x":")", ToBase64(public_key), R"("})");
  return absl::BytesToHexString(Sha256(members).substr(0, 16));
}

KeyPair KeyPairFromSeed(absl::string_view seed) {
  KeyPair pair;
  pair.seed = std::string(seed);
  pair.public_key.resize(kPublicKeyBytes);
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(Bytes(pair.public_key), Bytes(secret), Bytes(seed));
  sodium_memzero(secret.data(), secret.size());
  pair.id = KeyId(pair.public_key);
  return pair;
}

KeyPair MakeKeyPair(const RandomBytes& random) {
  std::string seed(kSeedBytes, '\0');
  random(seed.data(), seed.size());
  return KeyPairFromSeed(seed);
}

std::string Sign(absl::string_view type, absl::string_view payload, const KeyPair& key) {
  const std::string header =
      absl::StrCat(R"({"alg":")", kAlgorithm, R"(","kid":")", key.id, R"(","typ":")", type, R"("})");
  std::string text = absl::StrCat(ToBase64(header), ".", ToBase64(payload));
  std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(Bytes(public_key), Bytes(secret), Bytes(absl::string_view(key.seed)));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(Bytes(signature), nullptr, Bytes(absl::string_view(text)), text.size(),
                       Bytes(absl::string_view(secret)));
  sodium_memzero(secret.data(), secret.size());
  absl::StrAppend(&text, ".", ToBase64(signature));
  return text;
}

absl::StatusOr<Signature> ReadSignature(absl::string_view compact) {
  const std::vector<absl::string_view> parts = absl::StrSplit(compact, '.');
  if (parts.size() != 3) {
    return absl::InvalidArgumentError("no JSON Web Signature, want header.payload.signature");
  }
  const absl::StatusOr<std::string> header_text = FromBase64(parts[0]);
  const absl::StatusOr<std::string> payload = FromBase64(parts[1]);
  const absl::StatusOr<std::string> signature = FromBase64(parts[2]);
  for (const auto* part : {&header_text, &payload, &signature}) {
    if (!part->ok()) return part->status();
  }
  const absl::StatusOr<rapidjson::Document> header = ParseJson(*header_text);
  if (!header.ok()) return absl::InvalidArgumentError(absl::StrCat("the header: ", header.status().message()));
  Signature read;
  read.algorithm = std::string(Text(*header, "alg"));
  read.type = std::string(Text(*header, "typ"));
  read.key = std::string(Text(*header, "kid"));
  read.critical = Member(*header, "crit") != nullptr;
  read.payload = *payload;
  read.signed_text = absl::StrCat(parts[0], ".", parts[1]);
  read.signature = *signature;
  return read;
}

bool IsGenuine(const Signature& signature, absl::string_view public_key) {
  return signature.algorithm == kAlgorithm && !signature.critical && signature.signature.size() == crypto_sign_BYTES &&
         public_key.size() == kPublicKeyBytes &&
         crypto_sign_verify_detached(Bytes(absl::string_view(signature.signature)),
                                     Bytes(absl::string_view(signature.signed_text)), signature.signed_text.size(),
                                     Bytes(public_key)) == 0;
}

}  // namespace palmares::credentials
