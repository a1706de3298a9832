#include "services/qualification/rule_issues.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {

void FillIssues(const std::vector<RuleProblem>& problems, v1::LoadStandardResponse* response) {
  for (const RuleProblem& problem : problems) {
    v1::Issue* issue = response->add_issues();
    issue->set_code("RULE_FILE_INVALID");
    issue->set_severity(v1::SEVERITY_ERROR);
    issue->set_row(problem.line);
    issue->set_column(problem.field);
    issue->set_value(problem.value.substr(0, 200));
    issue->set_wanted(problem.want);
    issue->set_text(FormatProblem(problem));
  }
}

void FillWarnings(const std::vector<RuleWarning>& warnings, const std::string& file_name,
                  v1::LoadStandardResponse* response) {
  for (const RuleWarning& warning : warnings) {
    v1::Issue* issue = response->add_issues();
    issue->set_code(warning.code);
    issue->set_severity(v1::SEVERITY_WARNING);
    issue->set_column(warning.field);
    issue->set_value(warning.value.substr(0, 200));
    issue->set_wanted(warning.want);
    issue->set_text(absl::StrCat(file_name, ": ", warning.field, " is ", warning.value, ", want ", warning.want));
  }
}

absl::Status Refusal(const absl::Status& status, const std::vector<RuleProblem>& problems,
                     const std::string& file_name) {
  absl::Status refused = rpc::WithReason(status, "RULE_FILE_INVALID",
                                         {{"file_name", file_name}, {"problems", absl::StrCat(problems.size())}});
  constexpr size_t kMostViolations = 20;  // in a trailer, which holds about 8 KiB; the message has them all
  google::rpc::BadRequest request;
  for (size_t i = 0; i < std::min(problems.size(), kMostViolations); ++i) {
    google::rpc::BadRequest::FieldViolation* violation = request.add_field_violations();
    violation->set_field(problems[i].field);
    violation->set_description(FormatProblem(problems[i]));
  }
  refused.SetPayload("type.googleapis.com/google.rpc.BadRequest", absl::Cord(request.SerializeAsString()));
  return refused;
}

}  // namespace palmares::qualification
