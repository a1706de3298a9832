#include "services/qualification/deadline_notices.h"

#include "absl/strings/str_cat.h"
#include "services/qualification/deadlines.h"
#include "services/rpc/convert.h"

namespace palmares::qualification {
namespace {

absl::Time DeadlineTime(const v1::Deadline& deadline) {
  return absl::FromUnixSeconds(deadline.deadline_time().seconds());
}

}  // namespace

DeadlineNotices::Key DeadlineNotices::KeyOf(const v1::Deadline& deadline) {
  return {deadline.standard(), deadline.goal(), deadline.kind(), deadline.deadline_time().seconds(),
          deadline.concerns()};
}

void DeadlineNotices::TakeAsTold(const std::vector<v1::Deadline>& deadlines, absl::Time begun_by) {
  for (const v1::Deadline& deadline : deadlines) {
    if (DeadlineTime(deadline) - notice_ <= begun_by) told_.insert(KeyOf(deadline));
  }
}

std::vector<v1::Deadline> DeadlineNotices::Near(const std::vector<v1::Deadline>& deadlines, absl::Time now) {
  std::vector<v1::Deadline> near;
  for (const v1::Deadline& deadline : deadlines) {
    const absl::Time time = DeadlineTime(deadline);
    const bool is_near = time > now && time - notice_ <= now;
    if (is_near && told_.insert(KeyOf(deadline)).second) near.push_back(deadline);
  }
  return near;
}

std::vector<v1::Deadline> AllDeadlines(const std::vector<AppliedStandard>& standards) {
  std::vector<v1::Deadline> all;
  for (const AppliedStandard& applied : standards) {
    for (const StandardDeadline& deadline : DeadlinesOf(*applied.standard)) {
      v1::Deadline& out = all.emplace_back();
      out.set_standard(absl::StrCat("standards/", applied.standard->id));
      out.set_kind(deadline.kind);
      out.set_concerns(deadline.concerns);
      *out.mutable_deadline_time() = rpc::ToTimestamp(absl::ToUnixMicros(deadline.time));
    }
  }
  return all;
}

}  // namespace palmares::qualification
