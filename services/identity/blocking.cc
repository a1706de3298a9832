#include "services/identity/blocking.h"

#include <algorithm>
#include <string>

#include "services/identity/fold.h"
#include "services/identity/name.h"

namespace palmares::identity {
namespace {

// Kinds of keys, so that keys of two kinds never meet.
enum Kind : uint64_t { kSound = 1, kBirthDate = 2, kNameInTown = 3 };

// A town is written wrongly as easily as a name, seldom at its beginning. Three letters divide the athletes well
// enough.
constexpr size_t kTownLetters = 3;

uint32_t Fold32(uint64_t key) { return static_cast<uint32_t>(key ^ (key >> 32)); }

absl::string_view FirstWord(absl::string_view words) { return words.substr(0, words.find(' ')); }

}  // namespace

uint32_t PlainKey(const NameText& name) {
  uint64_t all = 0, long_ones = 0;
  int long_words = 0;
  for (absl::string_view part : {name.given, name.family}) {
    while (!part.empty()) {
      const absl::string_view word = FirstWord(part);
      part.remove_prefix(std::min(part.size(), word.size() + 1));
      const uint64_t print = Fingerprint(word);
      all += print;
      if (word.size() > 1) {
        long_ones += print;
        ++long_words;
      }
    }
  }
  return Fold32(long_words < 2 ? all : long_ones);
}

absl::InlinedVector<uint32_t, 5> FuzzyKeys(const NameText& name, BirthDays birth, absl::string_view city) {
  absl::InlinedVector<uint32_t, 5> keys;
  const absl::string_view given = FirstWord(name.given);
  const std::string family = Joined(name.family);
  if (!given.empty() && !family.empty()) {
    // A sum does not tell given and family name apart, so it does not matter which is which.
    keys.push_back(Fold32(Fingerprint(SoundCode(given), kSound) + Fingerprint(SoundCode(family), kSound)));
  }
  if (birth.known() && birth.exact()) {
    keys.push_back(Fold32(Fingerprint({reinterpret_cast<const char*>(&birth.first), sizeof(birth.first)}, kBirthDate)));
  }
  if (!city.empty()) {
    const uint64_t town = Fingerprint(city.substr(0, kTownLetters), kNameInTown);
    if (!given.empty()) keys.push_back(Fold32(Fingerprint(given, town)));
    if (!family.empty()) keys.push_back(Fold32(Fingerprint(family, town)));
  }
  return keys;
}

}  // namespace palmares::identity
