#include "services/credentials/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace palmares::credentials {
namespace {

// Depth, before a document is built of it: what follows goes down by recursion.
class DepthCheck : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, DepthCheck> {
 public:
  bool StartObject() { return ++depth_ <= kDeepestJson; }  // NOLINT(readability-identifier-naming): RapidJSON's name
  bool EndObject(rapidjson::SizeType /*members*/) { return --depth_ >= 0; }
  bool StartArray() { return ++depth_ <= kDeepestJson; }
  bool EndArray(rapidjson::SizeType /*elements*/) { return --depth_ >= 0; }

 private:
  int depth_ = 0;
};

absl::Status CheckNames(const Json& value) {
  if (value.IsArray()) {
    for (const Json& element : value.GetArray()) {
      if (absl::Status status = CheckNames(element); !status.ok()) return status;
    }
  }
  if (!value.IsObject()) return absl::OkStatus();
  absl::flat_hash_set<absl::string_view> names;
  for (const auto& member : value.GetObject()) {
    const absl::string_view name(member.name.GetString(), member.name.GetStringLength());
    if (!names.insert(name).second) {
      return absl::InvalidArgumentError(absl::StrCat("the name \"", name, "\" occurs twice in one object"));
    }
    if (absl::Status status = CheckNames(member.value); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<rapidjson::Document> ParseJson(absl::string_view text) {
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
  const auto failed = [](const rapidjson::ParseResult& result) {
    return absl::InvalidArgumentError(absl::StrCat("no JSON at byte ", result.Offset(), ": ",
                                                   result.Code() == rapidjson::kParseErrorTermination
                                                       ? "nested too deeply"
                                                       : rapidjson::GetParseError_En(result.Code())));
  };
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  DepthCheck depth;
  if (const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, depth); result.IsError()) {
    return failed(result);
  }
  rapidjson::Document document;
  document.Parse<kFlags>(text.data(), text.size());
  if (document.HasParseError()) return failed({document.GetParseError(), document.GetErrorOffset()});
  if (absl::Status status = CheckNames(document); !status.ok()) return status;
  return document;
}

const Json* Member(const Json& object, absl::string_view name) {
  if (!object.IsObject()) return nullptr;
  const Json key(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
  const auto found = object.FindMember(key);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

Json* Member(Json& object, absl::string_view name) {
  return const_cast<Json*>(Member(std::as_const(object), name));  // NOLINT: of an object that is not const
}

std::vector<absl::string_view> Names(const Json& object) {
  std::vector<absl::string_view> names;
  for (const auto& member : object.GetObject()) {
    names.emplace_back(member.name.GetString(), member.name.GetStringLength());
  }
  return names;
}

absl::string_view Text(const Json& object, absl::string_view name) {
  const Json* member = Member(object, name);
  if (member == nullptr || !member->IsString()) return {};
  return {member->GetString(), member->GetStringLength()};
}

Json MakeText(absl::string_view text, rapidjson::Document::AllocatorType& allocator) {
  return Json(text.data(), static_cast<rapidjson::SizeType>(text.size()), allocator);
}

}  // namespace palmares::credentials
