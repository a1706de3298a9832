// Files that hold no results whatever is in them, told by what they are rather than by what they lack.
#ifndef PALMARES_SERVICES_INGEST_NO_RESULTS_H_
#define PALMARES_SERVICES_INGEST_NO_RESULTS_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

struct NoResults {
  absl::string_view what;    // "a web page (HTML), not a file of results"
  absl::string_view wanted;  // what to give instead
};

// Web pages, PDF and workbooks from before 2007, by their first bytes; FinishLynx's start lists, people and schedules
// by the ending of the name. Nothing for any other file.
std::optional<NoResults> FindNoResults(absl::string_view bytes, absl::string_view file_name);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_NO_RESULTS_H_
