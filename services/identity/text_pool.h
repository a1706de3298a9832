// Short texts kept once each, with how often each is used. The number of uses is the frequency that weights are made
// from.
//
// Not thread-safe for changes; reads may share it. Texts are cut at 250 bytes. Memory: the text, 9 bytes an entry, and
// about 8 of the hash table. Numbers (ids) of texts depend on the order of additions and mean nothing outside; uses do
// not.
#ifndef PALMARES_SERVICES_IDENTITY_TEXT_POOL_H_
#define PALMARES_SERVICES_IDENTITY_TEXT_POOL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace palmares::identity {

class TextPool {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  TextPool();
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  // One use more; the text's id.
  uint32_t Use(absl::string_view text);
  // One use less; the text is forgotten with the last.
  void Release(uint32_t id);

  // The id, or kNone where the text is not in use.
  uint32_t Find(absl::string_view text) const;
  // Valid until the next change.
  absl::string_view Text(uint32_t id) const;
  uint32_t Uses(uint32_t id) const { return id == kNone ? 0 : entries_[id].uses; }
  size_t MemoryBytes() const;

 private:
  struct Entry {
    uint32_t offset;  // of a length byte, followed by the text
    uint32_t uses;
  };
  struct Hash {
    using is_transparent = void;
    const TextPool* pool;
    size_t operator()(uint32_t id) const { return (*this)(pool->Text(id)); }
    size_t operator()(absl::string_view text) const;
  };
  struct Equal {
    using is_transparent = void;
    const TextPool* pool;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, absl::string_view b) const { return pool->Text(a) == b; }
    bool operator()(absl::string_view a, uint32_t b) const { return pool->Text(b) == a; }
  };
  void Compact();

  std::string bytes_;
  size_t dead_bytes_ = 0;
  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
  absl::flat_hash_set<uint32_t, Hash, Equal> ids_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_TEXT_POOL_H_
