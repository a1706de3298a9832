#include "services/identity/similarity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace palmares::identity {
namespace {

constexpr size_t kMaxLength = 32;
using Row = std::array<uint8_t, kMaxLength + 1>;

// Two neighbours have changed places, and nothing else.
bool IsSwap(absl::string_view a, absl::string_view b) {
  size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

}  // namespace

int EditDistance(absl::string_view a, absl::string_view b, int limit) {
  a = a.substr(0, kMaxLength);
  b = b.substr(0, kMaxLength);
  if (std::abs(static_cast<int>(a.size()) - static_cast<int>(b.size())) > limit) return limit + 1;
  Row before_last{}, last{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<uint8_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<uint8_t>(i);
    uint8_t least = row[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      int best = std::min({change, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, before_last[j - 2] + 1);
      row[j] = static_cast<uint8_t>(best);
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    before_last = last;
    last = row;
  }
  return last[b.size()] > limit ? limit + 1 : last[b.size()];
}

int TypingErrors(absl::string_view a, absl::string_view b) {
  if (a == b) return 0;
  const size_t longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
  if (shorter < 2 || longer < 3) return -1;
  int allowed = 1;
  if (longer >= 7) allowed = 2;
  if (longer >= 10) allowed = 3;
  // In a short word one letter for another makes another name ("Jana" and "Dana", "Tim" and "Tom").
  if (longer <= 4 && shorter == longer && !IsSwap(a, b)) return -1;
  const int distance = EditDistance(a, b, allowed);
  return distance > allowed ? -1 : distance;
}

int Likeness(absl::string_view a, absl::string_view b) {
  const int longer = static_cast<int>(std::min(kMaxLength, std::max(a.size(), b.size())));
  return longer == 0 ? 1000 : 1000 - EditDistance(a, b, longer) * 1000 / longer;
}

}  // namespace palmares::identity
