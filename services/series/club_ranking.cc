#include "services/series/club_ranking.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace palmares::series {
namespace {

// Which club a text of a sheet means, found out once for each text.
class ClubKeys {
 public:
  explicit ClubKeys(const ClubsView& clubs) : clubs_(clubs) {}

  const std::string& Of(absl::string_view text) {
    const auto found = keys_.find(text);
    return found != keys_.end() ? found->second : keys_.emplace(text, clubs_.KeyOf(text)).first->second;
  }

 private:
  const ClubsView& clubs_;
  absl::flat_hash_map<std::string, std::string> keys_;
};

}  // namespace

std::vector<ClubLine> RankClubs(const MemberList& list, int32_t members, const ClubsView& clubs) {
  ClubKeys keys(clubs);
  absl::flat_hash_map<std::string, ClubLine> by_key;
  int64_t rank = 0, place = 0;
  for (const MemberLine& line : list.lines) {
    ++place;
    if (place == 1 || line.order != list.lines[static_cast<size_t>(place) - 2].order) rank = place;
    const results::RaceSheet::Address address = list.results->sheet(line.row.race).Find(line.row.row);
    const absl::string_view text = address.facts->club(address.row);
    if (text.empty()) continue;
    const std::string& key = keys.Of(text);
    if (key.empty()) continue;
    ClubLine& club = by_key[key];
    if (club.members.size() == static_cast<size_t>(members)) continue;
    if (club.members.empty()) club.text = std::string(text);
    club.order += line.order;
    club.members.push_back({line, rank});
  }
  std::vector<ClubLine> ranked;
  ranked.reserve(by_key.size());
  for (auto& [key, club] : by_key) {
    if (club.members.size() < static_cast<size_t>(members)) continue;
    club.key = key;
    ranked.push_back(std::move(club));
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const ClubLine& a, const ClubLine& b) { return std::tie(a.order, a.key) < std::tie(b.order, b.key); });
  for (size_t i = 0; i < ranked.size(); ++i) {
    const bool shared = i > 0 && ranked[i].order == ranked[i - 1].order;
    ranked[i].rank = shared ? ranked[i - 1].rank : static_cast<int64_t>(i) + 1;
  }
  return ranked;
}

}  // namespace palmares::series
