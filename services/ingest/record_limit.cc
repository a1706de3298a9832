#include "services/ingest/record_limit.h"

#include "services/athletics/world_record.h"

namespace palmares::ingest {

int64_t FastestOnFoot(const athletics::Discipline& discipline, athletics::Sex sex, std::optional<athletics::Date> day) {
  if (!discipline.lower_is_better) return 0;
  if (!day.has_value()) return athletics::WorldRecord(discipline, sex).value_or(0);
  const std::optional<athletics::RecordOfDay> record = athletics::WorldRecordOn(discipline, sex, *day);
  if (!record.has_value()) return 0;
  return record->newest ? record->mark - record->mark / 100 : record->mark;
}

bool HasComparableRecord(const athletics::Discipline& discipline) {
  return discipline.surface == athletics::Surface::kRoad || discipline.surface == athletics::Surface::kTrack ||
         discipline.surface == athletics::Surface::kShortTrack;
}

}  // namespace palmares::ingest
