#include "services/rpc/errors.h"

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace palmares::rpc {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";

void Attach(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat(kTypePrefix, detail.GetDescriptor()->full_name()),
                    absl::Cord(detail.SerializeAsString()));
}

}  // namespace

absl::Status WithReason(absl::Status status, absl::string_view reason, const Metadata& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("palmares");
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(status, info);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(absl::StrCat(kTypePrefix, google::rpc::ErrorInfo::descriptor()->full_name()));
  if (payload.has_value() && info.ParseFromString(std::string(*payload))) return info.reason();
  return absl::StatusCodeToString(status.code());
}

absl::Status InvalidField(absl::string_view field, absl::string_view value, absl::string_view want) {
  return WithReason(absl::InvalidArgumentError(absl::StrCat(field, ": \"", value, "\", want ", want)), "INVALID_FIELD",
                    {{"field", std::string(field)}, {"value", std::string(value)}});
}

absl::Status MissingField(absl::string_view field, absl::string_view want) {
  return WithReason(absl::InvalidArgumentError(absl::StrCat(field, ": missing, want ", want)), "MISSING_FIELD",
                    {{"field", std::string(field)}});
}

absl::Status InPlaceOf(absl::string_view path, absl::string_view other, const absl::Status& status) {
  if (status.ok() || !absl::StartsWith(status.message(), path)) return status;
  absl::Status moved(status.code(), absl::StrCat(other, status.message().substr(path.size())));
  status.ForEachPayload([&moved](absl::string_view url, const absl::Cord& payload) { moved.SetPayload(url, payload); });
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(absl::StrCat(kTypePrefix, google::rpc::ErrorInfo::descriptor()->full_name()));
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return moved;
  if (auto field = info.mutable_metadata()->find("field"); field != info.mutable_metadata()->end()) {
    if (absl::StartsWith(field->second, path)) field->second = absl::StrCat(other, field->second.substr(path.size()));
    Attach(moved, info);
  }
  return moved;
}

absl::Status NotFound(absl::string_view type, absl::string_view name) {
  absl::Status status =
      WithReason(absl::NotFoundError(absl::StrCat("no ", type, " \"", name, "\"")),
                 absl::StrCat(absl::AsciiStrToUpper(type), "_NOT_FOUND"), {{"name", std::string(name)}});
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(std::string(type));
  resource.set_resource_name(std::string(name));
  Attach(status, resource);
  return status;
}

}  // namespace palmares::rpc
