// The standing lists: kept as boards, so that a rank costs less than a microsecond and a page no pass.
//
// A board is made when its list is first asked for: one pass over the rows of its races and one sort, about 0.1 µs a
// row (a second for 10 million results), while the asker holds a Reader. From then on it is current at every position:
// the writer only notes which athletes an entry touches, at the cost of appending 8 bytes for each row, and the first
// reader afterwards takes the line of each of them anew from the athlete's rows, which is right after uploads,
// corrections, disqualifications, merges, changes of a sheet's state and their inverses alike. Where so much has
// changed that a pass is cheaper, or where the day or discipline of a race changed, the board is made anew.
//
// Memory: about 30 bytes for each athlete of each board. Beyond a budget that grows with the number of results, or a
// limit that was set, the board that was not asked for longest is dropped, and made again when it is.
#ifndef PALMARES_SERVICES_RANKINGS_BOARDS_H_
#define PALMARES_SERVICES_RANKINGS_BOARDS_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/identity/athletes.h"
#include "services/identity/touched_rows.h"
#include "services/rankings/board.h"
#include "services/rankings/ranking.h"
#include "services/results/results.h"

namespace palmares::rankings {

class Boards {
 public:
  // Both must outlive it; they are applied to between Before and After.
  Boards(const results::Results* results, const identity::Athletes* athletes)
      : results_(results), athletes_(athletes) {}

  // Called by the writer, while nobody reads.
  void Before(const identity::TouchedRows& touched);
  void After(const identity::TouchedRows& touched);

  // Drops every board, where the views it is made of were made anew. Called by the writer, while nobody reads.
  void Forget();

  // No more than so many bytes of boards are kept, however many results there are. Called before anybody reads.
  void SetLimit(int64_t bytes) { limit_ = bytes; }

  // The list as it stands. Called under a Reader, and valid for as long as it lives.
  std::shared_ptr<const Board> Get(const StandingKey& key) const;

  // Of the boards that stand, and of the notes.
  int64_t memory_bytes() const;
  int64_t count() const;

 private:
  struct Kept {
    explicit Kept(const StandingKey& wanted) : key(wanted), query(QueryOf(wanted)) {}
    const StandingKey key;
    const Query query;
    std::atomic<int64_t> last_use{0};
    std::atomic<int64_t> taken{-1};  // notes up to this one are taken into account; -1: no board yet
    std::atomic<int64_t> bytes{0};
    absl::Mutex mutex;
    std::unique_ptr<Board> board;  // written under `mutex` while `taken` is behind, then only read
  };
  // An athlete, or (negative) a row without one.
  using Note = int64_t;
  struct RaceBefore {
    int32_t race = 0;
    const athletics::Discipline* discipline = nullptr;
    athletics::Date date;
  };

  static Note NoteOf(results::RowRef row) { return -(static_cast<int64_t>(row.race) << 32 | row.row) - 1; }
  static results::RowRef RowOf(Note note) {
    return {static_cast<int32_t>((-(note + 1)) >> 32), static_cast<int32_t>((-(note + 1)) & 0xffffffff)};
  }

  bool Watching() const;
  void NoteRows(const std::vector<identity::RowRange>& rows);
  void DropDiscipline(const athletics::Discipline* discipline);
  std::shared_ptr<Kept> FindOrAdd(const StandingKey& key) const;
  void MakeRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t Budget() const;
  void BringUpToDate(Kept& kept) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(kept.mutex);
  void Make(Kept& kept) const;
  void Take(Kept& kept, Note note) const;
  void Put(Board& board, std::optional<Line> old_line, std::optional<Line> new_line) const;
  std::optional<Line> LineOfRow(const Kept& kept, results::RowRef row) const;
  std::optional<Line> BestOf(const Kept& kept, int64_t athlete) const;

  const results::Results* results_;
  const identity::Athletes* athletes_;

  int64_t limit_ = std::numeric_limits<int64_t>::max();
  // Written by the writer while nobody reads, read under a Reader.
  std::vector<Note> notes_;
  int64_t notes_before_ = 0;  // notes that were dropped
  std::vector<RaceBefore> races_before_;

  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<StandingKey, std::shared_ptr<Kept>> boards_ ABSL_GUARDED_BY(mutex_);
  mutable std::atomic<int64_t> uses_{0};
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_BOARDS_H_
