#include "services/qualification/standards_view.h"

#include "absl/strings/str_cat.h"
#include "services/qualification/rule_file.h"
#include "storage/stored.pb.h"

namespace palmares::qualification {

absl::Status StandardsView::Apply(const storage::Entry& entry) {
  if (entry.change.kind != storage::EntryKind::kStandardSet) return absl::OkStatus();
  stored::v1::Standard body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a standard");
  absl::StatusOr<Standard> standard = ParseStandard(body.source(), body.file_name());
  if (!standard.ok()) {
    return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", standard.status().message()));
  }
  LoadedStandard& loaded = standards_[body.id()];
  loaded.standard = std::make_shared<const Standard>(*std::move(standard));
  loaded.revisions.push_back({entry.position, entry.time_us, body.source(), body.file_name(), entry.actor});
  return absl::OkStatus();
}

const LoadedStandard* StandardsView::Find(absl::string_view id) const {
  const auto found = standards_.find(id);
  return found == standards_.end() ? nullptr : &found->second;
}

}  // namespace palmares::qualification
