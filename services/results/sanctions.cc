#include "services/results/sanctions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {}  // namespace

absl::Status Sanctions::Apply(const storage::Entry& entry) {
  absl::Status status;
  if (entry.change.kind == storage::EntryKind::kSanctionSet) status = Set(entry);
  if (entry.change.kind == storage::EntryKind::kSanctionLifted) status = Lift(entry);
  if (!status.ok()) return status;
  if (!sanctions_.empty()) LayOver(entry.position);
  return absl::OkStatus();
}

absl::Status Sanctions::Set(const storage::Entry& entry) {
  stored::v1::Sanction body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a sanction");
  Sanction& sanction = sanctions_[entry.position];
  sanction.position = sanction.changed = entry.position;
  sanction.id = body.id();
  sanction.athlete = body.athlete();
  sanction.from = athletics::DateFromDaysSince1970(body.from_date());
  if (body.has_to_date()) sanction.to = athletics::DateFromDaysSince1970(body.to_date());
  sanction.rule = body.rule();
  sanction.reason = body.reason();
  sanction.evidence = body.evidence();
  sanction.leave_places_vacant = body.leave_places_vacant();
  sanction.create_time_us = sanction.update_time_us = entry.time_us;
  return absl::OkStatus();
}

absl::Status Sanctions::Lift(const storage::Entry& entry) {
  stored::v1::SanctionLifted body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not the lifting of a sanction");
  const auto found = sanctions_.find(body.position());
  if (found == sanctions_.end() || found->second.lifted) return storage::Damaged(entry, "the lifting of no sanction");
  found->second.lifted = true;
  found->second.lift_reason = body.reason();
  found->second.update_time_us = entry.time_us;
  found->second.changed = entry.position;
  return absl::OkStatus();
}

const Sanction* Sanctions::Find(int64_t athlete, absl::string_view id) const {
  const std::vector<int64_t> family = family_(athlete);
  for (const auto& [position, sanction] : sanctions_) {
    if (sanction.id == id && std::find(family.begin(), family.end(), sanction.athlete) != family.end()) {
      return &sanction;
    }
  }
  return nullptr;
}

const Sanction* Sanctions::At(int64_t position) const {
  const auto found = sanctions_.find(position);
  return found == sanctions_.end() ? nullptr : &found->second;
}

std::vector<RowRef> Sanctions::RowsOf(const Sanction& sanction) const {
  std::vector<RowRef> rows;
  if (sanction.lifted) return rows;
  for (int64_t athlete : family_(sanction.athlete)) {
    for (const RowRef& ref : results_.OfAthlete(athlete)) {
      if (sanction.Covers(results_.calendar().race(ref.race).date)) rows.push_back(ref);
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Of two sanctions that cover one result the earlier counts.
void Sanctions::LayOver(int64_t position) {
  std::map<int32_t, absl::flat_hash_map<int64_t, RaceSheet::Sanctioned>> wanted;
  for (int32_t race : races_) wanted[race];
  for (const auto& [at, sanction] : sanctions_) {
    for (const RowRef& ref : RowsOf(sanction)) {
      wanted[ref.race].try_emplace(ref.row, RaceSheet::Sanctioned{at, sanction.leave_places_vacant});
    }
  }
  races_.clear();
  for (auto& [race, rows] : wanted) {
    if (!rows.empty()) races_.insert(race);
    results_.SetSanctioned(race, std::move(rows), position);
  }
}

}  // namespace palmares::results
