// The JSON Canonicalization Scheme (RFC 8785): one text for one value, so that it can be hashed and signed.
#ifndef PALMARES_SERVICES_CREDENTIALS_CANONICAL_JSON_H_
#define PALMARES_SERVICES_CREDENTIALS_CANONICAL_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/credentials/json.h"

namespace palmares::credentials {

// Members ordered by their names' UTF-16 code units, no white space, strings with the fewest escapes, numbers as
// ECMAScript prints doubles. Integers beyond 2^53 lose digits like in every reader that holds doubles: write them as
// strings. The value is finite JSON without repeated names, as ParseJson gives it.
std::string Canonical(const Json& value);

// A number as ECMAScript's Number::toString prints it; 0 for -0. The number is finite.
std::string CanonicalNumber(double number);

// Canonical(ParseJson(text)), with ParseJson's errors.
absl::StatusOr<std::string> CanonicalText(absl::string_view text);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_CANONICAL_JSON_H_
