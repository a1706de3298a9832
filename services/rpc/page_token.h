// Page tokens: opaque, authenticated, and bound to the request they continue. They hold the last key that was returned,
// so that a page stays valid while data changes.
#ifndef PALMARES_SERVICES_RPC_PAGE_TOKEN_H_
#define PALMARES_SERVICES_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace palmares::rpc {

// Signs and checks tokens with one secret of 32 bytes, which a data directory keeps. Thread-safe.
class PageTokens {
 public:
  explicit PageTokens(std::string secret) : secret_(std::move(secret)) {}

  // The token after `last_key` of the list that `request` asks for; page_size, page_token and min_position do not
  // matter.
  std::string Make(const google::protobuf::Message& request, absl::string_view last_key) const;

  // The last key of the request's page_token field; empty for the first page. INVALID_ARGUMENT if the token was made
  // for another request or by nobody.
  absl::StatusOr<std::string> LastKey(const google::protobuf::Message& request) const;

 private:
  std::string Sign(const google::protobuf::Message& request, absl::string_view last_key) const;

  std::string secret_;
};

// The page size to use: `fallback` where none is asked for, at most `cap`. INVALID_ARGUMENT if it is negative.
absl::StatusOr<int32_t> PageSize(int32_t asked, int32_t fallback, int32_t cap);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_PAGE_TOKEN_H_
