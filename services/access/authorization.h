// Who may call which method: one table with a row for every RPC.
//
// An operator may call everything. Everybody else needs what the row says; anonymous callers reach the public rows
// only. The table says who may call; which rows of a sheet, which fields of an athlete a caller then sees is decided
// where they are read. Where who may call hangs on what is stored, the row says whom the service lets in, and the table
// asks for no more than it can tell from the token.
#ifndef PALMARES_SERVICES_ACCESS_AUTHORIZATION_H_
#define PALMARES_SERVICES_ACCESS_AUTHORIZATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "services/access/tokens.h"

namespace palmares::access {

// Who is calling.
struct Caller {
  Role role = Role::kAnonymous;
  std::string token_id;                // empty for anonymous callers
  std::vector<std::string> resources;  // what the token is limited to
  std::string actor() const { return token_id.empty() ? "anonymous" : "tokens/" + token_id; }
};

enum class Need {
  // The table decides.
  kPublic,      // anybody
  kAnyToken,    // anybody who is known
  kOperator,    // operators alone
  kOrganizer,   // an organizer of the event that the resource belongs to
  kFederation,  // a federation
  kSponsor,     // a sponsor

  // The table lets in organizers, whichever their events; the service decides, for the event is not in the request, but
  // in what it names: an upload, a job, a saved mapping.
  kAnyOrganizer,

  // The table lets in whoever is known, for any token may be what is wanted; the service decides.
  kForAthlete,         // the athlete, or a holder of their grant: grants and merged athletes are stored, and often the
                       // athlete is so too, beside what the request names (a share, a grant)
  kForAthleteOrEvent,  // the same, or who runs what is decided on: an organizer of the event of a link, of a result or
                       // of a standard, a federation for a standard's places
  kOwner,              // the token that made it, which is stored with it; a list has the caller's own
};

struct Rule {
  absl::string_view method;  // "EventService.CreateRace"
  Need need;
  absl::string_view resource;  // field of the request that names the resource ("race.name"), or "events/{event_id}"
                               // with a field in braces; empty where none is needed
};

absl::Span<const Rule> AuthorizationTable();
// nullptr if the method has no row: nobody may call it.
const Rule* FindRule(absl::string_view method);

// OK, or UNAUTHENTICATED (a token would do) or PERMISSION_DENIED (this token does not), with what is needed.
absl::Status Authorize(const Caller& caller, const Rule& rule, absl::string_view resource);
absl::Status Authorize(const Caller& caller, absl::string_view method, const google::protobuf::Message& request);

// Whether the caller may see what is not public of this resource: drafts, embargoed sheets.
bool MayManage(const Caller& caller, absl::string_view resource);

// The resource that the rule's field of the request names.
std::string ResourceOf(const Rule& rule, const google::protobuf::Message& request);

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_AUTHORIZATION_H_
