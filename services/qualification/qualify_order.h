// The order in which verdicts of one person are told.
#ifndef PALMARES_SERVICES_QUALIFICATION_QUALIFY_ORDER_H_
#define PALMARES_SERVICES_QUALIFICATION_QUALIFY_ORDER_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/qualification/verdict.h"
#include "services/qualification/what_if.h"

namespace palmares::qualification {

// Those met first, then by how much of the limit is missing, then by id. Keys are ordered as their verdicts are.
using VerdictKey = std::tuple<int, int64_t, std::string>;

VerdictKey KeyOf(const Verdict& verdict);

// For page tokens. INVALID_ARGUMENT for a text that no key gave.
std::string FormatKey(const VerdictKey& key);
absl::StatusOr<VerdictKey> ParseKey(absl::string_view text);
std::string FormatKey(const NearnessKey& key);
absl::StatusOr<NearnessKey> ParseNearnessKey(absl::string_view text);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_QUALIFY_ORDER_H_
