// What a new data directory begins with: secrets, the operator's token, the built-in standards.
#ifndef PALMARES_SERVICES_SERVER_FIRST_START_H_
#define PALMARES_SERVICES_SERVER_FIRST_START_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/access/tokens.h"
#include "services/server/state.h"
#include "storage/store.h"

namespace palmares::server {

// The secret that page tokens are signed with: 32 bytes in DATA/page.key (mode 0600), made where it is not there.
absl::StatusOr<std::string> PageSecret(const std::string& data, const access::RandomBytes& random);

// Makes an operator's token where no token exists and writes it to DATA/operator.token (mode 0600). Whether it did.
absl::StatusOr<bool> EnsureOperator(const std::string& data, const access::RandomBytes& random, const State& state,
                                    storage::Store& store);

// Loads the built-in standards that the ledger does not have yet in any revision. How many.
absl::StatusOr<int> LoadCatalogue(const State& state, storage::Store& store);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_FIRST_START_H_
