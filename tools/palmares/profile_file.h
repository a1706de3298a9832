// A profile in a file, as athletes write it: JSON or TOML with the fields of palmares.v1.Profile.
#ifndef PALMARES_TOOLS_PALMARES_PROFILE_FILE_H_
#define PALMARES_TOOLS_PALMARES_PROFILE_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/profiles.pb.h"

namespace palmares::tools {

// Reads TOML where the file's name ends in ".toml", else canonical protobuf JSON, as `palmares athletes profile show
// --output json` prints it. In TOML a day is a date (2025-04-21), and a kind may be its short form ("media-coverage").
// INVALID_ARGUMENT names the file and what is wrong: an unknown field too.
absl::StatusOr<v1::Profile> ReadProfile(absl::string_view text, const std::string& path);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_PROFILE_FILE_H_
