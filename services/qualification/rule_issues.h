// Problems and warnings of rule files as the API tells them.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_ISSUES_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_ISSUES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "palmares/v1/standards.pb.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/rule_warnings.h"

namespace palmares::qualification {

// Add to the issues of the answer.
void FillIssues(const std::vector<RuleProblem>& problems, v1::LoadStandardResponse* response);
void FillWarnings(const std::vector<RuleWarning>& warnings, const std::string& file_name,
                  v1::LoadStandardResponse* response);

// The problems as google.rpc.BadRequest, with their fields as the file names them.
absl::Status Refusal(const absl::Status& status, const std::vector<RuleProblem>& problems,
                     const std::string& file_name);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_ISSUES_H_
