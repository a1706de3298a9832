#include "services/results/athlete_rows.h"

#include <algorithm>
#include <utility>

namespace palmares::results {
namespace {

// A place is the number of a piece in the upper bits and a row in the lower ones: 2^16 pieces of 2^16 rows. A list that
// is longer than that has a piece for itself.
constexpr uint32_t kRowBits = 16;
constexpr uint32_t kPieceRows = 1U << kRowBits;

// Rooms are of 1, 2, 3, 4, 6, 8, 12, 16, 24 … rows.
uint32_t RoomFor(uint32_t count) {
  if (count <= 2) return count;
  const auto bits = static_cast<uint32_t>(32 - __builtin_clz(count - 1));  // 2^(bits - 1) < count <= 2^bits
  const uint32_t three_quarters = 3U << (bits - 2);
  return count <= three_quarters ? three_quarters : 1U << bits;
}

}  // namespace

RowRef* AthleteRows::At(uint32_t place) const {
  return pieces_[place >> kRowBits].rows.get() + (place & (kPieceRows - 1));
}

absl::Span<const RowRef> AthleteRows::Of(int64_t athlete) const {
  const auto at = static_cast<size_t>(athlete);
  if (at >= lists_.size() || lists_[at].count == 0) return {};
  return {At(lists_[at].place), lists_[at].count};
}

uint32_t AthleteRows::Take(uint32_t count) {
  const uint32_t room = RoomFor(count);
  in_use_ += room;
  if (room > kPieceRows) {
    pieces_.push_back({std::make_unique<RowRef[]>(room), room});
    return static_cast<uint32_t>(pieces_.size() - 1) << kRowBits;
  }
  if (filling_ == kNoPiece || kPieceRows - used_ < room) {
    filling_ = static_cast<uint32_t>(pieces_.size());
    used_ = 0;
    pieces_.push_back({std::make_unique<RowRef[]>(kPieceRows), kPieceRows});
  }
  const uint32_t place = filling_ << kRowBits | used_;
  used_ += room;
  return place;
}

void AthleteRows::Leave(const List& list) {
  const uint32_t room = RoomFor(list.count);
  in_use_ -= room;
  if (room > kPieceRows) {
    pieces_[list.place >> kRowBits] = {};
  } else {
    left_ += room;
  }
}

void AthleteRows::Fit(List& list, uint32_t count) {
  if (RoomFor(list.count) == RoomFor(count)) return;
  const List before = list;
  if (count != 0) list.place = Take(count);
  if (before.count == 0) return;
  if (count != 0) std::copy_n(At(before.place), std::min(before.count, count), At(list.place));
  Leave(before);
}

void AthleteRows::MoveTogether() {
  const std::vector<Piece> before = std::exchange(pieces_, {});
  filling_ = kNoPiece;
  in_use_ = left_ = 0;
  for (List& list : lists_) {
    if (list.count == 0) continue;
    const RowRef* const rows = before[list.place >> kRowBits].rows.get() + (list.place & (kPieceRows - 1));
    list.place = Take(list.count);
    std::copy_n(rows, list.count, At(list.place));
  }
}

void AthleteRows::Add(int64_t athlete, RowRef row) {
  const auto at = static_cast<size_t>(athlete);
  if (at >= lists_.size()) lists_.resize(at + 1);
  List& list = lists_[at];
  Fit(list, list.count + 1);
  RowRef* const rows = At(list.place);
  RowRef* const end = rows + list.count;
  RowRef* const where = std::upper_bound(rows, end, row);
  std::copy_backward(where, end, end + 1);
  *where = row;
  ++list.count;
  if (left_ > kPieceRows && left_ > in_use_ / 2) MoveTogether();
}

void AthleteRows::Remove(int64_t athlete, RowRef row) {
  const auto at = static_cast<size_t>(athlete);
  if (at >= lists_.size() || lists_[at].count == 0) return;
  List& list = lists_[at];
  RowRef* const rows = At(list.place);
  RowRef* const end = rows + list.count;
  RowRef* const where = std::lower_bound(rows, end, row);
  if (where == end || *where != row) return;
  std::copy(where + 1, end, where);
  Fit(list, list.count - 1);
  --list.count;
  if (left_ > kPieceRows && left_ > in_use_ / 2) MoveTogether();
}

int64_t AthleteRows::memory_bytes() const {
  auto bytes = static_cast<int64_t>(lists_.capacity() * sizeof(List) + pieces_.capacity() * sizeof(Piece));
  for (const Piece& piece : pieces_) bytes += static_cast<int64_t>(piece.size * sizeof(RowRef));
  return bytes;
}

}  // namespace palmares::results
