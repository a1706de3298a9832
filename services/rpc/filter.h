// The small language of `filter` fields: conditions joined by AND, each `field = value` or `field = "quoted value"`.
#ifndef PALMARES_SERVICES_RPC_FILTER_H_
#define PALMARES_SERVICES_RPC_FILTER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace palmares::rpc {

struct Condition {
  std::string field;
  std::string value;
};

// INVALID_ARGUMENT for anything else, and for a field that is not among `fields`.
absl::StatusOr<std::vector<Condition>> ParseFilter(absl::string_view filter,
                                                   absl::Span<const absl::string_view> fields);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_FILTER_H_
