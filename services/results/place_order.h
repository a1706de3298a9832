// Places after revisions and sanctions.
//
// A sheet's own places stand as given, gaps and unexplained ties included: timing systems decide by more than a sheet
// shows, and a sheet may hold a part of the field. A change moves others by what it does and no more: who leaves the
// order lets everybody behind move up by one, unless the place stays vacant; who joins it, or comes back with another
// mark, stands where the mark says, shares the place of an equal mark, and moves those behind down by one. Official
// marks that rounding made equal stand by the gun's reading, where all of them have one.
//
// A place that a correction states is held as it is stated, moves up and down with the others from then on, and moves
// nobody (stated_places.h).
//
// Rows that were appended, as from a finish line, all join by their marks.
//
// So places are a function of the published rows and of what is laid over them, and undoing a change restores them.
#ifndef PALMARES_SERVICES_RESULTS_PLACE_ORDER_H_
#define PALMARES_SERVICES_RESULTS_PLACE_ORDER_H_

#include <cstdint>
#include <vector>

namespace palmares::results {

class RaceSheet;

// Which time decides.
enum class Clock : uint8_t { kOfficial = 1, kGun = 2, kChip = 3 };

// What places go by.
struct PlaceRule {
  Clock clock = Clock::kOfficial;
  bool lower_is_better = true;
};

struct Places {
  int32_t place = 0, sex_place = 0, category_place = 0;
  friend bool operator==(const Places&, const Places&) = default;
};

// Of every row of the sheet, within its division: overall, within the sex, within category and sex. A kind of place
// that the published sheet does not have is given to nobody; a sheet of appended rows alone has all kinds.
std::vector<Places> KeepPlaces(const RaceSheet& sheet, PlaceRule rule);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_PLACE_ORDER_H_
