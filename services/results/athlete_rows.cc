#include "services/results/athlete_rows.h"

#include <algorithm>

namespace palmares::results {
namespace {

// 1, 2, 3, 4, 6, 8, 12, 16, 24 …: two sizes for each doubling.
uint32_t SizeOfPool(size_t pool) {
  if (pool < 3) return static_cast<uint32_t>(pool) + 1;
  const size_t doubling = (pool - 3) / 2;
  return (pool - 3) % 2 == 0 ? 4U << doubling : 6U << doubling;
}

}  // namespace

uint32_t AthleteRows::Pool::Take() {
  if (!free_.empty()) {
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  if (used_ == chunks_.size() * kSlotsOfAChunk) {
    chunks_.push_back(std::make_unique_for_overwrite<RowRef[]>(size_t{kSlotsOfAChunk} * size_));
  }
  return used_++;
}

int64_t AthleteRows::Pool::memory_bytes() const {
  return static_cast<int64_t>(chunks_.size() * kSlotsOfAChunk * size_ * sizeof(RowRef) +
                              free_.capacity() * sizeof(uint32_t));
}

absl::Span<const RowRef> AthleteRows::Of(int64_t athlete) const {
  if (static_cast<size_t>(athlete) >= athletes_.size()) return {};
  const Rows& rows = athletes_[static_cast<size_t>(athlete)];
  if (rows.count == 0) return {};
  return {pools_[rows.pool].At(rows.slot), rows.count};
}

void AthleteRows::MoveTo(Rows& rows, uint32_t pool) {
  while (pools_.size() <= pool) pools_.emplace_back(SizeOfPool(pools_.size()));
  const uint32_t slot = pools_[pool].Take();
  if (rows.count > 0) {
    std::copy_n(pools_[rows.pool].At(rows.slot), rows.count, pools_[pool].At(slot));
    pools_[rows.pool].Free(rows.slot);
  }
  rows.slot = slot;
  rows.pool = pool & 31;
}

void AthleteRows::Add(int64_t athlete, RowRef row) {
  if (athlete == 0) return;
  const auto at = static_cast<size_t>(athlete);
  if (at >= athletes_.size()) athletes_.resize(std::max(at + 1, athletes_.size() * 9 / 8));
  Rows& rows = athletes_[at];
  if (rows.count == 0) {
    MoveTo(rows, 0);
  } else if (rows.count == pools_[rows.pool].size()) {
    MoveTo(rows, rows.pool + 1);
  }
  pools_[rows.pool].At(rows.slot)[rows.count] = row;
  ++rows.count;
}

void AthleteRows::Remove(int64_t athlete, RowRef row) {
  if (athlete == 0 || static_cast<size_t>(athlete) >= athletes_.size()) return;
  Rows& rows = athletes_[static_cast<size_t>(athlete)];
  if (rows.count == 0) return;
  RowRef* begin = pools_[rows.pool].At(rows.slot);
  rows.count = static_cast<uint32_t>(std::remove(begin, begin + rows.count, row) - begin) & ((1U << 27) - 1);
  if (rows.count == 0) pools_[rows.pool].Free(rows.slot);
}

int64_t AthleteRows::memory_bytes() const {
  int64_t bytes = static_cast<int64_t>(athletes_.capacity() * sizeof(Rows));
  for (const Pool& pool : pools_) bytes += pool.memory_bytes();
  return bytes;
}

}  // namespace palmares::results
