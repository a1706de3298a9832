// How much work one call about lists may make; more is refused with reason QUERY_TOO_BROAD before it is begun.
#ifndef PALMARES_SERVICES_RANKINGS_LIST_BOUNDS_H_
#define PALMARES_SERVICES_RANKINGS_LIST_BOUNDS_H_

#include <cstdint>

namespace palmares::rankings {

struct ListBounds {
  // Rows that the pass for a filtered list looks at. A call may take 50 ms, and a row costs 0.1 µs where the list takes
  // all of them, which is the dearest case: the pass and the sort of 10 million rows take a second (see boards.h).
  int64_t rows_looked_at = 500'000;
  // Lists of one call that take a pass each.
  int64_t passes = 16;
  // Results that a replay of the ledger makes anew: some three seconds.
  int64_t rows_replayed = 3'000'000;
  // Rows that the pass for a world ranking looks at, of competitions with a category: 50 ms at 0.1 µs a row, as above.
  // The scores come on top, some microseconds for each athlete with as many results as count.
  int64_t world_ranking_rows = 500'000;
  // Rows of the races that standings of a series are made of.
  int64_t standings_rows = 1'000'000;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_LIST_BOUNDS_H_
