#include "services/qualification/standards_view.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/qualification/rule_file.h"
#include "storage/stored.pb.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::qualification {

absl::Status StandardsView::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kStandardSet) return Load(entry);
  if (entry.change.kind == storage::EntryKind::kStandardRetired) return Retire(entry);
  return absl::OkStatus();
}

absl::Status StandardsView::Load(const storage::Entry& entry) {
  stored::v1::Standard body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a standard");
  absl::StatusOr<Standard> standard = ParseStoredStandard(body.source(), body.file_name());
  if (!standard.ok()) {
    return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", standard.status().message()));
  }
  LoadedStandard& loaded = standards_[body.id()];
  loaded.standard = std::make_shared<const Standard>(*std::move(standard));
  loaded.revisions.push_back(
      {entry.position, entry.time_us, body.source(), body.file_name(), entry.actor, body.reason()});
  loaded.retired = false;
  loaded.change_position = entry.position;
  loaded.change_time_us = entry.time_us;
  return absl::OkStatus();
}

absl::Status StandardsView::Retire(const storage::Entry& entry) {
  stored::v1::StandardRetired body;
  const bool parsed = body.ParseFromString(entry.change.body);
  const auto found = standards_.find(body.id());
  if (!parsed || found == standards_.end()) return absl::DataLossError("no standard is retired");
  found->second.retired = true;
  found->second.change_position = entry.position;
  found->second.change_time_us = entry.time_us;
  return absl::OkStatus();
}

const LoadedStandard* StandardsView::Find(absl::string_view id) const {
  const auto found = standards_.find(id);
  return found == standards_.end() ? nullptr : &found->second;
}

absl::StatusOr<AppliedStandard> StandardsView::Resolve(absl::string_view name) const {
  absl::string_view id = name;
  absl::ConsumePrefix(&id, "standards/");
  const absl::string_view rest = id.substr(std::min(id.find('/'), id.size()));
  id.remove_suffix(rest.size());
  const LoadedStandard* loaded = Find(id);
  if (loaded == nullptr) return absl::NotFoundError(absl::StrCat("there is no standard ", name));
  const auto newest = static_cast<int64_t>(loaded->revisions.size());
  if (rest.empty()) return AppliedStandard{loaded->standard, newest};
  absl::string_view number_text = rest;
  int64_t number = 0;
  const bool named = absl::ConsumePrefix(&number_text, "/revisions/") && absl::SimpleAtoi(number_text, &number);
  if (!named || number < 1 || number > newest) {
    return absl::NotFoundError(absl::StrCat("there is no standard ", name));
  }
  if (number == newest) return AppliedStandard{loaded->standard, newest};
  const StandardRevision& revision = loaded->revisions[static_cast<size_t>(number) - 1];
  absl::StatusOr<Standard> standard = ParseStoredStandard(revision.source, revision.file_name);
  if (!standard.ok()) return standard.status();
  return AppliedStandard{std::make_shared<const Standard>(*std::move(standard)), number};
}

}  // namespace palmares::qualification
