#include "services/portfolio/portfolio_signer.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kKeys = "signingKeys/";

storage::Draft KeyDraft(const stored::v1::SigningKey& body) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSigningKeySet;
  draft.body = body.SerializeAsString();
  return draft;
}

}  // namespace

stored::v1::SigningKey PortfolioSigner::BodyOf(const credentials::KeyPair& pair, const std::string& reason) const {
  stored::v1::SigningKey body;
  body.set_id(pair.id);
  body.set_public_key(pair.public_key);
  body.set_create_time_us(absl::ToUnixMicros(calls_.clock()));
  body.set_reason(reason);
  return body;
}

absl::StatusOr<credentials::KeyPair> PortfolioSigner::Make() {
  credentials::KeyPair pair = credentials::MakeKeyPair(calls_.random);
  // The file first: a key that is published and cannot sign would be worse than a file that nobody needs.
  if (absl::Status status = store_.Save(pair); !status.ok()) return status;
  return pair;
}

absl::StatusOr<credentials::KeyPair> PortfolioSigner::Key() {
  const absl::MutexLock lock(&mutex_);
  {
    absl::StatusOr<storage::Store::Reader> reader = calls_.store->Read();
    if (!reader.ok()) return reader.status();
    if (const SigningKey* active = keys_.Active(); active != nullptr) {
      if (std::optional<credentials::KeyPair> pair = store_.Load(active->id); pair.has_value()) return *pair;
    }
  }
  absl::StatusOr<credentials::KeyPair> pair = Make();
  if (!pair.ok()) return pair.status();
  absl::StatusOr<storage::Receipt> receipt =
      calls_.store->Write({.actor = "system", .request_id = "", .request_digest = 0},
                          [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                            return KeyDraft(BodyOf(*pair, "no key in use was on this machine"));
                          });
  if (!receipt.ok()) return receipt.status();
  return pair;
}

absl::StatusOr<storage::Receipt> PortfolioSigner::Rotate(const rpc::Call& call,
                                                         const v1::RotateSigningKeyRequest& request,
                                                         int64_t compromise_time_us) {
  const absl::MutexLock lock(&mutex_);
  const std::string id(absl::StripPrefix(request.signing_key(), kKeys));
  absl::StatusOr<credentials::KeyPair> pair = Make();
  if (!pair.ok()) return pair.status();
  return call.Write(request, request.request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
    const bool known = id.empty() || (id != request.signing_key() && keys_.Find(id) != nullptr);
    if (!known) return rpc::NotFound("signing key", request.signing_key());
    stored::v1::SigningKey body = BodyOf(*pair, request.reason());
    const SigningKey* stolen = id.empty() ? keys_.Active() : keys_.Find(id);
    if (compromise_time_us != 0 && stolen != nullptr) {
      body.set_compromised_id(stolen->id);
      body.set_compromised_time_us(compromise_time_us);
    }
    return KeyDraft(body);
  });
}

std::string PortfolioSigner::Issuer() const {
  if (!issuer_.empty()) return issuer_;
  return absl::StrCat("urn:palmares:", keys_.all().empty() ? "unknown" : keys_.all().front().id);
}

}  // namespace palmares::portfolio
