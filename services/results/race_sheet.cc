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
  return Published(row);
}

RaceSheet::Address RaceSheet::Published(int64_t row) const {
  const Block& block = BlockOf(row);
  return {&block.facts, row - block.first_row, block.position, block.part};
}

Link RaceSheet::LinkOf(int64_t row) const {
  const Address address = Find(row);
  return address.facts->outcome(address.row) == Outcome::kWithdrawn ? Link() : LastLink(row);
}

Link RaceSheet::LastLink(int64_t row) const {
  const Address address = Find(row);
  if (!decided_links_.empty() && address.facts->outcome(address.row) != Outcome::kWithdrawn) {
    const auto decided = decided_links_.find(row);
    if (decided != decided_links_.end()) return decided->second;
  }
  return address.facts->link(address.row);
}

Link RaceSheet::PublishedLink(int64_t row) const {
  const auto decided = decided_links_.find(row);
  if (decided != decided_links_.end()) return decided->second;
  const Address address = Published(row);
  return address.facts->link(address.row);
}

RowFacts RaceSheet::Standing(int64_t row) const {
  const Address address = Find(row);
  RowFacts facts = address.facts->Facts(address.row);
  if (!decided_links_.empty() || facts.outcome == Outcome::kWithdrawn) facts.link = LinkOf(row);
  if (!sanctioned_.empty() && facts.outcome != Outcome::kWithdrawn && sanctioned_.contains(row)) {
    facts.outcome = Outcome::kDisqualified;
  }
  return facts;
}

bool RaceSheet::LeavesPlaceVacant(int64_t row) const {
  const auto revised = revised_.find(row);
  if (revised != revised_.end() && revised->second.leave_place_vacant) return true;
  const auto sanctioned = sanctioned_.find(row);
  return sanctioned != sanctioned_.end() && sanctioned->second.leave_place_vacant;
}

Places RaceSheet::StatedPlaces(int64_t row) const {
  const auto revised = revised_.find(row);
  return revised == revised_.end() ? Places() : revised->second.stated_places;
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
    if (address.facts->bib(address.row) != bib) continue;
    if (address.facts->Facts(address.row).outcome != Outcome::kWithdrawn) rows.push_back(row);
  }
  return rows;
}

SheetCounts RaceSheet::Count() const {
  SheetCounts counts;
  for (int64_t row = 0; row < rows_; ++row) {
    const RowFacts facts = Standing(row);
    if (facts.outcome == Outcome::kWithdrawn) continue;
    ++counts.rows;
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
  auto bytes = static_cast<int64_t>(numbers_.capacity() * sizeof(int64_t));
  if (places_ != nullptr) bytes += places_->memory_bytes();
  bytes += spillable_bytes_;
  for (const Block& block : blocks_) bytes += block.facts.overhead_bytes();
  for (const auto& [row, revised] : revised_) {
    bytes += static_cast<int64_t>(revised.facts.bytes().size()) + revised.facts.overhead_bytes();
  }
  return bytes;
}

void RaceSheet::Replace(std::vector<Block> blocks, std::vector<int64_t> numbers) {
  blocks_.clear();
  revised_.clear();
  sanctioned_.clear();
  decided_links_.clear();
  places_.reset();
  rows_ = 0;
  finishers_ = 0;
  spillable_bytes_ = 0;
  first_appended_row_ = kNothingAppended;
  AddBlocks(std::move(blocks));
  numbers_ = std::move(numbers);
  for (int64_t row = 0; row < rows_; ++row) last_number_ = std::max(last_number_, Number(row));
}

void RaceSheet::Append(std::vector<Block> blocks, PlaceRule rule) {
  const int64_t before = rows_;
  first_appended_row_ = std::min(first_appended_row_, before);
  AddBlocks(std::move(blocks));
  if (numbers_.empty() && last_number_ == before) {
    last_number_ = rows_;
  } else {
    for (auto row = static_cast<int64_t>(numbers_.size()); row < before; ++row) numbers_.push_back(row + 1);
    while (static_cast<int64_t>(numbers_.size()) < rows_) numbers_.push_back(++last_number_);
  }
  places_ = std::make_shared<const LazyPlaces>(rule);
}

void RaceSheet::AddBlocks(std::vector<Block> blocks) {
  for (Block& block : blocks) {
    block.first_row = rows_;
    rows_ += block.facts.rows();
    spillable_bytes_ += static_cast<int64_t>(block.facts.bytes().size());
    for (int64_t row = 0; row < block.facts.rows(); ++row) {
      finishers_ += block.facts.Facts(row).outcome == Outcome::kFinished ? 1 : 0;
    }
    blocks_.push_back(std::move(block));
  }
}

int64_t RaceSheet::spilled_bytes() const {
  int64_t bytes = 0;
  for (const Block& block : blocks_) bytes += block.spilled ? static_cast<int64_t>(block.facts.bytes().size()) : 0;
  return bytes;
}

absl::Status RaceSheet::Spill(storage::SpillFile& file) {
  for (Block& block : blocks_) {
    if (block.spilled) continue;
    absl::StatusOr<storage::SharedBytes> bytes = file.Put(block.facts.bytes());
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(*std::move(bytes));
    if (!facts.ok()) return facts.status();
    block.facts = *std::move(facts);
    block.spilled = true;
    spillable_bytes_ -= static_cast<int64_t>(block.facts.bytes().size());
  }
  return absl::OkStatus();
}

void RaceSheet::Revise(int64_t row, std::optional<Revised> revised, PlaceRule rule) {
  if (revised.has_value()) {
    revised_[row] = *std::move(revised);
  } else {
    revised_.erase(row);
  }
  Refresh(rule);
}

void RaceSheet::SetSanctioned(absl::flat_hash_map<int64_t, Sanctioned> sanctioned, PlaceRule rule) {
  sanctioned_ = std::move(sanctioned);
  Refresh(rule);
}

void RaceSheet::Refresh(PlaceRule rule) {
  const bool stand = revised_.empty() && sanctioned_.empty() && first_appended_row_ == kNothingAppended;
  places_ = stand ? nullptr : std::make_shared<const LazyPlaces>(rule);
  finishers_ = 0;
  for (int64_t row = 0; row < rows_; ++row) finishers_ += Standing(row).outcome == Outcome::kFinished ? 1 : 0;
}

}  // namespace palmares::results
