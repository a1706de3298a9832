#include "services/identity/evidence_view.h"

#include "absl/strings/str_cat.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

using results::RowRef;

std::vector<RowRef> RowsFrom(const results::Results& results, int32_t race, int64_t first) {
  std::vector<RowRef> rows;
  for (int64_t row = first; row < results.sheet(race).rows(); ++row) rows.push_back({race, static_cast<int32_t>(row)});
  return rows;
}

}  // namespace

Appearance AppearanceOf(const results::Result& row, const events::Race& race) {
  Appearance appearance;
  appearance.name = row.name;
  appearance.family_name = row.family_name;
  appearance.given_name = row.given_name;
  appearance.sex = row.sex;
  appearance.birth = row.birth;
  appearance.age = row.age;
  if (!row.birth.known() && row.age == 0) appearance.age_band = athletics::ParseAgeBand(row.category);
  appearance.race_date = race.date;
  appearance.country = row.country;
  appearance.region = row.region;
  appearance.city = row.city;
  appearance.club = row.club;
  if (!row.external_id.empty()) appearance.external_id_namespace = race.data.event();
  appearance.external_id = row.external_id;
  appearance.bib = row.bib;
  appearance.race = race.number;
  return appearance;
}

std::vector<RowRef> EvidenceView::RowsOf(int64_t athlete) const {
  std::vector<RowRef> rows;
  for (int64_t member : athletes_->Members(athlete)) {
    const absl::Span<const RowRef> own = results_->OfAthlete(member);
    rows.insert(rows.end(), own.begin(), own.end());
  }
  return rows;
}

absl::StatusOr<std::vector<RowRef>> EvidenceView::Touched(const storage::Entry& entry) const {
  const auto damaged = [&entry] { return absl::DataLossError(absl::StrCat("entry ", entry.position, " is damaged")); };
  switch (entry.change.kind) {
    case storage::EntryKind::kRaceSet: {  // the date of a race is evidence of everybody in it
      stored::v1::Race body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      const events::Race* race =
          results_->calendar().FindRace(events::RaceName(body.event(), body.edition(), body.id()));
      return race == nullptr ? std::vector<RowRef>() : RowsFrom(*results_, race->number, 0);
    }
    case storage::EntryKind::kSheetPublished: {
      stored::v1::SheetPublished body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      const events::Race* race = results_->calendar().FindRace(body.race());
      return race == nullptr ? std::vector<RowRef>() : RowsFrom(*results_, race->number, 0);
    }
    case storage::EntryKind::kResultsAppended: {
      stored::v1::ResultsAppended body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      const events::Race* race = results_->calendar().FindRace(body.race());
      return race == nullptr ? std::vector<RowRef>() : RowsFrom(*results_, race->number, rows_before_);
    }
    case storage::EntryKind::kResultRevised: {
      stored::v1::ResultRevised body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      absl::StatusOr<RowRef> row =
          results::FindResult(*results_, absl::StrCat(body.race(), "/results/", body.number()));
      if (!row.ok()) return damaged();
      return std::vector<RowRef>{*row};
    }
    case storage::EntryKind::kAthletesMerged: {
      stored::v1::AthletesMerged body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      return RowsOf(body.from());
    }
    case storage::EntryKind::kAthletesUnmerged: {
      stored::v1::AthletesUnmerged body;
      if (!body.ParseFromString(entry.change.body)) return damaged();
      const auto merge = athletes_->merges().find(body.merge_position());
      return merge == athletes_->merges().end() ? std::vector<RowRef>() : RowsOf(merge->second.from);
    }
    default:
      return std::vector<RowRef>();
  }
}

template <typename Change>
absl::Status EvidenceView::ForEach(const std::vector<RowRef>& rows, Change change) {
  results::RowReader reader(results_);
  for (const RowRef& ref : rows) {
    const int64_t athlete = results_->sheet(ref.race).Facts(ref.row).link.athlete;
    if (athlete == 0) continue;
    absl::StatusOr<results::Result> row = reader.Read(ref);
    if (!row.ok()) return row.status();
    if (row->name.empty() && row->external_id.empty()) continue;  // nothing to recognise anybody by
    change(athletes_->Resolve(athlete), AppearanceOf(*row, results_->calendar().race(ref.race)));
  }
  return absl::OkStatus();
}

absl::StatusOr<const Linker*> EvidenceView::Gathered() {
  for (int32_t race = 0; race < results_->calendar().race_count() && !gathered_; ++race) {
    absl::Status status = ForEach(RowsFrom(*results_, race, 0), [&](int64_t athlete, const Appearance& appearance) {
      linker_.Add(athlete, appearance);
    });
    if (!status.ok()) return status;
  }
  gathered_ = true;
  return &linker_;
}

absl::Status EvidenceView::Before(const storage::Entry& entry) {
  if (!gathered_) return absl::OkStatus();
  rows_before_ = 0;
  if (entry.change.kind == storage::EntryKind::kResultsAppended) {
    stored::v1::ResultsAppended body;
    const bool parsed = body.ParseFromString(entry.change.body);
    const events::Race* race = parsed ? results_->calendar().FindRace(body.race()) : nullptr;
    if (race != nullptr) rows_before_ = results_->sheet(race->number).rows();
  }
  absl::StatusOr<std::vector<RowRef>> rows = Touched(entry);
  if (!rows.ok()) return rows.status();
  bool all_known = true;
  absl::Status status = ForEach(*rows, [&](int64_t athlete, const Appearance& appearance) {
    all_known = linker_.Remove(athlete, appearance) && all_known;
  });
  if (status.ok() && !all_known) status = absl::InternalError("evidence that was never added cannot be taken back");
  return status;
}

absl::Status EvidenceView::After(const storage::Entry& entry) {
  if (!gathered_) return absl::OkStatus();
  absl::StatusOr<std::vector<RowRef>> rows = Touched(entry);
  if (!rows.ok()) return rows.status();
  return ForEach(*rows, [&](int64_t athlete, const Appearance& appearance) { linker_.Add(athlete, appearance); });
}

}  // namespace palmares::identity
