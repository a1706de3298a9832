#include "services/portfolio/portfolio_signer.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {

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
                                                         const google::protobuf::Message& request,
                                                         const std::string& request_id, const std::string& reason,
                                                         int64_t compromise_time_us) {
  const absl::MutexLock lock(&mutex_);
  const int64_t now_us = absl::ToUnixMicros(calls_.clock());
  std::vector<SigningKey> old;
  {
    absl::StatusOr<storage::Store::Reader> reader = calls_.store->Read();
    if (!reader.ok()) return reader.status();
    for (const SigningKey& key : keys_.all()) {
      if (key.retire_time_us == 0) old.push_back(key);
    }
  }
  absl::StatusOr<credentials::KeyPair> pair = Make();
  if (!pair.ok()) return pair.status();
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, request_id, [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        SigningKey key{pair->id, pair->public_key};
        key.create_time_us = now_us;
        return DraftOf(key, reason);
      });
  if (!receipt.ok() || receipt->repeated) return receipt;
  for (SigningKey& key : old) {
    key.retire_time_us = now_us;
    key.compromise_time_us = compromise_time_us;
    absl::StatusOr<storage::Receipt> retired =
        calls_.store->Write({.actor = call.caller.actor(), .request_id = "", .request_digest = 0},
                            [&]() -> absl::StatusOr<std::optional<storage::Draft>> { return DraftOf(key, reason); });
    if (!retired.ok()) return retired.status();
  }
  return receipt;
}

std::string PortfolioSigner::Issuer() const {
  if (!issuer_.empty()) return issuer_;
  return absl::StrCat("urn:palmares:", keys_.all().empty() ? "unknown" : keys_.all().front().id);
}

}  // namespace palmares::portfolio
