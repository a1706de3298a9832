// The standards that every Palmares knows from the start: the rule files of the folder standards/, compiled in.
#ifndef PALMARES_SERVICES_QUALIFICATION_CATALOGUE_H_
#define PALMARES_SERVICES_QUALIFICATION_CATALOGUE_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::qualification {

struct EmbeddedStandard {
  absl::string_view file_name;  // "boston-2026.toml"
  absl::string_view text;       // what ParseStandard reads
};

// All of them, by file name. Lives as long as the program.
const std::vector<EmbeddedStandard>& Catalogue();

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_CATALOGUE_H_
