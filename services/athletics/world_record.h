// The fastest marks on record, as a limit of what a runner's mark can be. Dated data with its source.
#ifndef PALMARES_SERVICES_ATHLETICS_WORLD_RECORD_H_
#define PALMARES_SERVICES_ATHLETICS_WORLD_RECORD_H_

#include <cstdint>
#include <optional>

#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

// The best mark ever recorded for the discipline and sex, in the discipline's unit; a mark better than it was not run
// on foot, or is an error. X and unknown take the men's. Nothing where no record is known.
std::optional<int64_t> WorldRecord(const Discipline& discipline, Sex sex);

struct RecordOfDay {
  int64_t mark = 0;
  // It was the best that is known today: a better mark of that day or a later one may be the next record.
  bool newest = false;
};

// The best mark ever recorded until the end of that day, where the discipline's history is known (marathon and half
// marathon); else the best ever. A mark better than it on that day was not run on foot, or is an error, unless it is a
// record that is not known here yet.
std::optional<RecordOfDay> WorldRecordOn(const Discipline& discipline, Sex sex, Date day);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_WORLD_RECORD_H_
