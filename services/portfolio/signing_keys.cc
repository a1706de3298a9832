#include "services/portfolio/signing_keys.h"

#include <algorithm>

#include "absl/time/time.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {

absl::Status SigningKeys::Apply(const storage::Entry& entry) {
  if (entry.change.kind != storage::EntryKind::kSigningKeySet) return absl::OkStatus();
  stored::v1::SigningKey body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a signing key");
  auto key = std::find_if(keys_.begin(), keys_.end(), [&](const SigningKey& other) { return other.id == body.id(); });
  if (key == keys_.end()) {
    for (SigningKey& earlier : keys_) {
      if (earlier.retire_time_us == 0) earlier.retire_time_us = body.create_time_us();
    }
    key = keys_.emplace(keys_.end());
  }
  *key = {body.id(), body.public_key(), body.create_time_us(), body.retire_time_us(), body.compromise_time_us()};
  if (body.compromised_time_us() == 0) return absl::OkStatus();
  const auto stolen = std::find_if(keys_.begin(), keys_.end(),
                                   [&](const SigningKey& other) { return other.id == body.compromised_id(); });
  if (stolen == keys_.end()) return absl::DataLossError("no signing key was in other hands");
  const bool was_earlier = stolen->compromise_time_us != 0 && stolen->compromise_time_us <= body.compromised_time_us();
  if (!was_earlier) stolen->compromise_time_us = body.compromised_time_us();
  return absl::OkStatus();
}

const SigningKey* SigningKeys::Find(absl::string_view id) const {
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const SigningKey& other) { return other.id == id; });
  return key == keys_.end() ? nullptr : &*key;
}

const SigningKey* SigningKeys::Active() const {
  const auto key =
      std::find_if(keys_.rbegin(), keys_.rend(), [](const SigningKey& other) { return other.retire_time_us == 0; });
  return key == keys_.rend() ? nullptr : &*key;
}

credentials::PublishedKey Published(const SigningKey& key) {
  credentials::PublishedKey out;
  out.id = key.id;
  out.public_key = key.public_key;
  out.create_time = absl::FromUnixMicros(key.create_time_us);
  if (key.retire_time_us != 0) out.retire_time = absl::FromUnixMicros(key.retire_time_us);
  if (key.compromise_time_us != 0) out.compromise_time = absl::FromUnixMicros(key.compromise_time_us);
  return out;
}

std::vector<credentials::PublishedKey> Published(const SigningKeys& keys) {
  std::vector<credentials::PublishedKey> out;
  for (auto key = keys.all().rbegin(); key != keys.all().rend(); ++key) out.push_back(Published(*key));
  return out;
}

}  // namespace palmares::portfolio
