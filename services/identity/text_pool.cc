#include "services/identity/text_pool.h"

#include "services/identity/fold.h"

namespace palmares::identity {
namespace {

constexpr size_t kMaxText = 250;
constexpr size_t kCompactFrom = 1 << 16;

}  // namespace

TextPool::TextPool() : ids_(0, Hash{this}, Equal{this}) {}

size_t TextPool::Hash::operator()(absl::string_view text) const { return static_cast<size_t>(Fingerprint(text)); }

absl::string_view TextPool::Text(uint32_t id) const {
  const char* start = bytes_.data() + entries_[id].offset;
  return {start + 1, static_cast<unsigned char>(*start)};
}

uint32_t TextPool::Find(absl::string_view text) const {
  const auto found = ids_.find(text.substr(0, kMaxText));
  return found == ids_.end() ? kNone : *found;
}

uint32_t TextPool::Use(absl::string_view text) {
  text = text.substr(0, kMaxText);
  const auto found = ids_.find(text);
  if (found != ids_.end()) {
    ++entries_[*found].uses;
    return *found;
  }
  uint32_t id = static_cast<uint32_t>(entries_.size());
  if (free_.empty()) {
    entries_.push_back({});
  } else {
    id = free_.back();
    free_.pop_back();
  }
  entries_[id] = {static_cast<uint32_t>(bytes_.size()), 1};
  bytes_.push_back(static_cast<char>(text.size()));
  bytes_.append(text.data(), text.size());
  ids_.insert(id);
  return id;
}

void TextPool::Release(uint32_t id) {
  if (id == kNone || --entries_[id].uses > 0) return;
  ids_.erase(id);
  dead_bytes_ += Text(id).size() + 1;
  free_.push_back(id);
  if (dead_bytes_ > kCompactFrom && dead_bytes_ > bytes_.size() / 2) Compact();
}

void TextPool::Compact() {
  std::string kept;
  kept.reserve(bytes_.size() - dead_bytes_);
  for (Entry& entry : entries_) {
    if (entry.uses == 0) continue;
    const size_t size = static_cast<unsigned char>(bytes_[entry.offset]) + 1;
    const size_t offset = entry.offset;
    entry.offset = static_cast<uint32_t>(kept.size());
    kept.append(bytes_, offset, size);
  }
  bytes_ = std::move(kept);
  dead_bytes_ = 0;
}

size_t TextPool::MemoryBytes() const {
  return bytes_.capacity() + entries_.capacity() * sizeof(Entry) + free_.capacity() * sizeof(uint32_t) +
         ids_.capacity() * (sizeof(uint32_t) + 1);
}

}  // namespace palmares::identity
