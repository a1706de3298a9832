// What a dump of all public data holds: every resource as its list shows it to a caller without a token.
//
// A resource that everybody may read gets a kind here too.
#ifndef PALMARES_SERVICES_SERVER_PUBLIC_DATA_H_
#define PALMARES_SERVICES_SERVER_PUBLIC_DATA_H_

#include <vector>

#include "absl/time/time.h"
#include "services/administration/public_data.h"
#include "services/server/state.h"
#include "storage/store.h"

namespace palmares::server {

// The state that serves, and how it is looked at.
struct Serving {
  const State* state = nullptr;
  const storage::Store* store = nullptr;
};

// `state` is what the dump is of, and changes no more once a kind is walked. Whoever was hidden or erased since, as
// `serving` tells, is not named. Who is a minor at `now` is treated as one. All must outlive the kinds.
std::vector<administration::PublicKind> PublicKinds(const State& state, const Serving& serving, absl::Time now);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_PUBLIC_DATA_H_
