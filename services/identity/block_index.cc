#include "services/identity/block_index.h"

#include <algorithm>

namespace palmares::identity {

void BlockIndex::Add(uint32_t key, uint32_t slot) {
  const auto [entry, inserted] = keys_.try_emplace(key, slot);
  if (inserted || entry->second == slot) return;
  if ((entry->second & kList) == 0) {
    const uint32_t first = entry->second;
    uint32_t list = static_cast<uint32_t>(lists_.size());
    if (free_lists_.empty()) {
      lists_.emplace_back();
    } else {
      list = free_lists_.back();
      free_lists_.pop_back();
    }
    lists_[list] = {std::min(first, slot), std::max(first, slot)};
    entry->second = kList | list;
    return;
  }
  std::vector<uint32_t>& slots = lists_[entry->second & ~kList];
  const auto place = std::lower_bound(slots.begin(), slots.end(), slot);
  if (place == slots.end() || *place != slot) slots.insert(place, slot);
}

void BlockIndex::Remove(uint32_t key, uint32_t slot) {
  const auto entry = keys_.find(key);
  if (entry == keys_.end()) return;
  if ((entry->second & kList) == 0) {
    if (entry->second == slot) keys_.erase(entry);
    return;
  }
  const uint32_t list = entry->second & ~kList;
  std::vector<uint32_t>& slots = lists_[list];
  const auto place = std::lower_bound(slots.begin(), slots.end(), slot);
  if (place != slots.end() && *place == slot) slots.erase(place);
  if (slots.size() > 1) return;
  entry->second = slots.front();
  std::vector<uint32_t>().swap(slots);
  free_lists_.push_back(list);
}

absl::Span<const uint32_t> BlockIndex::Find(uint32_t key) const {
  const auto entry = keys_.find(key);
  if (entry == keys_.end()) return {};
  if ((entry->second & kList) == 0) return absl::MakeConstSpan(&entry->second, 1);
  return lists_[entry->second & ~kList];
}

size_t BlockIndex::MemoryBytes() const {
  size_t bytes = keys_.capacity() * (2 * sizeof(uint32_t) + 1) + lists_.capacity() * sizeof(std::vector<uint32_t>) +
                 free_lists_.capacity() * sizeof(uint32_t);
  for (const std::vector<uint32_t>& list : lists_) bytes += list.capacity() * sizeof(uint32_t);
  return bytes;
}

}  // namespace palmares::identity
