// Marks of one row: read, checked, rounded and printed as the race's discipline wants it. Pure functions on values; the
// discipline is null where none is known.
#ifndef PALMARES_SERVICES_INGEST_ROW_MARKS_H_
#define PALMARES_SERVICES_INGEST_ROW_MARKS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/ingest/units.h"
#include "services/results/result.h"

namespace palmares::ingest {

// As ParseInUnit; heights, lengths and distances have more forms (feet and inches) than a unit of numbers.
absl::StatusOr<int64_t> ParseMarkIn(absl::string_view text, Unit unit, const athletics::Discipline* discipline);

// The mean speed of a time over the discipline's distance in metres a second, where nobody on legs or wheels has kept
// it up; else 0.
int64_t ImpossibleSpeed(int64_t mark, const athletics::Discipline* discipline);

// Whether nobody who finishes takes so long for the discipline's distance: under 0.2 m/s.
bool IsImpossiblySlow(int64_t mark, const athletics::Discipline* discipline);

// Whether a text states one of the row's marks, in any unit and with what files write behind a mark ("0:32:00",
// "10.2h"): as it was read, or as the rule rounds it.
bool StatesMarkOf(absl::string_view text, const results::Result& row, const athletics::Discipline& discipline);

// The mark as Palmares prints it.
std::string PrintedMark(int64_t mark, const athletics::Discipline* discipline);

// Rounds the official mark by the rule. What was read more finely stays as the mark on the race's clock (the chip's or
// the gun's) where that one was not given; true where it was finer.
bool RoundOfficialMark(results::Result& result, const athletics::Discipline& discipline, athletics::Timing timing,
                       bool by_chip);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_ROW_MARKS_H_
