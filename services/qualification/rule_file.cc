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

}  // namespace

std::string FormatProblem(const RuleProblem& problem) {
  return absl::StrCat(problem.file, ":", problem.line, ": ", problem.field, " is ", problem.value, ", want ",
                      problem.want);
}

absl::StatusOr<Standard> ParseStandard(absl::string_view toml, absl::string_view file_name,
                                       std::vector<RuleProblem>* problems) {
  Problems found(file_name);
  const toml::parse_result parsed = toml::parse(std::string_view(toml.data(), toml.size()));
  if (!parsed) {
    found.Add(static_cast<int>(parsed.error().source().begin.line), "the file", "not TOML",
              std::string(parsed.error().description()));
    return Refuse(found.Take(), problems);
  }
  Draft draft;
  TableReader file(parsed.table(), "", &found);
  ReadSections(file, draft);
  file.Finish();
  CheckWhole(file, draft);
  if (!found.empty()) return Refuse(found.Take(), problems);
  if (problems != nullptr) problems->clear();
  return std::move(draft.standard);
}

}  // namespace palmares::qualification
