// Finds athletes by what somebody types: any order of words, beginnings of words, without accents or case, with a
// typing error.
//
// An athlete may have several names (a maiden name, 大迫傑 beside its reading Suguru Osako): each is added, and any of
// them finds the athlete. Names are compared folded (fold.h), so Zoë is Zoe and D'Haene is D HAENE and Dhaene; Chinese
// characters are found by themselves, with or without the space between family and given name.
//
// Invariant: the answers are a pure function of the (athlete, name) pairs added and not removed again, whatever the
// order. Memory, of a million names: about 90 bytes a name (measured by linker_benchmark). Not thread-safe for changes;
// searches may run on many threads while nobody changes it.
#ifndef PALMARES_SERVICES_IDENTITY_SEARCH_H_
#define PALMARES_SERVICES_IDENTITY_SEARCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "services/identity/text_pool.h"

namespace palmares::identity {

struct SearchHit {
  int64_t athlete = 0;
  int32_t penalty = 0;  // 0: every word is there as typed; more for beginnings and typing errors
  std::string name;     // folded, the name that was found
};

class NameIndex {
 public:
  // The same pair may be added several times, and is then removed as often. Names without a letter or digit are left
  // out.
  void Add(int64_t athlete, absl::string_view name);
  // Takes back one Add. False where there was none.
  bool Remove(int64_t athlete, absl::string_view name);

  // At most `limit` athletes, each once, best first: by penalty, then the shorter name, then by name and athlete. Every
  // word of `text` must be found in one name, as a word or the beginning of one; words of four letters or more with one
  // typing error too. Of a text that is very common ("a") not every athlete is looked at, the same ones each time.
  std::vector<SearchHit> Search(absl::string_view text, int limit) const;

  size_t size() const { return entries_.size() - free_.size(); }
  size_t MemoryBytes() const;

 private:
  struct Entry {
    int64_t athlete;
    uint32_t text;  // in texts_
  };
  struct ByText {
    using is_transparent = void;
    const TextPool* texts;
    bool operator()(uint32_t a, uint32_t b) const { return texts->Text(a) < texts->Text(b); }
    bool operator()(uint32_t a, absl::string_view b) const { return texts->Text(a) < b; }
    bool operator()(absl::string_view a, uint32_t b) const { return a < texts->Text(b); }
  };

  void AddWord(absl::string_view word, uint32_t entry);
  void RemoveWord(absl::string_view word, uint32_t entry);
  absl::string_view WordAt(uint32_t word) const { return words_.Text(word); }
  const std::vector<uint32_t>& With(uint32_t word) const { return with_word_[word]; }
  std::vector<uint32_t> Candidates(const std::vector<std::string>& query) const;
  std::vector<uint32_t> Matches(absl::string_view word, size_t most_entries) const;
  void CollectMistyped(absl::string_view word, size_t most_entries, size_t& entries,
                       std::vector<uint32_t>& found) const;

  TextPool texts_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
  // Words are found by the pool's hash, and walked in their order where only a part of one is known.
  TextPool words_;
  std::vector<std::vector<uint32_t>> with_word_;  // by the word's id: the entries that have it, in rising order
  absl::btree_set<uint32_t, ByText> ordered_{ByText{&words_}};
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_SEARCH_H_
