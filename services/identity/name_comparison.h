// How well two names agree, weighted by how rare the words are that they share.
#ifndef PALMARES_SERVICES_IDENTITY_NAME_COMPARISON_H_
#define PALMARES_SERVICES_IDENTITY_NAME_COMPARISON_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/identity/evidence.h"
#include "services/identity/name.h"
#include "services/identity/weights.h"

namespace palmares::identity {

// A name in the one-text form that the index keeps: "given|family|suffix".
struct NameText {
  absl::string_view given;
  absl::string_view family;
  absl::string_view suffix;
};
std::string PackName(const PersonName& name);
NameText UnpackName(absl::string_view packed);

// How many names have a word in them. A pure function of the names added, whatever their order.
class WordCounts {
 public:
  void Add(const NameText& name);
  void Remove(const NameText& name);
  uint32_t Count(absl::string_view word) const;
  uint64_t names() const { return names_; }
  size_t MemoryBytes() const { return counts_.capacity() * (2 * sizeof(uint32_t) + 1); }

 private:
  // By the upper half of the fingerprint: two words that share it (one pair in four thousand million) count together.
  absl::flat_hash_map<uint32_t, uint32_t> counts_;
  uint64_t names_ = 0;
};

// How many bits it tells that somebody bears the word: the logarithm of one over its share. At most
// weights.max_name_rarity.
int32_t Rarity(absl::string_view word, const WordCounts& counts, const Weights& weights);

struct NameComparison {
  Agreement given = Agreement::kNotGiven;
  Agreement family = Agreement::kNotGiven;
  Agreement suffix = Agreement::kNotGiven;
  int32_t given_weight = 0;
  int32_t family_weight = 0;
  int32_t suffix_weight = 0;
  int32_t total() const { return given_weight + family_weight + suffix_weight; }
};

// Symmetric. Given and family name may be in each other's place. A pseudonym, which is the digest of a name in
// hexadecimal digits, stands for both: two that are equal are the same name, others are different ones.
NameComparison CompareNames(const NameText& a, const NameText& b, const WordCounts& counts, const Weights& weights);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_NAME_COMPARISON_H_
