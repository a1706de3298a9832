// The view of results: every race's sheet as it stands, and every athlete's rows.
//
// Facts are kept in memory in their packed blocks; names and other personal data stay in the ledger and are read when
// asked for. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_RESULTS_RESULTS_H_
#define PALMARES_SERVICES_RESULTS_RESULTS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/events/calendar.h"
#include "services/results/athlete_rows.h"
#include "services/results/race_sheet.h"
#include "services/results/sheet_log.h"
#include "storage/ledger.h"
#include "storage/neighbour.h"

namespace palmares::results {

class Results {
 public:
  // Both must outlive it. The calendar is applied to before it; the ledger is where personal data is read.
  Results(const events::Calendar* calendar, const storage::Ledger* ledger) : calendar_(calendar), ledger_(ledger) {}

  absl::Status Apply(const storage::Entry& entry);

  // The race's sheet; one in state kNone, without rows, while it has none.
  const RaceSheet& sheet(int32_t race) const;

  // Rows whose link names this athlete (not those merged into them), in order of race and row.
  absl::Span<const RowRef> OfAthlete(int64_t athlete) const;

  // How many results of the race have a revision by the entry at this position.
  int32_t RevisedBy(int32_t race, int64_t position) const;

  // Races whose sheets are under embargo.
  const std::set<int32_t>& embargoed() const { return embargoed_; }

  // The entries that made the race's sheet.
  const SheetLog& log(int32_t race) const;

  // The revisions of one result, oldest first, those from before it was moved here among them. The first is how it was
  // added.
  struct ResultRevision {
    int32_t race = 0;
    int64_t number = 0;    // of the result in that race
    int64_t position = 0;  // of the entry; 0 of the first
    RevisionKind kind{};
    int64_t undone = 0;  // position of the entry that it undoes
  };
  std::vector<ResultRevision> RevisionsOf(int32_t race, int64_t number) const;
  // How many those are.
  int32_t RevisionCount(int32_t race, int64_t number) const;

  // Where the result is, if it does not stand here: it was moved to another race, from whose sheet it may have been
  // taken off since, or its move here was undone.
  std::optional<RowRef> MovedTo(int32_t race, int64_t number) const;

  // Lays over a sheet of the race, as it was at this position, the sanctions of then.
  void LaySanctions(int32_t race, int64_t position, RaceSheet& sheet) const;
  // Races in which the entry at this position laid sanctions over results or took them off, in rising order.
  std::vector<int32_t> RacesSanctionedBy(int64_t position) const;

  // Whether rows of this athlete are shown without what identifies the person: who is hidden or erased.
  bool IsAnonymous(int64_t athlete) const { return anonymous_.contains(athlete); }
  // Lays over a sheet of the race, as it was at this position, the links that people had decided by then. Of several
  // decisions about a row as it is written the last one holds.
  void LayLinks(int32_t race, int64_t position, RaceSheet& sheet) const;

  // Used by the view of sanctions alone: replaces the set of rows that sanctions disqualify, as of this entry. Does
  // nothing where it is the same.
  void SetSanctioned(int32_t race, absl::flat_hash_map<int64_t, RaceSheet::Sanctioned> rows, int64_t position);

  // Position of the last entry that was applied.
  int64_t position() const { return position_; }
  // Position of the newest entry that changed the race's record, or its sheet with links and sanctions.
  int64_t ChangedAt(int32_t race) const;

  int64_t total_rows() const { return total_rows_; }
  // A position at which more than so many rows stood, the first one to within a 64th of the rows; nothing if there were
  // never so many.
  std::optional<int64_t> PositionBeyond(int64_t rows) const;
  int64_t memory_bytes() const;
  // Of those, what KeepWithin would free at the most.
  int64_t spillable_bytes() const { return spillable_bytes_; }
  // Of rows that were moved to disk.
  int64_t spilled_bytes() const;
  // Moves rows to disk, those of the sheets first that were changed longest ago, until no more than so many bytes of
  // them are in memory. Called by the writer, while nobody reads. UNAVAILABLE where the disk takes no more: rows then
  // stay in memory, and nothing else changes.
  absl::Status KeepWithin(int64_t bytes, storage::SpillFile& file);
  const events::Calendar& calendar() const { return *calendar_; }
  const storage::Ledger& ledger() const { return *ledger_; }

 private:
  struct Place {
    int32_t race = 0;
    int64_t number = 0;
  };
  struct Origin {
    int32_t race = 0;
    int64_t number = 0;
    int64_t position = 0;  // of the move
  };
  // One change of one result.
  struct Revision {
    int64_t position = 0;  // of the entry
    int64_t undone = 0;    // position of the entry that it undoes
    int32_t number = 0;    // of the result
    RevisionKind kind{};
  };
  // A result that a sanction was laid over; or taken off, where it is nothing.
  struct SanctionLaid {
    int64_t position = 0;  // of the entry
    int64_t number = 0;    // of the result
    std::optional<RaceSheet::Sanctioned> sanctioned;
  };
  // Whose a result is, as a person decided.
  struct Decided {
    int64_t position = 0;  // of the entry
    int64_t base = 0;      // position of the entry that wrote the row
    Link link;
  };
  struct History {
    SheetLog log;
    std::vector<Revision> revisions;
    absl::flat_hash_map<int64_t, int32_t> counts;              // revisions by number
    absl::flat_hash_map<int64_t, int64_t> sanctioned;          // number → sanction, as its revisions say
    std::vector<SanctionLaid> sanctions;                       // in order
    absl::flat_hash_map<int64_t, Place> moved_to;              // number → where the result went
    absl::flat_hash_map<int64_t, Origin> moved_from;           // number → what the result was before it came
    absl::flat_hash_map<int64_t, std::vector<Decided>> links;  // number → what people decided, oldest first
  };
  absl::Status Change(const storage::Entry& entry, const events::Race& race, const SheetChange& change);
  absl::Status Rebuild(const storage::Entry& entry, const events::Race& race);
  absl::Status Redirect(const storage::Entry& entry);
  absl::Status Remove(const storage::Entry& entry);
  absl::Status SetAnonymous(const storage::Entry& entry);
  absl::Status ChangeLinks(const storage::Entry& entry);
  void AddRevision(int32_t race, Revision revision);
  // Of the entry that is being applied, which counts as a change of the sheet.
  RaceSheet* MutableSheet(int32_t race);
  void LinkRows(int32_t race, int64_t first_row);
  void UnlinkRows(int32_t race);
  void LinkRow(int64_t athlete, RowRef row);
  void UnlinkRow(int64_t athlete, RowRef row);
  void Relink(int32_t race, int64_t number, void (Results::*link)(int64_t athlete, RowRef row));

  storage::Neighbour<const events::Calendar> calendar_;
  storage::Neighbour<const storage::Ledger> ledger_;
  std::vector<RaceSheet> sheets_;    // by race number
  std::vector<History> histories_;   // by race number
  std::vector<int64_t> changed_at_;  // by race number: by which entry the sheet changed last
  AthleteRows rows_of_athlete_;
  std::set<int32_t> embargoed_;
  absl::flat_hash_set<int64_t> anonymous_;  // athletes
  int64_t total_rows_ = 0;
  int64_t spillable_bytes_ = 0;                      // of all sheets
  std::vector<std::pair<int64_t, int64_t>> growth_;  // rows, and where there were first so many; by steps of a 64th
  int64_t position_ = 0;
};

// Whose personal data a reader gives.
enum class PersonalData : uint8_t {
  kShown,  // what may be shown: rows of hidden athletes have neither name, birth, town nor id
  kAll,    // for changes of rows and for linking, which must lose nothing
};

// Takes out of a row what identifies its person.
void RemovePersonalData(Result& row);

// Reads whole rows, personal data included; keeps the block it read last, so that rows in order cost one read a block.
// Used by one thread, under one Reader.
class RowReader {
 public:
  explicit RowReader(const Results* results, PersonalData personal_data = PersonalData::kShown)
      : results_(results), personal_data_(personal_data) {}
  absl::StatusOr<Result> Read(RowRef ref) { return Read(results_->sheet(ref.race), ref.row); }
  // Without the places that it has among the others: what it states itself, which costs nothing but the row.
  absl::StatusOr<Result> ReadStatement(RowRef ref);
  // Of a sheet as it was at another time.
  absl::StatusOr<Result> Read(const RaceSheet& sheet, int64_t row);
  // The row as its sheet was published, before any revision.
  absl::StatusOr<Result> ReadPublished(const RaceSheet& sheet, int64_t row);

 private:
  absl::StatusOr<Result> ReadAt(const RaceSheet& sheet, int64_t row, const RaceSheet::Address& address);

  const Results* results_;
  PersonalData personal_data_;
  int64_t position_ = 0;
  int64_t part_ = 0;
  storage::ColumnBlock personal_;
};

// "events/a/editions/b/races/c/results/7"
std::string ResultName(const events::Race& race, int64_t number);

// Finds a result by its full name, or by the end of one where the race is unique; one that was moved is found by its
// old name too. NOT_FOUND names what is not there.
absl::StatusOr<RowRef> FindResult(const Results& results, absl::string_view name);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULTS_H_
