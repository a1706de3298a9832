// Anything as the token of a page: nobody but the server makes one, and what it makes leads where it was made for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "palmares/v1/access.pb.h"
#include "services/rpc/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using palmares::rpc::PageTokens;
  static const auto* const kTokens = new PageTokens("nobody who fuzzes has this secret");
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  palmares::v1::ListTokensRequest request;
  request.set_page_token(bytes);
  const auto forged = kTokens->LastKey(request);
  if (forged.ok() != bytes.empty()) std::abort();

  request.set_page_token(kTokens->Make(request, bytes));
  const auto key = kTokens->LastKey(request);
  if (!key.ok() || *key != bytes) std::abort();
  request.set_page_size(7);  // may differ from page to page
  if (!kTokens->LastKey(request).ok()) std::abort();
  request.set_filter("valid = true");
  if (kTokens->LastKey(request).ok()) std::abort();
  request.clear_filter();
  std::string& token = *request.mutable_page_token();
  token.front() = token.front() == 'A' ? 'B' : 'A';
  if (kTokens->LastKey(request).ok()) std::abort();
  return 0;
}
