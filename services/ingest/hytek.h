// HY-TEK Meet Manager's results as text. A meet has many events:
//
//   Event 9  Girls 1600 Meter Run
//   ================================================================================
//       Name                    Year School                  Seed     Finals  Points
//   ================================================================================
//     1 A Runner                  12 A School             5:15.00    5:20.11   10
//    -- B Runner                   9 B School             5:40.00        DNF
//
// Names and schools begin under their header; all other columns end under the end of theirs. Lines of relay runners
// ("1) ... 2) ...") under a team become columns "Leg 1 Name", "Leg 2 Name" and so on, with "Leg 1 Bib" where there are
// bibs. Lines of attempts and splits are not read, and counted by an issue (LINES_NOT_READ). The sex in an event's
// title becomes a column "Sex" at the end. Times are m:ss.hh or ss.hh, whatever the distance: a number alone is
// seconds.
#ifndef PALMARES_SERVICES_INGEST_HYTEK_H_
#define PALMARES_SERVICES_INGEST_HYTEK_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/ingest/limits.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// The event of the text that `section` names, by its number or a part of its title (sections.h). The first row is the
// header. Where an event has preliminaries and finals the rows under the last heading are read. INVALID_ARGUMENT when
// there is no such event.
absl::StatusOr<Table> ReadHytek(absl::string_view text, absl::string_view section, const Limits& limits,
                                Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_HYTEK_H_
