// From a sheet that was read to the entry that publishes it: what changes against the race's earlier sheet, which
// athlete each row is, and which places the file left to be worked out. Planned on the state that all earlier entries
// have left.
#ifndef PALMARES_SERVICES_INGEST_PUBLISH_H_
#define PALMARES_SERVICES_INGEST_PUBLISH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/events/calendar.h"
#include "services/identity/athletes.h"
#include "services/identity/evidence_view.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::ingest {

// The views a plan reads.
struct PublishViews {
  const events::Calendar* calendar = nullptr;
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  identity::EvidenceView* evidence = nullptr;  // gathers on first use; touched by the writer thread alone
};

struct SheetToPublish {
  std::string race;  // full name
  results::Sheet sheet;
  results::SheetState state = results::SheetState::kOfficial;
  std::string file_name;
  std::string content_sha256;  // of the file and of how it was read
  std::string reason;
  std::string evidence;
};

// What publishing does, or would do.
struct PublishSummary {
  bool unchanged = false;  // the same content in the same state is there already
  int32_t revision = 0;    // of the sheet afterwards
  int64_t added = 0, changed = 0, kept = 0, removed = 0;
  int64_t linked = 0, proposed = 0, created = 0, anonymous = 0;
};

// The entry, or nothing where the race already has this content. NOT_FOUND if there is no such race;
// FAILED_PRECONDITION if its sheet is official and the content another.
absl::StatusOr<std::optional<storage::Draft>> PlanPublish(const PublishViews& views, SheetToPublish sheet,
                                                          PublishSummary* summary);

// Links rows that are new to their race, as PlanPublish does: as the source says, else by the evidence, else to a new
// athlete.
absl::StatusOr<std::vector<results::Link>> LinkNewRows(const PublishViews& views, const events::Race& race,
                                                       const std::vector<results::Result>& rows,
                                                       PublishSummary* summary);

// Gives places where the sheet gives none to a division: by the marks on the race's clock, ties sharing a place. Places
// within sex are worked out wherever they are missing.
void AssignPlaces(std::vector<results::Result>& rows, const athletics::Discipline& discipline, bool by_chip);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_PUBLISH_H_
