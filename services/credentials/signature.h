// Ed25519 keys and JSON Web Signatures in compact form (RFC 7515), by EdDSA alone (RFC 8037): no other algorithm is
// ever accepted, whatever a signature's header says.
#ifndef PALMARES_SERVICES_CREDENTIALS_SIGNATURE_H_
#define PALMARES_SERVICES_CREDENTIALS_SIGNATURE_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::credentials {

constexpr size_t kPublicKeyBytes = 32;
constexpr size_t kSeedBytes = 32;

// Fills a buffer with random bytes.
using RandomBytes = std::function<void(char* out, size_t size)>;

// Both halves of a key.
struct KeyPair {
  std::string id;          // KeyId(public_key): the `kid` in signatures
  std::string public_key;  // kPublicKeyBytes
  std::string seed;        // kSeedBytes; secret
};

KeyPair KeyPairFromSeed(absl::string_view seed);
KeyPair MakeKeyPair(const RandomBytes& random);

// 32 hexadecimal digits: the first half of the key's thumbprint (RFC 7638, SHA-256), so that nobody can publish another
// key under the same id.
std::string KeyId(absl::string_view public_key);

// The compact form: header.payload.signature. `type` is the header's `typ`.
std::string Sign(absl::string_view type, absl::string_view payload, const KeyPair& key);

// A signature that was read, and not verified yet.
struct Signature {
  std::string algorithm;  // `alg`
  std::string type;       // `typ`
  std::string key;        // `kid`
  bool critical =
      false;  // the header has `crit`: extensions that a reader must understand, and none is understood here
  std::string payload;
  std::string signed_text;  // header.payload
  std::string signature;
};

// INVALID_ARGUMENT for what is no compact JWS.
absl::StatusOr<Signature> ReadSignature(absl::string_view compact);

// Whether the key made the signature; false for every algorithm but EdDSA.
bool IsGenuine(const Signature& signature, absl::string_view public_key);

std::string Sha256(absl::string_view bytes);
// Base64url without padding (RFC 7515).
std::string ToBase64(absl::string_view bytes);
// INVALID_ARGUMENT for anything that ToBase64 does not print.
absl::StatusOr<std::string> FromBase64(absl::string_view text);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_SIGNATURE_H_
