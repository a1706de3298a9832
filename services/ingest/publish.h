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
#include "palmares/v1/imports.pb.h"
#include "services/events/calendar.h"
#include "services/identity/athletes.h"
#include "services/identity/evidence_view.h"
#include "services/identity/links.h"
#include "services/ingest/column_mappings.h"
#include "services/results/results.h"
#include "services/results/sheet_blocks.h"
#include "storage/entry.h"
#include "storage/ledger.h"

namespace palmares::ingest {

// The views a plan reads.
struct PublishViews {
  const events::Calendar* calendar = nullptr;
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
  identity::EvidenceView* evidence = nullptr;  // gathers on first use; touched by the writer thread alone
  const identity::Links* links = nullptr;
  const ColumnMappings* mappings = nullptr;
};

// The rows of a file that did not all become rows of a sheet.
struct FileCounts {
  int64_t read = 0;  // 0: not known
  int64_t rejected = 0;
  int64_t repeated = 0;  // exact copies of others, left out
};

struct SheetToPublish {
  std::string race;  // full name
  results::Sheet sheet;
  results::SheetState state = results::SheetState::kOfficial;
  std::string file_name;
  std::string content_sha256;  // of the file and of how it was read
  std::string reason;
  std::string evidence;
  bool keep_others = false;   // rows of the race's sheet that this one does not have stay
  bool list_changes = false;  // in the summary
  FileCounts counts;
};

// What publishing does, or would do.
struct PublishSummary {
  // A row that had been revised by hand, or moved here, and that the new sheet states otherwise, or not at all.
  struct Overruled {
    std::string bib, name;
    std::string text;  // what stood, and what stands now
  };
  bool unchanged = false;  // the same content in the same state is there already
  int32_t revision = 0;    // of the sheet afterwards
  int64_t added = 0, changed = 0, kept = 0, removed = 0;
  int64_t linked = 0, proposed = 0, created = 0, anonymous = 0;
  std::vector<Overruled> overruled;
  std::vector<v1::RowChange> changes;  // what happens to each row, at the most kChangesListed; only when asked for
};
inline constexpr size_t kChangesListed = 1000;

// Whether it is a sheet of a relay from when teams were taken for athletes: the same file again is no repeat of it, and
// makes them nobody's.
bool HoldsLinkedTeams(const events::Race& race, const results::RaceSheet& sheet);

// The newer statement wins: what the sheet says of a result stands, also where the result had been revised. Nothing is
// lost: the revisions stay in its history, and undoing the sheet's revision brings them back. All is told: each that is
// overruled is in the summary.
//
// The entry, or nothing where the race already has this content. NOT_FOUND if there is no such race;
// FAILED_PRECONDITION if its sheet is annulled, or official and the content another and no reason given.
absl::StatusOr<std::optional<storage::Draft>> PlanPublish(const PublishViews& views, SheetToPublish sheet,
                                                          PublishSummary* summary);

// What the publishing at a position did then, without what was overruled. Nothing where the entry is none, or one from
// before such counts were kept.
absl::StatusOr<std::optional<PublishSummary>> SummaryOf(const storage::Ledger& ledger, int64_t position);

// Of the file that the race's sheet was published from, as they were reported then. Under a Reader.
absl::StatusOr<FileCounts> CountsOfFile(const results::Results& results, int32_t race);

// FAILED_PRECONDITION with reason SHEET_ALREADY_OFFICIAL: a reason is wanted.
absl::Status SheetIsOfficial(const std::string& race);

// Gives places where the sheet gives none to a division: by the marks on the race's clock, ties sharing a place and the
// next ones skipped (1-1-3). Official marks that rounding made equal stand by the gun's reading, where all of them have
// one. Places within sex are worked out wherever they are missing.
void AssignPlaces(std::vector<results::Result>& rows, const athletics::Discipline& discipline, bool by_chip);

// Encodes rows in blocks of at most results::kRowsPerBlock.
std::vector<results::EncodedBlock> EncodeBlocks(const std::vector<results::Result>& rows,
                                                const std::vector<results::Link>& links, int64_t split_points);
// Facts and personal data of the blocks, behind those that the draft has.
void AddBlocks(std::vector<results::EncodedBlock> blocks, storage::Draft& draft);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_PUBLISH_H_
