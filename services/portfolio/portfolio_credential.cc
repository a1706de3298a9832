#include "services/portfolio/portfolio_credential.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/credentials/canonical_json.h"
#include "services/credentials/disclosure.h"
#include "services/credentials/json.h"
#include "services/credentials/status_list.h"
#include "services/portfolio/portfolio_name.h"
#include "services/portfolio/portfolio_sections.h"

namespace palmares::portfolio {
namespace {

using credentials::Json;
using credentials::MakeText;
using credentials::Member;
using credentials::Text;
using Allocator = rapidjson::Document::AllocatorType;

constexpr char kVersionMark[] = "?version=";
constexpr absl::string_view kContexts[] = {"https://www.w3.org/ns/credentials/v2",
                                           "https://www.w3.org/ns/credentials/undefined-terms/v2"};

std::string FormatInstant(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

absl::StatusOr<absl::Time> ParseInstant(const Json& object, absl::string_view name) {
  absl::Time time;
  std::string problem;
  if (absl::ParseTime(absl::RFC3339_full, Text(object, name), &time, &problem)) return time;
  return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" is \"", Text(object, name), "\": ", problem));
}

// A resource below the issuer: "https://results.example.org/athletes/1042", "urn:palmares:4f…:athletes/1042".
std::string Below(absl::string_view issuer, absl::string_view name) {
  return absl::StrCat(issuer, absl::StartsWith(issuer, "urn:") ? ":" : "/", name);
}

void Add(Json& object, const char* name, absl::string_view value, Allocator& allocator) {
  object.AddMember(rapidjson::StringRef(name), MakeText(value, allocator), allocator);
}

Json Texts(absl::Span<const absl::string_view> texts, Allocator& allocator) {
  Json list(rapidjson::kArrayType);
  for (const absl::string_view text : texts) list.PushBack(MakeText(text, allocator), allocator);
  return list;
}

Json StatusEntry(const CredentialTerms& terms, absl::string_view purpose, Allocator& allocator) {
  const std::string list = Below(terms.issuer, absl::StrCat("statusLists/", purpose));
  Json entry(rapidjson::kObjectType);
  Add(entry, "id", absl::StrCat(list, "#", terms.status_index), allocator);
  Add(entry, "type", "BitstringStatusListEntry", allocator);
  Add(entry, "statusPurpose", purpose, allocator);
  Add(entry, "statusListIndex", absl::StrCat(terms.status_index), allocator);
  Add(entry, "statusListCredential", list, allocator);
  return entry;
}

// The content as JSON of the document's own memory.
absl::StatusOr<Json> ContentJson(const v1::PortfolioContent& content, Allocator& allocator) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(content, &text).ok()) {
    return absl::InternalError("a portfolio's content cannot be written as JSON");
  }
  const absl::StatusOr<rapidjson::Document> document = credentials::ParseJson(text);
  if (!document.ok()) return document.status();
  return Json(*document, allocator);
}

void ConcealContent(Json& subject, credentials::Concealer& concealer) {
  Json* verified = Member(subject, "verified");
  Json* results = verified == nullptr ? nullptr : Member(*verified, "results");
  if (results != nullptr) concealer.ConcealElements(*results);
  // What was selected is told with every part, but for the names of what another part may withhold.
  if (Json* selection = Member(subject, "selection"); selection != nullptr) {
    concealer.ConcealMembers(*selection, {"period", "disciplines", "sections", "personalData"});
  }
  for (const char* name : {"athlete", "verified", "selfReported"}) {
    if (Json* part = Member(subject, name); part != nullptr) concealer.ConcealMembers(*part);
  }
}

// What the signed part says of itself.
absl::StatusOr<CredentialTerms> ReadTerms(const Json& credential) {
  CredentialTerms terms;
  terms.issuer = std::string(Text(credential, "issuer"));
  absl::string_view id = Text(credential, "id");
  if (terms.issuer.empty() || !absl::ConsumePrefix(&id, Below(terms.issuer, ""))) {
    return absl::InvalidArgumentError("the credential's id is not its issuer's");
  }
  const size_t mark = id.find(kVersionMark);
  if (mark == absl::string_view::npos ||
      !absl::SimpleAtoi(id.substr(mark + sizeof(kVersionMark) - 1), &terms.version)) {
    return absl::InvalidArgumentError("the credential's id names no version of a portfolio");
  }
  terms.portfolio = std::string(id.substr(0, mark));
  terms.athlete = std::string(AthleteInName(terms.portfolio));
  const absl::StatusOr<absl::Time> from = ParseInstant(credential, "validFrom");
  if (!from.ok()) return from.status();
  const absl::StatusOr<absl::Time> until = ParseInstant(credential, "validUntil");
  if (!until.ok()) return until.status();
  terms.valid_from = *from;
  terms.valid_until = *until;
  const Json* statuses = Member(credential, "credentialStatus");
  const bool listed = statuses != nullptr && statuses->IsArray() && !statuses->Empty() &&
                      absl::SimpleAtoi(Text((*statuses)[0], "statusListIndex"), &terms.status_index);
  if (!listed) return absl::InvalidArgumentError("the credential has no status");
  return terms;
}

absl::Status ReadContent(Json& subject, v1::PortfolioContent* content) {
  subject.RemoveMember("id");
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // a later version may assert more
  const auto read = google::protobuf::util::JsonStringToMessage(credentials::Canonical(subject), content, options);
  return read.ok() ? absl::OkStatus() : absl::InvalidArgumentError("the content is not a portfolio's");
}

VerifiedPortfolio Failed(VerifiedPortfolio portfolio, absl::string_view code, std::string text) {
  portfolio.failure = std::string(code);
  portfolio.failure_text = std::move(text);
  return portfolio;
}

bool IsListOfTexts(const Json& value) { return value.IsArray() && !value.Empty() && value[0].IsString(); }

const credentials::PublishedKey* FindKey(const std::vector<credentials::PublishedKey>& keys, absl::string_view id) {
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const auto& other) { return other.id == id; });
  return key == keys.end() ? nullptr : &*key;
}

// The first failed check of the signature itself; empty for a good one.
std::pair<absl::string_view, std::string> CheckSignature(const credentials::Signature& signature,
                                                         absl::string_view type,
                                                         const std::vector<credentials::PublishedKey>& keys) {
  if (signature.algorithm != "EdDSA") {
    return {"ALGORITHM_NOT_ALLOWED",
            absl::StrCat("it says that it is signed by \"", signature.algorithm, "\", and only EdDSA is accepted")};
  }
  if (signature.type != type || signature.critical) {
    return {"TYPE_NOT_ALLOWED", absl::StrCat("it is a \"", signature.type, "\"",
                                             signature.critical ? " with critical extensions" : "", ", want ", type)};
  }
  const credentials::PublishedKey* key = FindKey(keys, signature.key);
  if (key == nullptr) {
    return {"KEY_UNKNOWN", absl::StrCat("the key \"", signature.key, "\" is not in the key document")};
  }
  if (!credentials::IsGenuine(signature, key->public_key)) {
    return {"SIGNATURE_INVALID", absl::StrCat("key ", key->id, " did not sign this: it was altered or forged")};
  }
  return {};
}

}  // namespace

absl::StatusOr<std::string> CanonicalMessage(const google::protobuf::Message& message) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) {
    return absl::InternalError("a message cannot be written as JSON");
  }
  return credentials::CanonicalText(text);
}

absl::StatusOr<SignedCredential> SignPortfolio(const v1::PortfolioContent& content, const CredentialTerms& terms,
                                               const credentials::KeyPair& key,
                                               const credentials::RandomBytes& random) {
  rapidjson::Document document(rapidjson::kObjectType);
  Allocator& allocator = document.GetAllocator();
  absl::StatusOr<Json> subject = ContentJson(content, allocator);
  if (!subject.ok()) return subject.status();
  credentials::Concealer concealer(&document, &random);
  ConcealContent(*subject, concealer);
  Add(*subject, "id", Below(terms.issuer, terms.athlete), allocator);
  document.AddMember("@context", Texts(kContexts, allocator), allocator);
  Add(document, "id", Below(terms.issuer, absl::StrCat(terms.portfolio, kVersionMark, terms.version)), allocator);
  document.AddMember("type", Texts({"VerifiableCredential", "PerformancePortfolio"}, allocator), allocator);
  Add(document, "issuer", terms.issuer, allocator);
  Add(document, "validFrom", FormatInstant(terms.valid_from), allocator);
  Add(document, "validUntil", FormatInstant(terms.valid_until), allocator);
  Json statuses(rapidjson::kArrayType);
  statuses.PushBack(StatusEntry(terms, kRevocation, allocator), allocator);
  statuses.PushBack(StatusEntry(terms, kRefresh, allocator), allocator);
  document.AddMember("credentialStatus", statuses, allocator);
  document.AddMember("credentialSubject", *subject, allocator);
  Add(document, "_sd_alg", "sha-256", allocator);
  const std::string payload = credentials::Canonical(document);
  SignedCredential out;
  out.text = credentials::JoinCredential({credentials::Sign(kCredentialType, payload, key), concealer.disclosures()});
  out.content_sha256 = credentials::Sha256(payload);
  return out;
}

absl::StatusOr<std::string> Disclose(absl::string_view credential, const DisclosedPart& part) {
  if (part.everything()) return std::string(credential);
  absl::StatusOr<credentials::DisclosedCredential> split = credentials::SplitCredential(credential);
  if (!split.ok()) return split.status();
  const auto wanted = [&](const credentials::Disclosed& disclosed) {
    if (disclosed.name.empty()) {  // a result
      return part.HasResult(std::string(Text(*disclosed.value, "result")));
    }
    if (disclosed.name == "results" && IsListOfTexts(*disclosed.value)) {  // the selection's
      return part.Has(v1::PortfolioSelection::SECTION_RESULTS) && part.results.empty();
    }
    if (disclosed.name == "standards") return part.Has(v1::PortfolioSelection::SECTION_QUALIFICATIONS);
    if (const auto section = SectionOfField(disclosed.name); section.has_value()) return part.Has(*section);
    return disclosed.name != "birthDate" && disclosed.name != "birthYear";
  };
  absl::StatusOr<std::vector<std::string>> chosen = credentials::Choose(split->disclosures, wanted);
  if (!chosen.ok()) return chosen.status();
  split->disclosures = *std::move(chosen);
  return credentials::JoinCredential(*split);
}

VerifiedPortfolio VerifyCredential(absl::string_view credential, const std::vector<credentials::PublishedKey>& keys,
                                   absl::Time now) {
  VerifiedPortfolio portfolio;
  const auto split = credentials::SplitCredential(absl::StripAsciiWhitespace(credential));
  if (!split.ok()) return Failed(portfolio, "MALFORMED", std::string(split.status().message()));
  const auto signature = credentials::ReadSignature(split->signature);
  if (!signature.ok()) return Failed(portfolio, "MALFORMED", std::string(signature.status().message()));
  portfolio.signing_key = signature->key;
  auto [code, text] = CheckSignature(*signature, kCredentialType, keys);
  if (!code.empty()) return Failed(portfolio, code, std::move(text));
  portfolio.content_sha256 = credentials::Sha256(signature->payload);
  absl::StatusOr<rapidjson::Document> revealed =
      credentials::Reveal(signature->payload, split->disclosures, &portfolio.withheld);
  if (!revealed.ok()) return Failed(portfolio, "DISCLOSURE_INVALID", std::string(revealed.status().message()));
  absl::StatusOr<CredentialTerms> terms = ReadTerms(*revealed);
  if (!terms.ok()) return Failed(portfolio, "CONTENT_INVALID", std::string(terms.status().message()));
  portfolio.terms = *std::move(terms);
  Json* subject = Member(*revealed, "credentialSubject");
  if (subject == nullptr || !subject->IsObject()) {
    return Failed(portfolio, "CONTENT_INVALID", "the credential has no subject");
  }
  if (absl::Status status = ReadContent(*subject, &portfolio.content); !status.ok()) {
    return Failed(portfolio, "CONTENT_INVALID", std::string(status.message()));
  }
  const credentials::PublishedKey& key = *FindKey(keys, signature->key);
  if (key.compromise_time.has_value() && portfolio.terms.valid_from >= *key.compromise_time) {
    return Failed(portfolio, "KEY_COMPROMISED",
                  absl::StrCat("key ", key.id, " was in other hands since ", FormatInstant(*key.compromise_time)));
  }
  if (key.retire_time.has_value() && portfolio.terms.valid_from > *key.retire_time + absl::Seconds(1)) {
    return Failed(portfolio, "KEY_RETIRED",
                  absl::StrCat("key ", key.id, " signs nothing since ", FormatInstant(*key.retire_time)));
  }
  if (portfolio.terms.valid_from > now + absl::Minutes(5)) {  // clocks differ
    return Failed(portfolio, "NOT_YET_VALID",
                  absl::StrCat("it is valid from ", FormatInstant(portfolio.terms.valid_from)));
  }
  portfolio.key_compromised_later = key.compromise_time.has_value();
  portfolio.expired = portfolio.terms.valid_until <= now;
  return portfolio;
}

absl::StatusOr<std::string> SignStatusList(const StatusListTerms& terms, const std::vector<int64_t>& set,
                                           const credentials::KeyPair& key) {
  rapidjson::Document document(rapidjson::kObjectType);
  Allocator& allocator = document.GetAllocator();
  const std::string id = Below(terms.issuer, absl::StrCat("statusLists/", terms.purpose));
  Json subject(rapidjson::kObjectType);
  Add(subject, "id", absl::StrCat(id, "#list"), allocator);
  Add(subject, "type", "BitstringStatusList", allocator);
  Add(subject, "statusPurpose", terms.purpose, allocator);
  Add(subject, "encodedList", credentials::EncodeStatusList(set), allocator);
  document.AddMember("@context", Texts({kContexts[0]}, allocator), allocator);
  Add(document, "id", id, allocator);
  document.AddMember("type", Texts({"VerifiableCredential", "BitstringStatusListCredential"}, allocator), allocator);
  Add(document, "issuer", terms.issuer, allocator);
  Add(document, "validFrom", FormatInstant(terms.valid_from), allocator);
  Add(document, "validUntil", FormatInstant(terms.valid_until), allocator);
  document.AddMember("credentialSubject", subject, allocator);
  return credentials::Sign(kStatusListType, credentials::Canonical(document), key);
}

absl::StatusOr<bool> ReadStatus(absl::string_view list, absl::string_view purpose, const VerifiedPortfolio& portfolio,
                                const std::vector<credentials::PublishedKey>& keys, absl::Time now) {
  const auto signature = credentials::ReadSignature(absl::StripAsciiWhitespace(list));
  if (!signature.ok()) return signature.status();
  const auto [code, text] = CheckSignature(*signature, kStatusListType, keys);
  if (!code.empty()) return absl::InvalidArgumentError(absl::StrCat("the status list: ", text));
  const absl::StatusOr<rapidjson::Document> document = credentials::ParseJson(signature->payload);
  if (!document.ok()) return document.status();
  const absl::StatusOr<absl::Time> from = ParseInstant(*document, "validFrom");
  if (!from.ok()) return from.status();
  const absl::StatusOr<absl::Time> until = ParseInstant(*document, "validUntil");
  if (!until.ok()) return until.status();
  // Who has a stolen key writes what date they like; a list of today is signed by another key.
  const credentials::PublishedKey& key = *FindKey(keys, signature->key);
  if (key.compromise_time.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("the status list: key ", key.id, " was in other hands"));
  }
  if (key.retire_time.has_value() && *from > *key.retire_time + absl::Seconds(1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the status list: key ", key.id, " signs nothing since ", FormatInstant(*key.retire_time)));
  }
  if (*until <= now) {
    return absl::InvalidArgumentError(absl::StrCat("the status list is of ", Text(*document, "validFrom"),
                                                   " and was to be kept until ", FormatInstant(*until)));
  }
  const Json* subject = Member(*document, "credentialSubject");
  const bool fits = Text(*document, "issuer") == portfolio.terms.issuer && subject != nullptr &&
                    Text(*subject, "statusPurpose") == purpose;
  if (!fits) return absl::InvalidArgumentError(absl::StrCat("the status list is not the issuer's of ", purpose));
  return credentials::StatusAt(Text(*subject, "encodedList"), portfolio.terms.status_index);
}

}  // namespace palmares::portfolio
