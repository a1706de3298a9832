// Every athlete's rows, in order: what histories, bests and verdicts begin with.
//
// The rows of one athlete lie side by side in large pieces of memory, with a little room to grow. Where they outgrow it
// they move on; when half as much room has been left behind as is in use, all are moved together, which takes a tenth
// of a second for ten million rows. That costs about 8 bytes an athlete and 8 to 16 a row, and no allocation when rows
// come in.
#ifndef PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
#define PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace palmares::results {

// Where a result stands: the race's number in the calendar and the row of its sheet.
struct RowRef {
  int32_t race = 0;
  int32_t row = 0;
  friend bool operator==(const RowRef&, const RowRef&) = default;
  friend auto operator<=>(const RowRef&, const RowRef&) = default;  // NOLINT(modernize-use-nullptr): of the comparison
};

// Not thread-safe for changes; reads may share it.
class AthleteRows {
 public:
  // In order of race and row. Valid until the next change.
  absl::Span<const RowRef> Of(int64_t athlete) const;

  // The athlete's number is at least 1. The row is not there yet.
  void Add(int64_t athlete, RowRef row);
  // Does nothing where the row is not there.
  void Remove(int64_t athlete, RowRef row);

  int64_t memory_bytes() const;

 private:
  static constexpr uint32_t kNoPiece = 0xffffffff;
  struct List {
    uint32_t place = 0;  // of its first row: the piece and the row in it; meaningless while there are none
    uint32_t count = 0;  // from which its room follows: see RoomFor
  };
  struct Piece {
    std::unique_ptr<RowRef[]> rows;
    uint32_t size = 0;
  };

  RowRef* At(uint32_t place) const;
  // Room for so many rows.
  uint32_t Take(uint32_t count);
  // Moves a list that is to hold so many into room for them, if its own is of another size.
  void Fit(List& list, uint32_t count);
  void Leave(const List& list);
  void MoveTogether();

  std::vector<List> lists_;  // by athlete number
  std::vector<Piece> pieces_;
  uint32_t filling_ = kNoPiece;  // the piece that new lists come into
  uint32_t used_ = 0;            // of that
  int64_t in_use_ = 0;           // rows that lists have room for
  int64_t left_ = 0;             // rows of room that was left behind
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
