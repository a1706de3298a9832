// Deciding the rows of a sheet together: rows of one race compete for an athlete.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "services/identity/linker.h"

namespace palmares::identity {
namespace {

using Claims = std::vector<std::pair<int32_t, size_t>>;  // weight and row, best first

}  // namespace

std::vector<Decision> Linker::DecideSheet(absl::Span<const Appearance> rows, const Policy& policy) const {
  std::vector<Decision> decisions;
  decisions.reserve(rows.size());
  for (const Appearance& row : rows) decisions.push_back(Decide(row, policy));

  absl::flat_hash_map<std::pair<int64_t, int32_t>, Claims> claims;  // of an athlete, in a race
  for (size_t i = 0; i < rows.size(); ++i) {
    if (decisions[i].verdict != Verdict::kLinked || rows[i].race == kNoRace) continue;
    const Candidate& claimed = decisions[i].candidates.front();
    claims[{claimed.athlete, rows[i].race}].emplace_back(claimed.weight, i);
  }
  for (auto& [athlete_and_race, rivals] : claims) {
    if (rivals.size() < 2) continue;
    std::sort(rivals.begin(), rivals.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    const bool clear = rivals[0].first - rivals[1].first >= policy.margin;
    for (size_t i = clear ? 1 : 0; i < rivals.size(); ++i) {
      Decision& loser = decisions[rivals[i].second];
      loser.verdict = Verdict::kReview;
      loser.same_person.clear();
      loser.candidates.front().obstacle = clear ? Obstacle::kAlreadyInRace : Obstacle::kCloseCompetitor;
    }
  }
  return decisions;
}

}  // namespace palmares::identity
