// A ranked list as an ordered structure: the rank of a mark, the line at a position and the position of a line, each in
// logarithmic time, while lines come and go.
//
// Lines are ordered by `order` (a mark, negated where higher is better; or a score, negated), then by the day of the
// race, its number and the row; last by the athlete, because a row that goes to another one has two lines for a moment.
// Lines of equal `order` share a rank and the next is skipped.
//
// How it is kept: lines of 16 bytes in sorted runs of at most kRun; the first line of each run side by side, for the
// binary search; and a Fenwick tree over the lengths of the runs. A run that is full is split in two. Beside them an
// index gives for each athlete the order of their line (8 bytes), by which the line is found.
#ifndef PALMARES_SERVICES_RANKINGS_BOARD_H_
#define PALMARES_SERVICES_RANKINGS_BOARD_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/events/calendar.h"
#include "services/results/results.h"

namespace palmares::rankings {

// One line of a list. `athlete` is a number after merges; 0 for somebody without an identity, who is a person of their
// own in every row.
struct Line {
  int64_t order = 0;
  results::RowRef row;
  int64_t athlete = 0;
  friend bool operator==(const Line&, const Line&) = default;
};

// Bounds of what a line can hold: marks of 17 years in milliseconds, 16 million races, 4 billion athletes.
inline constexpr int64_t kLargestOrder = (int64_t{1} << 39) - 1;
inline constexpr int64_t kMostRaces = int64_t{1} << 24;
// Stands after the line of its row, whoever's that is.
inline constexpr int64_t kAfterAnyAthlete = 0xffffffff;

class Board {
 public:
  // Whether lines are to be found by their athletes: then the list has at most one line of each. Without an index they
  // are looked for by a pass.
  enum class Index : uint8_t { kByAthlete, kNone };

  // Sorts the lines, fastest where those of equal order come in order of days, races and rows. The calendar, where the
  // days of races are looked up, must outlive it; a day must not change while the board stands.
  Board(const events::Calendar* calendar, Index index, std::vector<Line> lines);

  int64_t size() const { return size_; }
  // How many lines are better than `order`: the rank of that order less one.
  int64_t CountBetter(int64_t order) const;
  // How many are at least as good.
  int64_t CountUpTo(int64_t order) const { return CountBetter(order + 1); }
  // How many stand before the line in the list, whether it is in it or not.
  int64_t CountBefore(const Line& line) const;
  // The same with the line itself, if it is in the list.
  int64_t CountThrough(const Line& line) const;
  // The line at a position, 0 … size() - 1.
  Line At(int64_t position) const;
  // `count` lines from a position on, fewer where the list ends.
  std::vector<Line> Slice(int64_t position, int64_t count) const;

  // The order of the athlete's best line; nothing if they have none.
  std::optional<int64_t> OrderOf(int64_t athlete) const;
  // The same of many athletes, of those who have a line: without an index by one pass for all of them.
  absl::flat_hash_map<int64_t, int64_t> OrdersOf(absl::Span<const int64_t> athletes) const;
  // The athlete's best line.
  std::optional<Line> Find(int64_t athlete) const;
  // The same where the order of that line is known already.
  std::optional<Line> FindAt(int64_t order, int64_t athlete) const;
  // The line of this row of somebody without an identity; only with an index.
  std::optional<Line> FindAnonymous(results::RowRef row) const;

  bool Contains(const Line& line) const;
  // The line must not be there yet, nor, with an index, another one of the athlete.
  void Insert(const Line& line);
  // False if the line is not there.
  bool Erase(const Line& line);

  int64_t memory_bytes() const;

 private:
  // order + 2^39 in the upper 40 bits and the race in the lower 24; the row and the athlete.
  struct Packed {
    uint64_t order_and_race;
    uint32_t row;
    uint32_t athlete;
  };
  using Run = std::vector<Packed>;
  static constexpr size_t kRun = 512;

  static Packed Pack(const Line& line);
  static Line Unpack(const Packed& packed);
  static int64_t OrderOf(const Packed& packed);
  bool Less(const Packed& a, const Packed& b) const;
  bool LessInTie(const Packed& a, const Packed& b) const;
  void Sort(std::vector<Packed>& lines) const;
  void Fill(std::vector<Packed> sorted);
  // The run that the line is or belongs in; 0 for one before all.
  size_t RunOf(const Packed& line) const;
  int64_t LinesBefore(size_t run) const;
  // The run and index of a position.
  std::pair<size_t, size_t> Locate(int64_t position) const;
  void Count(size_t run, int64_t change);
  void Recount();
  void Split(size_t run);
  void Remember(const Packed& line);
  void Forget(const Packed& line);
  template <typename Wanted>
  std::optional<Line> FindInTie(int64_t order, Wanted wanted) const;

  const events::Calendar* calendar_;
  Index index_;
  int64_t size_ = 0;
  std::vector<Run> runs_;         // at least one; none of them empty, but the only one
  std::vector<Packed> firsts_;    // of each run
  std::vector<int64_t> fenwick_;  // of the runs' lengths; from index 1
  // By athlete: the magnitude of the order, kFar for one of 2^32 - 1 or more, which is looked for.
  static constexpr uint32_t kFar = 0xffffffff;
  absl::flat_hash_map<uint32_t, uint32_t> orders_;
  bool negative_ = false;                             // orders are negative throughout, or positive
  absl::flat_hash_map<uint64_t, int64_t> anonymous_;  // by race and row: the order
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_BOARD_H_
