#include "services/results/field_sizes.h"

#include <algorithm>

namespace palmares::results {

SheetVersion VersionOf(const Results& results, int32_t race) {
  const RaceSheet& sheet = results.sheet(race);
  int64_t sanctions = 0;
  for (const auto& [row, sanctioned] : sheet.sanctioned()) sanctions += (row + 1) * (sanctioned.sanction + 1);
  return {sheet.position, results.calendar().race(race).stamps.position, sanctions};
}

std::shared_ptr<const FieldSizes::OfRace> FieldSizes::Counted(int32_t race) const {
  const SheetVersion version = VersionOf(results_, race);
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto kept = kept_.find(race);
    if (kept != kept_.end() && kept->second->version == version) return kept->second;
  }
  std::shared_ptr<const OfRace> counted = Count(race, version);
  absl::MutexLock lock(&mutex_);
  kept_[race] = counted;
  return counted;
}

std::shared_ptr<const FieldSizes::OfRace> FieldSizes::Count(int32_t race, const SheetVersion& version) const {
  auto counted = std::make_shared<OfRace>();
  counted->version = version;
  const RaceSheet& sheet = results_.sheet(race);
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Facts(row);
    Field& field = counted->fields[static_cast<size_t>(facts.division)];
    if (sheet.IsChanged(row)) {
      const RaceSheet::Address published = sheet.Published(row);
      const RowFacts before = published.facts->Facts(published.row);
      if (before.outcome == athletics::Outcome::kFinished) {
        ++counted->fields[static_cast<size_t>(before.division)].published;
      }
    } else if (facts.outcome == athletics::Outcome::kFinished) {
      ++field.published;
    }
    if (facts.outcome != athletics::Outcome::kFinished) continue;
    ++field.finishers;
    if (facts.place > 0) ++field.sharing[facts.place];
  }
  for (Field& field : counted->fields) {
    absl::erase_if(field.sharing, [](const auto& place) { return place.second < 2; });
    field.sharing.rehash(0);
  }
  return counted;
}

PlaceInField FieldSizes::Of(RowRef row) const {
  const RaceSheet& sheet = results_.sheet(row.race);
  const RaceSheet::Address address = sheet.Find(row.row);
  Result stated;
  address.facts->Fill(address.row, 0, stated);
  return Of(row, sheet.Facts(row.row), stated.place_of);
}

PlaceInField FieldSizes::Of(RowRef row, const RowFacts& facts, int32_t stated_size) const {
  const std::shared_ptr<const OfRace> counted = Counted(row.race);
  const Field& field = counted->fields[static_cast<size_t>(facts.division)];
  PlaceInField place;
  place.field_size = field.finishers + std::max(stated_size - field.published, 0);
  if (facts.place == 0) return place;
  const auto sharing = field.sharing.find(facts.place);
  if (sharing != field.sharing.end()) place.sharing = sharing->second - 1;
  const int32_t behind = place.field_size - facts.place - place.sharing;
  if (behind > 0) place.percentile = 100.0 * behind / place.field_size;
  return place;
}

}  // namespace palmares::results
