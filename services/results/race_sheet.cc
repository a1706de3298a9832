#include "services/results/race_sheet.h"

#include <algorithm>
#include <utility>

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

JoinedRows::JoinedRows(absl::Span<const Origin> origins) {
  storage::ColumnBlockBuilder builder(static_cast<int64_t>(origins.size()));
  std::vector<int64_t> values(origins.size());
  const auto add = [&](int number, int64_t Origin::*field) {
    std::transform(origins.begin(), origins.end(), values.begin(), [field](const Origin& row) { return row.*field; });
    builder.AddIntegers(number, values);
  };
  add(1, &Origin::position);
  add(2, &Origin::part);
  add(3, &Origin::row);
  packed_ = storage::ColumnBlock::Parse(std::move(builder).Finish()).value();  // just built: not damaged
  position_ = packed_.Integers(1);
  part_ = packed_.Integers(2);
  row_ = packed_.Integers(3);
}

const RaceSheet::Block& RaceSheet::BlockOf(int64_t row) const {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), row,
                                      [](int64_t wanted, const Block& block) { return wanted < block.first_row; });
  return *std::prev(after);
}

RaceSheet::Address RaceSheet::Find(int64_t row) const {
  if (!revised_.empty()) {
    const auto found = revised_.find(row);
    if (found != revised_.end()) return {&found->second.facts, 0, found->second.position, 0, 0};
  }
  return Published(row);
}

RaceSheet::Address RaceSheet::Published(int64_t row) const {
  const Block& block = BlockOf(row);
  const int64_t in_block = row - block.first_row;
  if (block.joined == nullptr) return {&block.facts, in_block, block.position, block.part, in_block};
  const JoinedRows::Origin origin = block.joined->Of(in_block);
  return {&block.facts, in_block, origin.position, origin.part, origin.row};
}

RowFacts RaceSheet::Standing(int64_t row) const {
  if (!revised_.empty()) {
    const auto found = revised_.find(row);
    if (found != revised_.end()) return found->second.facts.Facts(0);
  }
  const Block& block = BlockOf(row);
  return block.facts.Facts(row - block.first_row);
}

bool RaceSheet::LeavesPlaceVacant(int64_t row) const {
  const auto revised = revised_.find(row);
  return revised != revised_.end() && revised->second.leave_place_vacant;
}

RowFacts RaceSheet::Facts(int64_t row) const {
  RowFacts facts = Standing(row);
  if (places_ != nullptr) {
    const Places places = places_->Of(*this, row);
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
  auto bytes = static_cast<int64_t>(sizeof *this + numbers_.capacity() * sizeof(int64_t) +
                                    (blocks_.capacity() - blocks_.size()) * sizeof(Block));
  if (places_ != nullptr) bytes += places_->memory_bytes();
  for (const Block& block : blocks_) {
    bytes += block.facts.memory_bytes() + static_cast<int64_t>(sizeof(Block));
    if (block.joined != nullptr) bytes += block.joined->size_bytes() + static_cast<int64_t>(sizeof(JoinedRows));
  }
  for (const auto& [row, revised] : revised_)
    bytes += revised.facts.memory_bytes() + static_cast<int64_t>(sizeof(Revised));
  return bytes;
}

void RaceSheet::Replace(std::vector<Block> blocks, std::vector<int64_t> numbers) {
  blocks_.clear();
  revised_.clear();
  places_.reset();
  rows_ = 0;
  finishers_ = 0;
  first_appended_row_ = kNothingAppended;
  AddBlocks(std::move(blocks));
  numbers_ = std::move(numbers);
  for (int64_t row = 0; row < rows_; ++row) last_number_ = std::max(last_number_, Number(row));
}

void RaceSheet::AddBlocks(std::vector<Block> blocks) {
  for (Block& block : blocks) {
    block.first_row = rows_;
    rows_ += block.facts.rows();
    for (int64_t row = 0; row < block.facts.rows(); ++row) {
      finishers_ += block.facts.outcome(row) == Outcome::kFinished ? 1 : 0;
    }
    blocks_.push_back(std::move(block));
  }
}

void RaceSheet::Append(std::vector<Block> blocks, PlaceRule rule) {
  const int64_t first = rows_;
  if (first_appended_row_ == kNothingAppended) first_appended_row_ = first;
  AddBlocks(std::move(blocks));
  // Numbers are never given out twice, also where an earlier sheet of the race had more rows.
  if (numbers_.empty() && last_number_ > first) {
    for (int64_t row = 0; row < first; ++row) numbers_.push_back(row + 1);
  }
  if (numbers_.empty() && first == last_number_) {
    last_number_ = rows_;
  } else {
    while (static_cast<int64_t>(numbers_.size()) < rows_) numbers_.push_back(++last_number_);
  }
  JoinSmallBlocks();
  if (places_ == nullptr || places_->ready()) places_ = std::make_unique<const LazyPlaces>(rule);
}

// Rows that come one by one would cost a block each. Sixteen small blocks become one, and sixteen of those again, so
// that a row is copied twice and a sheet has few small blocks at any time.
void RaceSheet::JoinSmallBlocks() {
  constexpr size_t kJoined = 16;
  for (const int64_t small : {int64_t{16}, int64_t{256}}) {
    size_t first = blocks_.size();
    while (first > 0 && blocks_[first - 1].facts.rows() < small &&
           blocks_[first - 1].first_row >= first_appended_row_) {
      --first;
    }
    if (blocks_.size() - first < kJoined) continue;
    std::vector<const FactsBlock*> parts;
    std::vector<JoinedRows::Origin> origins;
    for (size_t i = first; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      parts.push_back(&block.facts);
      for (int64_t row = 0; row < block.facts.rows(); ++row) {
        origins.push_back(block.joined != nullptr ? block.joined->Of(row)
                                                  : JoinedRows::Origin{block.position, block.part, row});
      }
    }
    Block joined{FactsBlock::Join(parts), blocks_[first].first_row, 0, 0, std::make_shared<const JoinedRows>(origins)};
    blocks_.resize(first);
    blocks_.push_back(std::move(joined));
  }
}

void RaceSheet::Revise(int64_t row, std::optional<Revised> revised, PlaceRule rule) {
  finishers_ -= Standing(row).outcome == Outcome::kFinished ? 1 : 0;
  if (revised.has_value()) {
    revised_[row] = *std::move(revised);
  } else {
    revised_.erase(row);
  }
  finishers_ += Standing(row).outcome == Outcome::kFinished ? 1 : 0;
  if (revised_.empty() && first_appended_row_ == kNothingAppended) {
    places_.reset();
  } else {
    places_ = std::make_unique<const LazyPlaces>(rule);
  }
}

}  // namespace palmares::results
