// Which rows an entry touches: found once for each entry, and handed to every view that follows rows.
//
//   TouchedRows touched = finder.Before(entry);   the views still show the old state: `before` can be read
//   … the entry is applied …
//   finder.After(touched);                        now `after` can be read
//
// A row is touched when what it says, whether it counts, whose it is, or the day, discipline and course of its race may
// be other than before. Places are not among that: a revision may move the places of rows that it does not touch.
//
// Cheap: the entry's body is parsed once and rows are named by ranges, so that neither an append of 500 rows nor a
// sheet of 40,000 costs anything by the row.
#ifndef PALMARES_SERVICES_IDENTITY_TOUCHED_ROWS_H_
#define PALMARES_SERVICES_IDENTITY_TOUCHED_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/results/sanctions.h"
#include "storage/entry.h"

namespace palmares::identity {

// What about the rows is touched, so that a view may leave alone what is no concern of it.
enum class RowChange : uint8_t {
  kNone,      // no row at all
  kAdded,     // rows that were not there; `before` is empty
  kReplaced,  // single rows' content, or a whole sheet with its state; a row that was moved is new where it went
  kState,     // the sheet's state: the rows begin or cease to count, and are the same
  kRace,      // the record of the race: day, discipline, course
  kRemoved,   // the race: its rows may be gone, or count no more
  kIdentity,  // whose the rows are: `athletes` were merged or taken apart, or rows went from one to the other
};

// Rows first … end - 1 of a race's sheet.
struct RowRange {
  int32_t race = 0;
  int32_t first = 0;
  int32_t end = 0;
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

struct TouchedRows {
  RowChange change = RowChange::kNone;
  std::vector<RowRange> before;  // to be read before the entry is applied; none is empty
  std::vector<RowRange> after;   // to be read afterwards; none is empty
  std::vector<int32_t> races;    // by number, whose record or rows are touched; none for kIdentity
  // Of kIdentity: the one merged (or taken out again), and the one merged into; or who loses and gets rows, of whom one
  // may only be made by the entry.
  std::vector<int64_t> athletes;
};

// Calls `visit(results::RowRef)` for every row of the ranges, in order, while it returns true.
template <typename Visit>
void ForEachRow(const std::vector<RowRange>& ranges, Visit visit) {
  for (const RowRange& range : ranges) {
    for (int32_t row = range.first; row < range.end; ++row) {
      if (!visit(results::RowRef{range.race, row})) return;
    }
  }
}

class TouchedRowsFinder {
 public:
  // All must outlive it.
  TouchedRowsFinder(const results::Results* results, const Athletes* athletes, const results::Sanctions* sanctions)
      : results_(results), athletes_(athletes), sanctions_(sanctions) {}

  // DATA_LOSS if the entry cannot be read.
  absl::StatusOr<TouchedRows> Before(const storage::Entry& entry) const;
  // Fills `after`, once every view has taken the entry.
  void After(TouchedRows& touched) const;

 private:
  std::vector<RowRange> RowsOf(const std::vector<int32_t>& races) const;
  std::vector<RowRange> RowsOfAthlete(int64_t athlete) const;
  absl::StatusOr<TouchedRows> BeforeSheetChange(const storage::Entry& entry) const;
  absl::StatusOr<TouchedRows> BeforeSanction(const storage::Entry& entry) const;
  absl::StatusOr<TouchedRows> BeforeErasure(const storage::Entry& entry) const;
  absl::StatusOr<TouchedRows> BeforeLinkChange(const storage::Entry& entry) const;

  const results::Results* results_;
  const Athletes* athletes_;
  const results::Sanctions* sanctions_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_TOUCHED_ROWS_H_
