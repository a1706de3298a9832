#include "services/credentials/key_document.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/credentials/canonical_json.h"
#include "services/credentials/json.h"
#include "services/credentials/signature.h"

namespace palmares::credentials {
namespace {

Json Object(const PublishedKey& key, rapidjson::Document::AllocatorType& allocator) {
  Json object(rapidjson::kObjectType);
  const auto add = [&](const char* name, absl::string_view value) {
    object.AddMember(rapidjson::StringRef(name), MakeText(value, allocator), allocator);
  };
  const auto add_time = [&](const char* name, absl::Time time) {
    add(name, absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()));
  };
  add("kty", "OKP");
  add("crv", "Ed25519");
  add("x", ToBase64(key.public_key));
  add("kid", key.id);
  add("alg", "EdDSA");
  add("use", "sig");
  if (key.create_time != absl::InfinitePast()) add_time("created", key.create_time);
  if (key.retire_time.has_value()) add_time("retired", *key.retire_time);
  if (key.compromise_time.has_value()) add_time("compromised", *key.compromise_time);
  return object;
}

absl::StatusOr<std::optional<absl::Time>> ReadTime(const Json& key, absl::string_view name) {
  if (Member(key, name) == nullptr) return std::nullopt;
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(absl::RFC3339_full, Text(key, name), &time, &problem)) {
    return absl::InvalidArgumentError(absl::StrCat("keys: \"", name, "\" is \"", Text(key, name), "\": ", problem));
  }
  return time;
}

absl::StatusOr<PublishedKey> ReadKey(const Json& object) {
  const absl::StatusOr<std::string> bytes = FromBase64(Text(object, "x"));
  if (!bytes.ok() || bytes->size() != kPublicKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("keys: \"x\" is \"", Text(object, "x"), "\", want 32 bytes"));
  }
  PublishedKey key;
  key.public_key = *bytes;
  key.id = std::string(Text(object, "kid"));
  if (key.id != KeyId(key.public_key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("keys: \"kid\" is \"", key.id, "\", and the key's own is \"", KeyId(key.public_key), "\""));
  }
  const absl::StatusOr<std::optional<absl::Time>> created = ReadTime(object, "created");
  const absl::StatusOr<std::optional<absl::Time>> retired = ReadTime(object, "retired");
  const absl::StatusOr<std::optional<absl::Time>> compromised = ReadTime(object, "compromised");
  for (const auto* time : {&created, &retired, &compromised}) {
    if (!time->ok()) return time->status();
  }
  key.create_time = created->value_or(absl::InfinitePast());
  key.retire_time = *retired;
  key.compromise_time = *compromised;
  return key;
}

}  // namespace

std::string WriteKey(const PublishedKey& key) {
  rapidjson::Document document;
  return Canonical(Object(key, document.GetAllocator()));
}

std::string WriteKeyDocument(const std::vector<PublishedKey>& keys) {
  rapidjson::Document document(rapidjson::kObjectType);
  auto& allocator = document.GetAllocator();
  Json list(rapidjson::kArrayType);
  for (const PublishedKey& key : keys) list.PushBack(Object(key, allocator), allocator);
  document.AddMember("keys", list, allocator);
  return Canonical(document);
}

absl::StatusOr<std::vector<PublishedKey>> ReadKeyDocument(absl::string_view text) {
  const absl::StatusOr<rapidjson::Document> document = ParseJson(text);
  if (!document.ok()) return document.status();
  const Json* list = Member(*document, "keys");
  if (list == nullptr || !list->IsArray()) {
    return absl::InvalidArgumentError("no key document: want a JSON Web Key Set, {\"keys\":[…]}");
  }
  std::vector<PublishedKey> keys;
  for (const Json& object : list->GetArray()) {
    if (Text(object, "kty") != "OKP" || Text(object, "crv") != "Ed25519") continue;
    absl::StatusOr<PublishedKey> key = ReadKey(object);
    if (!key.ok()) return key.status();
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const auto& other) { return other.id == key->id; });
    if (known) return absl::InvalidArgumentError(absl::StrCat("keys: \"", key->id, "\" occurs twice"));
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace palmares::credentials
