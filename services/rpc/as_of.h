// The moment that a list is asked as of.
#ifndef PALMARES_SERVICES_RPC_AS_OF_H_
#define PALMARES_SERVICES_RPC_AS_OF_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/rankings.pb.h"
#include "services/athletics/date.h"

namespace palmares::rpc {

// Nothing is set for what is known now of all that is there.
struct AsOf {
  std::optional<athletics::Date> day;       // results up to this day
  std::optional<athletics::Date> known_on;  // as known at the end of this day, UTC, which is `day`
  std::optional<int64_t> known_at;          // as known at this position of the ledger
};

// INVALID_ARGUMENT names the field, of which `field` is the message's path: "query.as_of".
absl::StatusOr<AsOf> ReadAsOf(const v1::AsOf& message, absl::string_view field);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_AS_OF_H_
