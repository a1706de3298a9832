#include "services/identity/similarity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace palmares::identity {
namespace {

constexpr size_t kMaxLength = 32;
using Row = std::array<uint8_t, kMaxLength + 1>;

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
  const size_t length = std::max(a.size(), b.size());
  if (length < 4 || a.empty() || b.empty()) return -1;
  int allowed = 1;
  if (length >= 7) allowed = 2;
  if (length >= 10) allowed = 3;
  if (length == 4 && a[0] != b[0]) return -1;
  const int distance = EditDistance(a, b, allowed);
  return distance > allowed ? -1 : distance;
}

}  // namespace palmares::identity
