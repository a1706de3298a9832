#include "services/identity/nickname.h"

#include <algorithm>
#include <iterator>

namespace palmares::identity {
namespace {

struct Nickname {
  absl::string_view name;
  absl::string_view nickname;
};

constexpr Nickname kNicknames[] = {
#include "services/identity/nicknames.inc"
};

struct ByName {
  bool operator()(const Nickname& entry, absl::string_view name) const { return entry.name < name; }
  bool operator()(absl::string_view name, const Nickname& entry) const { return name < entry.name; }
};

bool Listed(absl::string_view name, absl::string_view nickname) {
  const auto [first, last] = std::equal_range(std::begin(kNicknames), std::end(kNicknames), name, ByName());
  return std::any_of(first, last, [nickname](const Nickname& entry) { return entry.nickname == nickname; });
}

}  // namespace

bool AreNicknames(absl::string_view a, absl::string_view b) { return a != b && (Listed(a, b) || Listed(b, a)); }

}  // namespace palmares::identity
