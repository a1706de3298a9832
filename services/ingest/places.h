// Do the places contradict the times?
//
// Within one division (and field, where places tell its size) a better time has a better place. Equal times may have
// different places: the finish line sees more than the clock's digits; equal places have equal times. The rows to blame
// are those outside the longest run of rows in which times do not fall as places rise, so that a wrong row is named and
// not its neighbours.
//
// Real sheets have single slips, and some follow another clock than the race declares. So: no contradiction on the
// race's clock is good, and up to one row in 1,000 is a warning at each of them. Otherwise places that fit another
// clock that the file has (or start again for each sex) are taken with a warning for the sheet. Otherwise each
// contradicting row is an error.
#ifndef PALMARES_SERVICES_INGEST_PLACES_H_
#define PALMARES_SERVICES_INGEST_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"

namespace palmares::ingest {

// One row's place and time; `row` is the caller's.
struct PlacedTime {
  int32_t place = 0;
  int64_t time = 0;  // the smaller the better
  size_t row = 0;
};

// Whether so many contradictions among so many rows with a place are slips, each of which may be warned of only.
bool AreSlips(size_t contradicting, size_t placed);

// What a row that contradicts its neighbours says of itself, and how it stands by its time.
struct Contradiction {
  int32_t place = 0;          // as it says
  int64_t better = 0;         // rows of its division whose time is better
  int64_t better_of_sex = 0;  // those of its sex among them
};
// Whether it may be warned of only: neither its place nor its time is one of a podium, overall or within the sex, and
// its time is not much better than its place. A time that is would lead lists, and qualify.
bool IsSlip(const Contradiction& row, size_t placed);

// The rows to blame when places and times contradict, as `row` values in rising order.
std::vector<size_t> FindContradictions(std::vector<PlacedTime> rows);

// Checks the places of all rows and adds the issues. Where places start again for each sex, moves them to `sex_place`.
void CheckPlaces(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_PLACES_H_
