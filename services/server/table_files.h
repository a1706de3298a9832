// A directory of data files that take the place of the tables that are compiled in.
#ifndef PALMARES_SERVICES_SERVER_TABLE_FILES_H_
#define PALMARES_SERVICES_SERVER_TABLE_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace palmares::server {

// Lets every *.csv file of the directory take the place of the compiled-in one of its name, for the rest of the
// program; their paths, by name. Nothing is replaced where any of them is wrong: INVALID_ARGUMENT names the file, the
// line where it is one, and what is wanted, of each. To be called before any other thread is there and before any table
// was used.
absl::StatusOr<std::vector<std::string>> UseTableFiles(const std::string& directory);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_TABLE_FILES_H_
