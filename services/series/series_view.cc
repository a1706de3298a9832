#include "services/series/series_view.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::series {

std::string SeriesName(absl::string_view id) { return absl::StrCat("series/", id); }

absl::Status SeriesView::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kSeriesSet) {
    stored::v1::Series body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a series");
    absl::StatusOr<SeriesRules> rules = ParseStoredSeriesRules(body.rules_text(), "rules_text");
    if (!rules.ok()) {
      return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", rules.status().message()));
    }
    Series& series = series_[SeriesName(body.id())];
    if (series.name.empty()) series.create_time_us = entry.time_us;
    series.name = SeriesName(body.id());
    series.data = std::move(body);
    series.rules = std::make_shared<const SeriesRules>(*std::move(rules));
    series.update_time_us = entry.time_us;
    series.position = entry.position;
  } else if (entry.change.kind == storage::EntryKind::kSeriesRemoved) {
    stored::v1::SeriesRemoved body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not the removal of a series");
    if (series_.erase(SeriesName(body.id())) == 0) {
      return absl::DataLossError(absl::StrCat("entry ", entry.position, ": no series ", body.id()));
    }
  }
  return absl::OkStatus();
}

const Series* SeriesView::Find(absl::string_view name) const {
  const auto found = series_.find(name);
  return found == series_.end() ? nullptr : &found->second;
}

}  // namespace palmares::series
