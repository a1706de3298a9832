#include "services/identity/linker.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/identity/blocking.h"
#include "services/identity/fold.h"
#include "services/identity/name.h"

namespace palmares::identity {
namespace {

// Folded, with a letter in front that keeps a town apart from a club of the same name. Empty where nothing is left.
std::string Place(char kind, absl::string_view text) {
  std::string out;
  if (text.empty()) return out;
  out.reserve(text.size() + 1);
  AppendFolded(text, out);
  if (!out.empty()) out.insert(out.begin(), kind);
  return out;
}

absl::string_view WithoutPrefix(absl::string_view text) { return text.substr(text.empty() ? 0 : 1); }

}  // namespace

Linker::Linker(RaceSettings settings, const Weights& weights) : settings_(std::move(settings)), weights_(weights) {}

Linker::Row Linker::Prepare(const Appearance& appearance) const {
  Row row;
  const PersonName name = ParseName(appearance.name, appearance.family_name, appearance.given_name);
  row.placeholder = name.placeholder;
  row.name = PackName(name);
  row.birth = BirthOf(appearance);
  row.sex = appearance.sex;
  row.race = appearance.race;
  row.level = appearance.level;
  if (appearance.started && appearance.race_date.has_value()) row.day = athletics::DaysSince1970(*appearance.race_date);
  row.country = Place('n', appearance.country);
  row.region = Place('r', appearance.region);
  row.city = Place('c', appearance.city);
  row.club = Place('k', appearance.club);
  if (!appearance.bib.empty()) row.bib = static_cast<uint32_t>(Fingerprint(FoldText(appearance.bib))) | 1U;
  if (!appearance.external_id.empty()) {
    row.source = Fingerprint(appearance.external_id_namespace);
    row.external_id = Fingerprint(appearance.external_id, row.source);
  }
  row.name_id = names_.Find(row.name);
  row.country_id = row.country.empty() ? kNone : texts_.Find(row.country);
  row.region_id = row.region.empty() ? kNone : texts_.Find(row.region);
  row.city_id = row.city.empty() ? kNone : texts_.Find(row.city);
  row.club_id = row.club.empty() ? kNone : texts_.Find(row.club);
  return row;
}

Linker::Observation Linker::Observe(const Row& row) {
  Observation seen{};
  seen.name = names_.Use(row.name);
  seen.birth = row.birth;
  seen.race = row.race;
  seen.day = row.day;
  seen.level = row.level;
  seen.country = row.country.empty() ? kNone : texts_.Use(row.country);
  seen.region = row.region.empty() ? kNone : texts_.Use(row.region);
  seen.city = row.city.empty() ? kNone : texts_.Use(row.city);
  seen.club = row.club.empty() ? kNone : texts_.Use(row.club);
  seen.bib = row.bib;
  seen.sex = row.sex;
  seen.next = kNone;
  return seen;
}

void Linker::Forget(const Observation& observation) {
  names_.Release(observation.name);
  for (uint32_t place : {observation.country, observation.region, observation.city, observation.club}) {
    texts_.Release(place);
  }
}

template <typename Visit>
void Linker::ForEachKey(const Observation& observation, const Visit& visit) const {
  const NameText name = UnpackName(names_.Text(observation.name));
  const absl::string_view city =
      observation.city == kNone ? absl::string_view() : WithoutPrefix(texts_.Text(observation.city));
  visit(PlainKey(name));
  for (uint32_t key : FuzzyKeys(name, observation.birth, city)) visit(key);
}

uint32_t Linker::SlotOf(int64_t athlete) {
  const auto [entry, inserted] = by_athlete_.try_emplace(athlete, 0);
  if (!inserted) return entry->second;
  uint32_t slot = static_cast<uint32_t>(athletes_.size());
  if (free_athletes_.empty()) {
    athletes_.push_back({});
  } else {
    slot = free_athletes_.back();
    free_athletes_.pop_back();
  }
  athletes_[slot] = {athlete, kNone};
  entry->second = slot;
  return slot;
}

bool Linker::HasName(uint32_t slot, uint32_t name) const {
  for (uint32_t i = athletes_[slot].first; i != kNone; i = observations_[i].next) {
    if (observations_[i].name == name) return true;
  }
  return false;
}

void Linker::Add(int64_t athlete, const Appearance& appearance) {
  const Row row = Prepare(appearance);
  if (row.placeholder) return;
  const uint32_t slot = SlotOf(athlete);
  Observation seen = Observe(row);
  // A name counts once for each athlete, so that somebody who runs every week does not make it common.
  if (!HasName(slot, seen.name)) words_.Add(UnpackName(row.name));
  seen.next = athletes_[slot].first;
  uint32_t index = static_cast<uint32_t>(observations_.size());
  if (free_observations_.empty()) {
    observations_.push_back(seen);
  } else {
    index = free_observations_.back();
    free_observations_.pop_back();
    observations_[index] = seen;
  }
  athletes_[slot].first = index;
  ForEachKey(seen, [&](uint32_t key) { blocks_.Add(key, slot); });
  if (row.external_id != 0) AddExternalId(slot, row);
}

bool Linker::Remove(int64_t athlete, const Appearance& appearance) {
  const Row row = Prepare(appearance);
  const auto entry = by_athlete_.find(athlete);
  if (row.placeholder) return true;  // of which nothing is kept
  if (entry == by_athlete_.end()) return false;
  const uint32_t slot = entry->second;
  Observation wanted{};
  wanted.name = row.name_id;
  wanted.birth = row.birth;
  wanted.race = row.race;
  wanted.day = row.day;
  wanted.level = row.level;
  wanted.country = row.country_id;
  wanted.region = row.region_id;
  wanted.city = row.city_id;
  wanted.club = row.club_id;
  wanted.bib = row.bib;
  wanted.sex = row.sex;
  uint32_t* link = &athletes_[slot].first;
  while (*link != kNone) {
    wanted.next = observations_[*link].next;
    if (observations_[*link] == wanted) break;
    link = &observations_[*link].next;
  }
  if (*link == kNone) return false;
  const uint32_t index = *link;
  const Observation seen = observations_[index];
  *link = seen.next;
  absl::InlinedVector<uint32_t, 6> gone;
  ForEachKey(seen, [&gone](uint32_t key) { gone.push_back(key); });
  for (uint32_t left = athletes_[slot].first; left != kNone; left = observations_[left].next) {
    ForEachKey(observations_[left],
               [&gone](uint32_t key) { gone.erase(std::remove(gone.begin(), gone.end(), key), gone.end()); });
  }
  for (uint32_t key : gone) blocks_.Remove(key, slot);
  if (!HasName(slot, seen.name)) words_.Remove(UnpackName(row.name));
  Forget(seen);
  free_observations_.push_back(index);
  if (row.external_id != 0) RemoveExternalId(slot, row);
  if (athletes_[slot].first == kNone) {
    free_athletes_.push_back(slot);
    by_athlete_.erase(entry);
  }
  return true;
}

void Linker::AddExternalId(uint32_t slot, const Row& row) {
  for (absl::InlinedVector<ExternalId, 1>* ids : {&external_ids_[row.external_id], &ids_of_athlete_[slot]}) {
    const auto found = std::find_if(ids->begin(), ids->end(), [&](const ExternalId& known) {
      return known.slot == slot && known.id == row.external_id;
    });
    if (found == ids->end()) {
      ids->push_back({row.source, row.external_id, slot, 1});
    } else {
      ++found->uses;
    }
  }
}

void Linker::RemoveExternalId(uint32_t slot, const Row& row) {
  const auto remove = [&](auto& map, auto key) {
    const auto entry = map.find(key);
    if (entry == map.end()) return;
    auto& ids = entry->second;
    const auto found = std::find_if(ids.begin(), ids.end(), [&](const ExternalId& known) {
      return known.slot == slot && known.id == row.external_id;
    });
    if (found != ids.end() && --found->uses == 0) ids.erase(found);
    if (ids.empty()) map.erase(entry);
  };
  remove(external_ids_, row.external_id);
  remove(ids_of_athlete_, slot);
}

size_t Linker::MemoryBytes() const {
  return names_.MemoryBytes() + texts_.MemoryBytes() + words_.MemoryBytes() + blocks_.MemoryBytes() +
         athletes_.capacity() * sizeof(Athlete) + observations_.capacity() * sizeof(Observation) +
         (free_athletes_.capacity() + free_observations_.capacity()) * sizeof(uint32_t) +
         by_athlete_.capacity() * (sizeof(std::pair<int64_t, uint32_t>) + 1) +
         external_ids_.capacity() * (sizeof(std::pair<uint64_t, absl::InlinedVector<ExternalId, 1>>) + 1) +
         ids_of_athlete_.capacity() * (sizeof(std::pair<uint32_t, absl::InlinedVector<ExternalId, 1>>) + 1);
}

}  // namespace palmares::identity
