// The rows of each athlete: by number, in the order they were added.
//
// Sixteen bytes an athlete, in which a single row has its place; more rows lie together in memory of their own, which
// grows by two rows at first. Athletes with five rows each take thirteen bytes a row.
#ifndef PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
#define PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace palmares::results {

// Where a result stands: the race's number in the calendar and the row of its sheet.
struct RowRef {
  int32_t race = 0;
  int32_t row = 0;
  friend bool operator==(const RowRef&, const RowRef&) = default;
};

class AthleteRows {
 public:
  AthleteRows() = default;
  AthleteRows(const AthleteRows&) = delete;
  AthleteRows& operator=(const AthleteRows&) = delete;
  ~AthleteRows();

  // Valid until the next change.
  absl::Span<const RowRef> Of(int64_t athlete) const;
  // Nothing happens for athlete 0, who is nobody.
  void Add(int64_t athlete, RowRef row);
  void Remove(int64_t athlete, RowRef row);

  // With what the allocator adds to each piece.
  int64_t memory_bytes() const;

 private:
  struct Rows {
    uint32_t count = 0;
    uint32_t capacity = 0;  // 0: the row, if there is one, is in `one`
    union {
      RowRef one = {};
      RowRef* many;
    };
  };
  static void Grow(Rows& rows);

  std::vector<Rows> athletes_;  // by number
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
