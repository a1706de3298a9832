#include "services/access/authorization.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace palmares::access {
namespace {

constexpr Rule kTable[] = {
#include "services/access/authorization_table.inc"
};

// A resource covers what lies below it; `events/-` is all events, those too that are not there yet.
bool Covers(const Caller& caller, absl::string_view resource) {
  return std::any_of(caller.resources.begin(), caller.resources.end(), [resource](const std::string& own) {
    return resource == own || absl::StartsWith(resource, absl::StrCat(own, "/")) ||
           (own == "events/-" && absl::StartsWith(resource, "events/"));
  });
}

absl::string_view NeedText(Need need) {
  switch (need) {
    case Need::kPublic:
      return "anybody";
    case Need::kAnyToken:
      return "a token";
    case Need::kOperator:
      return "an operator's token";
    case Need::kOrganizer:
      return "a token of an organizer of the event";
    case Need::kFederation:
      return "a federation's token";
    case Need::kSponsor:
      return "a sponsor's token";
    case Need::kAnyOrganizer:
      return "an organizer's token";
    case Need::kForAthlete:
      return "a token of the athlete, or one with their grant";
    case Need::kForAthleteOrEvent:
      return "a token of the athlete, one with their grant, or one of an organizer of the event";
    case Need::kOwner:
      return "the token of whose it is";
  }
  return "";
}

bool Satisfies(const Caller& caller, Need need, absl::string_view resource) {
  if (need == Need::kPublic || caller.role == Role::kOperator) return true;
  switch (need) {
    case Need::kAnyToken:
    case Need::kForAthlete:
    case Need::kForAthleteOrEvent:
    case Need::kOwner:
      return caller.role != Role::kAnonymous;
    case Need::kAnyOrganizer:
      return caller.role == Role::kOrganizer;
    case Need::kOrganizer:
      return caller.role == Role::kOrganizer && Covers(caller, resource);
    case Need::kFederation:
      return caller.role == Role::kFederation;
    case Need::kSponsor:
      return caller.role == Role::kSponsor;
    default:
      return false;
  }
}

// The text of a field, named by a path such as "race.name"; empty where it is not set.
std::string Field(const google::protobuf::Message& message, absl::string_view path) {
  const google::protobuf::Message* at = &message;
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const google::protobuf::FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr || field->is_repeated()) return "";
    if (i + 1 == parts.size()) {
      return field->type() == google::protobuf::FieldDescriptor::TYPE_STRING
                 ? at->GetReflection()->GetString(*at, field)
                 : "";
    }
    if (field->message_type() == nullptr) return "";
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return "";
}

}  // namespace

absl::Span<const Rule> AuthorizationTable() { return kTable; }

const Rule* FindRule(absl::string_view method) {
  static const auto* const kRules = [] {
    auto* rules = new absl::flat_hash_map<absl::string_view, const Rule*>();
    for (const Rule& rule : kTable) rules->emplace(rule.method, &rule);
    return rules;
  }();
  const auto found = kRules->find(method);
  return found == kRules->end() ? nullptr : found->second;
}

std::string ResourceOf(const Rule& rule, const google::protobuf::Message& request) {
  const size_t open = rule.resource.find('{');
  if (open == absl::string_view::npos) return Field(request, rule.resource);
  const size_t close = rule.resource.find('}');
  return absl::StrCat(rule.resource.substr(0, open), Field(request, rule.resource.substr(open + 1, close - open - 1)));
}

absl::Status Authorize(const Caller& caller, const Rule& rule, absl::string_view resource) {
  if (Satisfies(caller, rule.need, resource)) return absl::OkStatus();
  const std::string wanted = absl::StrCat(rule.method, " needs ", NeedText(rule.need),
                                          resource.empty() ? "" : absl::StrCat(" (", resource, ")"));
  if (caller.role == Role::kAnonymous) {
    return absl::UnauthenticatedError(absl::StrCat(wanted, ": send it as metadata \"authorization: Bearer …\""));
  }
  return absl::PermissionDeniedError(absl::StrCat(wanted, ", and ", caller.actor(), " is none"));
}

absl::Status Authorize(const Caller& caller, absl::string_view method, const google::protobuf::Message& request) {
  const Rule* rule = FindRule(method);
  if (rule == nullptr) return absl::PermissionDeniedError(absl::StrCat(method, " has no rule of authorization"));
  return Authorize(caller, *rule, ResourceOf(*rule, request));
}

bool MayManage(const Caller& caller, absl::string_view resource) {
  return caller.role == Role::kOperator || (caller.role == Role::kOrganizer && Covers(caller, resource));
}

}  // namespace palmares::access
