#include "services/rpc/status.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace palmares::rpc {
namespace {

// Trailers hold about 8 KiB together; a longer message is cut, and the details come first.
constexpr size_t kLongestMessage = 3000;

std::string Message(const absl::Status& status) {
  std::string message(status.message().substr(0, kLongestMessage));
  if (message.size() < status.message().size()) message += " …";
  return message;
}

// "rows[41].chip_time" of "rows[41].chip_time: …"; empty where the message does not begin so.
std::string FieldPath(absl::string_view message) {
  const size_t colon = message.find(": ");
  if (colon == absl::string_view::npos || colon == 0 || colon > 200) return "";
  const absl::string_view path = message.substr(0, colon);
  const bool is_path = std::all_of(path.begin(), path.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
           c == '_' || c == '.' || c == '[' || c == ']';
  });
  return is_path ? std::string(path) : "";
}

void AddDefaults(const absl::Status& status, google::rpc::Status& details, bool has_info) {
  if (!has_info) {
    google::rpc::ErrorInfo info;
    info.set_reason(absl::StatusCodeToString(status.code()));
    info.set_domain("palmares");
    details.add_details()->PackFrom(info);
  }
  if (const std::string field = FieldPath(status.message()); absl::IsInvalidArgument(status) && !field.empty()) {
    google::rpc::BadRequest request;
    google::rpc::BadRequest::FieldViolation* violation = request.add_field_violations();
    violation->set_field(field);
    violation->set_description(Message(status).substr(field.size() + 2));
    details.add_details()->PackFrom(request);
  }
  if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    details.add_details()->PackFrom(retry);
  }
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));  // the codes have equal numbers by design
  details.set_message(Message(status));
  // In the order of their types: abseil's own differs from one status to the next.
  absl::btree_map<std::string, std::string> payloads;
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { payloads.emplace(type, std::string(payload)); });
  for (auto& [type, payload] : payloads) {
    google::protobuf::Any* detail = details.add_details();
    detail->set_type_url(type);
    detail->set_value(std::move(payload));
  }
  AddDefaults(status, details, payloads.contains("type.googleapis.com/google.rpc.ErrorInfo"));
  return {static_cast<grpc::StatusCode>(status.code()), details.message(), details.SerializeAsString()};
}

}  // namespace palmares::rpc
