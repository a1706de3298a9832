#include "services/identity/evidence_view.h"

#include "services/identity/mark_level.h"

namespace palmares::identity {

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
  appearance.started = row.outcome != athletics::Outcome::kDidNotStart && row.outcome != athletics::Outcome::kWithdrawn;
  const bool run = row.outcome == athletics::Outcome::kFinished && row.division == athletics::Division::kRunning;
  if (run && race.discipline != nullptr) appearance.level = MarkLevelOf(*race.discipline, row.official_mark);
  return appearance;
}

RaceSetting SettingOf(const events::Race& race) {
  RaceSetting setting;
  if (race.discipline != nullptr) setting.long_race = IsLongRace(*race.discipline);
  if (race.event == nullptr || race.edition == nullptr) return setting;
  setting.event = race.event->name;
  setting.edition = race.edition->name;
  setting.country = race.event->data.country();
  setting.region = race.event->data.region();
  setting.city = race.edition->data.city().empty() ? race.event->data.city() : race.edition->data.city();
  return setting;
}

std::unique_ptr<Linker> EvidenceView::MakeLinker() const {
  return std::make_unique<Linker>(
      [results = results_](int32_t race) { return SettingOf(results->calendar().race(race)); });
}

template <typename Change>
absl::Status EvidenceView::ForEach(const std::vector<RowRange>& rows, Change change) {
  results::RowReader reader(results_, results::PersonalData::kAll);
  absl::Status status;
  ForEachRow(rows, [&](results::RowRef ref) {
    const int64_t athlete = results_->sheet(ref.race).LinkOf(ref.row).athlete;
    if (athlete == 0) return true;
    absl::StatusOr<results::Result> row = reader.ReadStatement(ref);
    status = row.status();
    if (!row.ok()) return false;
    if (row->name.empty() && row->external_id.empty()) return true;  // nothing to recognise anybody by
    change(athletes_->Resolve(athlete), AppearanceOf(*row, results_->calendar().race(ref.race)));
    return true;
  });
  return status;
}

absl::StatusOr<const Linker*> EvidenceView::Gathered() {
  for (int32_t race = 0; race < results_->calendar().race_count() && !gathered_; ++race) {
    const std::vector<RowRange> rows = {{race, 0, static_cast<int32_t>(results_->sheet(race).rows())}};
    absl::Status status =
        ForEach(rows, [&](int64_t athlete, const Appearance& appearance) { linker_->Add(athlete, appearance); });
    if (!status.ok()) return status;
  }
  gathered_ = true;
  return linker_.get();
}

absl::Status EvidenceView::Before(const TouchedRows& touched) {
  if (!gathered_ || touched.change == RowChange::kState) return absl::OkStatus();
  bool all_known = true;
  absl::Status status = ForEach(touched.before, [&](int64_t athlete, const Appearance& appearance) {
    all_known = linker_->Remove(athlete, appearance) && all_known;
  });
  if (status.ok() && !all_known) status = absl::InternalError("evidence that was never added cannot be taken back");
  return status;
}

absl::Status EvidenceView::After(const TouchedRows& touched) {
  if (!gathered_ || touched.change == RowChange::kState) return absl::OkStatus();
  return ForEach(touched.after,
                 [&](int64_t athlete, const Appearance& appearance) { linker_->Add(athlete, appearance); });
}

}  // namespace palmares::identity
