// Errors as values with a machine-readable reason, made anywhere and turned into google.rpc details at the edge.
//
// Messages of INVALID_ARGUMENT begin with the path of the field: `rows[41].chip_time: "1:75:00", want minutes below
// 60`. Codes follow what the caller can do: INVALID_ARGUMENT mend the request; FAILED_PRECONDITION mend the state
// first; ABORTED read again and retry; UNAVAILABLE retry; NOT_FOUND and ALREADY_EXISTS name the resource;
// PERMISSION_DENIED another caller may. Of what is private, a caller who may not see it is not told whether it is
// there: NOT_FOUND, word for word as for one that is not.
#ifndef PALMARES_SERVICES_RPC_ERRORS_H_
#define PALMARES_SERVICES_RPC_ERRORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace palmares::rpc {

using Metadata = std::vector<std::pair<std::string, std::string>>;

// Attaches a reason ("SHEET_IS_OFFICIAL") and what it is about; shown to callers as google.rpc.ErrorInfo.
absl::Status WithReason(absl::Status status, absl::string_view reason, const Metadata& metadata = {});

// The reason that was attached; the name of the code ("UNAVAILABLE") where there is none.
std::string ReasonOf(const absl::Status& status);

// INVALID_ARGUMENT: `field: "value", want …`.
absl::Status InvalidField(absl::string_view field, absl::string_view value, absl::string_view want);
// INVALID_ARGUMENT: `field: missing, want …`.
absl::Status MissingField(absl::string_view field, absl::string_view want);
// The same error about another place: where its message begins with the field `path`, it begins with `other` instead.
absl::Status InPlaceOf(absl::string_view path, absl::string_view other, const absl::Status& status);
// NOT_FOUND with the resource's type ("race") and name.
absl::Status NotFound(absl::string_view type, absl::string_view name);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_ERRORS_H_
