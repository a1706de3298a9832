// A sheet that says by itself of which event it is, against the race that it is read for.
#ifndef PALMARES_SERVICES_INGEST_OTHER_EVENT_H_
#define PALMARES_SERVICES_INGEST_OTHER_EVENT_H_

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/ingest/columns.h"
#include "services/ingest/reading.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// Whether results of the event that is named cannot be results of the race: another distance, by more than names are
// rounded (0.3 % on the track, 2 % on roads, a fifth where courses are not alike); other hurdles, relays, walks, jumps,
// throws or combined events. `flat_run`: the name has a word for running on the flat, so that one without hurdles, legs
// or walking is none with them.
bool IsOtherEvent(const athletics::Discipline& named, bool flat_run, const athletics::Discipline& race);

// OTHER_EVENT, which refuses the sheet, where
// - the name of the event, which HY-TEK and FinishLynx files have, tells another discipline than the race's, or the sex
//   that the race is not for; where FinishLynx's name tells no discipline, its distance is compared;
// - a title over the header is clearly another race's (event_title.h), and none of the titles mentions the race's own
//   distance. Long titles name the whole event, the course or the sponsors, so that most say nothing.
// A name or title that cannot be read as a discipline says nothing.
void CheckEvent(const Table& table, const Layout& layout, const ReadOptions& options, Report* report);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_OTHER_EVENT_H_
