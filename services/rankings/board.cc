#include "services/rankings/board.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace palmares::rankings {
namespace {

constexpr int64_t kBias = int64_t{1} << 39;
constexpr uint64_t kRaceMask = (uint64_t{1} << 24) - 1;
constexpr size_t kFewLines = 256;  // that are not worth counting digits
constexpr int kDigitBits = 11;
constexpr uint64_t kDigitMask = (uint64_t{1} << kDigitBits) - 1;
constexpr size_t kFilled = 448;  // lines of a run when a list is made: some may come before it is split

uint64_t RowKey(int64_t race, uint32_t row) { return static_cast<uint64_t>(race) << 32 | row; }

}  // namespace

Board::Packed Board::Pack(const Line& line) {
  return {static_cast<uint64_t>(line.order + kBias) << 24 | static_cast<uint64_t>(line.row.race),
          static_cast<uint32_t>(line.row.row), static_cast<uint32_t>(line.athlete)};
}

int64_t Board::OrderOf(const Packed& packed) { return static_cast<int64_t>(packed.order_and_race >> 24) - kBias; }

Line Board::Unpack(const Packed& packed) {
  return {OrderOf(packed),
          {static_cast<int32_t>(packed.order_and_race & kRaceMask), static_cast<int32_t>(packed.row)},
          packed.athlete};
}

bool Board::Less(const Packed& a, const Packed& b) const {
  const uint64_t order_a = a.order_and_race >> 24, order_b = b.order_and_race >> 24;
  return order_a != order_b ? order_a < order_b : LessInTie(a, b);
}

bool Board::LessInTie(const Packed& a, const Packed& b) const {
  const auto race_a = static_cast<int32_t>(a.order_and_race & kRaceMask);
  const auto race_b = static_cast<int32_t>(b.order_and_race & kRaceMask);
  if (race_a == race_b) return a.row != b.row ? a.row < b.row : a.athlete < b.athlete;
  const athletics::Date day_a = calendar_->race(race_a).date, day_b = calendar_->race(race_b).date;
  return day_a != day_b ? day_a < day_b : race_a < race_b;
}

Board::Board(const events::Calendar* calendar, Index index, std::vector<Line> lines)
    : calendar_(calendar), index_(index) {
  std::vector<Packed> packed;
  packed.reserve(lines.size());
  for (const Line& line : lines) packed.push_back(Pack(line));
  lines = std::vector<Line>();
  Sort(packed);
  Fill(std::move(packed));
}

// By digits of the order, then each tie that is not in order yet.
void Board::Sort(std::vector<Packed>& lines) const {
  if (lines.size() < kFewLines) {
    std::sort(lines.begin(), lines.end(), [this](const Packed& a, const Packed& b) { return Less(a, b); });
    return;
  }
  uint64_t lowest = ~uint64_t{0}, highest = 0;
  for (const Packed& line : lines) {
    lowest = std::min(lowest, line.order_and_race >> 24);
    highest = std::max(highest, line.order_and_race >> 24);
  }
  std::vector<Packed> sorted(lines.size());
  for (int shift = 0; shift < 64 && (highest - lowest) >> shift != 0; shift += kDigitBits) {
    const auto digit = [lowest, shift](const Packed& line) {
      return static_cast<size_t>((((line.order_and_race >> 24) - lowest) >> shift) & kDigitMask);
    };
    std::vector<size_t> begins(kDigitMask + 2);
    for (const Packed& line : lines) ++begins[digit(line) + 1];
    for (size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
    for (const Packed& line : lines) sorted[begins[digit(line)]++] = line;
    lines.swap(sorted);
  }
  const auto less = [this](const Packed& a, const Packed& b) { return LessInTie(a, b); };
  for (auto begin = lines.begin(); begin != lines.end();) {
    auto end = begin + 1;
    while (end != lines.end() && OrderOf(*end) == OrderOf(*begin)) ++end;
    if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
    begin = end;
  }
}

void Board::Fill(std::vector<Packed> sorted) {
  size_ = static_cast<int64_t>(sorted.size());
  if (index_ == Index::kByAthlete) orders_.reserve(sorted.size());
  for (size_t begin = 0; begin < sorted.size(); begin += kFilled) {
    const size_t end = std::min(sorted.size(), begin + kFilled);
    runs_.emplace_back(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                       sorted.begin() + static_cast<std::ptrdiff_t>(end));
    firsts_.push_back(sorted[begin]);
  }
  if (runs_.empty()) {
    runs_.emplace_back();
    firsts_.push_back({});
  }
  for (const Packed& line : sorted) Remember(line);
  Recount();
}

void Board::Remember(const Packed& line) {
  if (index_ == Index::kNone) return;
  const int64_t order = OrderOf(line);
  if (order != 0) negative_ = order < 0;
  if (line.athlete == 0) {
    anonymous_[RowKey(static_cast<int64_t>(line.order_and_race & kRaceMask), line.row)] = order;
  } else {
    orders_[line.athlete] = static_cast<uint32_t>(std::min<int64_t>(std::abs(order), kFar));
  }
}

void Board::Forget(const Packed& line) {
  if (index_ == Index::kNone) return;
  if (line.athlete == 0) {
    anonymous_.erase(RowKey(static_cast<int64_t>(line.order_and_race & kRaceMask), line.row));
  } else {
    orders_.erase(line.athlete);
  }
}

void Board::Recount() {
  fenwick_.assign(runs_.size() + 1, 0);
  for (size_t i = 1; i <= runs_.size(); ++i) {
    fenwick_[i] += static_cast<int64_t>(runs_[i - 1].size());
    const size_t above = i + (i & (~i + 1));
    if (above <= runs_.size()) fenwick_[above] += fenwick_[i];
  }
}

void Board::Count(size_t run, int64_t change) {
  for (size_t i = run + 1; i < fenwick_.size(); i += i & (~i + 1)) fenwick_[i] += change;
}

int64_t Board::LinesBefore(size_t run) const {
  int64_t lines = 0;
  for (size_t i = run; i > 0; i &= i - 1) lines += fenwick_[i];
  return lines;
}

std::pair<size_t, size_t> Board::Locate(int64_t position) const {
  size_t run = 0, step = 1;
  while (step * 2 < fenwick_.size()) step *= 2;
  for (; step > 0; step /= 2) {
    if (run + step < fenwick_.size() && fenwick_[run + step] <= position) {
      run += step;
      position -= fenwick_[run];
    }
  }
  return {run, static_cast<size_t>(position)};
}

size_t Board::RunOf(const Packed& line) const {
  const auto after = std::upper_bound(firsts_.begin() + 1, firsts_.end(), line,
                                      [this](const Packed& a, const Packed& b) { return Less(a, b); });
  return static_cast<size_t>(after - firsts_.begin()) - 1;
}

int64_t Board::CountBetter(int64_t order) const {
  const auto wanted = static_cast<uint64_t>(std::clamp(order, -kBias, kLargestOrder) + kBias);
  const auto better = [](const Packed& line, uint64_t bound) { return line.order_and_race >> 24 < bound; };
  const auto next = std::lower_bound(firsts_.begin() + 1, firsts_.end(), wanted, better);
  const size_t run = static_cast<size_t>(next - firsts_.begin()) - 1;
  const auto at = std::lower_bound(runs_[run].begin(), runs_[run].end(), wanted, better);
  return LinesBefore(run) + (at - runs_[run].begin());
}

int64_t Board::CountBefore(const Line& line) const {
  const Packed packed = Pack(line);
  const size_t run = RunOf(packed);
  const auto at = std::lower_bound(runs_[run].begin(), runs_[run].end(), packed,
                                   [this](const Packed& a, const Packed& b) { return Less(a, b); });
  return LinesBefore(run) + (at - runs_[run].begin());
}

int64_t Board::CountThrough(const Line& line) const {
  const Packed packed = Pack(line);
  const size_t run = RunOf(packed);
  const auto at = std::upper_bound(runs_[run].begin(), runs_[run].end(), packed,
                                   [this](const Packed& a, const Packed& b) { return Less(a, b); });
  return LinesBefore(run) + (at - runs_[run].begin());
}

Line Board::At(int64_t position) const {
  const auto [run, index] = Locate(position);
  return Unpack(runs_[run][index]);
}

std::vector<Line> Board::Slice(int64_t position, int64_t count) const {
  std::vector<Line> lines;
  if (position >= size_ || count <= 0) return lines;
  lines.reserve(static_cast<size_t>(std::min(count, size_ - position)));
  auto [run, index] = Locate(position);
  for (; run < runs_.size(); ++run, index = 0) {
    for (; index < runs_[run].size(); ++index) {
      if (static_cast<int64_t>(lines.size()) == count) return lines;
      lines.push_back(Unpack(runs_[run][index]));
    }
  }
  return lines;
}

template <typename Wanted>
std::optional<Line> Board::FindInTie(int64_t order, Wanted wanted) const {
  auto [run, index] = Locate(std::min(CountBetter(order), size_ - 1));
  for (; run < runs_.size(); ++run, index = 0) {
    for (; index < runs_[run].size(); ++index) {
      const Packed& line = runs_[run][index];
      if (OrderOf(line) > order) return std::nullopt;
      if (wanted(line)) return Unpack(line);
    }
  }
  return std::nullopt;
}

std::optional<int64_t> Board::OrderOf(int64_t athlete) const {
  if (athlete == 0) return std::nullopt;
  if (index_ == Index::kByAthlete) {
    const auto found = orders_.find(static_cast<uint32_t>(athlete));
    if (found == orders_.end()) return std::nullopt;
    if (found->second != kFar) return negative_ ? -int64_t{found->second} : int64_t{found->second};
  }
  for (const Run& run : runs_) {
    for (const Packed& line : run) {
      if (line.athlete == athlete) return OrderOf(line);
    }
  }
  return std::nullopt;
}

std::optional<Line> Board::Find(int64_t athlete) const {
  const std::optional<int64_t> order = OrderOf(athlete);
  return order.has_value() ? FindAt(*order, athlete) : std::nullopt;
}

std::optional<Line> Board::FindAt(int64_t order, int64_t athlete) const {
  return FindInTie(order, [athlete](const Packed& line) { return line.athlete == athlete; });
}

absl::flat_hash_map<int64_t, int64_t> Board::OrdersOf(absl::Span<const int64_t> athletes) const {
  absl::flat_hash_map<int64_t, int64_t> orders;
  if (index_ == Index::kByAthlete || athletes.size() == 1) {
    for (int64_t athlete : athletes) {
      if (const std::optional<int64_t> order = OrderOf(athlete); order.has_value()) orders[athlete] = *order;
    }
    return orders;
  }
  const absl::flat_hash_set<int64_t> wanted(athletes.begin(), athletes.end());
  for (const Run& run : runs_) {
    for (const Packed& line : run) {
      if (line.athlete != 0 && wanted.contains(line.athlete)) orders.try_emplace(line.athlete, OrderOf(line));
    }
  }
  return orders;
}

std::optional<Line> Board::FindAnonymous(results::RowRef row) const {
  const auto found = anonymous_.find(RowKey(row.race, static_cast<uint32_t>(row.row)));
  if (found == anonymous_.end()) return std::nullopt;
  return Line{found->second, row, 0};
}

bool Board::Contains(const Line& line) const {
  const int64_t position = CountBefore(line);
  return position < size_ && At(position) == line;
}

void Board::Insert(const Line& line) {
  const Packed packed = Pack(line);
  const size_t at = RunOf(packed);
  Run& run = runs_[at];
  const auto place =
      std::lower_bound(run.begin(), run.end(), packed, [this](const Packed& a, const Packed& b) { return Less(a, b); });
  if (run.size() == run.capacity()) {  // grown by little: a run is nearly always full
    const auto index = place - run.begin();
    run.reserve(std::min(kRun, run.size() + 64));
    run.insert(run.begin() + index, packed);
  } else {
    run.insert(place, packed);
  }
  firsts_[at] = run.front();
  ++size_;
  Remember(packed);
  if (run.size() >= kRun) {
    Split(at);
  } else {
    Count(at, 1);
  }
}

void Board::Split(size_t run) {
  const auto middle = runs_[run].begin() + static_cast<std::ptrdiff_t>(runs_[run].size() / 2);
  Run second(middle, runs_[run].end());
  Run first(runs_[run].begin(), middle);
  runs_[run] = std::move(first);
  const auto next = static_cast<std::ptrdiff_t>(run) + 1;
  firsts_.insert(firsts_.begin() + next, second.front());
  runs_.insert(runs_.begin() + next, std::move(second));
  Recount();
}

bool Board::Erase(const Line& line) {
  const Packed packed = Pack(line);
  const size_t at = RunOf(packed);
  Run& run = runs_[at];
  const auto place =
      std::lower_bound(run.begin(), run.end(), packed, [this](const Packed& a, const Packed& b) { return Less(a, b); });
  if (place == run.end() || Less(packed, *place)) return false;
  Forget(*place);
  run.erase(place);
  --size_;
  if (run.empty() && runs_.size() > 1) {
    runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(at));
    firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(at));
    Recount();
    return true;
  }
  if (!run.empty()) firsts_[at] = run.front();
  Count(at, -1);
  return true;
}

int64_t Board::memory_bytes() const {
  size_t bytes = runs_.capacity() * sizeof(Run) + firsts_.capacity() * sizeof(Packed) +
                 fenwick_.capacity() * sizeof(int64_t) + orders_.capacity() * (2 * sizeof(uint32_t) + 1) +
                 anonymous_.capacity() * (2 * sizeof(uint64_t) + 1);
  for (const Run& run : runs_) bytes += run.capacity() * sizeof(Packed);
  return static_cast<int64_t>(bytes);
}

}  // namespace palmares::rankings
