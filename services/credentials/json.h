// JSON documents as RapidJSON holds them, read strictly.
#ifndef PALMARES_SERVICES_CREDENTIALS_JSON_H_
#define PALMARES_SERVICES_CREDENTIALS_JSON_H_

#include <rapidjson/document.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::credentials {

using Json = rapidjson::Value;

// What is read from strangers is no deeper than this.
constexpr int kDeepestJson = 64;

// INVALID_ARGUMENT says where and what for anything but one JSON text (RFC 8259) of valid UTF-8, no deeper than
// kDeepestJson, without a name that occurs twice in an object.
absl::StatusOr<rapidjson::Document> ParseJson(absl::string_view text);

// The member of an object as text; empty where it is not there or no string.
absl::string_view Text(const Json& object, absl::string_view name);
// nullptr where it is not there.
const Json* Member(const Json& object, absl::string_view name);
Json* Member(Json& object, absl::string_view name);
// The names of an object's members, in order. They are the object's own, and live until it changes.
std::vector<absl::string_view> Names(const Json& object);

Json MakeText(absl::string_view text, rapidjson::Document::AllocatorType& allocator);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_JSON_H_
