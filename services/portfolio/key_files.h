// Where the secret halves of signing keys are kept: a file each, beside the ledger and in no backup of it.
#ifndef PALMARES_SERVICES_PORTFOLIO_KEY_FILES_H_
#define PALMARES_SERVICES_PORTFOLIO_KEY_FILES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/credentials/signature.h"

namespace palmares::portfolio {

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Durable when it returns.
  virtual absl::Status Save(const credentials::KeyPair& key) = 0;
  // Nothing where the secret is not here, as after a restore on another machine.
  virtual std::optional<credentials::KeyPair> Load(absl::string_view id) const = 0;
};

// DIRECTORY/<id>.key: the seed, 32 bytes, mode 0600.
class KeyFiles final : public KeyStore {
 public:
  explicit KeyFiles(std::string directory) : directory_(std::move(directory)) {}
  absl::Status Save(const credentials::KeyPair& key) override;
  std::optional<credentials::KeyPair> Load(absl::string_view id) const override;

 private:
  std::string PathOf(absl::string_view id) const;

  const std::string directory_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_KEY_FILES_H_
