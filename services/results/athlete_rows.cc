#include "services/results/athlete_rows.h"

#include <algorithm>

namespace palmares::results {
namespace {

constexpr int64_t kAllocatorOverhead = 8;  // bytes of the usual one, which gives out multiples of sixteen

}  // namespace

AthleteRows::~AthleteRows() {
  for (const Rows& rows : athletes_) {
    if (rows.capacity > 0) delete[] rows.many;
  }
}

absl::Span<const RowRef> AthleteRows::Of(int64_t athlete) const {
  if (static_cast<size_t>(athlete) >= athletes_.size()) return {};
  const Rows& rows = athletes_[static_cast<size_t>(athlete)];
  return {rows.capacity > 0 ? rows.many : &rows.one, rows.count};
}

// An odd number of rows, so that none of what the allocator gives is lost.
void AthleteRows::Grow(Rows& rows) {
  const uint32_t capacity = rows.capacity == 0 ? 3 : (rows.capacity + std::max(2U, rows.capacity / 4)) | 1U;
  auto* many = new RowRef[capacity];
  std::copy_n(rows.capacity > 0 ? rows.many : &rows.one, rows.count, many);
  if (rows.capacity > 0) delete[] rows.many;
  rows.many = many;
  rows.capacity = capacity;
}

void AthleteRows::Add(int64_t athlete, RowRef row) {
  if (athlete == 0) return;
  const auto at = static_cast<size_t>(athlete);
  if (at >= athletes_.size()) {
    if (at >= athletes_.capacity()) athletes_.reserve(std::max(at + 1, athletes_.capacity() * 9 / 8));
    athletes_.resize(at + 1);
  }
  Rows& rows = athletes_[at];
  if (rows.count == 0 && rows.capacity == 0) {
    rows.one = row;
    rows.count = 1;
    return;
  }
  if (rows.count >= rows.capacity) Grow(rows);
  rows.many[rows.count++] = row;
}

void AthleteRows::Remove(int64_t athlete, RowRef row) {
  if (athlete == 0 || static_cast<size_t>(athlete) >= athletes_.size()) return;
  Rows& rows = athletes_[static_cast<size_t>(athlete)];
  RowRef* begin = rows.capacity > 0 ? rows.many : &rows.one;
  rows.count = static_cast<uint32_t>(std::remove(begin, begin + rows.count, row) - begin);
  if (rows.count > 0 || rows.capacity == 0) return;
  delete[] rows.many;
  rows.capacity = 0;
  rows.one = {};
}

int64_t AthleteRows::memory_bytes() const {
  auto bytes = static_cast<int64_t>(athletes_.capacity() * sizeof(Rows));
  for (const Rows& rows : athletes_) {
    if (rows.capacity > 0) bytes += static_cast<int64_t>(rows.capacity * sizeof(RowRef)) + kAllocatorOverhead;
  }
  return bytes;
}

}  // namespace palmares::results
