// How fast a runner's mark can be.
#ifndef PALMARES_SERVICES_INGEST_RECORD_LIMIT_H_
#define PALMARES_SERVICES_INGEST_RECORD_LIMIT_H_

#include <cstdint>
#include <optional>

#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"

namespace palmares::ingest {

// The fastest that a runner can have been on that day, in the discipline's unit. What beats the newest record that is
// known may be the next one, if by no more than 1 %. 0 where no record is known, and where more is better.
int64_t FastestOnFoot(const athletics::Discipline& discipline, athletics::Sex sex, std::optional<athletics::Date> day);

// Whether the discipline's courses are alike, so that a mark that beats the record is proof: on roads and tracks. On
// trails, mountains and cross-country it is at most a hint.
bool HasComparableRecord(const athletics::Discipline& discipline);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_RECORD_LIMIT_H_
