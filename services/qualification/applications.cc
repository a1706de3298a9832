#include "services/qualification/applications.h"

#include "storage/stored_qualification.pb.h"

namespace palmares::qualification {

absl::Status Applications::Apply(const storage::Entry& entry) {
  if (entry.change.kind != storage::EntryKind::kApplicationSet) return absl::OkStatus();
  stored::v1::Application body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an application");
  OfStandard& of_standard = by_standard_[body.standard()];
  of_standard.position = entry.position;
  Application& application = of_standard.by_athlete[body.athlete()];
  if (application.create_time_us == 0) application.create_time_us = entry.time_us;
  application.update_time_us = entry.time_us;
  application.position = entry.position;
  application.state = static_cast<ApplicationState>(body.state());
  application.apply_time_us = body.apply_time_us();
  application.reason = body.reason();
  application.path = body.path();
  return absl::OkStatus();
}

const absl::btree_map<int64_t, Application>& Applications::Of(absl::string_view standard) const {
  static const auto* const kNone = new absl::btree_map<int64_t, Application>();
  const auto found = by_standard_.find(standard);
  return found == by_standard_.end() ? *kNone : found->second.by_athlete;
}

const Application* Applications::Find(absl::string_view standard, int64_t athlete) const {
  const auto& all = Of(standard);
  const auto found = all.find(athlete);
  return found == all.end() ? nullptr : &found->second;
}

int64_t Applications::LastChange(absl::string_view standard) const {
  const auto found = by_standard_.find(standard);
  return found == by_standard_.end() ? 0 : found->second.position;
}

}  // namespace palmares::qualification
