#include "services/rankings/row_records.h"

#include <algorithm>

namespace palmares::rankings {

RowRecords::Stamp RowRecords::StampOf(const athletics::Discipline& discipline) const {
  Stamp stamp;
  for (int32_t number = 0; number < results_.calendar().race_count(); ++number) {
    const events::Race& race = results_.calendar().race(number);
    if (race.discipline != &discipline) continue;
    // A course that a race takes from its edition or event is theirs to change.
    stamp.changed_at = std::max(
        {stamp.changed_at, results_.ChangedAt(number), race.edition->stamps.position, race.event->stamps.position});
    ++stamp.races;
    stamp.rows += results_.sheet(number).rows();
  }
  return stamp;
}

std::shared_ptr<const results::StandingRecords> RowRecords::Of(const athletics::Discipline& discipline) {
  const int64_t position = results_.position();
  {
    absl::MutexLock lock(&mutex_);
    const auto found = kept_.find(&discipline);
    if (found != kept_.end() && found->second.position == position) return found->second.records;
  }
  const Stamp stamp = StampOf(discipline);
  {
    absl::MutexLock lock(&mutex_);
    Kept& kept = kept_[&discipline];
    if (kept.position >= 0 && kept.stamp == stamp) {
      kept.position = position;
      return kept.records;
    }
  }
  std::shared_ptr<const results::StandingRecords> records;
  if (stamp.rows <= kMostRowsForRecords) {
    records = std::make_shared<const results::StandingRecords>(bests_, results_, discipline);
  }
  absl::MutexLock lock(&mutex_);
  kept_[&discipline] = {position, stamp, records};
  return records;
}

}  // namespace palmares::rankings
