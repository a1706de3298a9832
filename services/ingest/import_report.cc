#include "services/ingest/import_report.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/ingest/issue.h"

namespace palmares::ingest {
namespace {

constexpr int kIssuesListed = 1000;

}  // namespace

void DescribePublishing(const PublishSummary& summary, v1::ImportReport* out) {
  out->set_unchanged(summary.unchanged);
  out->set_revision(summary.revision);
  out->set_rows_added(static_cast<int32_t>(summary.added));
  out->set_rows_changed(static_cast<int32_t>(summary.changed));
  out->set_rows_unchanged(static_cast<int32_t>(summary.kept));
  out->set_rows_removed(static_cast<int32_t>(summary.removed));
  for (const PublishSummary::Overruled& row : summary.overruled) {
    if (out->issues_size() >= kIssuesListed) break;
    v1::Issue* issue = out->add_issues();
    issue->set_code(std::string(IssueCodeName(IssueCode::kRevisionOverruled)));
    issue->set_severity(v1::SEVERITY_WARNING);
    issue->set_value(row.bib);
    issue->set_text(absl::StrCat(row.name, row.bib.empty() ? "" : absl::StrCat(" (bib ", row.bib, ")"), " ", row.text,
                                 " [", issue->code(), "]"));
  }
  if (!summary.overruled.empty()) {
    v1::IssueGroup* group = out->add_issue_groups();
    group->set_code(std::string(IssueCodeName(IssueCode::kRevisionOverruled)));
    group->set_severity(v1::SEVERITY_WARNING);
    group->set_count(static_cast<int32_t>(summary.overruled.size()));
    group->set_text(absl::StrCat(summary.overruled.size(), " × ", group->code(), ": the new sheet's statement stands"));
  }
  out->mutable_changes()->Add(summary.changes.begin(), summary.changes.end());
  v1::LinkReport* links = out->mutable_links();
  links->set_linked(static_cast<int32_t>(summary.linked));
  links->set_proposed(static_cast<int32_t>(summary.proposed));
  links->set_created(static_cast<int32_t>(summary.created));
  links->set_anonymous(static_cast<int32_t>(summary.anonymous));
}

}  // namespace palmares::ingest
