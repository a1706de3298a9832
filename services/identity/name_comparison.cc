#include "services/identity/name_comparison.h"

#include <algorithm>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "services/identity/fold.h"
#include "services/identity/similarity.h"
#include "services/identity/words.h"

namespace palmares::identity {
namespace {

// Names that no index has seen yet are taken for one in this many, until enough are known.
constexpr uint64_t kPriorNames = 1'000;

// How many bits it tells that somebody bears the word.
int32_t Bits(absl::string_view word, const WordCounts& counts) {
  const uint64_t bearers = counts.Count(word) + uint64_t{1};
  return Log2Thousandths(counts.names() + kPriorNames) - Log2Thousandths(bearers);
}

uint32_t WordKey(absl::string_view word) { return static_cast<uint32_t>(Fingerprint(word) >> 32); }

struct Part {
  Agreement agreement = Agreement::kNotGiven;
  int32_t weight = 0;
};

class Comparer {
 public:
  Comparer(const WordCounts& counts, const Weights& weights) : counts_(counts), weights_(weights) {}

  // What the rarest of the words tells, and a bit for each other one.
  int32_t RarityOf(absl::string_view words) const {
    int32_t rarest = 0;
    const Words split = SplitWords(words);
    for (absl::string_view word : split) rarest = std::max(rarest, Rarity(word, counts_, weights_));
    const int32_t others = split.empty() ? 0 : static_cast<int32_t>(split.size() - 1) * 1000;
    return std::min(rarest + others, weights_.max_name_rarity);
  }

  Part Given(absl::string_view a, absl::string_view b) const {
    if (a.empty() || b.empty()) return {};
    if (a == b) return {Agreement::kSame, RarityOf(a)};
    const Words x = SplitWords(a), y = SplitWords(b);
    if (Joined(a) == Joined(b)) return {Agreement::kSame, std::min(RarityOf(a), RarityOf(b))};
    if (x[0] == y[0]) return GivenWithOtherMiddle(x, y);
    switch (RelateGivenNames(x[0], y[0])) {
      case GivenRelation::kInitial:
        return {Agreement::kInitial, weights_.initial};
      case GivenRelation::kNickname:
        return {Agreement::kNickname, Commoner(x[0], y[0]) + weights_.nickname};
      case GivenRelation::kShortForm:
        return {Agreement::kShortForm, Commoner(x[0], y[0]) + weights_.short_form};
      case GivenRelation::kNone:
        break;
    }
    const Part shared = SharedWord(x, y);
    if (shared.agreement != Agreement::kNotGiven) return shared;
    const Part mistyped = Mistyped(a, b);
    if (mistyped.agreement != Agreement::kNotGiven) return mistyped;
    const Part first = Mistyped(x[0], y[0]);
    const bool one_word = x.size() == 1 || y.size() == 1;
    if (first.agreement != Agreement::kNotGiven && (one_word || SameMiddleName(x[1], y[1]))) return first;
    return {Agreement::kDifferent, Unlike(x[0], y[0], weights_.given_different)};
  }

  Part Family(absl::string_view a, absl::string_view b) const {
    if (a.empty() || b.empty()) return {};
    if (a == b) return {Agreement::kSame, RarityOf(a)};
    if (Joined(a) == Joined(b)) return {Agreement::kSame, std::min(RarityOf(a), RarityOf(b))};
    const Part shared = SharedWord(SplitWords(a), SplitWords(b));
    if (shared.agreement != Agreement::kNotGiven) return shared;
    const Part mistyped = Mistyped(a, b);
    if (mistyped.agreement != Agreement::kNotGiven) return mistyped;
    return {Agreement::kDifferent, Unlike(a, b, weights_.family_different)};
  }

 private:
  int32_t Commoner(absl::string_view a, absl::string_view b) const { return std::min(RarityOf(a), RarityOf(b)); }

  // Names that share half of their letters or more may still be one name, badly written: that speaks less against it.
  int32_t Unlike(absl::string_view a, absl::string_view b, int32_t different) const {
    return Likeness(a, b) >= 500 ? different / 2 : different;
  }

  static bool SameMiddleName(absl::string_view a, absl::string_view b) {
    return a == b || RelateGivenNames(a, b) != GivenRelation::kNone || TypingErrors(a, b) > 0;
  }

  Part GivenWithOtherMiddle(const Words& x, const Words& y) const {
    const int32_t first = Rarity(x[0], counts_, weights_);
    if (x.size() == 1 || y.size() == 1) {
      const Words& longer = x.size() == 1 ? y : x;
      const bool initials =
          std::all_of(longer.begin() + 1, longer.end(), [](absl::string_view w) { return w.size() == 1; });
      return {initials ? Agreement::kSame : Agreement::kPartial, first + weights_.name_extra_words};
    }
    if (SameMiddleName(x[1], y[1])) return {Agreement::kSame, first};
    return {Agreement::kDifferent, first / 2 + weights_.other_middle_name};
  }

  Part SharedWord(const Words& x, const Words& y) const {
    if (x.size() < 2 && y.size() < 2) return {};
    int32_t best = 0;
    for (absl::string_view word : x) {
      if (word.size() < 3 || std::find(y.begin(), y.end(), word) == y.end()) continue;
      best = std::max(best, Rarity(word, counts_, weights_));
    }
    if (best == 0) return {};
    return {Agreement::kPartial, best + weights_.name_in_part};
  }

  Part Mistyped(absl::string_view a, absl::string_view b) const {
    const std::string x = Joined(a), y = Joined(b);
    const int errors = TypingErrors(x, y);
    if (errors > 0) {
      const bool known = counts_.Count(x) > 1 && counts_.Count(y) > 1;
      return {Agreement::kSimilar, Commoner(x, y) + weights_.name_typing_error + errors * weights_.name_per_error +
                                       (known ? weights_.name_both_known : 0)};
    }
    const std::string sound = SoundCode(x);
    if (sound.size() >= 3 && sound == SoundCode(y)) return {Agreement::kSimilar, Commoner(x, y) + weights_.name_sound};
    return {};
  }

  const WordCounts& counts_;
  const Weights& weights_;
};

template <typename Visit>
void ForEachWord(const NameText& name, const Visit& visit) {
  for (absl::string_view part : {name.given, name.family}) {
    for (absl::string_view word : SplitWords(part)) visit(word);
  }
}

uint64_t BagOfWords(const NameText& name) {
  uint64_t sum = 0;
  ForEachWord(name, [&sum](absl::string_view word) { sum += Fingerprint(word); });
  return sum;
}

// A name that was made unreadable: 32 hexadecimal digits or more (MD5, SHA-1, SHA-256), equal for equal names.
bool IsPseudonym(const NameText& name) {
  constexpr size_t kShortest = 32;
  const absl::string_view word = name.family;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.given.empty() && word.size() >= kShortest && std::any_of(word.begin(), word.end(), is_digit) &&
         std::all_of(word.begin(), word.end(), [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

// Of pseudonyms that are alike nothing follows: they are one or they are two.
NameComparison ComparePseudonyms(const NameText& a, const NameText& b, const WordCounts& counts,
                                 const Weights& weights) {
  NameComparison result;
  if (a.family != b.family) {
    result.family = Agreement::kDifferent;
    result.family_weight = weights.family_different;
    return result;
  }
  result.given = Agreement::kSame;
  result.family = Agreement::kSame;
  result.family_weight = Bits(a.family, counts) + weights.pseudonym;
  return result;
}

std::string InOrder(const NameText& name) { return absl::StrCat(name.given, " ", name.family); }

}  // namespace

std::string PackName(const PersonName& name) { return absl::StrCat(name.given, "|", name.family, "|", name.suffix); }

NameText UnpackName(absl::string_view packed) {
  const size_t first = packed.find('|'), last = packed.rfind('|');
  if (first == absl::string_view::npos || first == last) return {packed.substr(0, first), {}, {}};
  return {packed.substr(0, first), packed.substr(first + 1, last - first - 1), packed.substr(last + 1)};
}

void WordCounts::Add(const NameText& name) {
  ++names_;
  ForEachWord(name, [this](absl::string_view word) { ++counts_[WordKey(word)]; });
}

void WordCounts::Remove(const NameText& name) {
  --names_;
  ForEachWord(name, [this](absl::string_view word) {
    const auto found = counts_.find(WordKey(word));
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  });
}

uint32_t WordCounts::Count(absl::string_view word) const {
  const auto found = counts_.find(WordKey(word));
  return found == counts_.end() ? 0 : found->second;
}

int32_t Rarity(absl::string_view word, const WordCounts& counts, const Weights& weights) {
  return std::clamp(Bits(word, counts), 0, weights.max_name_rarity);
}

NameComparison CompareNames(const NameText& a, const NameText& b, const WordCounts& counts, const Weights& weights) {
  if (IsPseudonym(a) && IsPseudonym(b)) return ComparePseudonyms(a, b, counts, weights);
  const Comparer comparer(counts, weights);
  NameComparison result;
  if (!a.suffix.empty() && !b.suffix.empty()) {
    result.suffix = a.suffix == b.suffix ? Agreement::kSame : Agreement::kDifferent;
    result.suffix_weight = a.suffix == b.suffix ? weights.suffix_same : weights.suffix_different;
  }
  if (InOrder(a) == InOrder(b) || BagOfWords(a) == BagOfWords(b)) {
    const NameText& one = a.given < b.given ? a : b;  // either would do; the same for (a, b) and (b, a)
    const bool in_order = InOrder(a) == InOrder(b);
    result.given = one.given.empty() ? Agreement::kNotGiven : Agreement::kSame;
    result.family = one.family.empty() ? Agreement::kNotGiven : (in_order ? Agreement::kSame : Agreement::kPartial);
    result.given_weight = comparer.RarityOf(one.given);
    result.family_weight = comparer.RarityOf(one.family) + (in_order ? 0 : weights.swapped);
    return result;
  }
  Part given = comparer.Given(a.given, b.given), family = comparer.Family(a.family, b.family);
  const Part given_crossed = comparer.Family(a.given, b.family), family_crossed = comparer.Family(a.family, b.given);
  if (given_crossed.weight + family_crossed.weight + weights.swapped > given.weight + family.weight) {
    given = given_crossed;
    family = family_crossed;
    // Which is which is not known then. Where one differs it is taken for the given name, as twins have it.
    if (family.agreement == Agreement::kDifferent) std::swap(given, family);
    family.weight += weights.swapped;
  }
  result.given = given.agreement;
  result.family = family.agreement;
  result.given_weight = given.weight;
  result.family_weight = family.weight;
  return result;
}

}  // namespace palmares::identity
