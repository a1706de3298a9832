// The bits of a status list (W3C Bitstring Status List 1.0): one for each credential, so that asking about one tells
// nobody which.
#ifndef PALMARES_SERVICES_CREDENTIALS_STATUS_LIST_H_
#define PALMARES_SERVICES_CREDENTIALS_STATUS_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::credentials {

// A list is never shorter, so that a short one tells no more than a long one.
constexpr int64_t kShortestStatusList = 131'072;
// What is read is no longer.
constexpr int64_t kLongestStatusList = int64_t{1} << 27;

// GZIP of the bits, the first one leftmost, as multibase base64url ("u…"). Each of `set` is 0 or more.
std::string EncodeStatusList(const std::vector<int64_t>& set);

// Whether the bit is set. INVALID_ARGUMENT for what EncodeStatusList would not print, or a list that ends before it.
absl::StatusOr<bool> StatusAt(absl::string_view encoded, int64_t index);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_STATUS_LIST_H_
