// Writes an event, its edition and races so that they are as a manifest says.
#ifndef PALMARES_TOOLS_PALMARES_CALENDAR_WRITES_H_
#define PALMARES_TOOLS_PALMARES_CALENDAR_WRITES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "palmares/v1/events.pb.h"
#include "tools/palmares/connection.h"

namespace palmares::tools {

// What was written, or in a dry run would be.
enum class Written {
  kPut,          // created or brought up to date
  kWouldUpdate,  // it exists, and the server takes the change
  kWouldCreate,  // it does not exist yet
};

// Each creates what is missing and changes what differs. In a dry run nothing is written; what lies below something
// that does not exist does not exist either (`parent_exists` false asks nobody).
absl::StatusOr<Written> PutEvent(const Connection& connection, const v1::Event& event, bool dry_run);
absl::StatusOr<Written> PutEdition(const Connection& connection, const v1::Edition& edition, bool dry_run,
                                   bool parent_exists);
// `reason` is why a race with an official sheet changes.
absl::StatusOr<Written> PutRace(const Connection& connection, const v1::Race& race, const std::string& reason,
                                bool dry_run, bool parent_exists);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALENDAR_WRITES_H_
