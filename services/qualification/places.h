// Verdicts as the field leaves them: who meets a standard has a place only within its quota and country cap.
#ifndef PALMARES_SERVICES_QUALIFICATION_PLACES_H_
#define PALMARES_SERVICES_QUALIFICATION_PLACES_H_

#include <cstdint>
#include <optional>

#include "services/qualification/athlete_facts.h"
#include "services/qualification/ordered_field.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// Whether places of the event are limited: by a quota or by a country cap. Where places go by the order of application
// alone, nobody is kept out, and there is an order only once an application is on file.
bool LimitsPlaces(const Standard& standard, int event);

// Where somebody stands in the field of an event.
struct Place {
  FieldEntry entry;
  int path = -1;                // by which way in: index into Standard::paths, -1: by a mark
  std::optional<int> places;    // of the event
  std::optional<int> cap;       // of a country, where somebody of that tier is to enter
  bool full = false;            // every place is taken
  std::optional<int64_t> line;  // with this mark, in the discipline of their result, they would have a place
};

// The athlete's (after merges) place; nothing where they are in no list of the event.
std::optional<Place> FindPlace(const OrderedField& field, int event, int64_t athlete);

// The place that the athlete would have with that verdict, which must say that the standard is met; what the field has
// of them otherwise does not count. `athlete` 0: somebody whom nobody knows. `facts` are those evaluated. Makes the
// list anew, so it takes longer the longer that is.
std::optional<Place> PlaceAsIf(const OrderedField& field, int64_t athlete, const AthleteFacts& facts,
                               const Verdict& verdict);

// Makes the way that the field has them by the one that counts, writes the order into the verdict, and, where the field
// has no place for somebody who meets the standard, that they are outside and why.
void ApplyPlace(const Place& place, Verdict& verdict);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_PLACES_H_
