// Every RPC has a rule, every rule an RPC, and each kind of caller is let in exactly where the rule says.
#include "services/access/authorization.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "palmares/v1/access.pb.h"
#include "palmares/v1/administration.pb.h"
#include "palmares/v1/athletes.pb.h"
#include "palmares/v1/clubs.pb.h"
#include "palmares/v1/events.pb.h"
#include "palmares/v1/goals.pb.h"
#include "palmares/v1/histories.pb.h"
#include "palmares/v1/identity.pb.h"
#include "palmares/v1/ledger.pb.h"
#include "palmares/v1/portfolios.pb.h"
#include "palmares/v1/profiles.pb.h"
#include "palmares/v1/qualification.pb.h"
#include "palmares/v1/rankings.pb.h"
#include "palmares/v1/results.pb.h"
#include "palmares/v1/rules.pb.h"
#include "palmares/v1/series.pb.h"
#include "palmares/v1/shares.pb.h"
#include "palmares/v1/sheets.pb.h"
#include "palmares/v1/standards.pb.h"
#include "palmares/v1/uploads.pb.h"
#include "tests/testing.h"

namespace palmares::access {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// The files that define a service; a message of each, so that the linker keeps it.
std::vector<const FileDescriptor*> Files() {
  return {v1::Token::descriptor()->file(),
          v1::Statistics::descriptor()->file(),
          v1::Athlete::descriptor()->file(),
          v1::Club::descriptor()->file(),
          v1::Event::descriptor()->file(),
          v1::Goal::descriptor()->file(),
          v1::History::descriptor()->file(),
          v1::GetPositionRequest::descriptor()->file(),
          v1::GetLinkRequest::descriptor()->file(),
          v1::Portfolio::descriptor()->file(),
          v1::Profile::descriptor()->file(),
          v1::QualifyRequest::descriptor()->file(),
          v1::RankingQuery::descriptor()->file(),
          v1::Result::descriptor()->file(),
          v1::ParseMarkRequest::descriptor()->file(),
          v1::Series::descriptor()->file(),
          v1::Share::descriptor()->file(),
          v1::Sheet::descriptor()->file(),
          v1::Standard::descriptor()->file(),
          v1::Upload::descriptor()->file()};
}

std::string NameOf(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), ".", method.name());
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  std::set<const google::protobuf::ServiceDescriptor*> seen;
  // A message that is in another file than its service leads there by the package's services, which are found by name.
  for (const char* name :
       {"AccessService",  "AdministrationService", "AthleteService",  "ClubService",     "EventService",
        "GoalService",    "HistoryService",        "IdentityService", "LedgerService",   "PortfolioService",
        "ProfileService", "QualificationService",  "RankingService",  "ResultService",   "RuleService",
        "SeriesService",  "ShareService",          "SheetService",    "StandardService", "UploadService"}) {
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(absl::StrCat("palmares.v1.", name));
    if (service == nullptr) {
      ADD_FAILURE() << name << " is not linked";
      continue;
    }
    seen.insert(service);
  }
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) seen.insert(file->service(i));
  }
  for (const auto* service : seen) {
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

// The services that the files of proto/palmares/v1 define.
std::set<std::string> ServicesOfTheContract() {
  std::set<std::string> services;
  for (const auto& file : std::filesystem::directory_iterator(PALMARES_CONTRACT)) {
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      absl::string_view rest = line;
      if (absl::ConsumePrefix(&rest, "service ")) services.emplace(rest.substr(0, rest.find(' ')));
    }
  }
  return services;
}

// The path of the field that a rule names: "race.name" of "race.name", "event_id" of "events/{event_id}".
std::string PathOf(const Rule& rule) {
  const size_t open = rule.resource.find('{');
  if (open == absl::string_view::npos) return std::string(rule.resource);
  return std::string(rule.resource.substr(open + 1, rule.resource.find('}') - open - 1));
}

// Sets a text field by its path; false where the request has no such field.
bool SetField(Message& message, const std::string& path, const std::string& value) {
  Message* at = &message;
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr || field->is_repeated()) return false;
    if (i + 1 == parts.size()) {
      if (field->type() != FieldDescriptor::TYPE_STRING) return false;
      at->GetReflection()->SetString(at, field, value);
      return true;
    }
    if (field->message_type() == nullptr) return false;
    at = at->GetReflection()->MutableMessage(at, field);
  }
  return false;
}

std::unique_ptr<Message> NewRequest(const MethodDescriptor& method) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
}

TEST(AuthorizationTableTest, EveryServiceOfTheContractIsLookedAt) {
  std::set<std::string> looked_at;
  for (const MethodDescriptor* method : Methods()) looked_at.insert(method->service()->name());
  EXPECT_EQ(looked_at, ServicesOfTheContract());
}

TEST(AuthorizationTableTest, EveryMethodHasARow) {
  const std::vector<const MethodDescriptor*> methods = Methods();
  EXPECT_GT(methods.size(), 150u);
  for (const MethodDescriptor* method : methods) EXPECT_NE(FindRule(NameOf(*method)), nullptr) << NameOf(*method);
}

TEST(AuthorizationTableTest, EveryRowIsOneMethods) {
  std::set<std::string> methods, seen;
  for (const MethodDescriptor* method : Methods()) methods.insert(NameOf(*method));
  for (const Rule& rule : AuthorizationTable()) {
    EXPECT_TRUE(methods.contains(std::string(rule.method))) << rule.method;
    EXPECT_TRUE(seen.insert(std::string(rule.method)).second) << rule.method << " twice";
  }
}

TEST(AuthorizationTableTest, EveryResourceIsATextFieldOfTheRequest) {
  for (const MethodDescriptor* method : Methods()) {
    const Rule* rule = FindRule(NameOf(*method));
    if (rule == nullptr || rule->resource.empty()) continue;
    const std::unique_ptr<Message> request = NewRequest(*method);
    EXPECT_TRUE(SetField(*request, PathOf(*rule), "x")) << NameOf(*method) << ": no field " << rule->resource;
  }
}

TEST(AuthorizationTableTest, ANeedThatIsBoundToAResourceNamesOne) {
  for (const Rule& rule : AuthorizationTable()) {
    EXPECT_EQ(rule.need == Need::kOrganizer, !rule.resource.empty()) << rule.method;
  }
}

TEST(AuthorizationTableTest, NothingButAClaimIsForWhoeverIsKnown) {
  for (const Rule& rule : AuthorizationTable()) {
    EXPECT_EQ(rule.need == Need::kAnyToken, rule.method == "IdentityService.ClaimAthlete") << rule.method;
  }
}

struct Principal {
  const char* name;
  Caller caller;
};

std::vector<Principal> Principals() {
  return {{"anonymous", {Role::kAnonymous, "", {}}},
          {"operator", {Role::kOperator, "o", {}}},
          {"organizer of the event", {Role::kOrganizer, "a", {"events/here"}}},
          {"organizer of another event", {Role::kOrganizer, "b", {"events/elsewhere"}}},
          {"organizer of an event whose name begins alike", {Role::kOrganizer, "c", {"events/her"}}},
          {"the athlete", {Role::kAthlete, "d", {"athletes/7"}}},
          {"another athlete", {Role::kAthlete, "e", {"athletes/77"}}},
          {"their coach", {Role::kCoach, "f", {"athletes/7"}}},
          {"another's coach", {Role::kCoach, "g", {"athletes/8"}}},
          {"sponsor", {Role::kSponsor, "h", {}}},
          {"federation", {Role::kFederation, "i", {}}},
          {"a sponsor who has an event and an athlete", {Role::kSponsor, "j", {"events/here", "athletes/7"}}}};
}

// Written down again from the header's words, not from the code.
bool Allowed(Need need, absl::string_view principal) {
  if (need == Need::kPublic || principal == "operator") return true;
  if (principal == "anonymous") return false;
  switch (need) {
    case Need::kPublic:
      return true;
    case Need::kAnyToken:
    case Need::kForAthlete:
    case Need::kForAthleteOrEvent:
    case Need::kOwner:
      return true;  // the service decides, among them all
    case Need::kAnyOrganizer:
      return absl::StartsWith(principal, "organizer");
    case Need::kOperator:
      return false;
    case Need::kOrganizer:
      return principal == "organizer of the event";
    case Need::kFederation:
      return principal == "federation";
    case Need::kSponsor:
      return absl::StrContains(principal, "sponsor");
  }
  return false;
}

TEST(AuthorizationTest, EveryPrincipalReachesExactlyTheMethodsOfItsRows) {
  for (const MethodDescriptor* method : Methods()) {
    const Rule* rule = FindRule(NameOf(*method));
    ASSERT_NE(rule, nullptr) << NameOf(*method);
    const std::unique_ptr<Message> request = NewRequest(*method);
    if (!rule->resource.empty()) {
      const bool by_id = absl::StrContains(rule->resource, "{");
      const std::string below = by_id ? "here" : "events/here/editions/2025";
      ASSERT_TRUE(SetField(*request, PathOf(*rule), below)) << NameOf(*method);
    }
    for (const Principal& principal : Principals()) {
      const absl::Status status = Authorize(principal.caller, NameOf(*method), *request);
      EXPECT_EQ(status.ok(), Allowed(rule->need, principal.name))
          << NameOf(*method) << " as " << principal.name << ": " << status;
      if (status.ok()) continue;
      const bool anonymous = principal.caller.role == Role::kAnonymous;
      EXPECT_EQ(status.code(), anonymous ? absl::StatusCode::kUnauthenticated : absl::StatusCode::kPermissionDenied)
          << NameOf(*method) << " as " << principal.name;
    }
  }
}

TEST(AuthorizationTest, ARequestThatNamesNothingIsNobodysButAnOperators) {
  for (const MethodDescriptor* method : Methods()) {
    const Rule* rule = FindRule(NameOf(*method));
    ASSERT_NE(rule, nullptr);
    if (rule->resource.empty()) continue;
    for (const Principal& principal : Principals()) {
      const bool allowed = Authorize(principal.caller, NameOf(*method), *NewRequest(*method)).ok();
      EXPECT_EQ(allowed, principal.caller.role == Role::kOperator) << NameOf(*method) << " as " << principal.name;
    }
  }
}

TEST(AuthorizationTest, AMethodWithoutARowIsNobodys) {
  const Caller anybody{Role::kOperator, "o", {}};
  EXPECT_EQ(Authorize(anybody, "EventService.Forget", v1::GetCallerRequest()).code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(AuthorizationTest, DraftsAreManagedByTheEventsOrganizerAndOperatorsAlone) {
  for (const Principal& principal : Principals()) {
    const absl::string_view name = principal.name;
    EXPECT_EQ(MayManage(principal.caller, "events/here/editions/2025/races/open"),
              name == "operator" || name == "organizer of the event")
        << name;
  }
}

}  // namespace
}  // namespace palmares::access
