// Reads rule files: standards as TOML. README.md is the manual of the schema.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_FILE_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

// The version of the schema that this code reads; a file states its own as `schema = 1`.
inline constexpr int kRuleSchema = 1;

// Which files a check keeps out. One that is younger than files that may be stored keeps out new ones alone, so that
// every version opens the databases of those before it.
enum class Binds : uint8_t { kEveryFile, kNewFiles };

// Something in a rule file that is not as it must be.
struct RuleProblem {
  std::string file;
  int line = 0;       // from 1; 0 where it has none
  std::string field;  // "marks[2].by_age.35-39"
  std::string value;  // as found; "nothing" where the field is missing
  std::string want;   // "a time such as 2:55:00"
  Binds binds = Binds::kEveryFile;
};

// "boston.toml:31: marks[2].by_age.35-39 is "3:0x:00", want a time such as 2:55:00"
std::string FormatProblem(const RuleProblem& problem);

// Reads one standard. INVALID_ARGUMENT lists every problem found, one a line, in the order of the file; `problems`,
// where given, receives them one by one. A text that is not TOML has one problem, with its line. Never throws; any
// bytes may be given.
absl::StatusOr<Standard> ParseStandard(absl::string_view toml, absl::string_view file_name,
                                       std::vector<RuleProblem>* problems = nullptr);

// Reads a file that was taken before, by this version or an earlier one: without the checks that keep out new files
// alone.
absl::StatusOr<Standard> ParseStoredStandard(absl::string_view toml, absl::string_view file_name);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_FILE_H_
