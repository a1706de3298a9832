#include "services/identity/search.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/identity/fold.h"
#include "services/identity/similarity.h"
#include "services/identity/words.h"

namespace palmares::identity {
namespace {

// How many names one search compares with what was typed: what a few milliseconds allow.
constexpr size_t kMostEntries = 4'000;
constexpr size_t kMostWords = 8;  // of a query; more do not narrow it
constexpr size_t kShortestMistyped = 4;

constexpr int kBeginning = 1;
constexpr int kMistyped = 4;
constexpr int kNotFound = std::numeric_limits<int>::max();

bool IsHan(absl::string_view word) { return !word.empty() && static_cast<unsigned char>(word.front()) >= 0x80; }

// Short words are found joined to what follows too ("dhaene", "vandijk"), and Chinese characters however they are
// spaced.
bool IsJoined(absl::string_view word, absl::string_view next) { return IsHan(word) ? IsHan(next) : word.size() <= 3; }

// What is typed, in words. Chinese characters are one word however they are spaced.
std::vector<std::string> QueryWords(absl::string_view text) {
  std::vector<std::string> query;
  bool last_han = false;
  const std::string folded = FoldText(text);
  for (absl::string_view word : SplitWords(folded)) {
    if (last_han && IsHan(word)) {
      query.back().append(word.data(), word.size());
    } else if (query.size() < kMostWords) {
      query.emplace_back(word);
    }
    last_han = IsHan(word);
  }
  return query;
}

// The words under which a folded name is found: its own, and short ones joined to what follows ("dhaene", "vandijk",
// 大迫傑).
std::vector<std::string> IndexWords(absl::string_view folded) {
  const Words own = SplitWords(folded);
  std::vector<std::string> words(own.begin(), own.end());
  for (size_t i = 0; i + 1 < own.size(); ++i) {
    if (IsJoined(own[i], own[i + 1])) words.push_back(absl::StrCat(own[i], own[i + 1]));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// Whether `typed` is a beginning of `word` but for one typing error.
bool BeginsMistyped(absl::string_view word, absl::string_view typed) {
  for (size_t size = typed.size() - 1; size <= typed.size() + 1 && size <= word.size(); ++size) {
    if (EditDistance(word.substr(0, size), typed, 1) <= 1) return true;
  }
  return false;
}

int WordPenalty(absl::string_view word, absl::string_view typed) {
  if (word == typed) return 0;
  if (absl::StartsWith(word, typed)) return kBeginning;
  if (typed.size() < kShortestMistyped || IsHan(typed)) return kNotFound;
  if (EditDistance(word, typed, 1) <= 1) return kMistyped;
  return BeginsMistyped(word, typed) ? kMistyped + kBeginning : kNotFound;
}

// Each typed word takes the best word of the name that no earlier one took. kNotFound where one finds none.
int NamePenalty(absl::string_view folded, const std::vector<std::string>& query) {
  Words words = SplitWords(folded);
  std::string joined;
  joined.reserve(2 * folded.size());  // so that views into it stay valid: each word is joined at most twice
  const size_t own = words.size();
  for (size_t i = 0; i + 1 < own; ++i) {
    if (!IsJoined(words[i], words[i + 1])) continue;
    const size_t start = joined.size();
    absl::StrAppend(&joined, words[i], words[i + 1]);
    words.push_back(absl::string_view(joined).substr(start));
  }
  uint64_t taken = 0;
  int total = 0;
  for (const std::string& typed : query) {
    int best = kNotFound;
    size_t best_word = 0;
    for (size_t i = 0; i < words.size() && i < 64 && best > 0; ++i) {
      if ((taken >> i & 1) != 0) continue;
      const int penalty = WordPenalty(words[i], typed);
      if (penalty < best) {
        best = penalty;
        best_word = i;
      }
    }
    if (best == kNotFound) return kNotFound;
    taken |= uint64_t{1} << best_word;
    total += best;
  }
  return total;
}

std::vector<uint32_t> Intersection(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  std::vector<uint32_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

}  // namespace

void NameIndex::Add(int64_t athlete, absl::string_view name) {
  const std::string folded = FoldText(name);
  if (folded.empty()) return;
  uint32_t entry = static_cast<uint32_t>(entries_.size());
  if (free_.empty()) {
    entries_.push_back({});
  } else {
    entry = free_.back();
    free_.pop_back();
  }
  entries_[entry] = {athlete, texts_.Use(folded)};
  for (const std::string& word : IndexWords(texts_.Text(entries_[entry].text))) AddWord(word, entry);
}

void NameIndex::AddWord(absl::string_view word, uint32_t entry) {
  const uint32_t id = words_.Use(word);
  if (id >= with_word_.size()) with_word_.resize(id + 1);
  std::vector<uint32_t>& entries = with_word_[id];
  if (entries.empty()) ordered_.insert(id);
  if (entries.empty() || entries.back() < entry) {
    entries.push_back(entry);
  } else {
    entries.insert(std::lower_bound(entries.begin(), entries.end(), entry), entry);
  }
}

void NameIndex::RemoveWord(absl::string_view word, uint32_t entry) {
  const uint32_t id = words_.Find(word);
  std::vector<uint32_t>& entries = with_word_[id];
  entries.erase(std::lower_bound(entries.begin(), entries.end(), entry));
  if (entries.empty()) {
    ordered_.erase(id);
    entries.shrink_to_fit();
  }
  words_.Release(id);
}

bool NameIndex::Remove(int64_t athlete, absl::string_view name) {
  const uint32_t text = texts_.Find(FoldText(name));
  if (text == TextPool::kNone) return false;
  const std::vector<std::string> words = IndexWords(texts_.Text(text));
  const uint32_t first = words_.Find(words.front());
  if (first == TextPool::kNone) return false;
  const auto found = std::find_if(With(first).begin(), With(first).end(), [&](uint32_t entry) {
    return entries_[entry].athlete == athlete && entries_[entry].text == text;
  });
  if (found == With(first).end()) return false;
  const uint32_t entry = *found;
  for (const std::string& word : words) RemoveWord(word, entry);
  texts_.Release(text);
  free_.push_back(entry);
  return true;
}

// Walks the sorted words as a tree: at each beginning that can still become the typed word with one error it goes on,
// else it jumps over all words that begin so.
void NameIndex::CollectMistyped(absl::string_view word, size_t most_entries, size_t& entries,
                                std::vector<uint32_t>& found) const {
  auto at = ordered_.begin();
  while (at != ordered_.end() && entries < most_entries) {
    const absl::string_view known = WordAt(*at);
    // The shortest beginning of `known` that differs from every beginning of the typed word by more than one error.
    size_t dead = 0;
    for (size_t size = 1; size <= known.size() && dead == 0; ++size) {
      const absl::string_view begin = known.substr(0, size);
      bool alive = false;
      for (size_t typed = size - 1; typed <= size + 1 && typed <= word.size(); ++typed) {
        alive = alive || EditDistance(begin, word.substr(0, typed), 1) <= 1;
      }
      if (size > word.size()) alive = alive || BeginsMistyped(begin, word);
      if (!alive) dead = size;
    }
    if (dead == 0) {
      if (WordPenalty(known, word) != kNotFound && !absl::StartsWith(known, word)) {
        found.push_back(*at);
        entries += With(*at).size();
      }
      ++at;
      continue;
    }
    std::string after(known.substr(0, dead));
    while (!after.empty() && static_cast<unsigned char>(after.back()) == 0xFF) after.pop_back();
    if (after.empty()) break;
    after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
    at = ordered_.lower_bound(absl::string_view(after));
  }
}

// The words that a typed word can mean, best first: itself, those it begins, those it is a mistyped form of.
std::vector<uint32_t> NameIndex::Matches(absl::string_view word, size_t most_entries) const {
  std::vector<uint32_t> found;
  size_t entries = 0;
  for (auto at = ordered_.lower_bound(word);
       at != ordered_.end() && absl::StartsWith(WordAt(*at), word) && entries < most_entries; ++at) {
    found.push_back(*at);
    entries += With(*at).size();
  }
  if (word.size() >= kShortestMistyped && !IsHan(word)) CollectMistyped(word, most_entries, entries, found);
  return found;
}

// Entries to look at: those that have every word as typed, then those of the word that has the fewest.
std::vector<uint32_t> NameIndex::Candidates(const std::vector<std::string>& query) const {
  std::vector<uint32_t> exact;
  bool all_exact = true, first = true;
  std::vector<uint32_t> fewest;
  size_t fewest_entries = std::numeric_limits<size_t>::max();
  for (const std::string& word : query) {
    const uint32_t same = words_.Find(word);
    all_exact = all_exact && same != TextPool::kNone;
    if (all_exact) exact = first ? With(same) : Intersection(exact, With(same));
    first = false;
    std::vector<uint32_t> matches = Matches(word, std::min(kMostEntries, fewest_entries));
    size_t entries = 0;
    for (uint32_t match : matches) entries += With(match).size();
    if (entries < fewest_entries) {
      fewest_entries = entries;
      fewest = std::move(matches);
    }
  }
  if (!all_exact) exact.clear();
  if (exact.size() > kMostEntries) exact.resize(kMostEntries);
  std::vector<uint32_t> candidates = std::move(exact);
  for (uint32_t match : fewest) {
    for (uint32_t entry : With(match)) {
      if (candidates.size() >= kMostEntries) break;
      candidates.push_back(entry);
    }
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

std::vector<SearchHit> NameIndex::Search(absl::string_view text, int limit) const {
  std::vector<SearchHit> hits;
  const std::vector<std::string> query = QueryWords(text);
  if (query.empty() || limit <= 0) return hits;
  struct Found {
    int penalty;
    size_t length;
    absl::string_view name;
    int64_t athlete;
    bool operator<(const Found& other) const {
      return std::tie(penalty, length, name, athlete) <
             std::tie(other.penalty, other.length, other.name, other.athlete);
    }
  };
  absl::flat_hash_map<int64_t, Found> best;  // of each athlete
  for (uint32_t entry : Candidates(query)) {
    const absl::string_view name = texts_.Text(entries_[entry].text);
    const int penalty = NamePenalty(name, query);
    if (penalty == kNotFound) continue;
    const Found found{penalty, name.size(), name, entries_[entry].athlete};
    const auto [known, inserted] = best.try_emplace(found.athlete, found);
    if (!inserted && found < known->second) known->second = found;
  }
  std::vector<Found> ranked;
  ranked.reserve(best.size());
  for (const auto& [athlete, found] : best) ranked.push_back(found);
  const size_t count = std::min(ranked.size(), static_cast<size_t>(limit));
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count), ranked.end());
  for (size_t i = 0; i < count; ++i)
    hits.push_back({ranked[i].athlete, ranked[i].penalty, std::string(ranked[i].name)});
  return hits;
}

size_t NameIndex::MemoryBytes() const {
  size_t bytes = texts_.MemoryBytes() + entries_.capacity() * sizeof(Entry) + free_.capacity() * sizeof(uint32_t);
  bytes += words_.MemoryBytes() + with_word_.capacity() * sizeof(std::vector<uint32_t>);
  bytes += ordered_.size() * sizeof(uint32_t) * 4 / 3;
  for (const std::vector<uint32_t>& entries : with_word_) bytes += entries.capacity() * sizeof(uint32_t);
  return bytes;
}

}  // namespace palmares::identity
