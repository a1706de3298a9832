#include "services/rpc/page_token.h"

#include <sodium.h>

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

constexpr size_t kSignatureSize = 16;

// What a request asks for, without the fields that may differ from page to page.
std::string Query(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  for (const char* field : {"page_size", "page_token", "min_position"}) {
    const google::protobuf::FieldDescriptor* descriptor = copy->GetDescriptor()->FindFieldByName(field);
    if (descriptor != nullptr) copy->GetReflection()->ClearField(copy.get(), descriptor);
  }
  std::string bytes = absl::StrCat(copy->GetDescriptor()->full_name(), ";");
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    copy->SerializeToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace

std::string PageTokens::Sign(const google::protobuf::Message& request, absl::string_view last_key) const {
  const std::string message = absl::StrCat(last_key.size(), ":", last_key, Query(request));
  std::string signature(kSignatureSize, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(signature.data()), signature.size(),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                     reinterpret_cast<const unsigned char*>(secret_.data()), secret_.size());
  return signature;
}

std::string PageTokens::Make(const google::protobuf::Message& request, absl::string_view last_key) const {
  return absl::WebSafeBase64Escape(absl::StrCat(Sign(request, last_key), last_key));
}

absl::StatusOr<std::string> PageTokens::LastKey(const google::protobuf::Message& request) const {
  const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("page_token");
  if (field == nullptr) return std::string();
  const std::string token = request.GetReflection()->GetString(request, field);
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() >= kSignatureSize) {
    const std::string last_key = bytes.substr(kSignatureSize);
    if (sodium_memcmp(Sign(request, last_key).data(), bytes.data(), kSignatureSize) == 0) return last_key;
  }
  return InvalidField("page_token", token.substr(0, 40), "the next_page_token of the same request");
}

absl::StatusOr<int32_t> PageSize(int32_t asked, int32_t fallback, int32_t cap) {
  if (asked < 0) return InvalidField("page_size", absl::StrCat(asked), "0 (the default) or more");
  return asked == 0 ? fallback : std::min(asked, cap);
}

}  // namespace palmares::rpc
