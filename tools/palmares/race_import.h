// One race of a manifest: its file is sent, or read here in a dry run before the race is there, and refused rows are
// saved.
#ifndef PALMARES_TOOLS_PALMARES_RACE_IMPORT_H_
#define PALMARES_TOOLS_PALMARES_RACE_IMPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "palmares/v1/imports.pb.h"
#include "tools/palmares/manifest.h"
#include "tools/palmares/session.h"

namespace palmares::tools {

struct ImportOptions {
  std::string manifest;
  std::string reason;
  std::string evidence;
  std::string race;      // id of the only race to import; empty for all
  std::string rejected;  // file that refused rows are saved in; empty: nowhere
  std::string mended;    // file of mended rows that is sent in place of the race's own; empty: none
  bool dry_run = false;
  bool allow_partial = false;
};

// Sends the race's file, large ones so that a cut does not matter, and gives the report. NOT_FOUND without the file.
absl::StatusOr<v1::ImportSheetResponse> SendSheet(Session& session, const Connection& connection,
                                                  const ImportOptions& options, const ManifestRace& race);

// The same of a race that the server does not have: its file is read here, with the saved mapping that the server has.
absl::StatusOr<v1::ImportSheetResponse> ReadSheetHere(const Connection& connection, const ImportOptions& options,
                                                      const ManifestRace& race);

// The file that is sent for the race.
const std::string& FileOf(const ImportOptions& options, const ManifestRace& race);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_RACE_IMPORT_H_
