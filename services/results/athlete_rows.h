// The rows of each athlete: by number, in the order they were added.
//
// Most athletes have a handful, so each one's rows lie together in a slot of a size that they fill: 1, 2, 3, 4, 6, 8,
// 12, 16 … rows. Growing moves an athlete's rows to a slot of the next size, and the old slot is used again. Memory: 8
// bytes an athlete, and about 9 a row.
#ifndef PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
#define PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_

#include <array>
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
};

class AthleteRows {
 public:
  // Valid until the next change.
  absl::Span<const RowRef> Of(int64_t athlete) const;
  // Nothing happens for athlete 0, who is nobody.
  void Add(int64_t athlete, RowRef row);
  void Remove(int64_t athlete, RowRef row);

  int64_t memory_bytes() const;

 private:
  // Slots of one size, in chunks that never move.
  class Pool {
   public:
    explicit Pool(uint32_t size) : size_(size) {}
    uint32_t Take();
    void Free(uint32_t slot) { free_.push_back(slot); }
    RowRef* At(uint32_t slot) const { return chunks_[slot / kSlotsOfAChunk].get() + slot % kSlotsOfAChunk * size_; }
    uint32_t size() const { return size_; }
    int64_t memory_bytes() const;

   private:
    static constexpr uint32_t kSlotsOfAChunk = 1024;
    uint32_t size_;
    uint32_t used_ = 0;
    std::vector<std::unique_ptr<RowRef[]>> chunks_;
    std::vector<uint32_t> free_;
  };
  struct Rows {
    uint32_t slot = 0;
    uint32_t count : 27;
    uint32_t pool : 5;
    Rows() : count(0), pool(0) {}
  };
  void MoveTo(Rows& rows, uint32_t pool);

  std::vector<Rows> athletes_;
  std::vector<Pool> pools_;  // by rising size
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_ATHLETE_ROWS_H_
