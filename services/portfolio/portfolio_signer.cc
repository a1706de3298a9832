#include "services/portfolio/portfolio_signer.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kKeys = "signingKeys/";

}  // namespace

storage::Draft PortfolioSigner::DraftOf(const SigningKey& key, const std::string& reason) const {
  stored::v1::SigningKey body;
  body.set_id(key.id);
  body.set_public_key(key.public_key);
  body.set_create_time_us(key.create_time_us);
  body.set_retire_time_us(key.retire_time_us);
  body.set_compromise_time_us(key.compromise_time_us);
  body.set_reason(reason);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSigningKeySet;
  draft.body = body.SerializeAsString();
  return draft;
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
                            SigningKey key{pair->id, pair->public_key};
                            key.create_time_us = absl::ToUnixMicros(calls_.clock());
                            return DraftOf(key, "no key in use was on this machine");
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
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, request.request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const bool known = id.empty() || (id != request.signing_key() && keys_.Find(id) != nullptr);
        if (!known) return rpc::NotFound("signing key", request.signing_key());
        SigningKey key{pair->id, pair->public_key};
        key.create_time_us = absl::ToUnixMicros(calls_.clock());
        return DraftOf(key, request.reason());
      });
  if (!receipt.ok() || compromise_time_us == 0) return receipt;
  // A repeated call comes here too, and completes what was cut off.
  absl::Status marked = MarkCompromised(call, id, receipt->position, compromise_time_us, request.reason());
  if (!marked.ok()) return marked;
  return receipt;
}

absl::Status PortfolioSigner::MarkCompromised(const rpc::Call& call, const std::string& id, int64_t position,
                                              int64_t compromise_time_us, const std::string& reason) {
  SigningKey key;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(position);
    if (!reader.ok()) return reader.status();
    const SigningKey* found = id.empty() ? keys_.Before(position) : keys_.Find(id);
    if (found == nullptr) return absl::OkStatus();
    key = *found;
  }
  const bool is_marked = key.compromise_time_us != 0 && key.compromise_time_us <= compromise_time_us;
  if (is_marked) return absl::OkStatus();
  key.compromise_time_us = compromise_time_us;
  return calls_.store
      ->Write({.actor = call.caller.actor(), .request_id = "", .request_digest = 0},
              [&]() -> absl::StatusOr<std::optional<storage::Draft>> { return DraftOf(key, reason); })
      .status();
}

std::string PortfolioSigner::Issuer() const {
  if (!issuer_.empty()) return issuer_;
  return absl::StrCat("urn:palmares:", keys_.all().empty() ? "unknown" : keys_.all().front().id);
}

}  // namespace palmares::portfolio
