#include "services/results/race_sheet.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"

namespace palmares::results {

using athletics::Outcome;

absl::string_view SheetStateCode(SheetState state) {
  switch (state) {
    case SheetState::kNone:
      return "none";
    case SheetState::kDraft:
      return "draft";
    case SheetState::kProvisional:
      return "provisional";
    case SheetState::kOfficial:
      return "official";
    case SheetState::kProtested:
      return "protested";
    case SheetState::kAnnulled:
      return "annulled";
    case SheetState::kEmbargoed:
      return "embargoed";
  }
  return "";
}

// Gives places anew after a revision. Rows that were not revised keep the order that their given places say (timing
// systems decide ties by more than the sheet shows); a revised row stands where its mark puts it; who is disqualified
// leaves the order, and those behind move up unless the place stays vacant.
class PlaceKeeper {
 public:
  PlaceKeeper(RaceSheet& sheet, Clock clock) : sheet_(sheet), clock_(clock) {}

  void Run() {
    sheet_.places_.clear();
    if (sheet_.revised_.empty()) return;
    std::vector<RaceSheet::Places> places(static_cast<size_t>(sheet_.rows()));
    Rank(places, &RaceSheet::Places::place, &RowFacts::place,
         [](const RowFacts&, absl::string_view) { return Group(); });
    Rank(places, &RaceSheet::Places::sex_place, &RowFacts::sex_place,
         [](const RowFacts& facts, absl::string_view) { return Group(static_cast<int>(facts.sex), ""); });
    Rank(
        places, &RaceSheet::Places::category_place, &RowFacts::category_place,
        [](const RowFacts& facts, absl::string_view category) { return Group(static_cast<int>(facts.sex), category); });
    sheet_.places_ = std::move(places);
  }

 private:
  using Group = std::tuple<int, absl::string_view>;  // of those who are placed together, within a division
  struct Runner {
    int64_t row = 0;
    int64_t mark = 0;
    int32_t given = 0;  // 0 for a revised row: its mark decides
    bool vacant = false;
  };

  template <typename GroupOf>
  void Rank(std::vector<RaceSheet::Places>& places, int32_t RaceSheet::Places::*out, int32_t RowFacts::*given,
            GroupOf group_of) {
    if (!AnyGiven(given)) return;  // the sheet has no places of this kind, and a revision makes none
    absl::btree_map<std::tuple<int, Group>, std::vector<Runner>> kept, revised;
    for (int64_t row = 0; row < sheet_.rows(); ++row) {
      const auto revision = sheet_.revised_.find(row);
      const bool is_revised = revision != sheet_.revised_.end();
      const RaceSheet::Address address = sheet_.Find(row);
      const RowFacts facts = address.facts->Facts(address.row);
      const RaceSheet::Block& block = sheet_.BlockOf(row);
      const RowFacts original = block.facts.Facts(row - block.first_row);
      const Group group = group_of(facts, address.facts->category(address.row));
      const bool same_standing =
          SameStanding(facts, original) && group == group_of(original, block.facts.category(row - block.first_row));
      const bool joins = is_revised && facts.outcome == Outcome::kFinished && !same_standing;
      if (original.*given == 0 && !joins) continue;
      const auto key = std::make_tuple(static_cast<int>(facts.division), group);
      const bool vacant = is_revised && facts.outcome != Outcome::kFinished && revision->second.leave_place_vacant;
      const bool stands = facts.outcome == Outcome::kFinished || vacant;
      if (!stands) continue;
      const bool keeps_place = vacant || !is_revised || same_standing;
      (keeps_place ? kept : revised)[key].push_back(
          {row, MarkOn(facts, clock_), keeps_place ? original.*given : 0, vacant});
    }
    for (auto& [key, runners] : revised) kept[key].insert(kept[key].begin(), runners.begin(), runners.end());
    for (auto& [key, runners] : kept) Number(Order(runners), places, out);
  }

  bool AnyGiven(int32_t RowFacts::*given) const {
    for (const RaceSheet::Block& block : sheet_.blocks()) {
      for (int64_t row = 0; row < block.facts.rows(); ++row) {
        if (block.facts.Facts(row).*given != 0) return true;
      }
    }
    return false;
  }

  // Whether a revision left alone everything that a place depends on.
  bool SameStanding(const RowFacts& now, const RowFacts& before) const {
    return MarkOn(now, clock_) == MarkOn(before, clock_) && now.sex == before.sex && now.division == before.division &&
           before.outcome == Outcome::kFinished;
  }

  static std::vector<Runner> Order(const std::vector<Runner>& runners) {
    std::vector<Runner> order, moved;
    for (const Runner& runner : runners) (runner.given > 0 ? order : moved).push_back(runner);
    std::stable_sort(order.begin(), order.end(), [](const Runner& a, const Runner& b) { return a.given < b.given; });
    std::stable_sort(moved.begin(), moved.end(), [](const Runner& a, const Runner& b) { return a.mark < b.mark; });
    for (const Runner& runner : moved) {
      if (runner.mark == 0) continue;
      const auto slower =
          std::find_if(order.begin(), order.end(), [&runner](const Runner& other) { return other.mark > runner.mark; });
      order.insert(slower, runner);
    }
    return order;
  }

  static void Number(const std::vector<Runner>& order, std::vector<RaceSheet::Places>& places,
                     int32_t RaceSheet::Places::*out) {
    int32_t place = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      const bool tied = i > 0 && (order[i].given > 0 && order[i - 1].given > 0 ? order[i].given == order[i - 1].given
                                                                               : order[i].mark == order[i - 1].mark);
      if (!tied) place = static_cast<int32_t>(i) + 1;
      if (!order[i].vacant) places[static_cast<size_t>(order[i].row)].*out = place;
    }
  }

  RaceSheet& sheet_;
  Clock clock_;
};

const RaceSheet::Block& RaceSheet::BlockOf(int64_t row) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), row,
                                      [](int64_t wanted, const Block& block) { return wanted < block.first_row; });
  return *std::prev(after);
}

RaceSheet::Address RaceSheet::Find(int64_t row) const {
  if (!revised_.empty()) {
    const auto found = revised_.find(row);
    if (found != revised_.end()) return {&found->second.facts, 0, found->second.position, 0};
  }
  const Block& block = BlockOf(row);
  return {&block.facts, row - block.first_row, block.position, block.part};
}

RowFacts RaceSheet::Facts(int64_t row) const {
  const Address address = Find(row);
  RowFacts facts = address.facts->Facts(address.row);
  if (!places_.empty()) {
    const Places& places = places_[static_cast<size_t>(row)];
    facts.place = places.place;
    facts.sex_place = places.sex_place;
    facts.category_place = places.category_place;
  }
  return facts;
}

std::optional<int64_t> RaceSheet::RowOfNumber(int64_t number) const {
  if (numbers_.empty()) return number >= 1 && number <= rows_ ? std::optional(number - 1) : std::nullopt;
  const auto found = std::find(numbers_.begin(), numbers_.end(), number);
  if (found == numbers_.end()) return std::nullopt;
  return found - numbers_.begin();
}

std::vector<int64_t> RaceSheet::RowsOfBib(absl::string_view bib) const {
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < rows_; ++row) {
    const Address address = Find(row);
    if (address.facts->bib(address.row) == bib) rows.push_back(row);
  }
  return rows;
}

SheetCounts RaceSheet::Count() const {
  SheetCounts counts;
  counts.rows = rows_;
  for (int64_t row = 0; row < rows_; ++row) {
    const Address address = Find(row);
    const RowFacts facts = address.facts->Facts(address.row);
    if (facts.link.athlete != 0) ++counts.linked;
    switch (facts.outcome) {
      case Outcome::kFinished:
        ++counts.finished;
        break;
      case Outcome::kDidNotFinish:
        ++counts.did_not_finish;
        break;
      case Outcome::kDidNotStart:
        ++counts.did_not_start;
        break;
      case Outcome::kDisqualified:
        ++counts.disqualified;
        break;
      default:
        ++counts.other;
        break;
    }
  }
  return counts;
}

int64_t RaceSheet::memory_bytes() const {
  int64_t bytes = static_cast<int64_t>(numbers_.capacity() * sizeof(int64_t) + places_.capacity() * sizeof(Places));
  for (const Block& block : blocks_) bytes += block.facts.size_bytes() + static_cast<int64_t>(sizeof(Block));
  for (const auto& [row, revised] : revised_)
    bytes += revised.facts.size_bytes() + static_cast<int64_t>(sizeof(Revised));
  return bytes;
}

void RaceSheet::Replace(std::vector<Block> blocks, std::vector<int64_t> numbers) {
  blocks_.clear();
  revised_.clear();
  places_.clear();
  rows_ = 0;
  finishers_ = 0;
  Append(std::move(blocks));
  numbers_ = std::move(numbers);
  for (int64_t row = 0; row < rows_; ++row) last_number_ = std::max(last_number_, Number(row));
}

void RaceSheet::Append(std::vector<Block> blocks) {
  for (Block& block : blocks) {
    block.first_row = rows_;
    rows_ += block.facts.rows();
    for (int64_t row = 0; row < block.facts.rows(); ++row) {
      finishers_ += block.facts.Facts(row).outcome == Outcome::kFinished ? 1 : 0;
    }
    blocks_.push_back(std::move(block));
  }
  if (numbers_.empty()) {
    last_number_ = std::max(last_number_, rows_);
  } else {
    while (static_cast<int64_t>(numbers_.size()) < rows_) numbers_.push_back(++last_number_);
  }
}

void RaceSheet::Revise(int64_t row, std::optional<Revised> revised, Clock places_clock) {
  finishers_ -= Facts(row).outcome == Outcome::kFinished ? 1 : 0;
  if (revised.has_value()) {
    revised_[row] = *std::move(revised);
  } else {
    revised_.erase(row);
  }
  finishers_ += Facts(row).outcome == Outcome::kFinished ? 1 : 0;
  PlaceKeeper(*this, places_clock).Run();
}

}  // namespace palmares::results
