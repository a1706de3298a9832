// Which athletes share a blocking key, so that a row is compared with a few athletes and not with a million.
//
// A set of (key, athlete) pairs. Memory: 9 bytes for a key with one athlete (times the hash table's slack), 4 for each
// further athlete and a vector where there are more. Not thread-safe for changes; reads may share it.
#ifndef PALMARES_SERVICES_IDENTITY_BLOCK_INDEX_H_
#define PALMARES_SERVICES_IDENTITY_BLOCK_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

namespace palmares::identity {

class BlockIndex {
 public:
  // Slots are below 2^31. Adding a pair that is there, or removing one that is not, changes nothing.
  void Add(uint32_t key, uint32_t slot);
  void Remove(uint32_t key, uint32_t slot);

  // The athletes under the key, sorted. Valid until the next change.
  absl::Span<const uint32_t> Find(uint32_t key) const;
  size_t MemoryBytes() const;

 private:
  static constexpr uint32_t kList = 0x80000000;  // the value is the number of a list, not a slot

  absl::flat_hash_map<uint32_t, uint32_t> keys_;
  std::vector<std::vector<uint32_t>> lists_;
  std::vector<uint32_t> free_lists_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_BLOCK_INDEX_H_
