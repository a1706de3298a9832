#include "services/qualification/rule_file.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/qualification/rule_reader.h"
#include "services/qualification/rule_sections.h"

namespace palmares::qualification {
namespace {

absl::StatusOr<Standard> Refuse(std::vector<RuleProblem> found, std::vector<RuleProblem>* problems) {
  const std::string text = absl::StrJoin(
      found, "\n", [](std::string* out, const RuleProblem& problem) { out->append(FormatProblem(problem)); });
  if (problems != nullptr) *problems = std::move(found);
  return absl::InvalidArgumentError(text);
}

// What the file says as far as it could be read, with everything that is wrong with it.
Standard ReadWhole(absl::string_view toml, absl::string_view file_name, std::vector<RuleProblem>* found) {
  Problems problems(file_name);
  const toml::parse_result parsed = toml::parse(std::string_view(toml.data(), toml.size()));
  if (!parsed) {
    problems.Add(static_cast<int>(parsed.error().source().begin.line), "the file", "not TOML",
                 std::string(parsed.error().description()));
    *found = problems.Take();
    return Standard();
  }
  Draft draft;
  TableReader file(parsed.table(), "", &problems);
  ReadSections(file, draft);
  file.Finish();
  CheckWhole(file, draft);
  *found = problems.Take();
  return std::move(draft.standard);
}

}  // namespace

std::string FormatProblem(const RuleProblem& problem) {
  return absl::StrCat(problem.file, ":", problem.line, ": ", problem.field, " is ", problem.value, ", want ",
                      problem.want);
}

absl::StatusOr<Standard> ParseStandard(absl::string_view toml, absl::string_view file_name,
                                       std::vector<RuleProblem>* problems) {
  std::vector<RuleProblem> found;
  Standard standard = ReadWhole(toml, file_name, &found);
  if (!found.empty()) return Refuse(std::move(found), problems);
  if (problems != nullptr) problems->clear();
  return standard;
}

absl::StatusOr<Standard> ParseStoredStandard(absl::string_view toml, absl::string_view file_name) {
  std::vector<RuleProblem> found;
  Standard standard = ReadWhole(toml, file_name, &found);
  std::erase_if(found, [](const RuleProblem& problem) { return problem.binds == Binds::kNewFiles; });
  if (!found.empty()) return Refuse(std::move(found), nullptr);
  return standard;
}

}  // namespace palmares::qualification
