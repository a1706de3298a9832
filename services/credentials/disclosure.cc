#include "services/credentials/disclosure.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/credentials/canonical_json.h"

namespace palmares::credentials {
namespace {

constexpr char kDigests[] = "_sd";  // of an object's members
constexpr char kElement[] = "...";  // of an array's element
constexpr size_t kSaltBytes = 16;   // RFC 9901: at least 128 bits

std::string DigestOf(absl::string_view disclosure) { return ToBase64(Sha256(disclosure)); }

struct ReadDisclosure {
  rapidjson::Document parts;
  std::string name;
  bool used = false;

  Json& value() { return parts[parts.Size() - 1]; }
};

absl::StatusOr<ReadDisclosure> ReadOne(absl::string_view text) {
  const absl::StatusOr<std::string> json = FromBase64(text);
  if (!json.ok()) return absl::InvalidArgumentError(absl::StrCat("a disclosure: ", json.status().message()));
  absl::StatusOr<rapidjson::Document> parts = ParseJson(*json);
  if (!parts.ok()) return absl::InvalidArgumentError(absl::StrCat("a disclosure: ", parts.status().message()));
  ReadDisclosure read;
  read.parts = *std::move(parts);
  const Json& list = read.parts;
  const bool shaped = list.IsArray() && (list.Size() == 2 || list.Size() == 3) && list[0].IsString() &&
                      (list.Size() == 2 || list[1].IsString());
  if (!shaped) return absl::InvalidArgumentError("a disclosure is neither [salt, name, value] nor [salt, value]");
  if (list.Size() == 3) read.name = std::string(list[1].GetString(), list[1].GetStringLength());
  if (list.Size() == 3 && (read.name.empty() || read.name == kDigests || read.name == kElement)) {
    return absl::InvalidArgumentError(absl::StrCat("a disclosure of a member called \"", read.name, "\""));
  }
  return read;
}

// Puts disclosed parts in their places, from the outside in.
class Revealer {
 public:
  absl::Status Take(const std::vector<std::string>& disclosures) {
    for (const std::string& text : disclosures) {
      absl::StatusOr<ReadDisclosure> read = ReadOne(text);
      if (!read.ok()) return read.status();
      if (!by_digest_.emplace(DigestOf(text), *std::move(read)).second) {
        return absl::InvalidArgumentError("a disclosure is given twice");
      }
    }
    return absl::OkStatus();
  }

  absl::Status Reveal(Json& value, rapidjson::Document::AllocatorType& allocator, int depth = 0) {
    if (depth > kDeepestJson) return absl::InvalidArgumentError("disclosures are nested too deeply");
    if (value.IsObject()) return RevealMembers(value, allocator, depth);
    return value.IsArray() ? RevealElements(value, allocator, depth) : absl::OkStatus();
  }

  const Withheld& withheld() const { return withheld_; }

  absl::Status CheckAllUsed() const {
    for (const auto& [digest, disclosure] : by_digest_) {
      if (disclosure.used) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("a disclosure", disclosure.name.empty() ? "" : absl::StrCat(" of \"", disclosure.name, "\""),
                       " is not what was signed"));
    }
    return absl::OkStatus();
  }

 private:
  // nullptr where it was not disclosed.
  absl::StatusOr<ReadDisclosure*> Find(const Json& digest) {
    if (!digest.IsString()) return absl::InvalidArgumentError("a digest is no text");
    const auto found = by_digest_.find(absl::string_view(digest.GetString(), digest.GetStringLength()));
    if (found == by_digest_.end()) return nullptr;
    if (found->second.used) return absl::InvalidArgumentError("a digest occurs twice");
    found->second.used = true;
    return &found->second;
  }

  absl::Status RevealMembers(Json& object, rapidjson::Document::AllocatorType& allocator, int depth) {
    std::vector<ReadDisclosure*> disclosed;
    if (const Json* digests = Member(object, kDigests); digests != nullptr) {
      if (!digests->IsArray()) return absl::InvalidArgumentError("the digests of an object are no array");
      for (const Json& digest : digests->GetArray()) {
        absl::StatusOr<ReadDisclosure*> found = Find(digest);
        if (!found.ok()) return found.status();
        if (*found != nullptr) {
          disclosed.push_back(*found);
        } else {
          ++withheld_.members;
        }
      }
      object.RemoveMember(kDigests);
    }
    for (ReadDisclosure* disclosure : disclosed) {
      if (disclosure->name.empty()) return absl::InvalidArgumentError("an element is disclosed where a member is due");
      if (Member(object, disclosure->name) != nullptr) {
        return absl::InvalidArgumentError(absl::StrCat("\"", disclosure->name, "\" is disclosed over another"));
      }
      object.AddMember(MakeText(disclosure->name, allocator), Json(disclosure->value(), allocator), allocator);
    }
    for (const absl::string_view name : Names(object)) {
      if (absl::Status status = Reveal(*Member(object, name), allocator, depth + 1); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status RevealElements(Json& array, rapidjson::Document::AllocatorType& allocator, int depth) {
    Json revealed(rapidjson::kArrayType);
    for (Json& element : array.GetArray()) {
      const Json* digest = element.IsObject() && element.MemberCount() == 1 ? Member(element, kElement) : nullptr;
      if (digest == nullptr) {
        revealed.PushBack(element, allocator);
        continue;
      }
      absl::StatusOr<ReadDisclosure*> found = Find(*digest);
      if (!found.ok()) return found.status();
      if (*found == nullptr) {
        ++withheld_.elements;
        continue;
      }
      if (!(*found)->name.empty()) return absl::InvalidArgumentError("a member is disclosed where an element is due");
      revealed.PushBack(Json((*found)->value(), allocator), allocator);
    }
    array = revealed;
    for (Json& element : array.GetArray()) {
      if (absl::Status status = Reveal(element, allocator, depth + 1); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::flat_hash_map<std::string, ReadDisclosure> by_digest_;
  Withheld withheld_;
};

}  // namespace

Json Concealer::Salt() {
  std::string bytes(kSaltBytes, '\0');
  random_(bytes.data(), bytes.size());
  return MakeText(ToBase64(bytes), document_.GetAllocator());
}

std::string Concealer::Add(const Json& parts) {
  disclosures_.push_back(ToBase64(Canonical(parts)));
  return DigestOf(disclosures_.back());
}

void Concealer::ConcealMembers(Json& object, absl::Span<const absl::string_view> keep) {
  auto& allocator = document_.GetAllocator();
  std::vector<std::string> digests;
  std::vector<std::string> names;
  for (const absl::string_view name : Names(object)) {
    if (std::find(keep.begin(), keep.end(), name) == keep.end()) names.emplace_back(name);
  }
  for (const std::string& name : names) {
    Json parts(rapidjson::kArrayType);
    parts.PushBack(Salt(), allocator).PushBack(MakeText(name, allocator), allocator);
    parts.PushBack(Json(*Member(object, name), allocator), allocator);
    digests.push_back(Add(parts));
    object.RemoveMember(name.c_str());
  }
  if (digests.empty()) return;
  std::sort(digests.begin(), digests.end());  // so that their order says nothing
  Json list(rapidjson::kArrayType);
  for (const std::string& digest : digests) list.PushBack(MakeText(digest, allocator), allocator);
  object.AddMember(kDigests, list, allocator);
}

void Concealer::ConcealElements(Json& array) {
  auto& allocator = document_.GetAllocator();
  for (Json& element : array.GetArray()) {
    Json parts(rapidjson::kArrayType);
    parts.PushBack(Salt(), allocator).PushBack(Json(element, allocator), allocator);
    Json placeholder(rapidjson::kObjectType);
    placeholder.AddMember(kElement, MakeText(Add(parts), allocator), allocator);
    element = placeholder;
  }
}

absl::StatusOr<DisclosedCredential> SplitCredential(absl::string_view credential) {
  std::vector<std::string> parts = absl::StrSplit(credential, '~');
  if (parts.size() < 2 || !parts.back().empty()) {
    return absl::InvalidArgumentError("no credential: want a signature and its disclosures, each ended by \"~\"");
  }
  parts.pop_back();
  DisclosedCredential split;
  split.signature = std::move(parts.front());
  split.disclosures.assign(std::make_move_iterator(parts.begin() + 1), std::make_move_iterator(parts.end()));
  return split;
}

std::string JoinCredential(const DisclosedCredential& credential) {
  std::string text = absl::StrCat(credential.signature, "~");
  for (const std::string& disclosure : credential.disclosures) absl::StrAppend(&text, disclosure, "~");
  return text;
}

absl::StatusOr<rapidjson::Document> Reveal(absl::string_view payload, const std::vector<std::string>& disclosures,
                                           Withheld* withheld) {
  absl::StatusOr<rapidjson::Document> document = ParseJson(payload);
  if (!document.ok()) return document.status();
  Revealer revealer;
  if (absl::Status status = revealer.Take(disclosures); !status.ok()) return status;
  if (absl::Status status = revealer.Reveal(*document, document->GetAllocator()); !status.ok()) return status;
  if (absl::Status status = revealer.CheckAllUsed(); !status.ok()) return status;
  if (withheld != nullptr) *withheld = revealer.withheld();
  return document;
}

absl::StatusOr<std::vector<std::string>> Choose(const std::vector<std::string>& disclosures,
                                                absl::FunctionRef<bool(const Disclosed&)> wanted) {
  std::vector<std::string> chosen;
  for (const std::string& text : disclosures) {
    absl::StatusOr<ReadDisclosure> read = ReadOne(text);
    if (!read.ok()) return read.status();
    if (wanted({read->name, &read->value()})) chosen.push_back(text);
  }
  return chosen;
}

}  // namespace palmares::credentials
