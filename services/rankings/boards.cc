#include "services/rankings/boards.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "services/rankings/row_order.h"

namespace palmares::rankings {
namespace {

constexpr size_t kMostNotes = size_t{1} << 20;
// A board is made anew rather than mended where more than one in so many of its lines is noted.
constexpr int64_t kMendedShare = 8;
constexpr int64_t kBudgetPerResult = 20;
constexpr int64_t kSmallestBudget = int64_t{64} << 20;

}  // namespace

bool Boards::Watching() const {
  absl::ReaderMutexLock lock(&mutex_);
  return !boards_.empty();
}

void Boards::NoteRows(const std::vector<identity::RowRange>& rows) {
  identity::ForEachRow(rows, [this](results::RowRef ref) {
    const int64_t athlete = results_->sheet(ref.race).LinkOf(ref.row).athlete;
    notes_.push_back(athlete != 0 ? athlete : NoteOf(ref));
    return true;
  });
}

void Boards::Before(const identity::TouchedRows& touched) {
  races_before_.clear();
  if (touched.change == identity::RowChange::kNone || !Watching()) return;
  if (notes_.size() > kMostNotes) {
    notes_before_ += static_cast<int64_t>(notes_.size());
    notes_.clear();
  }
  if (touched.change == identity::RowChange::kRace || touched.change == identity::RowChange::kRemoved) {
    if (touched.before.empty()) return;
    for (int32_t number : touched.races) {
      const events::Race& race = results_->calendar().race(number);
      races_before_.push_back({number, race.discipline, race.date});
      if (touched.change == identity::RowChange::kRemoved) DropDiscipline(race.discipline);
    }
    return;
  }
  if (touched.change == identity::RowChange::kIdentity) {
    notes_.insert(notes_.end(), touched.athletes.begin(), touched.athletes.end());
  }
  NoteRows(touched.before);
}

void Boards::After(const identity::TouchedRows& touched) {
  for (const RaceBefore& before : races_before_) {
    const events::Race& race = results_->calendar().race(before.race);
    if (race.discipline == before.discipline && race.date == before.date) continue;
    DropDiscipline(before.discipline);
    DropDiscipline(race.discipline);
  }
  const bool adds_rows =
      touched.change == identity::RowChange::kAdded || touched.change == identity::RowChange::kReplaced;
  if (adds_rows && Watching()) NoteRows(touched.after);
}

void Boards::Forget() {
  notes_before_ += static_cast<int64_t>(notes_.size());
  notes_.clear();
  absl::MutexLock lock(&mutex_);
  boards_.clear();
}

void Boards::DropDiscipline(const athletics::Discipline* discipline) {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(boards_, [discipline](const auto& entry) { return entry.first.discipline == discipline; });
}

std::shared_ptr<const Board> Boards::Get(const StandingKey& key) const {
  std::shared_ptr<Kept> kept = FindOrAdd(key);
  const int64_t notes = notes_before_ + static_cast<int64_t>(notes_.size());
  if (kept->taken.load(std::memory_order_acquire) != notes) {
    absl::MutexLock lock(&kept->mutex);
    if (kept->taken.load(std::memory_order_relaxed) != notes) {
      BringUpToDate(*kept);
      kept->bytes.store(kept->board->memory_bytes(), std::memory_order_relaxed);
    }
    kept->taken.store(notes, std::memory_order_release);
  }
  const Board* board = kept->board.get();
  return std::shared_ptr<const Board>(std::move(kept), board);
}

std::shared_ptr<Boards::Kept> Boards::FindOrAdd(const StandingKey& key) const {
  const int64_t use = uses_.fetch_add(1, std::memory_order_relaxed);
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = boards_.find(key);
    if (found != boards_.end()) {
      found->second->last_use.store(use, std::memory_order_relaxed);
      return found->second;
    }
  }
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Kept>& kept = boards_[key];
  if (kept == nullptr) {
    kept = std::make_shared<Kept>(key);
    kept->last_use.store(use, std::memory_order_relaxed);
    std::shared_ptr<Kept> added = kept;
    MakeRoom();
    return added;
  }
  return kept;
}

int64_t Boards::Budget() const { return std::min(limit_, kSmallestBudget + kBudgetPerResult * results_->total_rows()); }

void Boards::MakeRoom() const {
  int64_t total = 0;
  for (const auto& [key, kept] : boards_) total += kept->bytes.load(std::memory_order_relaxed);
  while (total > Budget()) {
    const auto oldest = std::min_element(boards_.begin(), boards_.end(), [](const auto& a, const auto& b) {
      return a.second->last_use.load(std::memory_order_relaxed) < b.second->last_use.load(std::memory_order_relaxed);
    });
    total -= oldest->second->bytes.load(std::memory_order_relaxed);
    boards_.erase(oldest);
  }
}

void Boards::BringUpToDate(Kept& kept) const {
  const int64_t taken = kept.taken.load(std::memory_order_relaxed);
  const int64_t notes = notes_before_ + static_cast<int64_t>(notes_.size());
  if (taken < notes_before_ || (notes - taken) * kMendedShare > kept.board->size() + 1024) return Make(kept);
  absl::flat_hash_set<Note> seen;
  for (auto at = static_cast<size_t>(taken - notes_before_); at < notes_.size(); ++at) {
    if (seen.insert(notes_[at]).second) Take(kept, notes_[at]);
  }
}

void Boards::Make(Kept& kept) const {
  const RacesOfList races = RacesOf(kept.query, *results_);
  kept.board = std::make_unique<Board>(&results_->calendar(), Board::Index::kByAthlete,
                                       Select(kept.query, races, *results_, *athletes_));
}

void Boards::Take(Kept& kept, Note note) const {
  Board& board = *kept.board;
  if (note < 0) {
    const results::RowRef row = RowOf(note);
    std::optional<Line> line = LineOfRow(kept, row);
    if (line.has_value() && line->athlete != 0) line.reset();  // it has got an athlete, who is noted too
    return Put(board, board.FindAnonymous(row), line);
  }
  const int64_t athlete = athletes_->Resolve(note);
  if (athlete != note) Put(board, board.Find(note), std::nullopt);
  Put(board, board.Find(athlete), BestOf(kept, athlete));
}

void Boards::Put(Board& board, std::optional<Line> old_line, std::optional<Line> new_line) const {
  if (old_line == new_line) return;
  if (old_line.has_value()) board.Erase(*old_line);
  if (new_line.has_value()) board.Insert(*new_line);
}

std::optional<Line> Boards::LineOfRow(const Kept& kept, results::RowRef row) const {
  const results::RaceSheet& sheet = results_->sheet(row.race);
  if (row.row >= sheet.rows() || !SheetBelongs(sheet, kept.query)) return std::nullopt;
  const events::Race& race = results_->calendar().race(row.race);
  if (!RaceBelongs(race, kept.query)) return std::nullopt;
  const results::RowFacts facts = sheet.Facts(row.row);
  const std::optional<int64_t> order = RowOrders(kept.query, race, sheet, *athletes_).Of(row.row, facts);
  if (!order.has_value()) return std::nullopt;
  return Line{*order, row, athletes_->Resolve(facts.link.athlete)};
}

std::optional<Line> Boards::BestOf(const Kept& kept, int64_t athlete) const {
  std::optional<Line> best;
  const auto key = [this](const Line& line) {
    return std::make_tuple(line.order, results_->calendar().race(line.row.race).date, line.row.race, line.row.row);
  };
  const auto look_at = [&](int64_t member) {
    for (const results::RowRef& row : results_->OfAthlete(member)) {
      const std::optional<Line> line = LineOfRow(kept, row);
      if (line.has_value() && (!best.has_value() || key(*line) < key(*best))) best = line;
    }
  };
  if (!athletes_->has_merges()) {
    look_at(athlete);
  } else {
    for (int64_t member : athletes_->Members(athlete)) look_at(member);
  }
  return best;
}

int64_t Boards::memory_bytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  auto bytes = static_cast<int64_t>(notes_.capacity() * sizeof(Note));
  for (const auto& [key, kept] : boards_) bytes += kept->bytes.load(std::memory_order_relaxed);
  return bytes;
}

int64_t Boards::count() const {
  absl::ReaderMutexLock lock(&mutex_);
  return static_cast<int64_t>(boards_.size());
}

}  // namespace palmares::rankings
