// Signs with the key in use, and makes one where there is none.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SIGNER_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SIGNER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/portfolios.pb.h"
#include "services/portfolio/key_files.h"
#include "services/portfolio/signing_keys.h"
#include "services/rpc/call.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {

// Thread-safe. All pointers outlive it.
class PortfolioSigner {
 public:
  // `issuer`: URI by which the server is known, or empty: then "urn:palmares:" and the id of its first key.
  PortfolioSigner(const rpc::Calls* calls, const SigningKeys* keys, KeyStore* store, std::string issuer)
      : calls_(*calls), keys_(*keys), store_(*store), issuer_(std::move(issuer)) {}

  // The key in use; makes and records one where none is, or where its secret is not on this machine. Not to be called
  // under a Reader.
  absl::StatusOr<credentials::KeyPair> Key();
  // Makes a new key, which signs from now on, and retires the others. `compromise_time_us`: from when signatures of the
  // key that is named, or was in use, are not to be believed; 0: all are. It is one entry: no crash comes between.
  // Gives the new key's entry. NOT_FOUND for an unknown key.
  absl::StatusOr<storage::Receipt> Rotate(const rpc::Call& call, const v1::RotateSigningKeyRequest& request,
                                          int64_t compromise_time_us);
  // Under a Reader, or in a plan, after Key() was had once.
  std::string Issuer() const;

 private:
  absl::StatusOr<credentials::KeyPair> Make();
  // Of a new key, which signs from now on.
  stored::v1::SigningKey BodyOf(const credentials::KeyPair& pair, const std::string& reason) const;

  const rpc::Calls& calls_;
  const SigningKeys& keys_;
  KeyStore& store_;
  const std::string issuer_;
  absl::Mutex mutex_;  // one key is made at a time
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SIGNER_H_
