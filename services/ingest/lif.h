// FinishLynx LIF files: the results of one heat, as commas in lines. The first line is about the heat, each further one
// a competitor:
//
//   3,1,1,Boys 4x800 Meter Relay,+1.0,m/s,,,,3200,10:03:02.6054
//   1,2260,4,Family,Given,Club,1:49.932,,1:49.932,,,10:03:02.606,M
//
// In rows: place or DNF, DNS, DQ, SCR; bib; lane; family name; given name; affiliation; time; licence; and in the
// thirteenth cell M or F, where HY-TEK made the start list. The wind is the fifth cell of the first line, or, from
// other exporters, the twelfth; the distance in metres is its tenth. The sex that the event's name tells, else the
// rows' own, becomes a column "sex" at the end. Who has a bib and no name is named by the start lists (lynx_people.h)
// that are beside the heat in a zip file. Relays have the team where the family name is. Other layouts can be
// read as csv with a declared mapping.
#ifndef PALMARES_SERVICES_INGEST_LIF_H_
#define PALMARES_SERVICES_INGEST_LIF_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"
#include "services/ingest/lynx_people.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// The table's first row is a header. INVALID_ARGUMENT when the first line is not a heat's.
absl::StatusOr<Table> ReadLif(absl::string_view text, const LynxPeople& people, const Limits& limits);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LIF_H_
