#include "services/portfolio/opponents.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "services/results/bests.h"
#include "services/results/mark_facts.h"
#include "services/results/mark_scores.h"

namespace palmares::portfolio {
namespace {

using results::RowFacts;
using results::RowRef;

// Points of results, with the tables looked up once for each race and sex.
class PointsOfRows {
 public:
  explicit PointsOfRows(const results::Results& results) : results_(results) {}

  int Of(RowRef row) {
    const results::RaceSheet& sheet = results_.sheet(row.race);
    if (!results::Counts(sheet.state)) return 0;
    const RowFacts facts = sheet.Standing(row.row);
    const int64_t mark = results::BestMark(facts);
    if (mark == 0 || facts.division != athletics::Division::kRunning) return 0;
    const auto [scores, added] = scores_.try_emplace({row.race, facts.sex}, results_.calendar().race(row.race),
                                                     facts.sex, athletics::Division::kRunning);
    const bool windy = scores->second.wind_counts();
    return scores->second.Points(mark, windy ? results::WindOf(sheet, row.row) : std::nullopt, facts.timing);
  }

 private:
  const results::Results& results_;
  absl::flat_hash_map<std::pair<int32_t, athletics::Sex>, results::MarkScores> scores_;
};

}  // namespace

Opponents::Version Opponents::VersionOf(int32_t race) const {
  const events::Calendar& calendar = results_.calendar();
  const athletics::Date day = calendar.race(race).date;
  int64_t newest = results_.ChangedAt(race);
  int32_t earlier = 0;
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    if (calendar.race(number).date >= day) continue;
    newest = std::max(newest, results_.ChangedAt(number));
    ++earlier;
  }
  return {newest, earlier, athletes_.merged_at()};
}

std::shared_ptr<const Opponents::OfRace> Opponents::Found(int32_t race) const {
  const int64_t position = results_.position();
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(race);
    if (kept != kept_.end()) {
      kept->second.last_use = ++uses_;
      if (kept->second.checked_at == position) return kept->second.race;
    }
  }
  const Version version = VersionOf(race);
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(race);
    if (kept != kept_.end() && kept->second.race->version == version) {
      kept->second.checked_at = position;
      return kept->second.race;
    }
  }
  std::shared_ptr<const OfRace> found = Find(race, version);
  absl::MutexLock lock(&mutex_);
  Kept& kept = kept_[race];
  size_ += found->size - (kept.race == nullptr ? 0 : kept.race->size);
  kept = {found, position, ++uses_};
  MakeRoom();
  return found;
}

void Opponents::MakeRoom() const {
  while (size_ > kMostKept && kept_.size() > 1) {
    const auto oldest = std::min_element(
        kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; });
    size_ -= oldest->second.race->size;
    kept_.erase(oldest);
  }
}

std::shared_ptr<const Opponents::OfRace> Opponents::Find(int32_t race, const Version& version) const {
  auto found = std::make_shared<OfRace>();
  found->version = version;
  const events::Calendar& calendar = results_.calendar();
  const athletics::Date day = calendar.race(race).date;
  const results::RaceSheet& sheet = results_.sheet(race);
  PointsOfRows points(results_);
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Standing(row);
    if (facts.outcome != athletics::Outcome::kFinished || facts.link.athlete == 0) continue;
    int best = 0;
    RowRef best_row;
    for (const int64_t member : athletes_.Members(athletes_.Resolve(facts.link.athlete))) {
      for (const RowRef& other : results_.OfAthlete(member)) {
        const int had = calendar.race(other.race).date < day ? points.Of(other) : 0;
        if (had <= best) continue;
        best = had;
        best_row = other;
      }
    }
    if (best == 0) continue;
    found->groups[{facts.sex, facts.division}].push_back(
        {best, static_cast<int32_t>(row), facts.link.athlete, best_row});
    ++found->size;
  }
  for (auto& [group, known] : found->groups) {
    std::sort(known.begin(), known.end(), [](const Known& a, const Known& b) {
      return std::make_pair(-a.points, a.row) < std::make_pair(-b.points, b.row);
    });
    known.shrink_to_fit();
  }
  return found;
}

bool Opponents::IsBehind(RowRef own, const RowFacts& facts, const Known& other) const {
  const RowFacts behind = results_.sheet(own.race).Facts(other.row);
  if (facts.place > 0 && behind.place > 0) return behind.place > facts.place;
  const int64_t mark = results::BestMark(behind);
  const bool lower = results_.calendar().race(own.race).discipline->lower_is_better;
  return mark != 0 && (lower ? mark > results::BestMark(facts) : mark < results::BestMark(facts));
}

std::vector<BeatenOpponent> Opponents::Beaten(int64_t athlete, const std::vector<RowRef>& rows, size_t most) const {
  std::vector<BeatenOpponent> beaten;
  for (const RowRef& own : rows) {
    const RowFacts facts = results_.sheet(own.race).Facts(own.row);
    if (results::BestMark(facts) == 0) continue;
    const std::shared_ptr<const OfRace> race = Found(own.race);
    const auto group = race->groups.find({facts.sex, facts.division});
    if (group == race->groups.end()) continue;
    size_t found = 0;
    for (const Known& known : group->second) {
      if (found == most) break;
      const int64_t other = athletes_.Resolve(known.athlete);
      if (other == athlete || !IsBehind(own, facts, known)) continue;
      beaten.push_back({other, own, {own.race, known.row}, known.points, known.best});
      ++found;
    }
  }
  const auto order = [this](const BeatenOpponent& opponent) {
    const athletics::Date day = results_.calendar().race(opponent.own.race).date;
    return std::make_tuple(-opponent.points, -int64_t{athletics::DaysSince1970(day)}, opponent.opponent);
  };
  std::sort(beaten.begin(), beaten.end(),
            [&](const BeatenOpponent& a, const BeatenOpponent& b) { return order(a) < order(b); });
  absl::flat_hash_set<int64_t> known;
  std::vector<BeatenOpponent> best;
  for (const BeatenOpponent& opponent : beaten) {
    if (best.size() == most) break;
    if (known.insert(opponent.athlete).second) best.push_back(opponent);
  }
  return best;
}

}  // namespace palmares::portfolio
