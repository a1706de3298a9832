// How a command of the client ends.
//
// A failure travels as an absl::Status. One that a server or the way to it caused carries its exit code as a payload
// (see connection.h); every other is the caller's own: a file that is not there, a text that cannot be read.
#ifndef PALMARES_TOOLS_PALMARES_EXIT_CODE_H_
#define PALMARES_TOOLS_PALMARES_EXIT_CODE_H_

#include <algorithm>

#include "absl/status/status.h"

namespace palmares::tools {

// The numbers are documented and relied on by scripts.
enum class ExitCode {
  kDone = 0,
  kNo = 1,           // the answer is no, a search found nobody, or rows were refused
  kUsage = 2,        // bad usage: words, options, files, manifests
  kRefused = 3,      // the server said no
  kUnreachable = 4,  // the server cannot be reached, or does not answer in time
};

// What several steps come to: the worse of the two.
inline ExitCode Worse(ExitCode a, ExitCode b) { return std::max(a, b); }

// The status with an exit code of its own. `status` must not be OK.
absl::Status WithExitCode(absl::Status status, ExitCode code);

// The exit code that a status carries, kUsage where it carries none, kDone when it is OK.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_EXIT_CODE_H_
