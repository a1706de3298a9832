// Files that the caller names, read and written whole.
#ifndef PALMARES_TOOLS_PALMARES_FILE_H_
#define PALMARES_TOOLS_PALMARES_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::tools {

// NOT_FOUND when there is no such file, INVALID_ARGUMENT when it cannot be read or is larger than 64 MiB; the message
// names the path.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes a file, in place of one that is there. INVALID_ARGUMENT when it cannot be written; the message names the path.
absl::Status WriteFile(const std::string& path, absl::string_view content);

// Writes a new file that only its owner can read, for secrets. ALREADY_EXISTS when there is one.
absl::Status WritePrivateFile(const std::string& path, absl::string_view content);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_FILE_H_
